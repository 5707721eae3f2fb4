"""What people do with the topics of a forum: open, close, open again, delete. The general one cannot be deleted."""

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Chat, Json
from sandbox.telegram.chats.posting import GENERAL_TOPIC, rules_topic
from sandbox.telegram.people.acts import member_of, tell
from sandbox.telegram.wire.errors import bad


def open_topic(core: Core, chat: Chat, user_id: int, name: str) -> int:
    """A person opens a forum topic; returns its message_thread_id."""
    member_of(core, chat, user_id)
    if not chat.is_forum:
        raise bad("the chat is not a forum")
    note = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    message = core.store.new_message(chat, user_id, service=note, is_topic=True)
    message.thread_id = message.message_id
    chat.topics[message.message_id] = name
    tell(core, chat, message)
    return message.message_id


def close_topic(core: Core, chat: Chat, user_id: int, thread_id: int, *, closed: bool) -> None:
    """The group's creator, or who opened it, closes a topic or opens it again."""
    _ruled(core, chat, user_id, thread_id)
    if closed == (thread_id in chat.closed):
        raise bad("TOPIC_NOT_MODIFIED")
    (chat.closed.add if closed else chat.closed.discard)(thread_id)
    note: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    place = {} if thread_id == GENERAL_TOPIC else {"thread_id": thread_id, "is_topic": True}
    tell(core, chat, core.store.new_message(chat, user_id, service=note, **place))


def delete_topic(core: Core, chat: Chat, user_id: int, thread_id: int) -> None:
    """The topic goes with everything that was written in it."""
    _ruled(core, chat, user_id, thread_id)
    if thread_id == GENERAL_TOPIC:
        raise bad("TOPIC_ID_INVALID")
    del chat.topics[thread_id]
    chat.closed.discard(thread_id)
    for message in [*chat.messages.values(), *chat.ephemerals.values()]:
        if message.is_topic and message.thread_id == thread_id and not message.deleted:
            core.delete(message)


def _ruled(core: Core, chat: Chat, user_id: int, thread_id: int) -> None:
    member_of(core, chat, user_id)
    if not chat.is_forum or (thread_id != GENERAL_TOPIC and thread_id not in chat.topics):
        raise bad("TOPIC_ID_INVALID")
    if not rules_topic(core, chat, thread_id, user_id):
        raise bad("not enough rights to manage topics")
