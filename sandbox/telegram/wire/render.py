"""Records as the JSON objects of the Bot API, and the wider view of a message that the client side gets."""

from typing import Any

from sandbox.telegram.chats.model import Chat, FileRecord, Json, Message, User
from sandbox.telegram.chats.store import Store
from sandbox.telegram.control.config import Config


def without_none(**fields: Any) -> Json:
    """The fields that are set (not None, not False)."""
    return {name: value for name, value in fields.items() if value is not None and value is not False}


def render_user(user: User) -> Json:
    """A User object."""
    fields = without_none(username=user.username, language_code=user.language_code, is_premium=user.is_premium)
    return {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name, **fields}


def render_me(user: User, config: Config) -> Json:
    """The User object of getMe."""
    return {
        **render_user(user),
        "can_join_groups": True,
        "can_read_all_group_messages": not config.privacy,
        "supports_inline_queries": config.inline,
        "supports_guest_queries": config.guest,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def render_chat(store: Store, chat: Chat) -> Json:
    """A Chat object."""
    if chat.is_private:
        user = store.users[chat.id]
        return {"id": chat.id, "type": "private", **without_none(first_name=user.first_name, username=user.username)}
    extra = without_none(username=chat.username, is_forum=chat.is_forum)
    return {"id": chat.id, "type": chat.type, "title": chat.title or "", **extra}


def _file_fields(file: FileRecord) -> Json:
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}


def _size(file: FileRecord) -> Json:
    return {**_file_fields(file), "width": file.width, "height": file.height}


def render_media(file: FileRecord) -> Json:
    """The media fields of a message: {"video": {…}} and the like."""
    fields = _file_fields(file)
    named = without_none(mime_type=file.mime, file_name=file.name)
    if file.sizes:
        named["thumbnail"] = _size(file.sizes[0])
    match file.kind:
        case "photo":
            return {"photo": [_size(size) for size in (*file.sizes, file)]}
        case "video":
            if file.cover is not None:
                named["cover"] = [_size(size) for size in (*file.cover.sizes, file.cover)]
            return {"video": {**_size(file), "duration": file.duration, **named}}
        case "animation":
            animation = {**_size(file), "duration": file.duration, **named}
            return {"animation": animation, "document": {**fields, **named}}
        case "audio":
            tags = without_none(title=file.title, performer=file.performer)
            return {"audio": {**fields, "duration": file.duration, **tags, **named}}
        case "voice" | "sticker":
            return _bare(file)
        case _:
            return {"document": {**fields, **named}}


def _bare(file: FileRecord) -> Json:
    """Voice messages and stickers, which have neither a name nor a preview."""
    if file.kind == "sticker":
        return {"sticker": {**_size(file), "type": "regular", "is_animated": False, "is_video": False}}
    return {"voice": {**_file_fields(file), "duration": file.duration, **without_none(mime_type=file.mime)}}


def _entities(store: Store, entities: list[Json]) -> list[Json] | None:
    rendered = []
    for entity in entities:
        if "user_id" in entity:
            known = store.users.get(entity["user_id"])
            plain = {name: value for name, value in entity.items() if name != "user_id"}
            rendered.append({**plain, "user": render_user(known)} if known else {**plain, "type": "bold"})
        else:
            rendered.append(entity)
    return rendered or None


def render_content(store: Store, message: Message) -> Json:
    """What an edit can change: text or media with caption, entities and the inline keyboard."""
    fields = without_none(
        text=message.text,
        entities=_entities(store, message.entities),
        caption=message.caption or None,
        caption_entities=_entities(store, message.caption_entities),
        reply_markup=message.markup,
    )
    if message.media is not None:
        fields |= render_media(message.media)
    return fields


def render_message(store: Store, message: Message, *, nested: bool = False) -> Json:
    """A Message object; a message replied to is rendered without its own reply."""
    chat = store.chats[message.chat_id]
    sender = store.users.get(message.sender_id) if message.sender_id is not None else None
    origin = store.chats.get(message.sender_chat_id) if message.sender_chat_id is not None else None
    rendered: Json = {
        "message_id": 0 if message.only is not None else message.message_id,
        "date": message.date,
        "chat": render_chat(store, chat),
        **without_none(
            **{"from": render_user(sender) if sender else None},
            sender_chat=render_chat(store, origin) if origin else None,
            message_thread_id=message.thread_id,
            is_topic_message=message.is_topic,
            edit_date=message.edit_date,
            media_group_id=message.media_group_id,
            forward_origin=message.forward_origin,
            ephemeral_message_id=message.ephemeral_id,
            receiver_user=_receiver(store, message),
            via_bot=render_user(store.bot) if message.via_bot else None,
            guest_bot_caller_user=render_user(store.users[message.guest_caller]) if message.guest_caller else None,
        ),
        **message.service,
        **message.flags,
        **render_content(store, message),
    }
    if not nested:
        # a topic's messages count as replies to the message that opened the topic, as on the real server
        parent = chat.messages.get(message.reply_to or (message.thread_id if message.is_topic else None) or 0)
        if parent is not None and not parent.deleted:
            rendered["reply_to_message"] = render_message(store, parent, nested=True)
    return rendered


def _receiver(store: Store, message: Message) -> Json | None:
    """Whom an ephemeral message is for: the person, or the bot when the person wrote it."""
    if message.only is None:
        return None
    return render_user(store.users[message.only] if message.sender_id == store.bot.id else store.bot)


def render_for_client(store: Store, message: Message) -> Json:
    """A message as its readers see it: the Bot API object, its kind, sender, edits and last event."""
    sender = store.users.get(message.sender_id or 0)
    return {
        "chat_id": message.chat_id,
        "message_id": message.message_id,
        "from_id": message.sender_id,
        "from_bot": message.sender_id == store.bot.id or message.via_bot,
        "from_name": sender.first_name if sender else "",
        "kind": message.kind,
        "seq": message.seq,
        "edits": len(message.history),
        "deleted": message.deleted,
        "keyboard": message.keyboard,
        "only": message.only,
        "reactions": [reaction for given in message.reactions.values() for reaction in given],
        "message": render_message(store, message),
    }
