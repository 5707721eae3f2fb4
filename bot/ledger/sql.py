"""Statements of hot paths: written once with `?`, sent as they are: compiling would cost more than running them."""

from typing import Any

from sqlalchemy import Connection, CursorResult


class Sql:
    """One statement for both databases. PostgreSQL numbers its parameters."""

    __slots__ = ("_postgresql", "_sqlite")

    def __init__(self, text: str) -> None:
        self._sqlite = text
        first, *rest = text.split("?")
        self._postgresql = first + "".join(f"${n}{part}" for n, part in enumerate(rest, 1))

    def run(self, conn: Connection, *values: Any) -> CursorResult[*tuple[Any, ...]]:
        text = self._sqlite if conn.dialect.name == "sqlite" else self._postgresql
        return conn.exec_driver_sql(text, values)
