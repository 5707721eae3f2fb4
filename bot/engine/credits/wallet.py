"""What people see of their own credits."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import Credits
from bot.engine.conversations import memory
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Wallet:
    """`available` can be spent, `held` is set aside for orders under way; `answers` is what
    chat answers cost, less what was refunded."""

    available: Credits
    held: Credits
    answers: Credits


class Wallets:
    """Reads only."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def available(self, account_id: int) -> Credits:
        """What the account can spend."""
        return (await self._db.read(lambda conn: ledger.balance(conn, account_id))).available

    async def of(self, account_id: int) -> Wallet:
        """All of one moment."""

        def look(conn: Connection) -> Wallet:
            balance = ledger.balance(conn, account_id)
            return Wallet(balance.available, balance.held, memory.spent(conn, account_id))

        return await self._db.read(look)
