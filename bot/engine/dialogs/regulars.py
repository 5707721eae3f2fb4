"""Who was served before: people who topped up or ever had a result go before newcomers."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Connection

from bot.storage.sql import Sql

AT_ONCE = 100
"""People in one statement at most."""


@cache  # at most AT_ONCE of them
def _among(count: int) -> Sql:
    # The words of the partial index on gifts and top-ups, which SQLite takes to the letter, as in ledger/statement.py.
    paid = "t.credit = u.account_id AND t.kind IN ('top_up','welcome','refund') AND t.kind = 'top_up'"
    served = "j.account_id = u.account_id AND j.state = 'done'"
    return Sql(
        f"SELECT u.id FROM users u WHERE u.id IN ({', '.join('?' * count)})"  # noqa: S608  # question marks
        f" AND (EXISTS (SELECT 1 FROM transfers t WHERE {paid}) OR EXISTS (SELECT 1 FROM jobs j WHERE {served}))"
    )


def among(conn: Connection, user_ids: Collection[int]) -> frozenset[int]:
    """Those of these Telegram ids who topped up or ever had a result."""
    ids, found = sorted(user_ids), set[int]()
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found.update(_among(len(some)).run(conn, *some).scalars())
    return frozenset(found)
