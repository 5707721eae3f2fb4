"""Deleting a result: asked once more, then gone at its service, here, and from the chat as far as that lets us."""

from typing import Final

import structlog
from aiogram import Router
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNotFound
from aiogram.methods import DeleteMessages
from aiogram.types import CallbackQuery

from bot.domain.jobs import Job, Target
from bot.engine.accounts.users import User
from bot.engine.results.originals import Originals, ResultUnavailable
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs import list_page
from bot.telegram.jobs.handlers.job_buttons import reply_place
from bot.telegram.jobs.handlers.own_job import deletable_job, own_job
from bot.telegram.jobs.handlers.result_buttons import at_press, buttons_of, dress, with_way_back
from bot.telegram.jobs.keyboards import result_buttons
from bot.telegram.outbox import sender
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction, acts
from bot.telegram.ui.keyboards import button, markup

log = structlog.get_logger(__name__)

CARD: Final = "card"
"""What the buttons of the question carry under a card of /jobs."""


def build_router() -> Router:
    router = Router(name="result-delete")
    router.callback_query.register(ask, JobAction.filter(), acts("delete"), deletable_job)
    router.callback_query.register(erase, JobAction.filter(), acts("erase"), deletable_job)
    router.callback_query.register(stay, JobAction.filter(), acts("stay"), own_job)
    return router


async def ask(query: CallbackQuery, ctx: Context, t: Speech, originals: Originals, job: Job) -> None:
    """The question stands in the keyboard, what it means in an alert."""
    await messages.answer_callback(query, meaning(t, originals, job), alert=True)
    where = CARD if any(data.startswith("m:jobs") for data in buttons_of(query)) else ""
    rows = [
        [button(t.plain("media-button-erase"), JobAction(id=job.id, act="erase", arg=where), "danger")],
        [button(t.plain("media-button-stay"), JobAction(id=job.id, act="stay", arg=where))],
    ]
    if messages.has_button(query):
        await dress(ctx, query, with_way_back(query, markup(rows)))


def meaning(t: Speech, originals: Originals, job: Job) -> str:
    """What deleting the result does: not every service can be told."""
    return t.plain("media-alert-delete" if originals.deleted_upstream(job) else "media-alert-delete-here")


async def stay(query: CallbackQuery, callback_data: JobAction, ctx: Context, person: User, t: Speech, job: Job) -> None:
    """Not deleted after all: the buttons from before."""
    await messages.answer_callback(query)
    if not messages.has_button(query):
        return
    if callback_data.arg == CARD:
        await _card(ctx, query, t, job)
    else:
        own = await ctx.engine.settings.of(person.id)
        await dress(ctx, query, with_way_back(query, await result_buttons(t, at_press(query, job), ctx.shop, own)))


async def erase(
    query: CallbackQuery, callback_data: JobAction, ctx: Context, t: Speech, originals: Originals, job: Job
) -> None:
    """Yes, delete it. Where the service cannot be reached nothing is forgotten here, so that it can be tried again."""
    try:
        await originals.delete(job)
    except ResultUnavailable as error:
        log.warning("result.not_deleted", job=job.id, error=error.detail)
        await messages.answer_callback(query, t.plain("media-alert-not-deleted"), alert=True)
        return
    await messages.answer_callback(query, t.plain("media-toast-deleted"))
    await clear(ctx, t, job, reply_place(query, job))
    here = query.message
    if not messages.has_button(query) or here is None:
        return
    if callback_data.arg == CARD:
        gone = await ctx.engine.jobs.get(job.id)
        if gone is not None:
            await _card(ctx, query, t, gone)
    elif (here.chat.id, here.message_id) != (job.target.chat_id, job.target.message_id):  # shown again
        await messages.delete(ctx, messages.target_of(here))


async def clear(ctx: Context, t: Speech, job: Job, place: Target) -> None:
    """Takes the messages out of the chat; of those that Telegram keeps, the job's says that it was deleted."""
    if job.target.inline_id:  # in a chat where the bot can delete nothing
        if not await sender.try_edit(ctx.outbox, job.target, t("inline-deleted"), media=True):
            log.info("result.message_stays", job=job.id)
        return
    chat = job.target.chat_id
    ids = [job.target.message_id, *(d.message_id for d in job.delivered)]
    try:
        await ctx.outbox.call(DeleteMessages(chat_id=chat, message_ids=[i for i in ids if i]))
    except (TelegramForbiddenError, TelegramNotFound):
        return
    except TelegramBadRequest as error:
        log.info("result.messages_stay", job=job.id, error=error.message[:200])
        if not await sender.try_edit(ctx.outbox, job.target, t("media-deleted-here"), media=True):
            await messages.send(ctx, place, t("media-deleted-here"))


async def _card(ctx: Context, query: CallbackQuery, t: Speech, job: Job) -> None:
    text, shown = await list_page.card_page(ctx, t, job, 0)
    assert query.message is not None
    await messages.edit(ctx, messages.target_of(query.message), text, shown)
