"""Answers in the chat: streamed as drafts in private, as edits in groups, ended by messages. Implements ChatView for
jobs of the kind `ask`."""

from dataclasses import replace
from functools import partial
from typing import Final

import structlog
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import InlineKeyboardMarkup
from cachetools import LRUCache

from bot.domain.catalog.models import Kind
from bot.domain.catalog.options import refused
from bot.domain.chats import is_private
from bot.domain.jobs import CUT, Delivered, Job, JobState, Target
from bot.domain.money import Credits
from bot.engine.conversations.memory import Ask, Purpose
from bot.engine.ports import NOTHING_SEEN, Delivery, Fetched, Keep, Progress, Seen, TargetGone
from bot.telegram.api.errors import Refusal, refusal, shown_or_not, told_to_the_engine
from bot.telegram.api.session import NotSent
from bot.telegram.chat import improve, next_question, tool_calls
from bot.telegram.chat.draft_stream import DraftStream, message_draft
from bot.telegram.chat.keyboards import answer_buttons, described_buttons, draft_number, retry_buttons, stop_button
from bot.telegram.chat.markdown.blocks import Part
from bot.telegram.chat.models import chat_models
from bot.telegram.chat.texts import answer_parts, ended, preview
from bot.telegram.chat.voice import heard
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.message.private_fallback import tell_in_private
from bot.telegram.outbox import sender
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.outbox.progress_edits import Look, Reached
from bot.telegram.ui.captions import JobTexts

log = structlog.get_logger(__name__)

SEEN_KEPT: Final = 5_000


