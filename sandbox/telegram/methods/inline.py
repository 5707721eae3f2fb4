"""answerInlineQuery and answerGuestQuery."""

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json
from sandbox.telegram.inline.results import OFFSET_BYTES, button_of, result_of, results_of
from sandbox.telegram.methods.base import Handler
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.params import Params

CACHE_SECONDS = 300


async def answer_inline_query(core: Core, params: Params) -> bool:
    """answerInlineQuery: at most 50 results, ids unique and of 1-64 bytes; cached for 300 s unless said otherwise."""
    results = results_of(params.json("results"), core.files)
    button = button_of(params.json("button"))
    offset = params.text("next_offset")
    if len(offset.encode()) > OFFSET_BYTES:
        raise bad("NEXT_OFFSET_INVALID")
    cache = params.integer("cache_time", CACHE_SECONDS) or 0
    if cache < 0:
        raise bad("cache_time is invalid")
    answer: Json = {"results": results, "button": button, "next_offset": offset}
    personal = params.boolean("is_personal")
    core.inline.answer(params.text("inline_query_id"), answer, cache_time=cache, personal=personal)
    return True


async def answer_guest_query(core: Core, params: Params) -> Json:
    """answerGuestQuery: once, soon; the message is the bot's, in a chat where it is no member."""
    result = result_of(params.json("result"), core.files)
    guest = core.inline.guest(params.text("guest_query_id"))
    guest.answered = True
    chat = core.store.chat(guest.chat_id)
    content = {**result["content"], "guest_caller": guest.user_id, "reply_to": guest.message_id}
    message = core.store.new_message(chat, core.store.bot.id, **content)
    inline_id = core.inline.name(message)
    core.publish(message)
    return {"inline_message_id": inline_id}


INLINE_METHODS: dict[str, Handler] = {
    "answerInlineQuery": answer_inline_query,
    "answerGuestQuery": answer_guest_query,
}
