"""Methods that change or remove messages, and the rules about whose and which."""

from collections.abc import Callable

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json, Message
from sandbox.telegram.chats.posting import TEXT_MAX, accessible, caption_of, media_flags, text_of
from sandbox.telegram.inline.results import refuse_upload
from sandbox.telegram.methods.base import Handler
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.html import utf16_len
from sandbox.telegram.wire.markup import parse_markup
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.render import render_media

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
DELETE_MAX = 100
EDITABLE_KINDS = ("photo", "video", "audio", "document", "animation")


def _editable(core: Core, params: Params) -> Message:
    if params.text("inline_message_id"):
        return _inline(core, params.text("inline_message_id"))
    if not params.text("chat_id"):
        raise bad("message identifier is not specified")
    chat = accessible(core, params)
    message = core.store.message(chat, params.integer("message_id"), bad("message to edit not found"))
    if message.sender_id != core.store.bot.id or message.forward_origin is not None or message.service:
        raise bad("message can't be edited")
    return message


def _inline(core: Core, name: str) -> Message:
    chat_id, message_id = core.inline.place(name)
    return core.store.message(core.store.chats[chat_id], message_id, bad("MESSAGE_ID_INVALID"))


Find = Callable[[Core, Params], Message]
"""Finds the message that a call may edit, or raises."""


def _fingerprint(message: Message) -> tuple[object, ...]:
    media = (message.media.kind, message.media.unique_id) if message.media else None
    text = (message.text, message.entities, message.caption, message.caption_entities)
    return (*text, media, message.markup, sorted(message.flags))


def _apply(core: Core, message: Message, changes: Json) -> Json | bool:
    """Applies `changes` to the fields of a message; refuses an edit that changes nothing. True for inline messages."""
    before = _fingerprint(message)
    kept = {name: getattr(message, name) for name in changes}
    core.begin_edit(message)
    for name, value in changes.items():
        setattr(message, name, value)
    if _fingerprint(message) == before:
        for name, value in kept.items():
            setattr(message, name, value)
        message.history.pop()
        raise bad(NOT_MODIFIED)
    core.end_edit(message)
    return True if message.inline_id is not None else core.render(message)


async def edit_message_text(core: Core, params: Params, find: Find = _editable) -> Json | bool:
    """editMessageText: text messages only; the keyboard goes unless it is given again."""
    text, entities = text_of(params)
    if utf16_len(text) > TEXT_MAX:
        raise bad("MESSAGE_TOO_LONG")
    markup, _ = parse_markup(params.json("reply_markup"))
    message = find(core, params)
    if message.media is not None:
        raise bad("there is no text in the message to edit")
    return _apply(core, message, {"text": text, "entities": entities, "markup": markup})


async def edit_message_caption(core: Core, params: Params, find: Find = _editable) -> Json | bool:
    """editMessageCaption: media messages only; no caption removes it."""
    caption, entities = caption_of(params)
    markup, _ = parse_markup(params.json("reply_markup"))
    message = find(core, params)
    if message.media is None:
        raise bad("there is no caption in the message to edit")
    return _apply(core, message, {"caption": caption, "caption_entities": entities, "markup": markup})


async def edit_message_media(core: Core, params: Params, find: Find = _editable) -> Json | bool:
    """editMessageMedia: replaces the media of a message, or a text message by media."""
    markup, _ = parse_markup(params.json("reply_markup"))
    given = params.json("media")
    if not isinstance(given, dict):
        raise bad("can't parse InputMedia: expected an Object")
    kind = str(given.get("type", "")).lower()
    if kind not in EDITABLE_KINDS:
        raise bad(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    nested = params.with_values(given)
    caption, entities = caption_of(nested)
    if find(core, params).inline_id is not None:
        refuse_upload(params, nested)
    media = await core.inputs.covered(nested, "media", kind)
    message = find(core, params)
    if message.kind == "voice":
        raise bad("message can't be edited")
    changes = {
        "text": None,
        "entities": [],
        "media": media,
        "caption": caption,
        "caption_entities": entities,
        "markup": markup,
        "flags": media_flags(nested),
    }
    return _apply(core, message, changes)


async def edit_message_reply_markup(core: Core, params: Params, find: Find = _editable) -> Json | bool:
    """editMessageReplyMarkup."""
    markup, _ = parse_markup(params.json("reply_markup"))
    return _apply(core, find(core, params), {"markup": markup})


def _deletable(core: Core, message: Message) -> bool:
    chat = core.store.chats[message.chat_id]
    bot = core.store.bot.id
    return chat.is_private or message.sender_id == bot or core.store.is_admin(chat, bot)


async def delete_message(core: Core, params: Params) -> bool:
    """deleteMessage: own messages; in private chats any, in groups any for an administrator."""
    chat = accessible(core, params)
    message = core.store.message(chat, params.integer("message_id"), bad("message to delete not found"))
    if not _deletable(core, message):
        raise bad("message can't be deleted")
    core.delete(message)
    return True


async def delete_messages(core: Core, params: Params) -> bool:
    """deleteMessages: up to 100; the missing ones are skipped."""
    wanted = params.json("message_ids")
    if not isinstance(wanted, list) or not wanted:
        raise bad("message identifiers are not specified")
    if len(wanted) > DELETE_MAX:
        raise bad("too many message identifiers specified")
    if not all(isinstance(message_id, int) for message_id in wanted):
        raise bad("message identifier must be a Number")
    chat = accessible(core, params)
    for message_id in wanted:
        message = chat.messages.get(message_id)
        if message is not None and not message.deleted and _deletable(core, message):
            core.delete(message)
    return True


async def get_file(core: Core, params: Params) -> Json:
    """getFile: a download path for a file_id, up to the download limit."""
    file_id = params.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    file = core.files.get(file_id)
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(file.data) > core.config.download:
        raise bad("file is too big")
    shown = render_media(file)[file.kind]
    size = shown[-1] if isinstance(shown, list) else shown
    return {**{name: size[name] for name in ("file_id", "file_unique_id", "file_size")}, "file_path": file.path}


EDIT_METHODS: dict[str, Handler] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "getFile": get_file,
}
