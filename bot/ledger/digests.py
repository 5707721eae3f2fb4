"""Digests of stretches of transfers: reckoned by the proof that seals them, and again by the whole proof.

An INSERT reckons nothing. The database writes a stretch as one text, which is hashed as a whole.
"""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection

from bot.storage.sql import Sql

STRETCH = 10_000
"""Transfers under one digest at most: about a megabyte of text."""

_LINE = (
    "CAST(seq AS text) || '|' || id || '|' || kind || '|' || coalesce(pending_id, '')"
    " || '|' || coalesce(reverses_id, '')"
    " || '|' || CAST(debit AS text) || '|' || CAST(credit AS text) || '|' || CAST(amount AS text)"
    " || '|' || coalesce(job_id, '') || '|' || coalesce(CAST(actor AS text), '')"
    " || '|' || CAST(CAST(created_at * 1000 AS bigint) AS text)"
)
"""All that a transfer says. Times as whole milliseconds: releases of the databases spell fractions differently."""
_ROWS = f"SELECT seq, {_LINE} AS line FROM transfers WHERE seq > ? AND seq <= ? ORDER BY seq"  # noqa: S608
_TEXT = Sql(f"SELECT group_concat(line, ';') FROM ({_ROWS}) stretch")  # noqa: S608
_HASH = Sql(
    f"SELECT encode(sha256(convert_to(string_agg(line, ';' ORDER BY seq), 'UTF8')), 'hex') FROM ({_ROWS}) stretch"  # noqa: S608
)
_SEALS = Sql("SELECT seq, digest FROM seals ORDER BY seq")
EMPTY = ""
"""The digest of a stretch without transfers: numbers that were drawn by transactions that were undone."""


def digest(conn: Connection, after: int, through: int) -> str:
    """Of the transfers with numbers above `after` up to `through`."""
    if conn.dialect.name != "sqlite":
        return _HASH.run(conn, after, through).scalar_one() or EMPTY
    text = _TEXT.run(conn, after, through).scalar_one()
    return hashlib.sha256(text.encode()).hexdigest() if text is not None else EMPTY


def stretches(after: int, through: int) -> Iterator[tuple[int, int]]:
    """Bounds of the stretches between two numbers: above the first, up to the second."""
    for start in range(after, through, STRETCH):
        yield start, min(start + STRETCH, through)


def broken_seals(conn: Connection, limit: int) -> list[tuple[int, int]]:
    """First and last number of stretches whose transfers are not those that were sealed, at most `limit`."""
    broken: list[tuple[int, int]] = []
    after = 0
    for through, sealed in _SEALS.run(conn):
        if digest(conn, after, through) != sealed:
            broken.append((after + 1, through))
            if len(broken) == limit:
                break
        after = through
    return broken
