"""Methods that make new messages: text, the media kinds, albums, copies and forwards."""

import secrets
from functools import partial
from typing import Any

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import MEDIA_KINDS, Chat, Json, Message
from sandbox.telegram.chats.posting import TEXT_MAX, accessible, caption_of, post, text_of
from sandbox.telegram.methods.base import Handler
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.html import utf16_len
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.render import render_user, without_none

ALBUM_MAX = 10
ALBUMS = ({"photo", "video"}, {"audio"}, {"document"})


async def send_message(core: Core, params: Params) -> Json:
    """sendMessage."""
    text = text_of(params)
    if utf16_len(text[0]) > TEXT_MAX:
        raise bad("message is too long")
    return core.render(post(core, accessible(core, params), params, text=text))


async def send_media(kind: str, core: Core, params: Params) -> Json:
    """sendPhoto, sendVideo and the other single files."""
    caption = caption_of(params)
    accessible(core, params)
    media = await core.inputs.covered(params, kind, kind)
    return core.render(post(core, accessible(core, params), params, media=media, caption=caption))


async def send_media_group(core: Core, params: Params) -> list[Json]:
    """sendMediaGroup: all or nothing."""
    items = params.json("media")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise bad("expected an Array of InputMedia")
    if not 1 <= len(items) <= ALBUM_MAX:
        raise bad("too many messages to send as an album" if items else "there are no messages to send")
    kinds = {str(item.get("type")) for item in items}
    if not any(kinds <= album for album in ALBUMS):
        raise bad("can't use the media of the specified type in the album")
    accessible(core, params)
    ready = []
    for item in items:
        nested = params.with_values(item)
        ready.append((caption_of(nested), await core.inputs.covered(nested, "media", str(item["type"])), nested))
    album = str(10**16 + secrets.randbelow(10**15)) if len(ready) > 1 else None
    chat = accessible(core, params)
    return [core.render(post(core, chat, params, media=file, caption=text, album=album)) for text, file, _ in ready]


def _source(core: Core, params: Params, what: str) -> Message:
    place = accessible(core, params, "from_chat_id")
    message = core.store.message(place, params.integer("message_id"), bad(f"message to {what} not found"))
    if message.service:
        raise bad(f"the message can't be {'copied' if what == 'copy' else 'forwarded'}")
    return message


def _again(core: Core, chat: Chat, params: Params, source: Message, origin: Json | None) -> Message:
    caption: tuple[str | None, list[Json]] = (source.caption, source.caption_entities)
    if origin is None and params.raw("caption") is not None:
        caption = caption_of(params)
    text = (source.text, source.entities) if source.text is not None else None
    return post(core, chat, params, text=text, media=source.media, caption=caption, origin=origin)


async def copy_message(core: Core, params: Params) -> Json:
    """copyMessage: the content without a link to its author; the keyboard is not copied."""
    source = _source(core, params, "copy")
    return {"message_id": _again(core, accessible(core, params), params, source, None).message_id}


async def forward_message(core: Core, params: Params) -> Json:
    """forwardMessage."""
    source = _source(core, params, "forward")
    sender = core.store.users[source.sender_id or core.store.bot.id]
    origin = source.forward_origin or {"type": "user", "date": source.date, "sender_user": render_user(sender)}
    return core.render(_again(core, accessible(core, params), params, source, origin))


async def set_message_reaction(core: Core, params: Params) -> bool:
    """setMessageReaction: at most one reaction of a bot."""
    chat = accessible(core, params)
    message = core.store.message(chat, params.integer("message_id"), bad("message to react not found"))
    given = params.json("reaction") or []
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise bad("expected an Array of ReactionType")
    if len(given) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if any(item.get("type") != "emoji" or not item.get("emoji") for item in given):
        raise bad("REACTION_INVALID")
    message.reactions[core.store.bot.id] = given
    core.announce("reaction", message)
    return True


async def send_chat_action(core: Core, params: Params) -> Any:
    """sendChatAction."""
    action = params.text("action")
    if action.split("_")[0] not in {"typing", "upload", "record", "choose", "find"}:
        raise bad("wrong parameter action in request")
    chat = accessible(core, params)
    core.events.add("action", chat.id, **without_none(action=action, thread_id=params.integer("message_thread_id")))
    return True


SEND_METHODS: dict[str, Handler] = {
    "sendMessage": send_message,
    **{f"send{kind.capitalize()}": partial(send_media, kind) for kind in MEDIA_KINDS},
    "sendMediaGroup": send_media_group,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "setMessageReaction": set_message_reaction,
    "sendChatAction": send_chat_action,
}
