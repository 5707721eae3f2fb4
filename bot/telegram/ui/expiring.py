"""Takes messages away whose time in a group is over: menus without a Confirm, errors that all members see."""

import asyncio
from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError

from bot.domain.jobs import Target
from bot.engine.dialogs.expiring_messages import Fleeting
from bot.telegram.context.context import Context
from bot.telegram.context.due_rows import BATCH, serve_due
from bot.telegram.outbox.ephemeral import EphemeralTarget
from bot.telegram.ui import messages

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 5.0
LONGEST: Final = 5.0
"""Seconds for taking one message away."""


class Vanishing:
    """What is due is a row: any process takes it away, also after a restart."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def serve(self) -> None:
        """Runs until cancelled."""
        await serve_due(self.sweep, every=LOOK_EVERY)

    async def sweep(self) -> int:
        """Deletes what is due now, a bounded number; returns how many there were."""
        due = await self._ctx.engine.expiring.claim(limit=BATCH)
        await asyncio.gather(*(self._take_away(message) for message in due))
        return len(due)

    async def _take_away(self, message: Fleeting) -> None:
        """A chat that Telegram holds up keeps no other waiting: the process that claims it next tries again."""
        try:
            async with asyncio.timeout(LONGEST):
                await messages.delete(self._ctx, _place(message))
        except (TelegramAPIError, TimeoutError) as error:
            log.info("telegram.not_vanished", chat=message.chat_id, error=str(error)[:200])
        else:
            await self._ctx.engine.expiring.forget(message)


def _place(message: Fleeting) -> Target:
    if not message.receiver_id:
        return Target(message.chat_id, None, message.message_id)
    return EphemeralTarget(message.chat_id, None, 0, receiver=message.receiver_id, ephemeral_id=message.message_id)
