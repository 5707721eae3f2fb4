"""Brings a database to the newest schema, from the revisions inside the package: no alembic.ini, no command line."""

import asyncio
import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import asyncpg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bot.storage import urls
from bot.storage.errors import DatabaseUnavailable, SchemaUnfit, reason
from bot.storage.postgres import engine_of
from bot.storage.sqlite.database import writing_engine
from bot.storage.sqlite.lock import WriterLock

T = TypeVar("T")
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x4561_7365_6C00
"""Key of the PostgreSQL advisory lock under which one process migrates and the others wait."""


def config(*, connection: Connection | None = None, dialect: str | None = None) -> Config:
    """Alembic's configuration for `alembic.command`: with a connection to work on, or a dialect to print SQL for."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    made.attributes["dialect"] = dialect
    return made


def migrate(url: str) -> tuple[str, ...]:
    """Creates the database file when missing and applies what is pending; returns the applied revisions, oldest first.

    Blocks. Idempotent; safe when several processes start at once. Raises DatabaseBusy when a bot runs on the SQLite
    file, DatabaseUrlInvalid, DatabaseUnavailable, and SchemaUnfit where the tables are another program's or a newer
    Easel's.
    """
    parsed = urls.parse(url)

    def to_head(conn: Connection) -> tuple[str, ...]:
        missing = _pending(conn)
        if conn.dialect.name == "sqlite" and missing == _revisions(None) and _has_tables(conn):
            raise SchemaUnfit(f"{urls.describe(parsed)} holds tables of another program: give Easel a file of its own")
        if missing:
            command.upgrade(config(connection=conn), "head")
        return missing

    if parsed.drivername == "sqlite":
        path = urls.sqlite_path(parsed)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(f"cannot make the folder {path.parent}: {error.strerror}") from None
        with contextlib.closing(_Locked(path)):
            _make(path)
            with _sqlite(path) as conn:
                return _in_one_transaction(conn, to_head)
    return _postgresql(parsed, to_head, lock=True)


def pending(url: str) -> tuple[str, ...]:
    """The revisions that `migrate` would apply, oldest first; changes nothing and creates nothing. Blocks."""
    parsed = urls.parse(url)
    if parsed.drivername == "postgresql":
        return _postgresql(parsed, _pending, lock=False)
    path = urls.sqlite_path(parsed)
    if not path.exists():
        return _revisions(None)
    with _sqlite(path) as conn:
        return _pending(conn)


def check(url: str) -> None:
    """Whether a command that only reads can use the database; changes nothing. Blocks. Raises DatabaseUrlInvalid,
    DatabaseUnavailable, and SchemaUnfit where its tables are not those of this Easel."""
    parsed = urls.parse(url)
    if parsed.drivername == "postgresql":
        missing = _postgresql(parsed, _pending, lock=False)
    else:
        path = urls.sqlite_path(parsed)
        if not path.exists():
            raise DatabaseUnavailable(f"there is no database at {path}: run `python -m bot migrate` first")
        _refuse_nothing(path)
        with _reading(path) as conn:
            missing = _pending(conn)
    if missing:
        what = "no tables of Easel" if missing == _revisions(None) else "the tables of an older Easel"
        raise SchemaUnfit(f"{urls.describe(parsed)} holds {what}: run `python -m bot migrate`, or start the bot")


def _has_tables(conn: Connection) -> bool:
    theirs = "type = 'table' AND name NOT IN ('alembic_version', 'sqlite_sequence')"
    return conn.exec_driver_sql(f"SELECT 1 FROM sqlite_master WHERE {theirs} LIMIT 1").first() is not None  # noqa: S608


def _make(path: Path) -> None:
    """Makes the file where there is none, under its name only when it is a database: one of no bytes would look like
    one that was lost, and a kill between the two would leave it so. Where a link leads: the file must not take its
    place."""
    if path.exists():
        _refuse_nothing(path)
        return
    path = path.resolve()
    new = path.with_name(path.name + ".new")
    try:
        new.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(new)) as raw:
            raw.execute("PRAGMA journal_mode = wal")
        os.replace(new, path)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseUnavailable(f"cannot make {path}: {error}") from None


def _refuse_nothing(path: Path) -> None:
    if not path.is_file():
        raise DatabaseUnavailable(f"{path} is no file: name one in DATABASE_URL")
    if path.stat().st_size == 0:
        raise DatabaseUnavailable(f"{path} is an empty file: restore a backup, or remove it to begin with no accounts")


def _pending(conn: Connection) -> tuple[str, ...]:
    return _revisions(MigrationContext.configure(conn).get_current_revision())


def _revisions(current: str | None) -> tuple[str, ...]:
    """Revisions after `current`, oldest first. Raises SchemaUnfit for one that this Easel does not know."""
    script = ScriptDirectory.from_config(config())
    try:
        newer = list(script.iterate_revisions("head", current or "base"))
    except (CommandError, RevisionError):
        known = f"this one knows those up to {script.get_current_head()}"
        raise SchemaUnfit(
            f"the database is of another version of Easel: its revision is {current!r}, {known}. Run the version that"
            " wrote it, or a newer one"
        ) from None
    return tuple(reversed([revision.revision for revision in newer]))


class _Locked:
    """The writer's lock with the name that contextlib.closing wants."""

    def __init__(self, path: Path) -> None:
        self.close = WriterLock(path).release


@contextlib.contextmanager
def _sqlite(path: Path) -> Iterator[Connection]:
    engine = writing_engine(path)
    try:
        with engine.connect() as conn:
            yield conn
    except DBAPIError as error:
        raise DatabaseUnavailable(f"cannot migrate {path}: {reason(error)}") from error
    finally:
        engine.dispose()


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[Connection]:
    """A connection that cannot write: a look at the revision must not change what may belong to a running bot."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)

    engine = sa.create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)
    try:
        with engine.connect() as conn:
            yield conn
    except DBAPIError as error:
        raise DatabaseUnavailable(f"cannot read {path}: {reason(error)}") from error
    finally:
        engine.dispose()


def _in_one_transaction(conn: Connection, fn: Callable[[Connection], T]) -> T:
    """SQLite's driver would commit before DDL; these connections leave BEGIN to us, so DDL is transactional too.

    Foreign keys are off while tables are rebuilt (SQLite checks them at once) and checked before the COMMIT.
    """
    conn.exec_driver_sql("PRAGMA foreign_keys = off")
    conn.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        result = fn(conn)
        broken = conn.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise DatabaseUnavailable(f"the migration would break a reference: {tuple(broken)}")
        conn.exec_driver_sql("COMMIT")
    except BaseException:
        conn.rollback()
        raise
    finally:
        conn.exec_driver_sql("PRAGMA foreign_keys = on")
    return result


def _postgresql(url: URL, fn: Callable[[Connection], T], *, lock: bool) -> T:
    """On a thread with an event loop of its own: asyncpg needs one, and the caller's may be running."""

    async def work() -> T:
        engine = engine_of(url, poolclass=NullPool)
        try:
            async with engine.begin() as conn:
                if lock:
                    await conn.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                return await conn.run_sync(fn)
        finally:
            await engine.dispose()

    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work()))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="easel-migrate")
    thread.start()
    thread.join()
    if not errors:
        return results[0]
    if isinstance(errors[0], OSError | asyncpg.PostgresError | asyncpg.InterfaceError | DBAPIError):
        why = getattr(errors[0], "orig", None) or errors[0]
        failed = "migrate" if lock else "read"
        raise DatabaseUnavailable(f"cannot {failed} {urls.describe(url)}: {why}") from errors[0]
    raise errors[0]
