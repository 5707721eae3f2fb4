"""Who may use the bot: operators ban users and lift their bans, in every process at once."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.engine.accounts import bans, users
from bot.engine.accounts.bans import Ban
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts, inbox
from bot.engine.dialogs.drafts import DraftGone
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Banned:
    """A ban that stands. `by`: the operator; None when they are gone."""

    user: User
    ban: Ban
    by: User | None


class Moderation:
    """Tells the other processes; the caller's own forgets what it remembers of bans."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, user: User) -> Banned | None:
        """The user's ban."""

        def look(conn: Connection) -> Banned | None:
            ban = bans.get(conn, user.id)
            return Banned(user, ban, users.by_account(conn, ban.actor)) if ban is not None else None

        return await self._db.read(look)

    async def ban(self, user_id: int, *, reason: str, actor: User, draft_id: str | None = None) -> Banned:
        """Bans the user and ends the question that asked for it. A ban of before stands as it is: idempotent.

        Raises DraftGone when the question was decided before, or the user is gone: nothing changed.
        """
        ticket = inbox.current()

        def ban_user(conn: Connection) -> Banned:
            user = users.find(conn, user_id)
            if user is None or (draft_id is not None and not drafts.delete(conn, draft_id)):
                raise DraftGone
            bans.ban(conn, user_id, reason=reason, actor=actor.account_id)
            self._db.notify(conn, bans.CHANGED)
            inbox.done(conn, ticket)
            stands_now = bans.get(conn, user_id)
            assert stands_now is not None
            return Banned(user, stands_now, users.by_account(conn, stands_now.actor))

        return await self._db.transaction(ban_user)

    async def unban(self, user_id: int) -> bool:
        """False when the user was not banned."""
        ticket = inbox.current()

        def lift_ban(conn: Connection) -> bool:
            lifted = bans.unban(conn, user_id)
            self._db.notify(conn, bans.CHANGED)
            inbox.done(conn, ticket)
            return lifted

        return await self._db.transaction(lift_ban)
