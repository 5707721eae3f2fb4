"""Methods about chats and their members."""

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.members import render_member
from sandbox.telegram.chats.model import Chat, Json
from sandbox.telegram.chats.posting import accessible
from sandbox.telegram.methods.base import Handler
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.render import render_chat, render_user

GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def _readable(core: Core, params: Params) -> Chat:
    """Like `accessible`, but the bot may also read about people it could not write to."""
    chat = core.store.chat(params.text("chat_id"))
    if chat.is_private and core.store.is_known(chat.id):
        return chat
    return accessible(core, params)


async def get_chat(core: Core, params: Params) -> Json:
    """getChat."""
    if not params.text("chat_id"):
        raise bad("chat_id is empty")
    chat = _readable(core, params)
    gifts = dict.fromkeys(GIFTS, False)
    return {
        **render_chat(core.store, chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }


async def get_chat_member(core: Core, params: Params) -> Json:
    """getChatMember."""
    chat = accessible(core, params)
    user_id = params.integer("user_id")
    if not user_id:
        raise bad("invalid user_id specified")
    if user_id not in core.store.users:
        raise bad("user not found")
    if chat.is_private:
        return {"user": render_user(core.store.users[user_id]), "status": "member"}
    if chat.members_hidden and user_id != core.store.bot.id and not core.store.is_admin(chat, core.store.bot.id):
        raise bad("CHAT_ADMIN_REQUIRED")
    return render_member(core, chat, user_id)


async def get_chat_administrators(core: Core, params: Params) -> list[Json]:
    """getChatAdministrators."""
    chat = accessible(core, params)
    if chat.is_private:
        raise bad("there are no administrators in the private chat")
    return [render_member(core, chat, user_id) for user_id in chat.members if core.store.is_admin(chat, user_id)]


async def get_chat_member_count(core: Core, params: Params) -> int:
    """getChatMemberCount."""
    chat = accessible(core, params)
    return 2 if chat.is_private else sum(status not in {"left", "kicked"} for status in chat.members.values())


async def leave_chat(core: Core, params: Params) -> bool:
    """leaveChat."""
    chat = accessible(core, params)
    if chat.is_private:
        raise bad("chat not found")
    chat.members[core.store.bot.id] = "left"
    return True


CHAT_METHODS: dict[str, Handler] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
