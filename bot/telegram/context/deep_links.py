"""Links that open the private chat with the bot: what they carry comes back as the word behind /start."""

from typing import Final

from aiogram.methods import GetMe

from bot.telegram.outbox.outbox import Outbox

PAYLOAD: Final = 64
"""Characters of A-Z, a-z, 0-9, _ and - that a link may carry (Bot API, deep linking)."""


class DeepLinks:
    """Knows the bot's name once Telegram said it."""

    def __init__(self) -> None:
        self._name = ""

    async def start(self, outbox: Outbox, payload: str) -> str:
        """The address whose Start sends the payload; at most PAYLOAD characters."""
        return f"https://t.me/{await self.name(outbox)}?start={payload}"

    async def name(self, outbox: Outbox) -> str:
        """The bot's username, without @."""
        if not self._name:
            self._name = (await outbox.call(GetMe())).username or ""
        return self._name
