"""Settings: the example file is complete and true, and what is wrong is said in words."""

import itertools
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"


def example() -> dict[str, str]:
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(example()) == {name.upper() for name in Settings.model_fields}


def test_every_setting_of_the_example_is_explained() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    bare = ("AI_NOW_API_KEY", "AI_NOW_BASE_URL", "HTTP_PORT", "NEUROARTIST_", "NAIVE_", "NEUROAPI_", "NEUROFLASH_")
    for before, line in itertools.pairwise(lines):
        if line and not line.startswith("#") and not line.startswith(bare):
            assert before.startswith("# "), f"{line} has no comment"


def test_the_examples_values_are_the_defaults(tmp_path: Path) -> None:
    env = tmp_path / "env"
    env.write_text(EXAMPLE.read_text(encoding="utf-8").replace("BOT_TOKEN=\n", "BOT_TOKEN=123456:abcdef\n"))
    from_example = load_settings(str(env))
    only_token = tmp_path / "token"
    only_token.write_text("BOT_TOKEN=123456:abcdef\n")
    assert from_example == load_settings(str(only_token))


def test_what_is_wrong_is_listed_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", "12, olga")
    monkeypatch.setenv("DATABASE_URL", "mysql://nope")
    monkeypatch.setenv("WELCOME_CREDITS", "-1")
    monkeypatch.setenv("WEBHOOK_SECRET", "short")
    with pytest.raises(SettingsError) as refused:
        load_settings(None)
    said = str(refused.value)
    for name in ("BOT_TOKEN: is missing", "ADMIN_IDS", "DATABASE_URL", "WELCOME_CREDITS", "WEBHOOK_SECRET"):
        assert f"  - {name}" in said
    assert ".env.example" in said


def test_a_secret_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "not a token but secret")
    monkeypatch.setenv("AI_NOW_API_KEY", "sk-very-secret")
    with pytest.raises(SettingsError) as refused:
        load_settings(None)
    assert "secret" not in str(refused.value).replace("WEBHOOK_SECRET", "")
    monkeypatch.setenv("BOT_TOKEN", "123456:abcdef")
    assert "very-secret" not in repr(load_settings(None))


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123456:abcdef")
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example/hook")
    with pytest.raises(SettingsError, match="WEBHOOK_SECRET must be set"):
        load_settings(None)
    monkeypatch.setenv("WEBHOOK_SECRET", "a-long-enough-secret")
    assert load_settings(None).webhook_url == "https://bot.example/hook"


def test_admin_ids_are_a_comma_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123456:abcdef")
    monkeypatch.setenv("ADMIN_IDS", " 12, 34 ,")
    assert load_settings(None).admin_ids == (12, 34)
