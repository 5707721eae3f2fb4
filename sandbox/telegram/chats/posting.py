"""What all sending methods share: who may be written to, replies, threads, captions, and the new message itself."""

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.ephemeral import receiver_of, replied
from sandbox.telegram.chats.model import Chat, FileRecord, Json, Message
from sandbox.telegram.wire.entities import formatted
from sandbox.telegram.wire.errors import ApiError, bad, forbidden
from sandbox.telegram.wire.html import utf16_len
from sandbox.telegram.wire.markup import parse_markup
from sandbox.telegram.wire.params import Params

TEXT_MAX = 4096
CAPTION_MAX = 1024
GENERAL_TOPIC = 1
SENT = {
    "photo": "photos",
    "video": "videos",
    "audio": "music",
    "document": "documents",
    "animation": "animations",
    "voice": "voice notes",
    "sticker": "stickers",
}


def accessible(core: Core, params: Params, name: str = "chat_id") -> Chat:
    """The chat a bot names; raises what the real server says when the bot may not act in it."""
    reference = params.text(name)
    if not reference:
        raise bad(f"{name} is empty")
    chat = core.store.chat(reference)
    if chat.is_private:
        user = core.store.users[chat.id]
        if user.blocked:
            raise forbidden("bot was blocked by the user")
        if not user.started:
            if core.store.is_known(user.id):
                raise forbidden("bot can't initiate conversation with a user")
            raise bad("chat not found")
        return chat
    if chat.migrated_to is not None:
        text = "Bad Request: group chat was upgraded to a supergroup chat"
        raise ApiError(400, text, migrate_to_chat_id=chat.migrated_to)
    if chat.deleted:
        raise forbidden("the group chat was deleted")
    match chat.members.get(core.store.bot.id, "left"):
        case "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        case "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        case _:
            return chat


def text_of(params: Params) -> tuple[str, list[Json]]:
    """The non-empty text of a message and its entities."""
    text, entities = formatted(params.text("text"), params.text("parse_mode"), params.objects("entities"))
    if not text:
        raise bad("message text is empty")
    return text, entities


def caption_of(params: Params) -> tuple[str | None, list[Json]]:
    """The caption and its entities; None when empty."""
    source = params.text("caption")
    text, entities = formatted(source, params.text("parse_mode"), params.objects("caption_entities"))
    if utf16_len(text) > CAPTION_MAX:
        raise bad("message caption is too long")
    return text or None, entities


def media_flags(params: Params) -> Json:
    """Message fields that only decorate media."""
    flags = {"has_media_spoiler": "has_spoiler", "show_caption_above_media": "show_caption_above_media"}
    return {field: True for field, name in flags.items() if params.boolean(name)}


def _reply_to(core: Core, chat: Chat, params: Params, receiver: int | None) -> int | None:
    given = params.json("reply_parameters")
    if given is None:
        legacy = params.integer("reply_to_message_id")
        given = {"message_id": legacy} if legacy else {}
        given["allow_sending_without_reply"] = params.boolean("allow_sending_without_reply")
    if not isinstance(given, dict):
        raise bad("object expected as reply parameters")
    if hidden := Params(given).integer("ephemeral_message_id"):
        return replied(chat, receiver, hidden)
    message_id = Params(given).integer("message_id")
    if not message_id:
        return None
    place = core.store.chat(given["chat_id"]) if given.get("chat_id") else chat
    target = place.messages.get(message_id)
    if target is None or target.deleted:
        if given.get("allow_sending_without_reply") and receiver is None:
            return None
        raise bad("message to be replied not found")
    return message_id if place is chat else None


def rules_topic(core: Core, chat: Chat, thread_id: int, user_id: int) -> bool:
    """Whether they close and open it, and write in it while it is closed: the group's creator, and who opened it.
    Administrators have no right to manage topics here."""
    note = chat.messages.get(thread_id)
    opened = note is not None and "forum_topic_created" in note.service and note.sender_id == user_id
    return opened or chat.members.get(user_id) == "creator"


def is_closed(core: Core, chat: Chat, thread_id: int | None, user_id: int) -> bool:
    """Whether a topic of a forum, None for the general one, takes no messages of theirs."""
    thread = thread_id or GENERAL_TOPIC
    return thread in chat.closed and not rules_topic(core, chat, thread, user_id)


def _thread(core: Core, chat: Chat, params: Params, reply_to: int | None) -> tuple[int | None, bool]:
    """(message_thread_id, is_topic_message) of a message the bot sends."""
    given = params.integer("message_thread_id") or None
    if chat.is_forum:
        if given is not None and (given == GENERAL_TOPIC or given not in chat.topics):
            raise bad("message thread not found")
        parent = chat.find(reply_to or 0)
        thread = given or (parent.thread_id if parent is not None and parent.is_topic else None)
        if is_closed(core, chat, thread, core.store.bot.id):
            raise bad("TOPIC_CLOSED")
        return thread, thread is not None
    if chat.is_private and given is not None:
        raise bad("message thread not found")
    return thread_by_reply(chat, reply_to), False


def thread_by_reply(chat: Chat, reply_to: int | None) -> int | None:
    """In supergroups replies form threads, named after the first message that was replied to."""
    parent = chat.messages.get(reply_to or 0)
    if chat.type != "supergroup" or parent is None:
        return None
    return parent.thread_id or parent.message_id


def _allowed(core: Core, chat: Chat, media: FileRecord | None) -> None:
    """Who is restricted reads and sends nothing."""
    if chat.members.get(core.store.bot.id) == "restricted":
        raise bad(f"not enough rights to send {SENT[media.kind] if media is not None else 'text messages'} to the chat")


def post(
    core: Core,
    chat: Chat,
    params: Params,
    *,
    text: tuple[str, list[Json]] | None = None,
    media: FileRecord | None = None,
    caption: tuple[str | None, list[Json]] = (None, []),
    album: str | None = None,
    origin: Json | None = None,
) -> Message:
    """Adds and announces the bot's message; checks markup, reply and thread first, so a refusal changes nothing."""
    _allowed(core, chat, media)
    markup, keyboard = parse_markup(params.json("reply_markup"))
    receiver = receiver_of(core, chat, params)
    reply_to = _reply_to(core, chat, params, receiver)
    thread_id, is_topic = _thread(core, chat, params, reply_to)
    flags = media_flags(params) if media is not None else {}
    if params.boolean("protect_content"):
        flags["has_protected_content"] = True
    if params.text("message_effect_id") and chat.is_private:
        flags["effect_id"] = params.text("message_effect_id")
    fields: Json = {
        "text": text[0] if text else None,
        "entities": text[1] if text else [],
        "media": media,
        "caption": caption[0],
        "caption_entities": caption[1],
        "markup": markup,
        "keyboard": keyboard,
        "reply_to": reply_to,
        "thread_id": thread_id,
        "is_topic": is_topic,
        "media_group_id": album,
        "forward_origin": origin,
        "flags": flags,
    }
    bot = core.store.bot.id
    if receiver is not None:
        return core.publish(core.store.new_ephemeral(chat, bot, receiver, **fields))
    core.end_draft(chat.id)
    return core.publish(core.store.new_message(chat, bot, **fields))
