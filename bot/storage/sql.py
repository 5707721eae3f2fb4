"""Statements of hot paths: written once with `?`, sent as they are: compiling would cost more than running them."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound


class Rows:
    """All that a statement returned, in plain tuples, with the few ways of SQLAlchemy's results that are asked for."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[tuple[Any, ...]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount
        """Rows that an INSERT, UPDATE or DELETE touched."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._rows)

    def scalars(self) -> Iterator[Any]:
        """The first column."""
        return (row[0] for row in self._rows)

    def one_or_none(self) -> tuple[Any, ...] | None:
        """The only row; None when there is none. Raises MultipleResultsFound."""
        if len(self._rows) > 1:
            raise MultipleResultsFound(f"{len(self._rows)} rows")
        return self._rows[0] if self._rows else None

    def one(self) -> tuple[Any, ...]:
        """The only row. Raises NoResultFound and MultipleResultsFound."""
        row = self.one_or_none()
        if row is None:
            raise NoResultFound("no row")
        return row

    def scalar_one(self) -> Any:
        """The first column of the only row. Raises NoResultFound and MultipleResultsFound."""
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        """The first column of the only row, None when there is none. Raises MultipleResultsFound."""
        row = self.one_or_none()
        return row[0] if row is not None else None


class Sql:
    """One statement for both databases. PostgreSQL numbers its parameters; SQLite is asked past SQLAlchemy, whose
    bookkeeping for a result costs more than most of these statements. Errors are SQLAlchemy's either way."""

    __slots__ = ("_postgresql", "_sqlite")

    def __init__(self, text: str) -> None:
        self._sqlite = text
        first, *rest = text.split("?")
        self._postgresql = first + "".join(f"${n}{part}" for n, part in enumerate(rest, 1))

    def run(self, conn: Connection, *values: Any) -> Rows:
        if conn.dialect.name != "sqlite":
            result = conn.exec_driver_sql(self._postgresql, values)
            return Rows(result.all() if result.returns_rows else (), result.rowcount)
        raw = conn.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        try:
            cursor = raw.execute(self._sqlite, values)
            return Rows(cursor.fetchall(), cursor.rowcount)
        except sqlite3.Error as error:
            hidden = conn.engine.hide_parameters
            raise DBAPIError.instance(
                self._sqlite, values, error, sqlite3.Error, hidden, dialect=conn.dialect
            ) from error
