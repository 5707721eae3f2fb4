"""The command line, as an operator types it, on real files; in processes of its own where that is what matters."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.settings import Settings

ROOT = Path(__file__).parents[2]


def kept_environment() -> dict[str, str]:
    """The environment without settings of ours."""
    return {k: v for k, v in os.environ.items() if k.lower() not in Settings.model_fields}


def run(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={**kept_environment(), "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Types a command in a folder with a database of its own; settings as keywords."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BOT_TOKEN", "123456:abcdef")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/easel.db")
    monkeypatch.chdir(tmp_path)

    def typed(*arguments: str, **settings: str) -> Said:
        with monkeypatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, value)
            code = main(list(arguments))
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return typed


def test_the_demo_of_an_image_without_the_sandbox_says_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "bot").symlink_to(ROOT / "bot")
    done = run("demo", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "`make demo`" in done.stderr


def test_wrong_settings_stop_the_start_with_a_list(tmp_path: Path) -> None:
    done = run("run", cwd=tmp_path, ADMIN_IDS="olga", DATABASE_URL="mysql://x")
    assert done.returncode == 2
    assert "BOT_TOKEN: is missing" in done.stderr
    assert "ADMIN_IDS" in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_operators_first_credits_without_a_chat(command: Command) -> None:
    assert command("migrate").code == 0
    assert command("topup", "4711", "12,50", "my", "own", "--yes").out == "4711 got 12.5 credits and has 12.5 now.\n"
    assert command("topup", "4711", "100").out == "4711 got 100 credits and has 112.5 now.\n"
    assert command("topup", "4711", "--yes", "1", "a", "present").code == 0
    assert command("topup", "--yes", "4711", "1.5").out == "4711 got 1.5 credits and has 115 now.\n"
    assert command("verify") == Said(0, "The ledger is clean.\n", "")


@pytest.mark.parametrize("who", ["@nobody", "nobody", "0", "²", "٣", "4503599627370496", "@no body"])
def test_no_account_is_made_for_what_is_no_id(command: Command, who: str) -> None:
    unknown = command("topup", who, "5", "--yes")
    assert unknown.code == 1
    assert f"The bot has not seen {who}. Give the numeric Telegram id instead." in unknown.err


def test_a_note_is_bounded_as_in_the_chat(command: Command) -> None:
    refused = command("topup", "4711", "5", "x" * 201, "--yes")
    assert (refused.code, refused.err) == (2, "The note must have at most 200 characters.\n")
    assert command("topup", "4711", "5", "x" * 200, "--yes").code == 0


@pytest.mark.parametrize("answer", ["", "n\n", "perhaps\n"])
def test_an_account_for_an_unknown_id_is_made_only_when_the_operator_says_yes(
    command: Command, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    assert command("migrate").code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    refused = command("topup", "4711", "5")
    assert refused.code == 1
    assert "The bot has not seen 4711. Make an account" in refused.err
    assert "Nothing was given and no account was made" in refused.err
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert command("topup", "4711", "5").out == "4711 got 5 credits and has 5 now.\n", "the first try gave nothing"
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert command("topup", "4711", "1").out == "4711 got 1 credits and has 6 now.\n", "a known one is not asked about"


def test_ctrl_c_at_the_question_is_a_no(command: Command) -> None:
    assert command("migrate").code == 0
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "topup", "4711", "5"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # a shell makes background jobs ignore it
    ) as asked:
        assert asked.stderr is not None
        said = b""
        while not said.endswith(b"[y/N] "):
            said += (more := asked.stderr.read(1))
            assert more, said
        asked.send_signal(signal.SIGINT)
        assert asked.wait(20) == 1, "it does not wait for a line"
        assert b"Nothing was given and no account was made" in asked.stderr.read()


class Impatient(io.StringIO):
    """A terminal at which Ctrl+C is pressed in the moment when the question comes."""

    def write(self, said: str) -> int:
        written = super().write(said)
        if "[y/N]" in said:
            signal.raise_signal(signal.SIGINT)
        return written


def test_ctrl_c_that_comes_with_the_question_is_a_no_too(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("migrate").code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))  # what would be read by a command that did not hear it
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", terminal := Impatient())
        assert command("topup", "4711", "5").code == 1
    assert "Nothing was given and no account was made" in terminal.getvalue()


def test_a_blank_within_a_number_is_never_silently_a_note(command: Command) -> None:
    refused = command("topup", "4711", "1", "000", "--yes")
    assert refused.code == 2
    assert "Is the amount 1 or 1000?" in refused.err


def test_the_same_amount_a_moment_later_is_asked_for_once_more(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("topup", "4711", "5", "--yes").code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(""))  # no terminal
    refused = command("topup", "4711", "5")
    assert refused.code == 1
    assert "4711 got the same amount from this command" in refused.err
    assert "Nothing was given" in refused.err
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert "has 10 now" in command("topup", "4711", "5").out
    assert "has 15 now" in command("topup", "4711", "5", "--yes").out


@pytest.mark.parametrize("amount", ["0", "-5", "ten", "1.234", "99999999"])
def test_a_wrong_amount_is_explained(command: Command, amount: str) -> None:
    refused = command("topup", "4711", "--", amount)
    assert refused.code == 2
    assert "such as 12.50" in refused.err


def test_models_say_what_is_on_sale_and_why_not(command: Command) -> None:
    assert command("migrate").code == 0
    rows = json.loads(command("models", "--json").out)
    assert {"suno", "flux_dev", "naive_pro", "gpt", "flash_edit"} <= {row["slug"] for row in rows}
    assert {row["why_not"] for row in rows} == {"no key"}
    keyed = {"AI_NOW_API_KEY": "sk-x", "AI_NOW_CREDITS_PER_TOKEN": "1.5"}
    rows = json.loads(command("models", "--json", **keyed).out)
    rows = [row for row in rows if row["on_sale"]]
    assert {row["slug"]: row["price"] for row in rows} == {"suno": "15", "luma": "45", "pika": "15", "run": "45"}
    assert sum(row["styles"] for row in rows) == 32
    assert "on sale" in command("models", **keyed).out


def test_a_broken_catalogue_is_told_with_its_place(command: Command, tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_text("[providers.ai_now]\ntitle = 3\n", encoding="utf-8")
    assert command("migrate").code == 0
    told = command("models", CATALOG_FILE=str(tmp_path / "catalog.toml"))
    assert told.code == 2
    assert "providers.ai_now.title" in told.err
    assert "Traceback" not in told.err


def test_what_writes_says_so_while_the_bot_runs(command: Command, tmp_path: Path) -> None:
    assert command("migrate").code == 0
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, f"sqlite:///{tmp_path}/easel.db"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        refused = command("topup", "4711", "5", "by", "hand")
        assert refused.code == 2
        assert "stop the bot first" in refused.err
        assert f"process {holder.pid}" in refused.err
        assert "/topup 4711 5 by hand" in refused.err, "what to send to the bot instead"
        assert "it tells the user then" in refused.err
        assert command("verify").code == 0, "reading goes beside a running bot"
        holder.communicate("", timeout=20)


HOLDER = """
import asyncio, sys
from bot.storage.database import open_database

async def hold():
    db = await open_database(sys.argv[1])
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await db.close()

asyncio.run(hold())
"""
