"""Groups' settings and their admins as this process knows them: asked for at most once in a while."""

import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import structlog
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import GetChatAdministrators, GetChatMember
from cachetools import TLRUCache

from bot.domain.chats import is_private
from bot.domain.limits.groups import Group
from bot.engine.groups.settings import GroupSettings
from bot.telegram.outbox.outbox import Outbox

log = structlog.get_logger(__name__)

KEPT: Final = 5_000
ROOM_FOR: Final = 60.0
"""Seconds for which settings are remembered: other processes' changes are told at once, but may go unheard."""
ADMIN_FOR: Final = 60.0
MEMBER_FOR: Final = 5.0
"""Seconds for which Telegram's answer about a member counts. Who was just made an admin presses at once."""
ADMINS: Final = (ChatMemberStatus.CREATOR, ChatMemberStatus.ADMINISTRATOR)

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """At most 5,000 answers, each for its time; those not asked for longest go first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._entries: TLRUCache[K, tuple[V, float]] = TLRUCache(KEPT, lambda _, entry, now: now + entry[1], clock)

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        return entry[0] if entry is not None else None

    def keep(self, key: K, value: V, seconds: float) -> None:
        self._entries[key] = (value, seconds)

    def clear(self) -> None:
        self._entries.clear()


class Rooms:
    """Settings of groups. `forget` is called when any group's changed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._known: Memory[int, Group] = Memory(clock)
        self._admins: Memory[tuple[int, int], bool] = Memory(clock)
        self._edition = 0

    async def of(self, groups: GroupSettings, chat_id: int) -> Group:
        """The group's settings; the defaults for a private chat."""
        if is_private(chat_id):
            return Group(chat_id)
        found = self._known.get(chat_id)
        if found is None:
            edition = self._edition
            found = await groups.of(chat_id)
            if edition == self._edition:
                self._known.keep(chat_id, found, ROOM_FOR)
        return found

    def forget(self) -> None:
        """Forgets all settings: each is read again when it is next asked for."""
        self._known.clear()
        self._edition += 1

    async def is_admin(self, outbox: Outbox, chat_id: int, user_id: int) -> bool:
        """Whether Telegram says that this member administers the group; False where it does not tell the bot. Raises
        what a call raises that may be tried again."""
        key = (chat_id, user_id)
        known = self._admins.get(key)
        if known is not None:
            return known
        try:
            found = await _asked(outbox, chat_id, user_id)
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            log.info("group.admins_unknown", chat=chat_id, error=str(error)[:200])
            return False
        self._admins.keep(key, found, ADMIN_FOR if found else MEMBER_FOR)
        return found


async def _asked(outbox: Outbox, chat_id: int, user_id: int) -> bool:
    """getChatMember is sure to know others only where the bot is an admin itself; the list of admins is open to all."""
    try:
        member = await outbox.call(GetChatMember(chat_id=chat_id, user_id=user_id))
    except TelegramBadRequest as error:
        log.info("group.member_unknown", chat=chat_id, error=error.message[:200])
        admins = await outbox.call(GetChatAdministrators(chat_id=chat_id))
        return any(each.user.id == user_id for each in admins)
    return member.status in ADMINS
