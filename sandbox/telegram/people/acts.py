"""What people do in the emulated Telegram: write, send files, press buttons, block, kick, clean up."""

from typing import Any

from sandbox.telegram.chats import ephemeral
from sandbox.telegram.chats.callbacks import Query
from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.members import tell_bot
from sandbox.telegram.chats.model import Chat, FileRecord, Json, Message, User
from sandbox.telegram.chats.posting import TEXT_MAX, is_closed, thread_by_reply
from sandbox.telegram.chats.store import ANONYMOUS_ADMIN, AS_CHANNEL, LINKED
from sandbox.telegram.wire.entities import found_entities, slice16
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.render import render_chat, render_user

PRESENT = {"creator", "administrator", "member"}
READERS = PRESENT | {"restricted"}


def member_of(core: Core, chat: Chat, user_id: int) -> User:
    """The person, if they can write in that chat."""
    user = core.store.user(user_id)
    if chat.is_private and chat.id != user_id:
        raise bad("this is the private chat of somebody else")
    if chat.members.get(user_id) == "restricted":
        raise bad("not enough rights to send text messages to the chat")
    if not chat.is_private and chat.members.get(user_id) not in PRESENT:
        raise bad("the user is not a member of the chat")
    return user


def sees(core: Core, chat: Chat, message: Message) -> bool:
    """Whether the bot gets this message, by membership and privacy mode."""
    bot = core.store.bot
    if chat.is_private:
        return True
    if chat.members.get(bot.id) not in READERS:
        return False
    if message.only is not None or message.via_bot:
        return True
    if not core.config.privacy or core.store.is_admin(chat, bot.id) or message.service:
        return True
    parent = chat.messages.get(message.reply_to or 0)
    return (parent is not None and parent.sender_id == bot.id) or _addressed(core, message)


def _addressed(core: Core, message: Message) -> bool:
    text = message.text or message.caption or ""
    mine = f"@{core.store.bot.username}".lower()
    for entity in message.entities or message.caption_entities:
        part = slice16(text, entity["offset"], entity["length"]).lower()
        if entity["type"] == "bot_command" and ("@" not in part or part.endswith(mine)):
            return True
        if entity["type"] == "mention" and part == mine:
            return True
    return False


def tell(core: Core, chat: Chat, message: Message) -> None:
    """Shows a person's new message to clients, and to the bot if it may see it."""
    core.publish(message)
    if sees(core, chat, message):
        core.updates.push("message", core.render(message), chat.id)


