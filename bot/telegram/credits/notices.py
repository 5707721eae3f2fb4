"""Tells users of credits that an operator gave them on the command line."""

import asyncio
from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError
from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import Target
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.credits import notices
from bot.engine.credits.notices import Notice
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.ui import messages

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 5.0
BATCH: Final = 20


class Notices:
    """What is due is a row: any process tells it, also after a restart."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def serve(self) -> None:
        """Runs until cancelled."""
        while True:
            if await self.look() < BATCH:
                await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> int:
        """Tells what is due now, a bounded number; returns how many there were."""
        db = self._ctx.db
        if not await db.read(notices.due):
            return 0
        due = await db.transaction(lambda conn: notices.claim(conn, limit=BATCH))
        for notice in due:
            await self._tell(notice)
        return len(due)

    async def _tell(self, notice: Notice) -> None:
        """A failure on the way leaves the notice claimed: it is due again in a minute."""

        def look(conn: Connection) -> tuple[User | None, Credits]:
            user = users.find(conn, notice.user_id)
            return user, ledger.balance(conn, user.account_id).available if user is not None else Credits(0)

        user, balance = await self._ctx.db.read(look)
        told = user is None  # they had their data erased meanwhile: there is no user left to tell
        if user is not None:
            t = self._ctx.texts.of(user.language or user.language_code)
            amount, now_there = credits_text(t, notice.amount), credits_text(t, balance)
            text = t("admin-told-top_up", amount=amount, balance=now_there)
            try:
                told = (await messages.send(self._ctx, Target(user.id, None, 0), text)).placed
            except TelegramAPIError as error:
                log.info("notice.not_sent", user=user.id, error=str(error)[:200])
                return
        after = notices.forget if told else notices.put_off
        await self._ctx.db.transaction(lambda conn: after(conn, notice))
