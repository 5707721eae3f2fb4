"""The buttons of answers: Stop, Try again, New topic, a picture of it, and those of an answer in the lists of jobs."""

from typing import Any, Final

from aiogram.dispatcher.event.bases import CancelHandler
from aiogram.types import CallbackQuery, MessageGenerationStopped

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.errors import NotCancellable, UnknownJob
from bot.domain.jobs import Job, Target
from bot.engine.conversations.create_tool import ProposedOrder
from bot.engine.dialogs.drafts import draft_id
from bot.telegram.chat.ask import again
from bot.telegram.chat.keyboards import ChatAction, draft_number
from bot.telegram.chat.texts import words_of
from bot.telegram.chat.tool_calls import order_for
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.handlers.own_job import find_own_job, stale
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction

PICTURED: Final = 1_000
"""Characters of an answer of which a picture is made."""


async def is_answer(query: CallbackQuery, callback_data: JobAction, ctx: Context) -> bool | dict[str, Any]:
    """Whether a job's button belongs to an answer."""
    job = await ctx.engine.jobs.get(callback_data.id)
    return {"job": job} if job is not None and job.kind is Kind.ASK else False


async def is_answer_under_way(query: CallbackQuery, callback_data: JobAction, ctx: Context) -> bool | dict[str, Any]:
    found = await is_answer(query, callback_data, ctx)
    return found if isinstance(found, dict) and not found["job"].state.finished else False


async def own_answer(query: CallbackQuery, callback_data: ChatAction, presenter: OrderPresenter) -> dict[str, Job]:
    """Gives handlers their `job`: the answer under which the button stands, if it is this person's."""
    job = await find_own_job(presenter, query, callback_data.id)
    if job.kind is not Kind.ASK:
        await stale(presenter, query)
        raise CancelHandler
    return {"job": job}


async def again_press(
    query: CallbackQuery, callback_data: ChatAction | JobAction, presenter: OrderPresenter, job: Job
) -> None:
    """Try again under an answer that failed, with the model that the button names, if any, or without the option that
    it names; and Again in the list of jobs: the question is asked anew, in the chat where it is pressed."""
    bare = callback_data.act == "without"
    slug, without = ("", callback_data.arg) if bare else (callback_data.arg, "")
    await messages.answer_callback(query)
    here = query.message
    same = here is None or here.chat.id == job.target.chat_id
    place = (
        Target(job.target.chat_id, job.target.thread_id, 0) if same or here is None else Target(here.chat.id, None, 0)
    )
    began = await again(presenter, draft_id("cb", query.id), place, job, slug, without)
    if began and here is not None and _is_answers(query) and messages.has_button(query):
        await messages.remove_keyboard(presenter.ctx, query)


def _is_answers(query: CallbackQuery) -> bool:
    """Whether the button stands under an answer, whose only button it is."""
    return (query.data or "").startswith(f"{ChatAction.__prefix__}:")


async def stop_press(query: CallbackQuery, ctx: Context, t: Speech, job: Job) -> None:
    """Stop under an answer that streams by edits. In a list of jobs Cancel is Stop: what was said stays and is paid."""
    try:
        await ctx.asks.stop(job.id, account_id=job.account_id)
    except (NotCancellable, UnknownJob):
        await messages.answer_callback(query, t.plain("chat-toast-ended"))
    else:
        await messages.answer_callback(query, t.plain("chat-toast-stopped"))


async def new_topic_press(query: CallbackQuery, presenter: OrderPresenter, job: Job) -> None:
    """New topic under an answer: the conversation is forgotten, and what waits for its next answer."""
    ctx, person = presenter.ctx, presenter.person
    had = await ctx.engine.conversations.forget(job.target.chat_id, person.id)
    await messages.answer_callback(query, "" if had else presenter.t.plain("chat-toast-new-topic"))
    await messages.remove_keyboard(ctx, query)
    if had:
        await presenter.tell(Target(job.target.chat_id, job.target.thread_id, 0), presenter.t("chat-forgotten"))


async def picture_press(query: CallbackQuery, presenter: OrderPresenter, job: Job) -> None:
    """Make a picture of this: the answer's words become the prompt of an order, which shows its price."""
    ctx, t, place = presenter.ctx, presenter.t, Target(job.target.chat_id, job.target.thread_id, 0)
    offers = await market(ctx, place.chat_id)
    words = shorten(words_of(job) or job.prompt, PICTURED)
    pictures = [o for o in offers.offers if o.available and o.model.kind is Kind.IMAGE]
    order = await order_for(presenter, ProposedOrder(Kind.IMAGE.value, words), offers) if pictures else None
    if order is None:
        await messages.answer_callback(query, t.plain("order-toast-not-sold"), alert=True)
        return
    await messages.answer_callback(query)
    await presenter.open(draft_id("cb", query.id), place, order, offers)


async def draft_stopped(stopped: MessageGenerationStopped, ctx: Context) -> None:
    """Stop under a draft: it names the chat and the draft, which is one answer's of that chat's person."""
    chat_id = stopped.chat.id
    job = await ctx.engine.conversations.under_way(chat_id) if is_private(chat_id) else None
    if job is None or draft_number(job.id) != stopped.draft_id:
        return
    try:
        await ctx.asks.stop(job.id, account_id=job.account_id)
    except (NotCancellable, UnknownJob):
        return
