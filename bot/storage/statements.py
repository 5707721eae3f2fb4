"""Statements that the two databases spell differently."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(conn: Connection, table: Table, **values: Any) -> bool:
    """Inserts a row unless one with its key is there; False then. Never fails for another process's insert."""
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    return bool(conn.execute(make(table).values(**values).on_conflict_do_nothing()).rowcount)


def queue_up(conn: Connection, name: str) -> None:
    """Lets one transaction after the other through for `name`, until it ends. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))
