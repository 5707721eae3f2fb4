"""The books as people read them: balances, statements, and the proof that they add up."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.ledger import Balance, Entry, Problem
from bot.storage.database import Database

__all__ = ["Balance", "Books", "Entry", "Problem", "StatementPage"]


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Lines of an account, newest first. `number` counts from 0; `actors` by account: who moved what."""

    balance: Balance
    number: int
    more: bool
    entries: list[Entry]
    actors: dict[int, User]


class Books:
    """Reads only."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def available(self, account_id: int) -> Credits:
        """What the account can spend now."""
        return (await self._db.read(lambda conn: ledger.balance(conn, account_id))).available

    async def statement(self, account_id: int, number: int, size: int) -> StatementPage:
        """That page of `size` lines, the last one when there are not so many. A statement is read from its newest line
        on: earlier pages are read over, once per page."""

        def look(conn: Connection) -> StatementPage:
            found = ledger.statement(conn, account_id, limit=(number + 1) * size + 1)
            page = min(number, max(0, -(-len(found) // size) - 1))
            entries = found[page * size : (page + 1) * size]
            more = len(found) > (page + 1) * size
            balance = ledger.balance(conn, account_id)
            return StatementPage(balance, page, more, entries, actors_of(conn, entries))

        return await self._db.read(look)

    async def verify(self) -> list[Problem]:
        """Proves all of the books now; clean ones give an empty list."""
        return await self._db.read(ledger.verify)


def actors_of(conn: Connection, entries: list[Entry]) -> dict[int, User]:
    """Who moved these, by account; who had their data erased is missing."""
    ids = {entry.actor for entry in entries if entry.actor is not None}
    return {i: actor for i in ids if (actor := users.by_account(conn, i)) is not None}
