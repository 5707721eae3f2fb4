"""Fixtures of the whole suite: a migrated, empty database of each kind."""

import gc
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

import bot.telegram  # noqa: F401 - ahead of aiogram, so that its models are built when first used
from bot.logs import configure_logs
from bot.storage.database import Database, open_database
from bot.storage.migrate import migrate
from tests.drivers.postgres import PostgresServer, server
from tests.drivers.tls import share_tls

DIALECTS = ("sqlite", "postgresql")
_numbers = itertools.count(1)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Long bytes are named by their length: every worker makes the films and sounds anew, and an OGG's serial number is
    another each time, while all workers must collect the same names."""
    return f"{len(val)} bytes" if isinstance(val, bytes) and len(val) > 40 else None


def pytest_collection_finish() -> None:
    """What was collected lives to the end: collections that walk over it take most of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def swiftly() -> None:
    """Logs as in production, for a library's pretty tracebacks take seconds each; certificates are read once."""
    configure_logs(level="info", style="console")
    share_tls()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating anew for every test would take most of the time."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The test session's own server (one per xdist worker), with a migrated database named `template`."""
    with server() as started:
        migrate(started.create("template"))
        yield started


@pytest.fixture(scope="session")
def restartable() -> Iterator[PostgresServer]:
    """A server of its own for tests that halt it, with the same template."""
    with server() as started:
        migrate(started.create("template"))
        yield started


@pytest.fixture
def restartable_url(restartable: PostgresServer) -> Iterator[str]:
    """The URL of a migrated database there."""
    name = f"test_{next(_numbers)}"
    yield restartable.create(name, template="template")
    restartable.drop(name)


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database that nobody else uses; the test runs once per kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "easel.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    started: Any = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    yield started.create(name, template="template")
    started.drop(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """That database, open for writing."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite file: for chats, which do not depend on the kind of database."""
    path = tmp_path / "easel.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"