def _quoting(parent: Message | None, quote: str, quoted_from: str) -> Json:
    """The fields of a message that quotes; a quote must be part of the message that is replied to."""
    if not quote:
        return {}
    part = {"text": quote, "position": 0, "is_manual": True}
    if quoted_from:
        origin = {"type": "hidden_user", "sender_user_name": quoted_from, "date": 1}
        return {"quote": part, "external_reply": {"origin": origin}}
    said = (parent.text or parent.caption or "") if parent is not None else ""
    if quote not in said:
        raise bad("QUOTE_TEXT_INVALID")
    return {"quote": {**part, "position": len(said[: said.index(quote)].encode("utf-16-le")) // 2}}


def write(
    core: Core,
    chat: Chat,
    user_id: int,
    *,
    text: str | None = None,
    media: FileRecord | None = None,
    caption: str | None = None,
    reply_to: int | None = None,
    thread_id: int | None = None,
    sent_as: Chat | None = None,
    automatic: bool = False,
    album: str | None = None,
    quote: str = "",
    quoted_from: str = "",
) -> Message:
    """A person's message; in private it starts the bot. `sent_as` the group itself: an anonymous admin; a channel: one
    who writes as it, or `automatic`, its post in the group linked to it. `album`: what its messages have in common.
    `quote`: a part of the message replied to; with `quoted_from`, a person's name, of one in another chat."""
    user = member_of(core, chat, user_id)
    if chat.migrated_to is not None:
        raise bad("the group was upgraded to a supergroup")
    if media is None and not (text or "").strip():
        raise bad("message text is empty")
    if len(text or "") > TEXT_MAX:
        raise bad("message is too long")
    if chat.is_private and user.blocked:
        raise bad("the user has blocked the bot")
    parent = None if reply_to is None else seen_message(chat, user_id, reply_to, "message to be replied not found")
    if thread_id is None and parent is not None and parent.is_topic:
        thread_id = parent.thread_id
    if thread_id is not None and thread_id not in chat.topics:
        raise bad("message thread not found")
    if chat.is_forum and is_closed(core, chat, thread_id, user_id):
        raise bad("TOPIC_CLOSED")
    user.started = user.started or chat.is_private
    flags = _quoting(parent, quote, quoted_from)
    fields: Json = {
        "text": text if media is None else None,
        "entities": found_entities(text or "") if media is None else [],
        "media": media,
        "caption": caption if media is not None else None,
        "caption_entities": found_entities(caption or "") if media is not None else [],
        "reply_to": reply_to,
        "thread_id": thread_id or (None if chat.is_forum else thread_by_reply(chat, reply_to)),
        "is_topic": thread_id is not None,
        "media_group_id": album if media is not None else None,
        "flags": flags,
    }
    if sent_as is None and ephemeral.is_ephemeral(core, chat, text or caption, reply_to):
        message = core.store.new_ephemeral(chat, user_id, user_id, **fields)
    elif sent_as is None:
        message = core.store.new_message(chat, user_id, **fields)
    else:
        fields["flags"] = {**flags, "is_automatic_forward": True} if automatic else flags
        sender = ANONYMOUS_ADMIN if sent_as is chat else LINKED if automatic else AS_CHANNEL
        message = core.store.new_message(chat, sender, sender_chat_id=sent_as.id, **fields)
    tell(core, chat, message)
    return message


def seen_message(chat: Chat, user_id: int, message_id: int, missing: str) -> Message:
    """A message that this person sees; ephemeral ones have negative ids here."""
    message = chat.find(message_id)
    if message is None or message.deleted or message.only not in (None, user_id):
        raise bad(missing)
    return message


def rewrite(core: Core, chat: Chat, user_id: int, message_id: int, text: str) -> Message:
    """A person edits a text message of their own."""
    message = core.store.message(chat, message_id, bad("message to edit not found"))
    if message.sender_id != user_id or message.text is None:
        raise bad("message can't be edited")
    core.begin_edit(message)
    message.text, message.entities = text, found_entities(text)
    core.end_edit(message)
    if sees(core, chat, message):
        core.updates.push("edited_message", core.render(message), chat.id)
    return message


def buttons_of(message: Message) -> list[Json]:
    """The inline buttons of the current version, row by row."""
    rows = message.markup["inline_keyboard"] if message.markup else []
    return [button for row in rows for button in row]


def _wanted_button(message: Message, text: str | None, data: str | None) -> Json:
    buttons = buttons_of(message)
    for button in buttons:
        if (text is not None and button["text"] == text) or (data is not None and button.get("callback_data") == data):
            return button
    raise bad(f"no such button; there are: {[button['text'] for button in buttons]}")


def click(core: Core, chat: Chat, user_id: int, message_id: int, *, text: str | None, data: str | None) -> Query | Json:
    """Presses a button of the message as it is now. A callback button opens a query; any other kind is returned."""
    user = member_of(core, chat, user_id)
    message = seen_message(chat, user_id, message_id, "message not found")
    button = _wanted_button(message, text, data)
    if "disabled" in button:
        raise bad(f"the button {button['text']!r} is disabled")
    if "callback_data" not in button:
        return button
    return _query(core, chat, user, message_id, button)


def forge(core: Core, chat: Chat, user_id: int, message_id: int, data: str) -> Query:
    """Presses what is not there (any data, also on a deleted or unknown message), as a hostile or stale client can."""
    user = core.store.user(user_id)
    return _query(core, chat, user, message_id, {"text": f"forged {data!r}", "callback_data": data})


def _query(core: Core, chat: Chat, user: User, message_id: int, button: Json) -> Query:
    query = core.callbacks.open(user.id, chat.id, message_id)
    message = chat.find(message_id)
    gone: Json = {"chat": render_chat(core.store, chat), "message_id": max(0, message_id), "date": 0}
    payload: Json = {
        "id": query.id,
        "from": render_user(user),
        **(_inline(message) or {"message": gone if message is None or message.deleted else core.render(message)}),
        "chat_instance": str(chat.id * 31 + 17),
        "data": button["callback_data"],
    }
    details: dict[str, Any] = {"message_id": message_id, "user_id": user.id, "query_id": query.id}
    core.events.add("clicked", chat.id, button=button["text"], user_name=user.first_name, **details)
    core.updates.push("callback_query", payload, chat.id)
    return query


def _inline(message: Message | None) -> Json:
    """Of an inline message the bot learns its name only."""
    named = message is not None and message.inline_id is not None
    return {"inline_message_id": message.inline_id} if message is not None and named else {}


def stop(core: Core, chat: Chat, user_id: int) -> None:
    """Presses Stop under the draft that is shown; the bot learns its id."""
    member_of(core, chat, user_id)
    draft = core.drafts.stop(chat.id)
    payload: Json = {"chat": render_chat(core.store, chat), "draft_id": draft.draft_id}
    if draft.thread_id:
        payload["message_thread_id"] = draft.thread_id
    core.events.add("stopped", chat.id, draft_id=draft.draft_id)
    left = core.drafts.get(chat.id)
    core.events.add("draft", chat.id, draft=left.shown() if left is not None else None)
    core.updates.push("stopped_message_generation", payload, chat.id)


def block(core: Core, user_id: int, *, blocked: bool) -> None:
    """A person blocks or unblocks the bot."""
    user = core.store.user(user_id)
    if user.blocked != blocked:
        user.blocked = blocked
        statuses = ("member", "kicked") if blocked else ("kicked", "member")
        tell_bot(core, core.store.chats[user_id], user, *statuses)


def delete_chat(core: Core, chat: Chat) -> None:
    """Deletes a group for good, or every message of a private chat for both sides."""
    for message in list(chat.messages.values()):
        if not message.deleted:
            core.delete(message)
    chat.deleted = not chat.is_private
