"""Accounts and their balances. Users' are stored and moved by triggers; the house's are summed at each reading."""

from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import Connection

from bot.domain.money import Credits
from bot.storage.sql import Sql


class House(IntEnum):
    """The other side of every movement. Made by the first migration."""

    REVENUE = -1
    """Takes captures, gives refunds; a hold names it as its creditor."""
    ISSUED = -2
    """Gives top-ups, takes debits."""
    PROMOTIONS = -3
    """Gives welcome credits."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has: `total` = `available` + `held`. A house account's may be negative and holds nothing."""

    available: Credits
    held: Credits
    total: Credits


class UnknownAccount(LookupError):
    """There is no account of that id: a bug, accounts are never deleted."""


_OPEN = Sql("INSERT INTO accounts (kind) VALUES ('user') RETURNING id")
_BALANCE = Sql("SELECT credits_posted - debits_posted, debits_pending FROM accounts WHERE id = ?")
_USERS = Sql(
    "SELECT CAST(coalesce(sum(credits_posted - debits_posted), 0) AS bigint),"
    " CAST(coalesce(sum(debits_pending), 0) AS bigint) FROM accounts WHERE kind = 'user'"
)
_HOUSE = Sql(
    "SELECT CAST(coalesce(sum(CASE WHEN credit = CAST(? AS bigint) THEN amount ELSE -amount END), 0) AS bigint)"
    " FROM transfers WHERE kind <> 'hold' AND (credit = CAST(? AS bigint) OR debit = CAST(? AS bigint))"
)


def open_account(conn: Connection) -> int:
    """A new, empty user account; returns its id, which is above 0."""
    return int(_OPEN.run(conn).scalar_one())


def all_users(conn: Connection) -> Balance:
    """What all users have together: a pass over the accounts."""
    total, held = _USERS.run(conn).one()
    return Balance(available=Credits(total - held), held=Credits(held), total=Credits(total))


def balance(conn: Connection, account_id: int) -> Balance:
    """The balance as of this transaction. A house account's takes a pass over all transfers. Raises UnknownAccount."""
    if account_id < 0:
        total = Credits(_HOUSE.run(conn, account_id, account_id, account_id).scalar_one())
        return Balance(available=total, held=Credits(0), total=total)
    row = _BALANCE.run(conn, account_id).one_or_none()
    if row is None:
        raise UnknownAccount(account_id)
    total, held = row[0], row[1]
    return Balance(available=Credits(total - held), held=Credits(held), total=Credits(total))
