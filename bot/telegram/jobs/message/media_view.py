"""The one message of a job, from the queue to the result: implements the engine's ChatView on Telegram."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.types import InlineKeyboardMarkup
from cachetools import LRUCache

from bot.domain.jobs import CUT, Job, JobState, Target
from bot.engine.accounts.preferences import Preferences
from bot.engine.ports import NOTHING_SEEN, Delivery, Fetched, Keep, Progress, Seen, Stage, TargetGone
from bot.telegram.api.errors import shown_or_not, told_to_the_engine
from bot.telegram.api.session import NotSent
from bot.telegram.context.context import BotOptions
from bot.telegram.i18n.texts import Speech, Texts
from bot.telegram.jobs.keyboards import Prices, result_buttons
from bot.telegram.jobs.message.albums import Albums
from bot.telegram.jobs.message.delivery import ResultSender
from bot.telegram.jobs.message.media_forms import forms
from bot.telegram.jobs.message.notify_after import Due
from bot.telegram.jobs.message.private_fallback import tell_in_private
from bot.telegram.jobs.message.progress import Painter
from bot.telegram.jobs.remedies import ended_buttons
from bot.telegram.outbox import sender
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.ui.captions import JobTexts
from bot.telegram.ui.keyboards import fingerprint

log = structlog.get_logger(__name__)

DRESSED_KEPT: Final = 2_000
MEGABYTE: Final = 1024 * 1024


class JobMessages:
    def __init__(
        self,
        bot: EaselBot,
        texts: Texts,
        prices: Prices,
        options: BotOptions,
        due: Due | None = None,
        own: Callable[[int], Awaitable[Preferences]] | None = None,
    ) -> None:
        """`own`: what a person's orders begin with; None: the defaults."""
        self._outbox = bot.outbox
        self._texts = texts
        self._prices = prices
        self._options = options
        self._due = due
        self._own = own
        self._words = JobTexts(prices.catalog)
        self._painter = Painter(bot.outbox, texts, self._words)
        self._result_sender = ResultSender(bot.outbox, self._words, options.upload_limit)
        self._albums = Albums(bot.outbox, self._result_sender, options.upload_limit)
        self._dressed: LRUCache[str, bytes] = LRUCache(DRESSED_KEPT)
        """What this process put under results, as fingerprints: thousands of keyboards would be kept otherwise."""
        self._anew: LRUCache[str, None] = LRUCache(DRESSED_KEPT)
        """Jobs whose result came as a new message."""

    async def open(self, job: Job) -> Target:
        if job.target.message_id:
            return job.target
        text, buttons = self._painter.paint(job, Progress(Stage.QUEUED))
        with told_to_the_engine():
            try:
                return await sender.send(self._outbox, job.target, text, buttons)
            except TelegramBadRequest as error:
                raise TargetGone(error.message) from error

    def progress(self, job: Job, progress: Progress) -> None:
        self._painter.progress(job, progress)

    def drop(self, job: Job) -> bool:
        return self._painter.drop(job)

    def seen(self, _job: Job) -> Seen:
        """Does nothing: media have no text that could be streamed."""
        return NOTHING_SEEN

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        await self._outbox.stop_progress(job.target)
        try:
            with shown_or_not():
                return await self._deliver(job, results, keep)
        except Exception:
            self._outbox.reopen(job.target)
            raise

    async def final(self, job: Job) -> Target | None:
        await self._outbox.stop_progress(job.target)
        speech = self._texts.of(job.locale)
        try:
            with told_to_the_engine():
                if job.state is JobState.DONE:
                    await self._dress(job, speech)
                    await self._ready(job, speech)
                    return None
                return await self._ended(job, speech)
        except TargetGone as gone:
            log.info("view.target_gone", job=job.id, why=str(gone)[:200])
            await tell_in_private(self._outbox, self._texts, job)
            return None

    async def _deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None) -> Delivery:
        speech = self._texts.of(job.locale)
        markup = await self._buttons(job, speech)
        if max(len(results), len(job.delivered)) > 1:
            place, kept = await self._albums.deliver(job, results, speech, markup, keep)
        else:
            ways = await forms(job, 0, results, self._options.upload_limit)
            place, delivered = await self._result_sender.place(job, job.target, ways, speech, markup)
            kept = (delivered,)
        self._remember(job, markup)
        if place != job.target:  # a message sent anew takes no progress either
            self._anew[job.id] = None
            await self._outbox.stop_progress(place)
        return Delivery(place, kept)

    async def _dress(self, job: Job, speech: Speech) -> None:
        """The buttons under a result, unless this process just put the same there; of several results also the words
        about them, which a delivery that was cut short did not come to."""
        markup = await self._buttons(job, speech)
        in_words = any(each.message_id for each in job.delivered) or [d.media for d in job.delivered] == ["link"]
        if self._dressed.get(job.id) == fingerprint(markup) and not (job.ready_sent and in_words):
            return
        if not await self._dress_with(job, speech, markup):
            log.info("view.no_buttons", job=job.id)
        self._remember(job, markup)

    async def _dress_with(self, job: Job, speech: Speech, markup: InlineKeyboardMarkup) -> bool:
        """False: the message does not take them."""
        beside = any(each.message_id for each in job.delivered) and (CUT in job.facts or job.ready_sent)
        link = job.ready_sent and [each.media for each in job.delivered] == ["link"] and job.assets
        if beside or link:
            return await self._albums.tell(job, speech, markup)
        return await sender.keyboard(self._outbox, job.target, markup)  # no words are written over media

    async def _ready(self, job: Job, speech: Speech) -> None:
        """The reply that notifies: edits do not, and of a new message in a group many take no notice unless they are
        named. At most once: when it may have arrived, it is not said again."""
        if job.ready_sent or (not job.requester and self._came_as_new(job)):
            return
        after = await self._due(job) if self._due is not None else self._options.ready_after_seconds
        if after is None or job.elapsed <= after:
            return
        text = self._words.ready(speech, job)
        try:
            await sender.send(self._outbox, job.target, text, reply_to=job.target.message_id, notice=True)
        except (NotSent, TelegramRetryAfter):
            raise
        except TelegramBadRequest as error:
            log.info("view.ready_refused", job=job.id, error=error.message[:200])
        except (TelegramNetworkError, TelegramServerError) as error:
            log.info("view.ready_unknown", job=job.id, error=str(error)[:200])

    def _came_as_new(self, job: Job) -> bool:
        """Whether new messages have notified already, as albums do."""
        return job.id in self._anew or any(each.message_id for each in job.delivered)

    async def _ended(self, job: Job, speech: Speech) -> Target | None:
        text = self._words.ended(speech, job)
        markup = await ended_buttons(speech, job, self._prices)
        try:
            place = await sender.edit_or_send(self._outbox, job.target, text, markup)
        except TelegramBadRequest as error:
            raise TargetGone(error.message) from error
        return None if place == job.target else place

    async def _buttons(self, job: Job, speech: Speech) -> InlineKeyboardMarkup:
        own = await self._own(job.user_id) if self._own is not None else Preferences()
        return await result_buttons(speech, job, self._prices, own)

    def _remember(self, job: Job, markup: InlineKeyboardMarkup) -> None:
        self._dressed[job.id] = fingerprint(markup)
