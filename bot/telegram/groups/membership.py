"""How the bot stands in its groups: added, made an admin, silenced, sent away. Said by Telegram, noted for later."""

from typing import Final

import structlog
from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberRestricted, ChatMemberUpdated

from bot.domain.chats import is_private
from bot.domain.limits.groups import Presence
from bot.telegram.context.context import Context

log = structlog.get_logger(__name__)

GROUPS: Final = ("group", "supergroup")
ADMINS: Final = (ChatMemberStatus.CREATOR, ChatMemberStatus.ADMINISTRATOR)
AWAY: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)


def build_router() -> Router:
    router = Router(name="group-standing")
    router.my_chat_member.register(record_presence)
    return router


async def record_presence(event: ChatMemberUpdated, ctx: Context) -> None:
    """No word is said: in a group the bot speaks when it is asked. Orders that wait are told when their turn comes.

    The log has the id, also of channels: operators learn from it what STAGING_CHAT_ID may be.
    """
    if is_private(event.chat.id):
        return
    chat_id, presence = event.chat.id, presence_of(event)
    log.info("group.standing", chat=chat_id, presence=presence.value)
    if event.chat.type not in GROUPS:
        return
    if await ctx.engine.groups.stands(chat_id, presence):
        ctx.rooms.forget()


def presence_of(event: ChatMemberUpdated) -> Presence:
    """What the new membership means for writing."""
    member = event.new_chat_member
    if member.status in ADMINS:
        return Presence.ADMIN
    if member.status in AWAY:
        return Presence.GONE
    if isinstance(member, ChatMemberRestricted):
        if not member.is_member:
            return Presence.GONE
        return Presence.MEMBER if member.can_send_messages else Presence.MUTED
    return Presence.MEMBER
