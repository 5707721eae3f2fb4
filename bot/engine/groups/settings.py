"""What holds in a group, as its admins set it up, and how the bot stands there."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.limits.groups import Group, Presence, Who
from bot.engine.accounts import groups
from bot.storage.database import Database


class GroupSettings:
    """One group's at a time. Every setter returns what holds now and tells all processes; doing it again is harmless.
    Whether who asks for it is an admin of the group, only its chat can tell: callers find out before."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, chat_id: int) -> Group:
        """The defaults for a group that is not known."""
        return await self._db.read(lambda conn: groups.of(conn, chat_id))

    async def who_orders(self, chat_id: int, who: Who) -> Group:
        return await self._change(chat_id, lambda group: replace(group, who=who))

    async def cooldown(self, chat_id: int, seconds: int) -> Group:
        """Seconds between two orders of one member."""
        return await self._change(chat_id, lambda group: replace(group, cooldown=seconds))

    async def language(self, chat_id: int, language: str) -> Group:
        """ "": each member's own."""
        return await self._change(chat_id, lambda group: replace(group, language=language))

    async def quiet(self, chat_id: int, *, on: bool) -> Group:
        return await self._change(chat_id, lambda group: replace(group, quiet=on))

    async def allow_kind(self, chat_id: int, kind: Kind, *, allowed: bool) -> Group:
        return await self._change(
            chat_id, lambda group: replace(group, kinds_off=_with(group.kinds_off, kind.value, allowed=allowed))
        )

    async def allow_model(self, chat_id: int, slug: str, *, allowed: bool) -> Group:
        return await self._change(
            chat_id, lambda group: replace(group, models_off=_with(group.models_off, slug, allowed=allowed))
        )

    async def stands(self, chat_id: int, presence: Presence) -> bool:
        """Notes how the bot is there now. False: it was known."""

        def note_standing(conn: Connection) -> bool:
            changed = groups.found(conn, chat_id, presence)
            if changed:
                self._db.notify(conn, groups.CHANGED)
            return changed

        return await self._db.transaction(note_standing)

    async def _change(self, chat_id: int, changed: Callable[[Group], Group]) -> Group:
        def change_group(conn: Connection) -> Group:
            after = groups.change(conn, chat_id, changed)
            self._db.notify(conn, groups.CHANGED)
            return after

        return await self._db.transaction(change_group)


def _with(off: frozenset[str], name: str, *, allowed: bool) -> frozenset[str]:
    return off - {name} if allowed else off | {name}
