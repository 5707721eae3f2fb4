"""Methods that change and remove ephemeral messages: addressed by receiver and ephemeral id, they answer True."""

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.ephemeral import own
from sandbox.telegram.chats.model import Message
from sandbox.telegram.chats.posting import accessible
from sandbox.telegram.methods import edits
from sandbox.telegram.methods.base import Handler
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.params import Params


def _editable(core: Core, params: Params) -> Message:
    return own(core, accessible(core, params), params, bad("message to edit not found"))


async def edit_text(core: Core, params: Params) -> bool:
    """editEphemeralMessageText."""
    await edits.edit_message_text(core, params, _editable)
    return True


async def edit_caption(core: Core, params: Params) -> bool:
    """editEphemeralMessageCaption."""
    await edits.edit_message_caption(core, params, _editable)
    return True


async def edit_media(core: Core, params: Params) -> bool:
    """editEphemeralMessageMedia."""
    await edits.edit_message_media(core, params, _editable)
    return True


async def edit_reply_markup(core: Core, params: Params) -> bool:
    """editEphemeralMessageReplyMarkup."""
    await edits.edit_message_reply_markup(core, params, _editable)
    return True


async def delete(core: Core, params: Params) -> bool:
    """deleteEphemeralMessage."""
    core.delete(own(core, accessible(core, params), params, bad("message to delete not found")))
    return True


EPHEMERAL_METHODS: dict[str, Handler] = {
    "editEphemeralMessageText": edit_text,
    "editEphemeralMessageCaption": edit_caption,
    "editEphemeralMessageMedia": edit_media,
    "editEphemeralMessageReplyMarkup": edit_reply_markup,
    "deleteEphemeralMessage": delete,
}
