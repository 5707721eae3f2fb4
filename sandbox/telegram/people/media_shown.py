"""The file of a message that a person looks at."""

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import FileRecord
from sandbox.telegram.wire.errors import ApiError, bad
from sandbox.telegram.wire.params import Params


def media_shown(core: Core, params: Params) -> FileRecord:
    """By chat_id, message_id and user_id (who looks: an ephemeral message has its file for one person only), and
    part=cover for the picture that stands for a film until it plays. Raises ApiError."""
    chat, message_id = core.store.chat(params.text("chat_id")), params.integer("message_id")
    if message_id is None:
        raise bad("message_id is required")
    found = chat.find(message_id)
    if found is None or found.media is None or found.only not in (None, params.integer("user_id")):
        raise ApiError(404, "Not Found: no such media")
    if params.text("part") == "cover":
        if found.media.cover is None:
            raise ApiError(404, "Not Found: no cover")
        return found.media.cover
    return found.media
