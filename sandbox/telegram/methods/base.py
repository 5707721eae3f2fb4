"""The shape of a Bot API method here."""

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.telegram.chats.core import Core
from sandbox.telegram.wire.params import Params

Handler = Callable[[Core, Params], Awaitable[Any]]
"""Takes the request's parameters, returns "result" as JSON, raises ApiError to refuse."""
