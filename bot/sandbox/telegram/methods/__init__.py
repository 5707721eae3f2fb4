"""The emulated Bot API: every method by its lower-case name, since names are in any case."""

from bot.sandbox.telegram.methods.base import Handler
from bot.sandbox.telegram.methods.chats import CHAT_METHODS
from bot.sandbox.telegram.methods.drafts import DRAFT_METHODS
from bot.sandbox.telegram.methods.edits import EDIT_METHODS
from bot.sandbox.telegram.methods.ephemeral import EPHEMERAL_METHODS
from bot.sandbox.telegram.methods.inline import INLINE_METHODS
from bot.sandbox.telegram.methods.profile import PROFILE_METHODS
from bot.sandbox.telegram.methods.receiving import RECEIVING_METHODS
from bot.sandbox.telegram.methods.sends import SEND_METHODS

_ALL = {
    **CHAT_METHODS,
    **DRAFT_METHODS,
    **EDIT_METHODS,
    **EPHEMERAL_METHODS,
    **INLINE_METHODS,
    **PROFILE_METHODS,
    **RECEIVING_METHODS,
    **SEND_METHODS,
}
METHODS: dict[str, Handler] = {name.lower(): handler for name, handler in _ALL.items()}
NAMES: dict[str, str] = {name.lower(): name for name in _ALL}
