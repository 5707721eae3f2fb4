"""The inline message of a job, from the queue to the result: the engine's ChatView for chats that have no id here.

All that is known of the place is the name of the message: nothing can be sent there, and no file uploaded. A result is
put into the staging chat first and then shown by its file_id; several are shown one at a time, with a number each.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.methods import TelegramMethod
from aiogram.types import InlineKeyboardMarkup, Message
from cachetools import LRUCache

from bot.domain.jobs import NOWHERE, Delivered, Job, JobState, Target
from bot.engine.ports import NOTHING_SEEN, Delivery, Fetched, Keep, NotShown, Progress, Seen, TargetGone
from bot.telegram.api.errors import End, end_of, shown_or_not, told_to_the_engine
from bot.telegram.context.context import BotOptions
from bot.telegram.context.staging import Staging
from bot.telegram.i18n.texts import Speech, Texts
from bot.telegram.inline.keyboards import ended_buttons, result_buttons
from bot.telegram.jobs.keyboards import Prices
from bot.telegram.jobs.message.delivery import WAITS, ResultSender, first_form, linked
from bot.telegram.jobs.message.media_forms import INPUTS, SENDS, Form, forms, kept
from bot.telegram.jobs.message.progress import Painter
from bot.telegram.outbox import sender
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.ui.captions import JobTexts

log = structlog.get_logger(__name__)

JOBS_KEPT: Final = 5_000
MEGABYTE: Final = 1024 * 1024


class InlineMessages:
    def __init__(self, bot: EaselBot, texts: Texts, prices: Prices, options: BotOptions, staging: Staging) -> None:
        self._bot, self._outbox = bot, bot.outbox
        self._texts = texts
        self._prices = prices
        self._limit = options.upload_limit
        self._words = JobTexts(prices.catalog)
        self._painter = Painter(bot.outbox, texts, self._words)
        self._result_sender = ResultSender(bot.outbox, self._words, options.upload_limit)
        self._staging = staging
        self._dressed: LRUCache[str, InlineKeyboardMarkup] = LRUCache(JOBS_KEPT)
        """The keyboards that this process put under results: the last word need not put them there again."""
        self._ended: LRUCache[str, str] = LRUCache(JOBS_KEPT)
        """The jobs that came to their end in a message, by its name: another try may follow there."""

    async def open(self, job: Job) -> Target:
        """Returns the job's own target: the message was there before the job."""
        return job.target

    def progress(self, job: Job, progress: Progress) -> None:
        if self._ended.get(job.target.inline_id, job.id) != job.id:
            del self._ended[job.target.inline_id]
            self._outbox.reopen(job.target)
        self._painter.progress(job, progress)

    def drop(self, job: Job) -> bool:
        return self._painter.drop(job)

    def seen(self, _job: Job) -> Seen:
        """Does nothing: inline messages show no streamed answers."""
        return NOTHING_SEEN

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        """A message that is gone is not sent anew: Telegram does not tell in which chat it was."""
        await self._settle(job)
        try:
            with shown_or_not():
                return Delivery(job.target, await self._deliver(job, results, keep))
        except Exception:
            self._outbox.reopen(job.target)
            raise

    async def final(self, job: Job) -> Target | None:
        """Writes the last word into the message. "Ready" is never said: the bot has no chat in which it could say
        so."""
        await self._settle(job)
        speech = self._texts.of(job.locale)
        try:
            with told_to_the_engine():
                await self._last_word(job, speech)
        except TargetGone as gone:
            log.info("view.target_gone", job=job.id, why=str(gone)[:200])
        return None

    async def show(self, job: Job, index: int) -> None:
        """Has the message show one of several results that Telegram keeps. Raises what Telegram answers."""
        speech = self._texts.of(job.locale)
        await self._edit(job, job.delivered[index], speech, await self._buttons(job, speech, index))

    async def _settle(self, job: Job) -> None:
        self._ended[job.target.inline_id] = job.id
        await self._outbox.stop_progress(job.target)

    async def _last_word(self, job: Job, speech: Speech) -> None:
        if job.state is not JobState.DONE:
            text = self._words.ended(speech, job)
            markup = await ended_buttons(speech, job, self._prices)
            await sender.edit(self._outbox, job.target, text, markup, media=True)
            return
        shown = next((i for i, each in enumerate(job.delivered) if each.file_id), None)
        if job.ready_sent and shown is None and job.delivered:  # said once more: progress may stand over the words
            await self._linked(job, job.delivered, speech)
            return
        markup = await self._buttons(job, speech, shown or 0)
        if self._dressed.pop(job.id, None) == markup:
            return
        if not await sender.keyboard(self._outbox, job.target, markup):
            log.info("inline.no_last_word", job=job.id)

    async def _deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None) -> tuple[Delivered, ...]:
        speech = self._texts.of(job.locale)
        count = max(len(results), len(job.delivered), len(job.assets))
        found = [*job.delivered, *[WAITS] * (count - len(job.delivered))]
        for index, known in enumerate(found):
            if not known.media:
                found[index] = await self._put_aside(job, await forms(job, index, results, self._limit), speech)
                if keep is not None and found[index].file_id:
                    await keep(found)
        shown = next((i for i, each in enumerate(found) if each.file_id), None)
        if shown is not None:
            markup = await self._buttons(replace(job, delivered=tuple(found)), speech, shown)
            try:
                await self._edit(job, found[shown], speech, markup)
            except TelegramBadRequest as error:
                if end_of(error) is not End.WRONG:
                    raise TargetGone(error.message) from error
                log.warning("inline.refused", job=job.id, media=found[shown].media, error=error.message[:200])
                found = [Delivered("", "link" if _links(job, i) else NOWHERE) for i in range(count)]
            else:
                self._dressed[job.id] = markup
                return tuple(replace(each, aside=False) for each in found)
        await self._linked(job, found, speech)
        return tuple(replace(each, aside=False) for each in found)

    async def _put_aside(self, job: Job, ways: Sequence[Form], speech: Speech) -> Delivered:
        """Uploads the first form that Telegram takes; a link where it takes none."""

        async def show(form: Form) -> Delivered:
            if form.media == "link":
                return linked([form])
            fields = await self._result_sender.fields(job, form, speech, form.media, told=False)

            def send(chat_id: int) -> TelegramMethod[Message]:
                """In their own chat people read what it is; the staging chat learns no user's words."""
                caption = self._told(job, speech) if chat_id == job.user_id else {}
                method: TelegramMethod[Message] = SENDS[form.media](
                    chat_id=chat_id, disable_notification=True, **fields, **caption
                )
                return method

            sent = await self._staging.upload(send, form.seconds, instead=job.user_id)
            # in the staging chat only the operator sees it, in the person's own chat it stands
            return replace(kept(sent, form), aside=sent.chat.id != job.user_id)

        try:
            return await first_form(job, ways, show)
        except NotShown:
            return linked([])
        except TelegramAPIError as error:
            if end_of(error) is not End.CLOSED:
                raise
            log.warning("inline.no_place", job=job.id, error=error.message[:200])
            return linked(ways)

    def _told(self, job: Job, speech: Speech) -> dict[str, str]:
        return {"caption": self._words.caption(speech, job)}

    async def _edit(self, job: Job, shown: Delivered, speech: Speech, markup: InlineKeyboardMarkup | None) -> None:
        media = INPUTS[shown.media](**await self._result_sender.fields(job, Form.of(shown), speech, "media"))
        await sender.edit_media(self._outbox, job.target, media, markup)

    async def _linked(self, job: Job, found: Sequence[Delivered], speech: Speech) -> None:
        """The message with links in place of what Telegram does not take."""
        links = {i: job.assets[i].url for i, each in enumerate(found) if each.media == "link" and _links(job, i)}
        if not links:
            raise NotShown("no file could be uploaded for an inline message, and there is no link to it")
        markup = await self._buttons(replace(job, delivered=tuple(found)), speech, next(iter(links)))
        text = self._result_sender.words(job, found, speech)
        if not await sender.edit(self._outbox, job.target, text, markup, media=True):
            raise TargetGone("the inline message takes no words any more")

    async def _buttons(self, job: Job, speech: Speech, shown: int) -> InlineKeyboardMarkup:
        try:
            name = (await self._bot.me()).username or ""
        except TelegramAPIError as error:  # the result matters more than a link under it
            log.info("inline.no_name", error=str(error)[:200])
            name = ""
        return result_buttons(speech, job, name, shown)


def _links(job: Job, index: int) -> bool:
    return index < len(job.assets) and job.assets[index].url.startswith(("http://", "https://"))
