"""Ephemeral messages: one member of a group and the bot see them, and they have ids of their own."""

import time

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Chat, Message
from sandbox.telegram.wire.errors import ApiError, bad
from sandbox.telegram.wire.params import Params

GROUPS = {"group", "supergroup"}
HERE = {"creator", "administrator", "member"}
REPLY_SECONDS = 15


def receiver_of(core: Core, chat: Chat, params: Params) -> int | None:
    """Who shall see what the bot sends; None: everybody. Raises 400 when there can be no such message."""
    given = params.json("ephemeral_message_parameters")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad("object expected as ephemeral message parameters")
    wanted = Params(given)
    if chat.type not in GROUPS or not core.config.ephemeral:
        raise bad("ephemeral messages can't be sent to the chat")
    receiver = wanted.integer("receiver_user_id")
    if not receiver:
        raise bad("receiver_user_id is not specified")
    user = core.store.users.get(receiver)
    if user is None or user.is_bot or chat.members.get(receiver) not in HERE:
        raise bad("USER_NOT_PARTICIPANT")
    query_id = wanted.text("callback_query_id")
    if query_id:
        query = core.callbacks.find(query_id)
        if query is None or (query.user_id, query.chat_id) != (receiver, chat.id) or core.callbacks.is_old(query):
            raise bad("QUERY_ID_INVALID")
    if wanted.boolean("replace_callback_query_message"):
        raise bad("replacing the message of a callback query is not emulated")
    return receiver


def replied(chat: Chat, receiver: int | None, ephemeral_id: int) -> int:
    """The id of the incoming ephemeral message that the bot answers: soon, and with an ephemeral one only."""
    message = chat.ephemerals.get(-ephemeral_id)
    if message is None or message.deleted or receiver is None or message.sender_id != receiver:
        raise bad("message to be replied not found")
    if time.time() - message.date > REPLY_SECONDS:
        raise bad("message to be replied is too old")
    return message.message_id


def own(core: Core, chat: Chat, params: Params, missing: ApiError) -> Message:
    """The bot's ephemeral message that a call names; raises `missing` for another receiver's too."""
    message = chat.ephemerals.get(-(params.integer("ephemeral_message_id") or 0))
    receiver = params.integer("receiver_user_id")
    if not receiver:
        raise bad("receiver_user_id is not specified")
    if message is None or message.deleted or message.only != receiver or message.sender_id != core.store.bot.id:
        raise missing
    return message


def is_ephemeral(core: Core, chat: Chat, text: str | None, reply_to: int | None) -> bool:
    """Whether what a person writes is ephemeral itself: an answer to such a message, or a command listed as such."""
    if chat.is_private:
        return False
    if reply_to is not None and reply_to < 0:
        return True
    name, _, mine = (text or "").split(maxsplit=1)[0].partition("@") if (text or "").strip() else ("", "", "")
    if not name.startswith("/") or mine.lower() not in ("", (core.store.bot.username or "").lower()):
        return False
    listed = core.commands.get(("all_group_chats", "")) or core.commands.get(("default", "")) or []
    return any(command["command"] == name[1:].lower() and command.get("is_ephemeral") for command in listed)
