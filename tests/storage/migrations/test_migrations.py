"""The schema: what the revisions make is what storage/tables says, on both databases, and there is a way back."""

import contextlib
import io
import re
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from bot.storage.database import Database, DatabaseBusy, DatabaseUnavailable, open_database
from bot.storage.migrate import config, migrate, pending
from bot.storage.tables import metadata
from tests.drivers.postgres import PostgresServer

SHAPES = {
    "sqlite": (
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table','index') AND name NOT LIKE 'sqlite_%'"
        " AND name <> 'alembic_version' ORDER BY 1, 2"
    ),
    "postgresql": (
        "SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = to_regnamespace(current_schema()) AND conrelid <> 0 AND conname NOT LIKE 'alembic%'"
        " UNION ALL SELECT 'index', indexname, replace(indexdef, current_schema() || '.', '') FROM pg_indexes"
        " WHERE schemaname = current_schema() AND indexname NOT LIKE 'alembic%'"
        " UNION ALL SELECT 'column', table_name || '.' || column_name, data_type || ' ' || is_nullable || ' '"
        " || replace(coalesce(column_default, ''), current_schema() || '.', '') FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name NOT LIKE 'alembic%' ORDER BY 1, 2"
    ),
}


ALL = ("0001", "0002", "0010", "0005", "0003", "0017", "0004", "0024", "0018", "0025")


def shape(conn: Connection) -> list[tuple[str, ...]]:
    """Tables with their checks and partial indexes, as the database itself spells them; order of clauses set aside."""
    rows = conn.exec_driver_sql(SHAPES[conn.dialect.name]).all()
    parts = [(kind, name, re.split(r"\n|, ", sql)) for kind, name, sql in rows]
    return [(kind, name, *sorted(filter(None, (part.strip(" \n\t,()") for part in sql)))) for kind, name, sql in parts]


async def test_the_revisions_make_what_the_tables_say(database: Database) -> None:
    def differences(conn: Connection) -> object:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        return compare_metadata(context, metadata)

    assert await database.read(differences) == []


async def test_checks_and_partial_indexes_are_those_of_the_tables(database: Database, tmp_path: Path) -> None:
    migrated = await database.read(shape)
    if database.dialect == "sqlite":
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
        with engine.begin() as conn:
            metadata.create_all(conn)
            plain = shape(conn)
        engine.dispose()
    else:

        def create_plain(conn: Connection) -> list[tuple[str, ...]]:
            conn.exec_driver_sql("CREATE SCHEMA plain")
            conn.exec_driver_sql("SET LOCAL search_path TO plain")
            metadata.create_all(conn)
            return shape(conn)

        plain = await database.transaction(create_plain)
    assert len(plain) > 20
    assert migrated == plain


def test_migrating_creates_the_file_with_its_folder_and_is_idempotent(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'easel.db'}"
    assert pending(url) == ALL
    assert not (tmp_path / "data").exists()
    assert migrate(url) == ALL
    assert pending(url) == ()
    assert migrate(url) == ()


def test_two_processes_that_migrate_a_server_at_once_do_it_once(postgres: PostgresServer) -> None:
    url = postgres.create("migrated_twice")
    applied: list[tuple[str, ...]] = []
    threads = [threading.Thread(target=lambda: applied.append(migrate(url))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [(), (), ALL]
    postgres.drop("migrated_twice")


def test_a_failed_migration_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "easel.db"
    names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as conn:
        command.upgrade(config(connection=conn), "0001")
        conn.exec_driver_sql("CREATE TABLE asks (id TEXT)")  # in the way of the second revision, after other tables
        before = conn.exec_driver_sql(names).all()
    engine.dispose()
    with pytest.raises(DatabaseUnavailable, match="already exists"):
        migrate(f"sqlite:///{path}")
    with contextlib.closing(sqlite3.connect(path)) as raw:
        assert raw.execute(names).fetchall() == before
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_a_kill_while_the_file_is_made_leaves_none_that_looks_lost(tmp_path: Path) -> None:
    (tmp_path / "easel.db.new").write_bytes(b"")  # what a kill left
    assert migrate(f"sqlite:///{tmp_path / 'easel.db'}") == ALL
    assert sorted(path.name for path in tmp_path.iterdir()) == ["easel.db", "easel.db.lock.pid"]


async def test_a_running_bot_is_not_migrated_under_its_feet(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'easel.db'}"
    migrate(url)
    running = await open_database(url)
    with pytest.raises(DatabaseBusy, match="stop the bot first"):
        migrate(url)
    await running.close()
    assert migrate(url) == ()


async def test_there_is_a_way_back_and_forth(database: Database) -> None:
    def there_and_back(conn: Connection) -> tuple[list[str], list[tuple[str, ...]], list[tuple[str, ...]]]:
        before = shape(conn)
        command.downgrade(config(connection=conn), "base")
        left = sa.inspect(conn).get_table_names()
        command.upgrade(config(connection=conn), "head")
        return left, before, shape(conn)

    left, before, after = await database.transaction(there_and_back)
    assert left == ["alembic_version"]
    assert before == after


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_sql_can_be_printed_without_a_database(dialect: str) -> None:
    printed = io.StringIO()
    offline = config(dialect=dialect)
    offline.output_buffer = printed
    command.upgrade(offline, "head", sql=True)
    text = printed.getvalue()
    assert "CREATE TABLE transfers" in text
    assert "an account changes by transfers only" in text
    assert ("CREATE FUNCTION" in text) == (dialect == "postgresql")
