"""Brings a database to the newest schema, from the revisions inside the package: no alembic.ini, no command line."""

import asyncio
import contextlib
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
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bot.storage import urls
from bot.storage.errors import DatabaseUnavailable
from bot.storage.lock import WriterLock
from bot.storage.postgres import engine_of
from bot.storage.sqlite import writing_engine

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
    file, DatabaseUrlInvalid, DatabaseUnavailable.
    """
    parsed = urls.parse(url)

    def to_head(conn: Connection) -> tuple[str, ...]:
        missing = _pending(conn)
        if missing:
            command.upgrade(config(connection=conn), "head")
        return missing

    if parsed.drivername == "sqlite":
        path = urls.sqlite_path(parsed)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(f"cannot make the folder {path.parent}: {error.strerror}") from None
        with contextlib.closing(_Locked(path)), _sqlite(path) as conn:
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


def _pending(conn: Connection) -> tuple[str, ...]:
    return _revisions(MigrationContext.configure(conn).get_current_revision())


def _revisions(current: str | None) -> tuple[str, ...]:
    """Revisions after `current`, oldest first. Raises alembic's CommandError for one that this Easel does not know."""
    script = ScriptDirectory.from_config(config())
    newer = script.iterate_revisions("head", current or "base")
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
        raise DatabaseUnavailable(f"cannot migrate {path}: {error.orig}") from error
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
    if isinstance(errors[0], OSError | asyncpg.PostgresError | DBAPIError):
        reason = getattr(errors[0], "orig", None) or errors[0]
        raise DatabaseUnavailable(f"cannot migrate {urls.describe(url)}: {reason}") from errors[0]
    raise errors[0]
