"""Users for use cases, and what they can spend."""

from bot import ledger
from bot.domain.money import CREDIT
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.storage.database import Database


async def met(database: Database, user_id: int, name: str) -> User:
    """A user whom the bot has met."""
    return await database.transaction(
        lambda conn: users.seen(conn, user_id=user_id, username=name.lower(), name=name, language_code="en")[0]
    )


async def spendable(database: Database, user: User) -> float:
    """Credits available to the user."""
    return (await database.read(lambda conn: ledger.balance(conn, user.account_id))).available / CREDIT


async def clean(database: Database) -> bool:
    """Whether the books add up."""
    return await database.read(ledger.verify) == []
