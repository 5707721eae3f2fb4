"""The operator's staging chat: an inline message takes no upload, so results are sent there first and shown by file_id.

Without a working one nothing can be ordered in chats that the bot does not know.
"""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import Final

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNotFound
from aiogram.methods import SendChatAction, TelegramMethod
from aiogram.types import Message

from bot.telegram.api.errors import End, Refusal, end_of, refusal
from bot.telegram.outbox.bot import EaselBot

log = structlog.get_logger(__name__)

EVERY: Final = 3600.0
SOON: Final = 30.0
"""Seconds to the next look when Telegram could not be asked."""
REFUSALS: Final = (TelegramForbiddenError, TelegramBadRequest, TelegramNotFound)


class Trouble(Enum):
    """Why there is no staging chat."""

    NOT_SET = "not-set"
    REFUSED = "refused"
    """Telegram says that the bot cannot write there."""
    UNKNOWN = "unknown"
    """Telegram was not reached since the start."""


class Staging:
    """`serve` looks at the start and every hour whether the chat takes something; an upload that it refuses counts too.
    What was known stays while Telegram cannot be reached."""

    def __init__(self, bot: EaselBot | None = None, chat_id: int | None = None) -> None:
        self._bot = bot
        self._chat_id = chat_id if bot is not None else None
        self.trouble: Trouble | None = Trouble.NOT_SET if self._chat_id is None else Trouble.UNKNOWN
        self.detail = ""
        """Telegram's words about the trouble."""

    @property
    def works(self) -> bool:
        """As far as is known: presses that waited for a restart are not refused because Telegram was not asked yet."""
        return self.trouble in (None, Trouble.UNKNOWN)

    async def serve(self) -> None:
        """Ends at once where no chat is set."""
        if self._chat_id is None:
            return
        while True:
            known = await self.check()
            await asyncio.sleep(EVERY if known else SOON)

    async def check(self) -> bool:
        """Asks Telegram, by a call that costs nothing and shows nothing for long; False when it did not answer."""
        if self._bot is None or self._chat_id is None:
            return True
        try:
            await self._bot(SendChatAction(chat_id=self._chat_id, action="upload_document"))
        except REFUSALS as error:
            self._refused(error.message)
        except Exception as error:
            log.warning("staging.not_asked", error=str(error)[:200])
            return False
        else:
            self.trouble, self.detail = None, ""
        return True

    async def upload(
        self, send: Callable[[int], TelegramMethod[Message]], seconds: int | None, *, instead: int
    ) -> Message:
        """The message that `send` makes for a chat: the staging chat, else the chat `instead`, the requester's own.

        Raises what Telegram answers there.
        """
        assert self._bot is not None
        if self._chat_id is not None:
            try:
                return await self._bot(send(self._chat_id), seconds)
            except REFUSALS as error:
                if end_of(error) not in (End.CLOSED, End.BOT_REFUSED) and refusal(error) is not Refusal.NO_RIGHT:
                    raise
                self._refused(error.message)
        return await self._bot(send(instead), seconds)

    def _refused(self, why: str) -> None:
        if self.trouble is not Trouble.REFUSED:
            log.error("staging.refused", chat=self._chat_id, why=why[:200])
        self.trouble, self.detail = Trouble.REFUSED, why
