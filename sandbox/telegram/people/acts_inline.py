"""What people do with the bot in chats of which it need not be a member: type behind its name, choose, call it."""

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Chat, Json, Message
from sandbox.telegram.inline.queries import InlineQuery
from sandbox.telegram.people import acts
from sandbox.telegram.wire.entities import slice16
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.render import render_user


def ask(core: Core, chat: Chat, user_id: int, text: str, offset: str = "") -> InlineQuery:
    """Types `text` behind the bot's name; the server cuts it at 256 characters."""
    if not core.config.inline:
        raise bad("the bot has no inline mode")
    user = acts.member_of(core, chat, user_id)
    query, new = core.inline.open(user_id, chat.id, text, offset)
    if new:
        here = "sender" if chat.is_private else chat.type
        payload: Json = {"id": query.id, "from": render_user(user), "query": query.text, "offset": query.offset}
        core.updates.push("inline_query", {**payload, "chat_type": here}, user_id)
    return query


def shown(query: InlineQuery) -> Json:
    """What the person sees of the answer."""
    if query.answer is None:
        return {"query_id": query.id, "answered": False, "results": [], "button": None, "next_offset": ""}
    names = ("id", "type", "title", "description")
    results = [{name: each[name] for name in names} for each in query.answer["results"]]
    return {"query_id": query.id, "answered": True, **query.answer, "results": results}


def choose(core: Core, user_id: int, query_id: str, result_id: str) -> Message:
    """Taps a result: a message of that person in the chat, via the bot. It has a name for the bot only with buttons."""
    query = core.inline.query(query_id)
    assert query.answer is not None
    chat = core.store.chat(query.chat_id)
    user = acts.member_of(core, chat, user_id)
    result = next((each for each in query.answer["results"] if each["id"] == result_id), None)
    if query.user_id != user_id or result is None:
        raise bad("no such result")
    message = core.store.new_message(chat, user_id, via_bot=True, **result["content"])
    inline_id = core.inline.name(message) if message.markup is not None else None
    acts.tell(core, chat, message)
    if core.config.inline_feedback:
        chosen: Json = {"result_id": result_id, "from": render_user(user), "query": query.text}
        named = {"inline_message_id": inline_id} if inline_id is not None else {}
        core.updates.push("chosen_inline_result", {**chosen, **named}, user_id)
    return message


def call_guest(core: Core, chat: Chat, message: Message) -> None:
    """Tells the bot of a message that names it in a chat where it is no member, if it is open to that."""
    here = chat.members.get(core.store.bot.id) in acts.PRESENT
    if chat.is_private or here or not core.config.guest or not _names_the_bot(core, message):
        return
    guest = core.inline.summon(message)
    core.updates.push("guest_message", {**core.render(message), "guest_query_id": guest.id}, message.sender_id or 0)


def _names_the_bot(core: Core, message: Message) -> bool:
    text, mine = message.text or message.caption or "", f"@{core.store.bot.username}".lower()
    named = [e for e in message.entities or message.caption_entities if e["type"] in ("mention", "bot_command")]
    return any(slice16(text, e["offset"], e["length"]).lower().endswith(mine) for e in named)