class ChatAnswers:
    def __init__(self, bot: EaselBot, ctx: Context, stream: DraftStream) -> None:
        self._outbox = bot.outbox
        self._ctx = ctx
        self._stream = stream
        self._seen: LRUCache[str, Seen] = LRUCache(SEEN_KEPT)

    async def open(self, job: Job) -> Target:
        """A draft in private, which is no message yet; elsewhere, and where drafts are refused, a message with Stop."""
        if job.target.message_id:
            return job.target
        ask = await self._ask(job)
        if ask.purpose is Purpose.IMPROVE:
            return job.target
        if ask.purpose is Purpose.HEAR:
            return await self._voice(job, ask)
        with told_to_the_engine():
            drafts = ask.purpose is Purpose.CHAT and is_private(job.target.chat_id)  # whose Stop is a conversation's
            if drafts and await self._drafted(job):
                return job.target
            t = self._ctx.texts.of(job.locale)
            try:
                return await self._put(job.target, t("chat-thinking"), stop_button(t, job.id), ask.question_id)
            except TelegramBadRequest as error:
                raise TargetGone(error.message) from error

    def progress(self, job: Job, progress: Progress) -> None:
        """An answer that stands there, noted before a crash, is not covered again."""
        if job.delivered or heard.hears(self._ctx, job):
            return
        told = partial(self._told, job.id, progress.text)
        if job.target.message_id:
            look = partial(self._look, job, progress)
            self._outbox.progress_of(job.target, look, lasts=progress.lasts, told=told)
        else:
            self._stream.offer(job.id, lambda: preview(progress.text, job.options), told)

    def seen(self, job: Job) -> Seen:
        return self._seen.get(job.id, NOTHING_SEEN)

    def _told(self, job_id: str, text: str, reached: Reached) -> None:
        before = self._seen.get(job_id, NOTHING_SEEN)
        if reached is Reached.SHOWN:
            self._seen[job_id] = Seen(text)
        elif reached is Reached.GONE:
            self._seen[job_id] = replace(before, gone=True)

    def drop(self, job: Job) -> bool:
        """A draft on its way is none: it vanishes by itself."""
        self._stream.drop(job.id)
        return bool(job.target.message_id) and self._outbox.drop(job.target)

    def _look(self, job: Job, progress: Progress) -> Look:
        t = self._ctx.texts.of(job.locale)
        if progress.restarting and not progress.text:
            return t("job-restarting"), stop_button(t, job.id)
        return preview(progress.text, job.options) or t("chat-thinking"), stop_button(t, job.id)

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        """Shows the answer; the order that the model proposes comes behind its words, to be confirmed."""
        delivered = (Delivered("", "text"),)
        if job.delivered == delivered:
            return Delivery(job.target, delivered)
        ask = await self._ask(job)
        with shown_or_not():
            if ask.purpose is Purpose.IMPROVE:
                await improve.deliver(self._ctx, job, ask)
                return Delivery(job.target, delivered)
            if ask.purpose is Purpose.HEAR:
                return Delivery(await self._voice(job, ask), delivered)
            await self._quiet(job)
            place = await self._say(job, ask, keep)
            await tool_calls.open_proposed(self._ctx, job, ask)
        return Delivery(place, delivered)

    async def final(self, job: Job) -> Target | None:
        """A finished answer has said everything; what was written meanwhile is asked now."""
        await self._quiet(job)
        if heard.hears(self._ctx, job):
            return await self._heard(job)
        place = await self._last_said(job)
        try:
            with told_to_the_engine():
                await next_question.ask_next(self._ctx, job)
        except (TargetGone, TelegramBadRequest) as gone:  # it waits for the person's next words
            log.info("chat.next_not_asked", job=job.id, why=str(gone)[:200])
        return place

    async def _heard(self, job: Job) -> Target | None:
        """The words of a voice message go on as a message of their own; or why there are none is said."""
        ask = await self._ask(job)
        if job.state is JobState.DONE:
            await heard.pass_on(self._ctx, job, ask)
            return None
        try:
            place = await self._voice(job, ask)
        except TargetGone:
            await tell_in_private(self._outbox, self._ctx.texts, job)
            return None
        return None if place == job.target else place

    async def _voice(self, job: Job, ask: Ask) -> Target:
        """What became of a voice message so far. Raises TargetGone, TryLater."""
        said = heard.text_of(self._ctx.texts.of(job.locale), job)
        with told_to_the_engine():
            try:
                return await self._put(job.target, said, None, ask.question_id)
            except TelegramBadRequest as error:
                raise TargetGone(error.message) from error

    async def _last_said(self, job: Job) -> Target | None:
        try:
            with told_to_the_engine():
                if job.state is JobState.DONE:
                    await self._said_again(job)
                    await self._ready(job)
                    return None
                return await self._ended(job)
        except (TargetGone, TelegramBadRequest) as gone:
            log.info("chat.target_gone", job=job.id, why=str(gone)[:200])
            await tell_in_private(self._outbox, self._ctx.texts, job)
            return None

    async def _ended(self, job: Job) -> Target | None:
        """How it ended without an answer, and the ways on. Returns where it stands when that is a new message."""
        ask = await self._ask(job)
        if ask.purpose is Purpose.IMPROVE:
            await improve.failed(self._ctx, job, ask)
            return None
        t = self._ctx.texts.of(job.locale)
        models = await chat_models(self._ctx)
        others = [(m, self._ctx.asks.bound(m)) for m in models if m.slug != job.model and (m.sees or not job.inputs)]
        option = refused(self._ctx.shop.catalog.get(job.model), job)
        markup: InlineKeyboardMarkup | None = retry_buttons(t, job, others, option)
        if ask.purpose is Purpose.DESCRIBE:  # the button under the picture is the way to try again
            markup = None
        said = ended(t, job, option)
        place = await self._put(job.target, said, markup, ask.question_id)
        return None if place == job.target else place

    async def _ready(self, job: Job) -> None:
        """In groups the answer is an edit, which notifies no member: after a long wait a reply does. Where the rest of
        an answer could not be shown, the reply says what was charged. At most once."""
        if job.ready_sent:
            return
        t = self._ctx.texts.of(job.locale)
        if CUT in job.facts:
            text = t("chat-cut-short", price=credits_text(t, job.charged or Credits(0)))
        elif await self._worth_a_notice(job):
            text = JobTexts.ready(t, job)
        else:
            return
        try:
            await sender.send(self._outbox, job.target, text, reply_to=job.target.message_id, notice=True)
        except (NotSent, TelegramRetryAfter):
            raise
        except (TelegramBadRequest, TelegramNetworkError, TelegramServerError) as error:
            log.info("chat.ready_unknown", job=job.id, error=str(error)[:200])

    async def _said_again(self, job: Job) -> None:
        """The first message of an answer, where progress may have been written over it."""
        if not job.ready_sent or not job.target.message_id:
            return
        parts = await self._parts(job)
        ask, t = await self._ask(job), self._ctx.texts.of(job.locale)
        markup = self._ways_on(t, job, ask) if len(parts) == 1 else None
        if parts:
            await sender.edit(self._outbox, job.target, parts[0].html, markup, plain=parts[0].plain)

    async def _parts(self, job: Job) -> tuple[Part, ...]:
        """The answer's messages. In private the first of a conversation, and the first after a while, says that the
        person just writes on."""
        talks, young = self._ctx.engine.conversations, self._ctx.asks.chat.young
        first = is_private(job.target.chat_id) and young > 0 and not await talks.goes_on(job, young=young)
        first = first and (await self._ask(job)).purpose is Purpose.CHAT
        first = first and await talks.has_begun(job.target.chat_id, job.user_id)  # else it was forgotten meanwhile
        return answer_parts(self._ctx.texts.of(job.locale), job, first=first)

    def _ways_on(self, t: Speech, job: Job, ask: Ask) -> InlineKeyboardMarkup | None:
        """What leaves the conversation, in private: in groups a member replies to go on, or does not. Under a prompt
        for a picture what it is for."""
        pictured = any(m.kind is Kind.IMAGE for m in self._ctx.shop.models) and not job.facts.get("call")
        if ask.purpose is Purpose.DESCRIBE:
            return described_buttons(t, job) if pictured else None
        if not is_private(job.target.chat_id):
            return None
        return answer_buttons(t, job, pictured=pictured)

    async def _worth_a_notice(self, job: Job) -> bool:
        edited = bool(job.target.message_id) and not is_private(job.target.chat_id)
        if not edited or job.elapsed <= self._ctx.options.ready_after_seconds:
            return False
        return not (await self._ctx.rooms.of(self._ctx.engine.groups, job.target.chat_id)).quiet

    async def _ask(self, job: Job) -> Ask:
        return await self._ctx.engine.conversations.ask_of(job.id)

    async def _quiet(self, job: Job) -> None:
        await self._stream.close(job.id)
        if job.target.message_id:
            await self._outbox.stop_progress(job.target)

    async def _drafted(self, job: Job) -> bool:
        """Shows that the answer is under way. False: this server knows no drafts, or refuses them here."""
        number = draft_number(job.id)
        try:
            await self._outbox.call(message_draft(job.target, number))
        except TelegramNotFound:
            return False
        except TelegramBadRequest as error:
            if refusal(error) is Refusal.CHAT_GONE:
                raise
            log.info("chat.no_draft", job=job.id, error=error.message[:200])
            return False
        except NotSent:
            raise
        except (TelegramNetworkError, TelegramServerError) as error:  # it may stand there or not: the next one will
            log.info("chat.draft_unknown", job=job.id, error=str(error)[:200])
        self._stream.open(job.id, job.target, number)
        return True

    async def _say(self, job: Job, ask: Ask, keep: Keep | None) -> Target:
        """The answer's messages; those that were noted as standing are not sent again. Each is noted before the next
        thing is sent, for the person may block the bot in between. Returns where the first one is."""
        t = self._ctx.texts.of(job.locale)
        parts = await self._parts(job)
        if not parts and (job.target.message_id or not job.facts.get("call")):
            parts = (Part(t("chat-see-below"), t.plain("chat-see-below")),)
        sent = [replace(job.target, message_id=each.message_id) for each in job.delivered]
        last = len(parts) - 1 if not job.facts.get("call") else len(parts)
        for number, part in enumerate(parts[len(sent) :], len(sent)):
            at, question = (job.target, ask.question_id) if number == 0 else (replace(job.target, message_id=0), 0)
            markup = self._ways_on(t, job, ask) if number == len(parts) - 1 else None
            sent.append(await self._put(at, part.html, markup, question, plain=part.plain))
            if keep is not None and number < last:
                await keep([Delivered("", "text", each.message_id) for each in sent])
        return sent[0] if sent else job.target

    async def _put(
        self, at: Target, text: str, markup: InlineKeyboardMarkup | None, question: int, *, plain: str = ""
    ) -> Target:
        """In the message there, or in a new one, which in groups answers the question."""
        reply_to = 0 if is_private(at.chat_id) else question
        return await sender.edit_or_send(self._outbox, at, text, markup, plain=plain, reply_to=reply_to)
