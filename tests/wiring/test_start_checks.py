"""Starts that cannot succeed: each stops with a sentence that says what to do, exit 2, and nothing begun."""

import asyncio
import ctypes
import logging
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from bot.cli.main import main
from bot.settings import Settings
from bot.storage.database import DatabaseBusy, DatabaseUnavailable, open_database
from bot.storage.migrate import migrate
from sandbox.telegram import TelegramServer
from tests.drivers.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
Refused = Callable[..., Awaitable[str]]
READING = ("verify", "models")
WRITING = ("run", "migrate")


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """`run` sets up the logs of its process, which is this one here."""
    root = logging.getLogger()
    handlers, level, kept = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**kept)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    server = TelegramServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "easel.db"


@pytest.fixture
def refused(
    tmp_path: Path,
    database: Path,
    telegram: TelegramServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Refused:
    """Types a command where everything is good for a start but what a test spoils; what it said."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BOT_TOKEN", telegram.token)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.base_url)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("HTTP_PORT", "0")
    monkeypatch.chdir(tmp_path)

    async def typed(*arguments: str, **settings: str) -> str:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        async with asyncio.timeout(30):
            code = await asyncio.to_thread(main, list(arguments))
        said = capsys.readouterr().err
        assert code == 2, said
        assert "Traceback" not in said
        told = [line for line in said.splitlines() if line and "[info" not in line and "[warning" not in line]
        assert len(told) == 1, "one sentence"
        return told[0]

    return typed


async def test_a_token_that_telegram_refuses(refused: Refused) -> None:
    said = await refused("run", BOT_TOKEN="4711:revoked-token-of-another-bot")
    assert "BOT_TOKEN: Telegram refuses this token" in said
    assert "@BotFather" in said
    assert "revoked-token" not in said


async def test_a_port_that_is_taken(refused: Refused) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        said = await refused("run", HTTP_PORT=str(port))
    assert f"HTTP_PORT {port} at 127.0.0.1 is taken by another program" in said


@pytest.mark.parametrize("host", ["203.0.113.7", "no-such-host.invalid"])
async def test_a_host_that_is_not_this_machine(refused: Refused, host: str) -> None:
    said = await refused("run", HTTP_HOST=host)
    assert f"HTTP_HOST '{host}' is no address of this machine" in said


async def test_a_port_that_is_taken_is_found_before_any_job_is_taken_over(
    refused: Refused, database: Path, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, database)
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        await refused("run", HTTP_PORT=str(other.getsockname()[1]))
    with closing(sqlite3.connect(database)) as raw:
        assert raw.execute("SELECT count(*) FROM workers").fetchone() == (0,), "no worker ever began"


@pytest.mark.parametrize("command", READING + WRITING)
@pytest.mark.parametrize(
    ("revision", "says"), [("0999", "of another version of Easel"), ("'; DROP", "of another version of Easel")]
)
async def test_a_schema_of_a_version_that_it_does_not_know(
    refused: Refused, database: Path, sqlite_template: Path, command: str, revision: str, says: str
) -> None:
    shutil.copyfile(sqlite_template, database)
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", [revision])
        raw.commit()
    said = await refused(command)
    assert says in said
    assert revision in said


async def test_on_postgresql_too(refused: Refused, postgres: PostgresServer) -> None:
    url = postgres.create("ahead", template="template")
    db = await open_database(url)
    await db.transaction(lambda conn: conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'"))
    await db.close()
    for command in ("verify", "run"):
        assert "of another version of Easel" in await refused(command, DATABASE_URL=url)
    assert "holds no tables of Easel" in await refused("verify", DATABASE_URL=postgres.create("bare"))
    away = "postgresql://easel:hush@no-such-host.invalid/easel"
    for command in ("verify", "run"):
        said = await refused(command, DATABASE_URL=away)
        assert "no-such-host.invalid" in said
        assert ("cannot migrate" in said) == (command == "run"), "verify changes nothing, and says so"
        assert "hush" not in said


@pytest.mark.parametrize("command", READING)
async def test_a_schema_that_is_older_is_no_place_to_read_from(refused: Refused, database: Path, command: str) -> None:
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("CREATE TABLE alembic_version (version_num TEXT)")
        raw.execute("INSERT INTO alembic_version VALUES ('0001')")
        raw.commit()
    said = await refused(command)
    assert "the tables of an older Easel: run `python -m bot migrate`" in said


@pytest.mark.parametrize("command", READING + WRITING)
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is an empty file: restore a backup, or remove it"),
        (b"this is a letter, not a database" * 300, "it is not a database, or is damaged: restore a backup"),
    ],
)
async def test_a_file_that_is_no_database(
    refused: Refused, database: Path, command: str, content: bytes, says: str
) -> None:
    database.write_bytes(content)
    said = await refused(command)
    assert says in said
    assert str(database) in said
    assert database.read_bytes() == content, "nothing is written over what may be all that is left"


async def test_a_database_that_was_damaged_further_on(refused: Refused, database: Path, sqlite_template: Path) -> None:
    shutil.copyfile(sqlite_template, database)
    with database.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(8192)
        file.write(b"\xa5" * (size - 8192))
    for command in ("verify", "run"):
        assert "damaged: restore a backup" in await refused(command)


@pytest.mark.parametrize("command", READING + WRITING)
async def test_the_database_of_another_program(refused: Refused, database: Path, command: str) -> None:
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("CREATE TABLE recipes (name TEXT)")
    said = await refused(command)
    assert "holds tables of another program" in said or "holds no tables of Easel" in said
    with closing(sqlite3.connect(database)) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


async def test_a_folder_where_the_database_should_be(refused: Refused, database: Path) -> None:
    database.mkdir()
    for command in ("verify", "run"):
        assert "is no file" in await refused(command)


def _without_roots_rights() -> None:
    """Root may write what nobody may; a process that root starts without CAP_DAC_OVERRIDE may not."""
    drop_from_the_bounding_set, may_write_anything = 24, 1
    ctypes.CDLL(None).prctl(drop_from_the_bounding_set, may_write_anything, 0, 0, 0)


@pytest.mark.parametrize("command", ["verify", "run"])
def test_a_database_that_may_not_be_written(sqlite_template: Path, command: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = folder / "easel.db"
        shutil.copyfile(sqlite_template, database)
        database.chmod(0o444)
        folder.chmod(0o555)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "bot", *command.split()],
                cwd="/",
                env={
                    **{k: v for k, v in os.environ.items() if k.lower() not in Settings.model_fields},
                    "PYTHONPATH": str(ROOT),
                    "BOT_TOKEN": "4711:abcdef",
                    "DATABASE_URL": f"sqlite:///{database}",
                },
                preexec_fn=_without_roots_rights,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            folder.chmod(0o755)
    if command in READING and done.returncode == 0:  # SQLite reads a file that it cannot write where it has no log
        return
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot be" in done.stderr or "cannot write" in done.stderr


async def test_a_second_name_of_the_database_is_not_a_second_lock(
    tmp_path: Path, database: Path, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, database)
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "bot.db"
    link.symlink_to(database)
    folder = tmp_path / "folder"
    folder.symlink_to(tmp_path, target_is_directory=True)
    first = await open_database(f"sqlite:///{database}")
    for other in (link, folder / "easel.db", tmp_path / "elsewhere" / ".." / "easel.db"):
        with pytest.raises(DatabaseBusy):
            await open_database(f"sqlite:///{other}")
    await first.close()
    through_the_link = await open_database(f"sqlite:///{link}")
    with pytest.raises(DatabaseBusy):
        await open_database(f"sqlite:///{database}")
    await through_the_link.close()
    os.link(database, tmp_path / "hard.db")
    with pytest.raises(DatabaseUnavailable, match="hard link"):
        await open_database(f"sqlite:///{database}")


async def test_a_link_to_a_database_that_is_not_there_yet_stays_one(tmp_path: Path) -> None:
    (tmp_path / "volume").mkdir()
    link = tmp_path / "easel.db"
    link.symlink_to(tmp_path / "volume" / "easel.db")
    await asyncio.to_thread(migrate, f"sqlite:///{link}")
    assert link.is_symlink()
    assert (tmp_path / "volume" / "easel.db").stat().st_size > 0


async def test_a_work_dir_that_cannot_be_used(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = await refused("run", WORK_DIR=str(tmp_path / "file" / "work"))
    assert f"WORK_DIR {tmp_path / 'file' / 'work'} cannot be used: Not a directory" in said


async def test_all_that_is_wrong_in_files_is_told_at_once(
    tmp_path: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("words", "/(a+)+/\n"), ("terms", "<script>"), ("catalog", "[providers.ai_now]\ntitle = 3\n")):
        (tmp_path / name).write_text(text)
        monkeypatch.setenv(f"{'BLOCKED_WORDS' if name == 'words' else name.upper()}_FILE", str(tmp_path / name))
    monkeypatch.setenv("DEFAULT_LANGUAGE", "de")
    assert await asyncio.to_thread(main, ["run"]) == 2
    said = capsys.readouterr().err
    for part in ("BLOCKED_WORDS_FILE", "TERMS_FILE", "providers.ai_now.title", "DEFAULT_LANGUAGE"):
        assert part in said
    assert "Traceback" not in said
