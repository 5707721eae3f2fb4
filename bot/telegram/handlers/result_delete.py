"""Deleting a result: asked once more, then gone at its service, here, and from the chat as far as that lets us."""

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNotFound
from aiogram.methods import DeleteMessages, EditMessageReplyMarkup
from aiogram.types import CallbackQuery, InlineKeyboardMarkup

from bot.domain.jobs import Job, JobState, Target
from bot.engine.originals import DELETED, Originals
from bot.engine.people import User
from bot.providers.base import ProviderError
from bot.telegram import job_pages, speak
from bot.telegram.callbacks import JobAction, acts
from bot.telegram.context import Context
from bot.telegram.handlers.job_buttons import beside, own_job
from bot.telegram.job_buttons import result_buttons
from bot.telegram.keyboards import button, markup
from bot.telegram.message import edit_words
from bot.telegram.texts import Speech

log = structlog.get_logger(__name__)


def build_router() -> Router:
    router = Router(name="result-delete")
    router.callback_query.register(ask, JobAction.filter(), acts("delete"))
    router.callback_query.register(erase, JobAction.filter(), acts("erase"))
    router.callback_query.register(stay, JobAction.filter(), acts("stay"))
    return router


async def ask(query: CallbackQuery, callback_data: JobAction, ctx: Context, person: User, t: Speech) -> None:
    """The question stands in the keyboard, what it means in an alert."""
    job = await _deletable(query, callback_data, ctx, person, t)
    if job is None:
        return
    await speak.toast(query, t.plain("media-alert-delete"), alert=True)
    rows = [
        [button(t.plain("media-button-erase"), JobAction(id=job.id, act="erase"), "danger")],
        [button(t.plain("media-button-stay"), JobAction(id=job.id, act="stay"))],
    ]
    if speak.carries(query):
        await _dress(ctx, query, markup(rows))


async def stay(query: CallbackQuery, callback_data: JobAction, ctx: Context, person: User, t: Speech) -> None:
    """Not deleted after all: the buttons from before."""
    job = await own_job(ctx, query, person, t, callback_data.id)
    if job is None:
        return
    await speak.toast(query)
    if not speak.carries(query):
        return
    if _here(query) == job.target.message_id:
        await _dress(ctx, query, await result_buttons(t, job, ctx.shop))
    else:
        await _card(ctx, query, t, job)


async def erase(
    query: CallbackQuery,
    callback_data: JobAction,
    bot: Bot,
    ctx: Context,
    person: User,
    t: Speech,
    originals: Originals,
) -> None:
    """Yes, delete it. Where the service cannot be reached nothing is forgotten here, so that it can be tried again."""
    job = await _deletable(query, callback_data, ctx, person, t)
    if job is None:
        return
    try:
        await originals.delete(job)
    except ProviderError as error:
        log.warning("result.not_deleted", job=job.id, error=error.detail)
        await speak.toast(query, t.plain("media-alert-not-deleted"), alert=True)
        return
    await speak.toast(query, t.plain("media-toast-deleted"))
    await _clear(bot, ctx, t, job, beside(query, job))
    if _here(query) != job.target.message_id and speak.carries(query):
        gone = await own_job(ctx, query, person, t, job.id)
        if gone is not None:
            await _card(ctx, query, t, gone)


async def _deletable(
    query: CallbackQuery, callback_data: JobAction, ctx: Context, person: User, t: Speech
) -> Job | None:
    job = await own_job(ctx, query, person, t, callback_data.id)
    if job is None:
        return None
    if job.state is JobState.DONE and DELETED not in job.facts:
        return job
    await speak.toast(query, t.plain("media-toast-deleted" if DELETED in job.facts else "order-toast-stale"))
    return None


async def _clear(bot: Bot, ctx: Context, t: Speech, job: Job, place: Target) -> None:
    """Takes the messages out of the chat; of those that Telegram keeps, the job's says that it was deleted."""
    chat = job.target.chat_id
    ids = [job.target.message_id, *(d.message_id for d in job.delivered)]
    try:
        await ctx.outbox.call(DeleteMessages(chat_id=chat, message_ids=[i for i in ids if i]))
    except (TelegramForbiddenError, TelegramNotFound):
        return
    except TelegramBadRequest as error:
        log.info("result.messages_stay", job=job.id, error=error.message[:200])
        try:
            await edit_words(bot, job.target, t("media-deleted-here"), None)
        except (TelegramBadRequest, TelegramForbiddenError, TelegramNotFound):
            await speak.send(ctx, place, t("media-deleted-here"))


async def _card(ctx: Context, query: CallbackQuery, t: Speech, job: Job) -> None:
    text, shown = await job_pages.card_page(ctx, t, job, 0)
    assert query.message is not None
    await speak.edit(ctx, Target(query.message.chat.id, None, query.message.message_id), text, shown)


def _here(query: CallbackQuery) -> int:
    return query.message.message_id if query.message is not None else 0


async def _dress(ctx: Context, query: CallbackQuery, shown: InlineKeyboardMarkup) -> None:
    assert query.message is not None
    method = EditMessageReplyMarkup(
        chat_id=query.message.chat.id, message_id=query.message.message_id, reply_markup=shown
    )
    try:
        await ctx.outbox.call(method)
    except (TelegramBadRequest, TelegramForbiddenError, TelegramNotFound):
        return
