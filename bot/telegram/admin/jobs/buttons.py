"""Refund and Cancel on a job's card: each asks first; a press that comes too late is told how the job stands."""

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup

from bot.domain.errors import NotCancellable, UnknownJob
from bot.domain.jobs import Job
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts
from bot.telegram.admin.access import acts
from bot.telegram.admin.credits.adjustment import choice
from bot.telegram.admin.jobs.card import job_markup, job_page
from bot.telegram.admin.jobs.refunds import job_id_of, open_question, question
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.captions import model_title
from bot.telegram.ui.keyboards import button, markup
from bot.telegram.ui.paging import wanted


def build_router() -> Router:
    router = Router(name="admin-job-buttons")
    router.callback_query.register(ask_refund, AdminAction.filter(), acts("refund"))
    router.callback_query.register(ask_stop, AdminAction.filter(), acts("stop"))
    router.callback_query.register(stop, AdminAction.filter(), acts("stop-ok"))
    return router


async def ask_refund(query: CallbackQuery, callback_data: AdminAction, t: Speech, replies: AdminReplies) -> None:
    job, user = await _job(replies, callback_data.id)
    if job is None or not job.refundable:
        await replies.answer_callback(query, "admin-toast-not-refundable", alert=True)
        return
    draft = await open_question(replies, job, "", drafts.draft_id("cb", query.id))
    await replies.answer_press(query, question(replies, job, user, ""), choice(t, draft.id, danger=True))


async def ask_stop(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    job, _ = await _job(replies, callback_data.id)
    if job is None or not job.cancellable:
        await replies.answer_callback(query, "admin-toast-not-cancellable", alert=True)
        return
    model = model_title(t, ctx.shop.catalog, job.model)
    await replies.answer_callback(query)
    asked = t("admin-ask-stop", job=job.id, model=model, held=credits_text(t, job.quote))
    await replies.show(query, asked, _stop_markup(t, job, callback_data.arg))


def _stop_markup(t: Speech, job: Job, came_from: str) -> InlineKeyboardMarkup:
    yes = button(t.plain("admin-tap-stop-sure"), AdminAction(act="stop-ok", id=job.id, arg=came_from), "danger")
    return markup([[yes, button(t.plain("tap-back"), AdminAction(act="job", id=job.id, arg=came_from))]])


async def stop(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    """Cancels: the hold is released at once and the job's own message says so to its user. Shows the card again."""
    job_id = job_id_of(callback_data.id)
    if job_id is None:
        await replies.answer_callback(query, "order-toast-stale")
        return
    try:
        await ctx.orders.cancel(job_id, account_id=None)
    except UnknownJob:
        await replies.answer_callback(query, "order-toast-stale")
        return
    except NotCancellable:
        await replies.answer_callback(query, "admin-toast-not-cancellable", alert=True)
    else:
        await replies.answer_callback(query, "admin-toast-stopped")
    known = await ctx.engine.job_records.of(job_id)
    if known is not None:
        came_from = str(wanted(callback_data.arg))
        await replies.show(query, job_page(replies, known), job_markup(t, known.job, "job", came_from))


async def _job(replies: AdminReplies, text: str) -> tuple[Job | None, User | None]:
    job_id = job_id_of(text)
    found = await replies.ctx.engine.job_records.job(job_id) if job_id is not None else None
    return found or (None, None)
