"""sendMessageDraft: a partial message, shown while it is being generated."""

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.drafts import Draft
from sandbox.telegram.chats.posting import TEXT_MAX, accessible
from sandbox.telegram.methods.base import Handler
from sandbox.telegram.wire.entities import formatted
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.html import utf16_len
from sandbox.telegram.wire.params import Params


async def send_message_draft(core: Core, params: Params) -> bool:
    """For private chats only; 0-4096 characters after parsing, none for a placeholder; the id is not zero."""
    chat = accessible(core, params)
    if not chat.is_private:
        raise bad("method is available only for private chats")
    draft_id = params.integer("draft_id")
    if not draft_id:
        raise bad("draft_id must be non-zero")
    text, entities = formatted(params.text("text"), params.text("parse_mode"), params.objects("entities"))
    if utf16_len(text) > TEXT_MAX:
        raise bad("message is too long")
    thread_id = params.integer("message_thread_id")
    if thread_id and thread_id not in chat.topics:
        raise bad("message thread not found")
    flags = {name: params.boolean(name) for name in ("can_stop", "keep_on_stop")}
    draft = Draft(draft_id, text, entities, thread_id=thread_id or None, **flags)
    if core.drafts.show(chat.id, draft):
        core.events.add("draft", chat.id, draft_id=draft_id, text=text, draft=draft.shown())
    return True


DRAFT_METHODS: dict[str, Handler] = {"sendMessageDraft": send_message_draft}
