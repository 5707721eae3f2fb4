"""The Bot of the whole process: aiogram's, with every call going through the outbox."""

import random
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode
from aiogram.methods import AnswerCallbackQuery, TelegramMethod
from aiogram.types import LinkPreviewOptions

from bot.telegram.api.session import Session
from bot.telegram.outbox.flood_limits import Clock, Rates
from bot.telegram.outbox.outbox import Outbox
from bot.telegram.outbox.progress_edits import Spawn

T = TypeVar("T")

answered: ContextVar[set[str] | None] = ContextVar("answered", default=None)
"""Ids of the callback queries answered while handling the present update; None outside of one."""


class EaselBot(Bot):
    """Limits, retries and "not modified" are the outbox's."""

    def __init__(
        self,
        token: str,
        *,
        session: Session,
        spawn: Spawn,
        rates: Rates | None = None,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        defaults = DefaultBotProperties(
            parse_mode=ParseMode.HTML,
            link_preview=LinkPreviewOptions(is_disabled=True),
            allow_sending_without_reply=True,
        )
        super().__init__(token, session=session, default=defaults)
        self.http = session
        self.outbox = Outbox(self.direct, spawn=spawn, rates=rates, clock=clock, jitter=jitter)

    @property
    def known_name(self) -> str | None:
        """Its username in lower case, once `me` was asked for; None before."""
        return (self._me.username or "").lower() if self._me is not None else None

    async def __call__(
        self, method: TelegramMethod[T], request_timeout: int | None = None, *, notice: bool = False
    ) -> T:
        """One call, within the limits; see Outbox.call for what it raises."""
        if isinstance(method, AnswerCallbackQuery) and (ids := answered.get()) is not None:
            ids.add(method.callback_query_id)
        return await self.outbox.call(method, request_timeout, notice=notice)

    async def direct(self, method: TelegramMethod[T], request_timeout: int | None = None) -> T:
        """One call past the outbox: its transport."""
        return await self.session(self, method, timeout=request_timeout)
