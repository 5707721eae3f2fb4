"""Tells users of credits that came while no chat with them was open, as from an operator's command line."""

from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError

from bot.domain.jobs import Target
from bot.engine.credits.notices import Notice
from bot.telegram.context.context import Context
from bot.telegram.context.due_rows import BATCH, serve_due
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.ui import messages

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 5.0


class Notices:
    """What is due is a row: any process tells it, also after a restart."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def serve(self) -> None:
        """Runs until cancelled."""
        await serve_due(self.look, every=LOOK_EVERY)

    async def look(self) -> int:
        """Tells what is due now, a bounded number; returns how many there were."""
        due = await self._ctx.engine.due_notices.claim(BATCH)
        for notice in due:
            await self._tell(notice)
        return len(due)

    async def _tell(self, notice: Notice) -> None:
        """A failure on the way leaves the notice claimed: it is due again in a minute."""

        due_notices = self._ctx.engine.due_notices
        about = await due_notices.about(notice)
        told = about is None  # they had their data erased meanwhile: there is no user left to tell
        if about is not None:
            user, balance = about
            t = self._ctx.texts.of(user.language or user.language_code)
            amount, now_there = credits_text(t, notice.amount), credits_text(t, balance)
            text = t("admin-told-top_up", amount=amount, balance=now_there)
            try:
                told = (await messages.send(self._ctx, Target(user.id, None, 0), text)).placed
            except TelegramAPIError as error:
                log.info("notice.not_sent", user=user.id, error=str(error)[:200])
                return
        await (due_notices.told(notice) if told else due_notices.refused(notice))
