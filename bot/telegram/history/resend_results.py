"""A result once more, free of charge: as Telegram keeps it, or uploaded anew from where it still is, or as a link."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

import structlog
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardMarkup

from bot.domain.chats import is_private
from bot.domain.jobs import NOWHERE, Delivered, Job, Target
from bot.domain.results import ResultFile
from bot.engine.ports import NotShown
from bot.engine.results.originals import Originals, ResultLost, ResultUnavailable
from bot.telegram.api.errors import Refusal, refusal
from bot.telegram.context.context import Context
from bot.telegram.jobs.keyboards import result_buttons
from bot.telegram.jobs.message.albums import groups
from bot.telegram.jobs.message.delivery import ResultSender
from bot.telegram.jobs.message.media_forms import Form, forms
from bot.telegram.outbox import sender
from bot.telegram.ui.captions import JobTexts

log = structlog.get_logger(__name__)

MEGABYTE: Final = 1024 * 1024
FETCH_SECONDS: Final = 60.0
FETCH_EVERY: Final = 20.0
"""Seconds in which a result is fetched and uploaded anew once."""


class Way(Enum):
    """What became of one result."""

    SENT = auto()
    LINK = auto()
    LOST = auto()
    """Telegram refuses it, and neither the service nor this bot keeps it."""
    LARGE = auto()
    """Telegram takes nothing as large, and there is no link to it."""
    REFUSED = auto()
    """Telegram takes the file in no form, and there is no link to it."""
    LATER = auto()
    """It cannot be had at this moment."""
    NONE = auto()
    """It never came, and was not charged."""


@dataclass(frozen=True, slots=True)
class Copy:
    """`renewed`: the new name of a file that was uploaded anew."""

    way: Way
    renewed: Delivered | None = None


class Again:
    """Shows one job's results at a place. Raises what Telegram answers when the chat itself does not take them."""

    def __init__(self, ctx: Context, originals: Originals, job: Job, place: Target) -> None:
        self._outbox = ctx.outbox
        self._ctx = ctx
        self._originals = originals
        self._at = replace(place, message_id=0, inline_id="")
        """New messages are sent there. In groups they answer the one that asked."""
        self._job = replace(job, target=self._at if is_private(place.chat_id) else replace(place, inline_id=""))
        self._speech = ctx.texts.of(job.locale)
        self._words = JobTexts(ctx.shop.catalog)
        self._result_sender = ResultSender(ctx.outbox, self._words, ctx.options.upload_limit)

    async def show(self) -> tuple[Copy, ...]:
        """Shows all results; what became of each, by its place in the job."""
        own = await self._ctx.engine.settings.of(self._job.user_id)
        markup = await result_buttons(self._speech, self._job, self._ctx.shop, own)
        if max(len(self._job.delivered), len(self._job.assets)) < 2:
            return (await self._one(0, markup),)
        copies = await self._several()
        if any(copy.way in (Way.SENT, Way.LINK) for copy in copies):
            links = {i: self._link(i) for i, copy in enumerate(copies) if copy.way is Way.LINK}
            words = self._words.album(self._speech, self._job, links)
            await sender.send(self._outbox, self._at, words, markup)
        return copies

    async def _several(self) -> tuple[Copy, ...]:
        copies: dict[int, Copy] = {}
        delivered = enumerate(self._job.delivered)
        for some in groups([(i, [Form.of(each)]) for i, each in delivered if each.file_id]):
            if len(some) > 1 and await self._album([form for _, (form,) in some]):
                copies |= {i: Copy(Way.SENT) for i, _ in some}
        for index in range(len(self._job.delivered)):
            if index not in copies:
                copies[index] = await self._one(index, None)
        return tuple(copies[i] for i in sorted(copies))

    async def _album(self, some: Sequence[Form]) -> bool:
        """Sends the results as one album. False: they must be sent one by one."""
        try:
            await self._result_sender.album(self._job, self._at, some, self._speech)
        except NotShown:
            return False
        return True

    async def _one(self, index: int, markup: InlineKeyboardMarkup | None) -> Copy:
        known = self._job.delivered[index] if index < len(self._job.delivered) else Delivered("", "")
        if known.media == NOWHERE:
            return Copy(Way.NONE)
        if not known.file_id and self._link(index):
            return await self._as_link(index, markup, large=known.large)
        if not known.file_id:
            return Copy(Way.LARGE) if known.large else await self._anew(index, markup)
        try:
            await self._result_sender.send(self._job, self._at, Form.of(known), self._speech, markup)
        except TelegramBadRequest as error:
            if refusal(error) is not Refusal.FILE_GONE:
                raise
            log.info("again.file_refused", job=self._job.id, index=index, error=error.message[:200])
            return await self._anew(index, markup)
        return Copy(Way.SENT)

    async def _anew(self, index: int, markup: InlineKeyboardMarkup | None) -> Copy:
        """What Telegram does not have, from where it is kept: this bot's disk or the service."""
        key = f"again:{self._job.id}:{index}"
        if not await self._ctx.engine.cooldowns.acquire(key, every=FETCH_EVERY):
            return Copy(Way.LATER)
        try:
            async with self._originals.file(self._job, index, within=FETCH_SECONDS) as found:
                large = not isinstance(found, ResultFile) or found.size > self._ctx.options.upload_limit
                delivered = await self._uploaded(index, found, markup) if isinstance(found, ResultFile) else None
        except ResultLost:
            return Copy(Way.LOST)
        except ResultUnavailable as error:
            log.info("again.not_fetched", job=self._job.id, error=error.why)
            return Copy(Way.LATER)
        if delivered is not None:
            return Copy(Way.SENT, delivered)
        return await self._as_link(index, markup, large=large)

    async def _uploaded(self, index: int, found: ResultFile, markup: InlineKeyboardMarkup | None) -> Delivered | None:
        plain = replace(self._job, delivered=())
        ways = await forms(plain, index, (found,) * (index + 1), self._ctx.options.upload_limit)
        files = [way for way in ways if way.path is not None]
        try:
            return (await self._result_sender.place(plain, self._at, files, self._speech, markup))[1]
        except NotShown:
            return None

    async def _as_link(self, index: int, markup: InlineKeyboardMarkup | None, *, large: bool) -> Copy:
        """Notes the result as a link. One of several is named in the message below them."""
        url = self._link(index)
        if not url:
            return Copy(Way.LARGE if large else Way.REFUSED)
        if markup is not None:
            limit = self._ctx.options.upload_limit // MEGABYTE if large else None
            words = self._words.link(self._speech, self._job, url, limit_mb=limit)
            await sender.send(self._outbox, self._at, words, markup)
        return Copy(Way.LINK)

    def _link(self, index: int) -> str:
        url = self._originals.address(self._job, index)
        safe = "http" if self._ctx.options.private_result_hosts else "https://"
        return url if url.startswith(safe) else ""
