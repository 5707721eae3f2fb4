"""Settings: the example file is complete and true, and what is wrong is said in words."""

from pathlib import Path

import pytest

from bot.cli import env_example
from bot.providers.registry import FACTORIES
from bot.settings import ProviderSettings, Settings, SettingsError, load_settings, strange_names
from bot.wiring.parts import folders_of, work_dir_of

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def example() -> dict[str, str]:
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_names_every_setting_and_no_other() -> None:
    settings = {name.upper() for name in Settings.model_fields}
    of_providers = {f"{name}_{field}".upper() for name in FACTORIES for field in ProviderSettings.model_fields}
    needed = {f"{name}_{field}".upper() for name in FACTORIES for field in ("api_key", "base_url")}
    assert settings | needed <= set(example()) <= settings | of_providers


def test_the_example_is_written_from_the_settings() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == env_example.example(), "make env-example"


def test_every_setting_is_explained_where_it_is_declared() -> None:
    described = {**env_example.described(Settings), **env_example.described(ProviderSettings)}
    assert [name for name, words in described.items() if not words] == []


def test_a_provider_without_settings_of_its_own_gets_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env_example, "FACTORIES", {**FACTORIES, "toy": FACTORIES["naive"]})
    _, _, section = env_example.example().partition("# --- Provider: toy ---")
    toys, *_ = section.partition("# --- All providers")
    assert [line for line in toys.splitlines() if line and line[0] not in "-#"] == [
        "TOY_API_KEY=",
        "TOY_BASE_URL=",
        "TOY_CREDITS_PER_UNIT=",
        "TOY_MARKUP=",
        "TOY_CONCURRENCY=",
        "TOY_WORKSPACE_ID=",
    ]


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


def load(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    """The settings with these values, by their names in capitals."""
    for name, value in {"BOT_TOKEN": "123456:abcdef", **values}.items():
        monkeypatch.setenv(name, value)
    return load_settings(None)


def refused(monkeypatch: pytest.MonkeyPatch, **values: str) -> str:
    """What is said about them."""
    with pytest.raises(SettingsError) as caught:
        load(monkeypatch, **values)
    return str(caught.value)


WRONG = {
    "bot_token": "not-a-token",
    "default_language": "English!",
    "topup_contact": "x" * 201,
    "chat_instruction": "x" * 4001,
    "neuroflash_workspace_id": "x" * 201,
    "webhook_secret": "sho?rt",
    "forget_secret": "sho?rt",
    "telegram_proxy": "sho?rt",
    "providers_proxy": "sho?rt",
    "media_secret": "sho?rt",
}
FREE = {"http_host", "work_dir"}
"""Settings that take any text: the start looks whether it is an address of the machine, or can be written to."""


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - FREE))
def test_what_is_wrong_is_told_with_the_value_and_with_an_example_that_is_right(
    monkeypatch: pytest.MonkeyPatch, name: str, tmp_path: Path
) -> None:
    wrong = "   " if name.endswith("_api_key") else WRONG.get(name, "?!")
    said = refused(monkeypatch, **{name.upper(): wrong})
    line = next(line for line in said.splitlines() if line.startswith(f"  - {name.upper()}"))
    secret = "SecretStr" in str(Settings.model_fields[name].annotation)
    assert repr(wrong[:60]) not in line if secret else repr(wrong[:60]) in line or " must be set " in line
    assert "Wanted: " in line
    example = line.split(", such as ")[-1]
    if name.endswith(("_file", "_dir")):
        return
    monkeypatch.delenv(name.upper())
    needed = {
        "webhook_url": {"WEBHOOK_SECRET": "a-long-enough-secret"},
        "neuroflash_api_key": {"NEUROFLASH_WORKSPACE_ID": "w"},
    }
    load(monkeypatch, **needed.get(name, {}), **{name.upper(): example})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"AI_NOW_API_KEY": "  "}, "AI_NOW_API_KEY: the value (not shown) does not fit: it is nothing but blanks"),
        ({"NEUROAPI_API_KEY": "sk one two"}, "NEUROAPI_API_KEY: the value (not shown) does not fit"),
        ({"NEUROFLASH_API_KEY": "abc"}, "NEUROFLASH_WORKSPACE_ID must be set when NEUROFLASH_API_KEY is"),
        ({"NEUROFLASH_API_KEY": "abc", "NEUROFLASH_WORKSPACE_ID": " "}, "NEUROFLASH_WORKSPACE_ID must be set"),
        (
            {"WEBHOOK_URL": "http://bot.example/x"},
            "'http://bot.example/x' does not fit: Telegram posts updates to https",
        ),
        ({"WEBHOOK_URL": "http://bot.example/x"}, "WEBHOOK_SECRET must be set when WEBHOOK_URL is"),
        ({"WEBHOOK_URL": "https://bot.example:8080/x"}, "Telegram posts to the ports 443, 80, 88, 8443 only"),
        ({"PUBLIC_URL": "http://bot.example"}, "PUBLIC_URL: 'http://bot.example' does not fit"),
        *(({name: "inf"}, f"{name}: 'inf' does not fit") for name in ("DRAIN_SECONDS", "READY_AFTER_SECONDS")),
        *(({name: "inf"}, f"{name}: 'inf' does not fit") for name in ("PING_EVERY_SECONDS", "PROBE_AFTER_SECONDS")),
        *(({name: "nan"}, f"{name}: 'nan' does not fit") for name in ("DRAIN_SECONDS", "LOW_BALANCE", "MAX_TOPUP")),
        *(({name: "inf"}, f"{name}: 'inf' does not fit") for name in ("LOW_BALANCE", "MAX_TOPUP", "WELCOME_CREDITS")),
        ({"ADMIN_IDS": "-100123"}, "ADMIN_IDS: '-100123' does not fit. Wanted: Telegram ids of people, above 0"),
        ({"ADMIN_IDS": "0"}, "ADMIN_IDS: '0' does not fit"),
        ({"ADMIN_IDS": str(2**60)}, f"ADMIN_IDS: '{2**60}' does not fit"),
        ({"WORK_DIR_LIMIT_MB": "100"}, "WORK_DIR_LIMIT_MB: '100' does not fit: the largest result, RESULT_MAX_MB=200"),
        ({"TELEGRAM_PROXY": "ftp://x"}, "TELEGRAM_PROXY: the value (not shown) does not fit: it begins neither with"),
        ({"STAGING_CHAT_ID": "0"}, "STAGING_CHAT_ID: '0' does not fit: it is the id of no chat"),
        ({"CATALOG_FILE": "/no/such.toml"}, "CATALOG_FILE: '/no/such.toml' does not fit: there is no such file"),
        ({"LOCALES_DIR": "/no/such"}, "LOCALES_DIR: '/no/such' does not fit: there is no such folder"),
    ],
)
def test_values_that_would_only_show_later_are_refused(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    assert said in refused(monkeypatch, **values)


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"QUEUE_LENGTH": "many", "NEUROFLASH_API_KEY": " ", "WEBHOOK_URL": "http://x.example", "ADMIN_IDS": "-5"}
    said = refused(monkeypatch, **wrong, DRAIN_SECONDS="inf", BLOCKED_WORDS_FILE="/none")
    for name in (*wrong, "DRAIN_SECONDS", "BLOCKED_WORDS_FILE", "NEUROFLASH_WORKSPACE_ID", "WEBHOOK_SECRET"):
        assert f"  - {name}" in said


