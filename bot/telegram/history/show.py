"""/show: a person's own result or running order in whatever chat they ask for it."""

from dataclasses import replace
from typing import Final

import structlog
from aiogram import Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.errors import UnknownJob
from bot.domain.jobs import CANCELLABLE, Job, JobState, Target
from bot.engine.dialogs import drafts
from bot.engine.ports import Progress, Stage
from bot.engine.results.originals import DELETED, Originals
from bot.engine.results.shows import PURPOSE, left
from bot.telegram.admin.jobs.refunds import job_id_of
from bot.telegram.chat.texts import answer_parts
from bot.telegram.history.moved_notice import Whereabouts
from bot.telegram.history.resend import bring, say
from bot.telegram.i18n.texts import Html
from bot.telegram.jobs.handlers.job_buttons import reply_place
from bot.telegram.jobs.handlers.own_job import own_job
from bot.telegram.jobs.remedies import ended_buttons
from bot.telegram.orders.view.menu_message import requester
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction, acts
from bot.telegram.ui.captions import JobTexts
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import cancel_button

log = structlog.get_logger(__name__)

TRIES: Final = 3
"""Looks at an order that goes on while it is shown."""


def build_router() -> Router:
    router = Router(name="show")
    router.message.register(show_command, is_command("show"))
    router.callback_query.register(show_press, JobAction.filter(), acts("show"), own_job)
    return router


async def show_command(
    message: Message,
    command: CommandObject,
    presenter: OrderPresenter,
    originals: Originals,
) -> None:
    """`/show <id>`; without an id the person's latest order, in a group the latest there. Another user's order is as
    unknown as one that never was."""
    ctx, person, t = presenter.ctx, presenter.person, presenter.t
    thread = message.message_thread_id if message.is_topic_message else None
    place = Target(message.chat.id, thread, message.message_id)
    word = (command.args or "").split(maxsplit=1)[:1]
    job_id = job_id_of(word[0]) if word else ""

    private = is_private(place.chat_id)
    try:
        if word:
            job = await ctx.engine.shows.job(person, job_id or "")
        else:
            job = await ctx.engine.shows.latest(person, chat_id=None if private else place.chat_id)
    except UnknownJob:
        nothing = "show-nothing" if private else "show-nothing-here"
        await messages.reply_privately(ctx, message, t("show-unknown" if word else nothing))
        return
    key = drafts.draft_id(PURPOSE, messages.draft_id_of(message))
    await Shower(presenter, originals).show(job, place, key)


async def show_press(query: CallbackQuery, presenter: OrderPresenter, originals: Originals, job: Job) -> None:
    """The same from a list: in the chat where the button is."""
    await messages.answer_callback(query)
    key = drafts.draft_id(PURPOSE, "cb", query.id)
    await Shower(presenter, originals).show(job, reply_place(query, job), key)


class Shower:
    """Shows one person's orders; `key` names the request, so that a repeated update goes on where it was."""

    def __init__(self, presenter: OrderPresenter, originals: Originals) -> None:
        self._presenter = presenter
        self._ctx, self._person, self._t = presenter.ctx, presenter.person, presenter.t
        self._originals = originals
        self._words = JobTexts(self._ctx.shop.catalog)

    async def show(self, job: Job, place: Target, key: str) -> None:
        """What there is to show of it now."""
        for _ in range(TRIES):
            if job.state in CANCELLABLE and job.kind is not Kind.ASK and job.target.placed:
                if await self._move(job, place, key):
                    return
                job = await self._ctx.engine.shows.again(job)
                continue
            await self._as_it_is(job, place)
            return

    async def _as_it_is(self, job: Job, place: Target) -> None:
        t = self._t
        if job.state is JobState.DONE and DELETED in job.facts:
            await self._say(place, "show-deleted")
        elif job.state is JobState.DONE and job.kind is Kind.ASK:
            await self._answer(job, place)
        elif job.state is JobState.DONE:
            await bring(self._presenter, self._originals, job, place)
        elif job.state.finished:
            speech = self._ctx.texts.of(job.locale)
            buttons = await ended_buttons(speech, job, self._ctx.shop) if job.kind is not Kind.ASK else None
            text = self._words.ended(speech, job)
            await messages.send(self._ctx, place, text, buttons, reply=not is_private(place.chat_id))
        elif job.awaited:
            elapsed = t.duration(await self._ctx.engine.shows.awaited_for(job))
            await self._say(place, "job-awaited", elapsed=elapsed)
        elif job.state is JobState.DELIVERING:
            await self._say(place, "show-delivering", id=job.id)
        else:
            await self._say(place, "show-starting", id=job.id)

    async def _answer(self, job: Job, place: Target) -> None:
        """The words of a chat model once more; what is refused as HTML as plain text."""
        for part in answer_parts(self._ctx.texts.of(job.locale), job):
            await messages.send(self._ctx, place, Html(part.html), plain=part.plain)

    async def _move(self, job: Job, place: Target, key: str) -> bool:
        """The running order's message comes to stand here. First the new message, then the write that makes it the
        order's, then the old message's last word: a repeated update does what is left of it. False: the order went on
        meanwhile and is to be looked at again."""
        shows = self._ctx.engine.shows
        request = await shows.begin(self._person, job, place, key)
        if not request.message_id:
            opened = await self._open(job, place)
            if not opened:
                return True  # nothing may be written here: the order stays where it is
            await shows.placed(request, opened)
        target = Target(place.chat_id, place.thread_id, request.message_id)
        payer = requester(self._person, place.chat_id)
        moved = await shows.take(request, job, target, payer)
        if moved is None:
            await messages.delete(self._ctx, target)
        elif (old := left(request)) is not None:
            told = Whereabouts(self._ctx.outbox, self._ctx.texts, self._words)
            await told.tell(replace(moved, target=target), old)
        await shows.end(request)
        return moved is not None

    async def _open(self, job: Job, place: Target) -> int:
        """The new message; 0: it could not be sent."""
        here = replace(job, target=replace(place, message_id=0), requester=requester(self._person, place.chat_id))
        speech = self._ctx.texts.of(job.locale)
        position = await self._ctx.engine.shows.position(job)
        progress = Progress(Stage.QUEUED if job.state is JobState.QUEUED else Stage.STARTING, position)
        text, buttons = self._words.progress(speech, here, progress), cancel_button(speech, here, progress)
        try:
            sent = await messages.send(self._ctx, place, text, buttons, reply=not is_private(place.chat_id))
        except TelegramBadRequest as error:
            log.info("show.refused", job=job.id, chat=place.chat_id, error=error.message[:200])
            return 0
        return sent.message_id

    async def _say(self, place: Target, key: str, **values: str) -> None:
        await say(self._presenter, place, self._t(key, **values))
