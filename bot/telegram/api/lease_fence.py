"""Nothing is written into a chat by a process that is not sure of its lease: another may have the job by then, and have
said its last word there."""

from typing import Any, Final, Protocol

from aiogram.methods import TelegramMethod

WRITES: Final = ("edit", "send")
HARMLESS: Final = ("sendChatAction",)


class Fence(Protocol):
    def sure(self) -> bool: ...

    async def surely(self) -> None: ...


def fenced(method: TelegramMethod[Any]) -> bool:
    """Whether the call changes what people read in a chat."""
    name = method.__api_method__
    return name.startswith(WRITES) and name not in HARMLESS