def test_no_message_shows_a_secret_wherever_it_was_put(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refused(
        monkeypatch,
        BOT_TOKEN="123456789:AAFabcdefghijklmnopqrstuvwxyz0123456",
        ADMIN_IDS="123456789:AAFabcdefghijklmnopqrstuvwxyz0123456",
        NAIVE_API_KEY="sk-hush-hush",
        QUEUE_LENGTH="sk-hush-hush",
        DATABASE_URL="mysql://easel:password@host/easel",
        NAIVE_BASE_URL="easel:password@host",
    )
    for secret in ("AAFabc", "hush", "password"):
        assert secret not in said.replace("user:password@host/name", "")


def test_a_local_bot_api_server_posts_to_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    local = {"TELEGRAM_API_URL": "http://127.0.0.1:8081", "WEBHOOK_URL": "http://127.0.0.1:9000/hook"}
    assert load(monkeypatch, **local, WEBHOOK_SECRET="a-long-enough-secret").webhook_url == local["WEBHOOK_URL"]


def test_names_that_are_no_setting_are_told_with_the_nearest_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env = tmp_path / "env"
    env.write_text(
        "\ufeffBOT_TOKEN=123456:abcdef\nADMIN_ID=5\nneuroflash_workspace=w\nFAVOURITE_DISH=soup\n"
        "POSTGRES_PASSWORD=x\nMINIMAX_API_KEY=sk\nQUEUE_LENGTH=2\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("WEBHOOK_SECRETS", "x")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3128")
    assert strange_names(str(env), also=["MINIMAX_"]) == [
        "ADMIN_ID (in .env) is no setting: did you mean ADMIN_IDS?",
        "neuroflash_workspace (in .env) is no setting: did you mean NEUROFLASH_WORKSPACE_ID?",
        "FAVOURITE_DISH (in .env) is no setting, so Easel does not read it",
        "WEBHOOK_SECRETS (in the environment) is no setting: did you mean WEBHOOK_SECRET?",
    ]
    assert load_settings(str(env)).queue_length == 2, "told, not refused; and a mark of the encoding is no letter"
    monkeypatch.setenv("BOT_TOKEN", "?")
    with pytest.raises(SettingsError, match="did you mean ADMIN_IDS") as told:
        load_settings(str(env), also=["MINIMAX_"])
    assert "MINIMAX" not in str(told.value)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    env = tmp_path / "env"
    env.write_bytes("TOPUP_CONTACT=Ольга\n".encode("cp1251"))
    with pytest.raises(SettingsError, match="is not UTF-8"):
        load_settings(str(env))


def test_blanks_around_a_key_come_from_copying(monkeypatch: pytest.MonkeyPatch) -> None:
    key = load(monkeypatch, AI_NOW_API_KEY=" sk-1\n").ai_now_api_key
    assert key is not None
    assert key.get_secret_value() == "sk-1"


def test_admin_ids_are_a_comma_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123456:abcdef")
    monkeypatch.setenv("ADMIN_IDS", " 12, 34 ,")
    assert load_settings(None).admin_ids == (12, 34)


def test_a_file_that_cannot_be_read_is_a_sentence() -> None:
    unreadable = "/proc/self/mem"  # a regular file to look at, and an error to every reader, root as well
    with pytest.raises(SettingsError, match=f"{unreadable} cannot be read: Input/output error"):
        load_settings(unreadable)


def test_what_lies_beside_the_database_lies_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "volume").mkdir()
    (tmp_path / "easel.db").symlink_to(tmp_path / "volume" / "easel.db")
    settings = Settings(_env_file=None, bot_token="1:abc", database_url=f"sqlite:///{tmp_path}/easel.db")
    assert work_dir_of(settings) == tmp_path / "volume" / "easel-work"
    assert folders_of(settings, tmp_path) == (tmp_path / "volume", tmp_path), "the disks that /health looks at"
