"""The emulated Bot API: every method by its lower-case name, since names are in any case."""

from sandbox.telegram.methods.base import Handler
from sandbox.telegram.methods.chats import CHAT_METHODS
from sandbox.telegram.methods.drafts import DRAFT_METHODS
from sandbox.telegram.methods.edits import EDIT_METHODS
from sandbox.telegram.methods.ephemeral import EPHEMERAL_METHODS
from sandbox.telegram.methods.inline import INLINE_METHODS
from sandbox.telegram.methods.profile import PROFILE_METHODS
from sandbox.telegram.methods.receiving import RECEIVING_METHODS
from sandbox.telegram.methods.sends import SEND_METHODS

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
