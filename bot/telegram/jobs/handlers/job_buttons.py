"""The buttons under a job's message: receipt, again, other style, other model, and cancel.

Orders that follow from a job open a new message: a result is never changed. Cancelling a running job asks once more,
in a message of its own, because progress rewrites the job's message every few seconds and would lose the question.
"""

from dataclasses import replace
from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.domain.chats import is_private
from bot.domain.errors import Refusal, TooManyCancels
from bot.domain.jobs import Input, Job, JobState, Target
from bot.domain.money import Credits
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import draft_id
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs import list_page, texts
from bot.telegram.jobs.handlers.own_job import own_job, shared_job
from bot.telegram.jobs.remedies import ended_buttons
from bot.telegram.jobs.wait_until_done import wait_until_done
from bot.telegram.orders.checkout import start
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.draft.repeat import following
from bot.telegram.orders.draft.steps import PromptTooLong
from bot.telegram.orders.input_pictures import InputPictures, NoPicture
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.orders.view.refusals import Place, refusal_toast
from bot.telegram.orders.view.texts import too_long_toast
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction, acts
from bot.telegram.ui.captions import JobTexts
from bot.telegram.ui.keyboards import sure_menu

ASK_EVERY: Final = 30.0
"""Seconds in which a second tap on Cancel sends no second question."""


def build_router() -> Router:
    router = Router(name="job-buttons")
    following = acts("again", "style", "model", "with", "without", "options", "words")
    router.callback_query.register(receipt, JobAction.filter(), acts("receipt"), own_job)
    router.callback_query.register(follow, JobAction.filter(), following, shared_job)
    router.callback_query.register(cancel, JobAction.filter(), acts("cancel"), own_job)
    router.callback_query.register(sure, JobAction.filter(), acts("sure"), own_job)
    router.callback_query.register(keep, JobAction.filter(), acts("keep"), own_job)
    return router


async def receipt(query: CallbackQuery, ctx: Context, person: User, t: Speech, job: Job) -> None:
    """An alert that only its owner sees; the balance in private chats only."""
    job = await wait_until_done(ctx, job)
    balance: Credits | None = None
    if query.message is not None and is_private(query.message.chat.id):
        balance = await ctx.engine.wallets.available(person.account_id)
    await messages.answer_callback(query, texts.receipt(t, job, balance), alert=True)


async def follow(
    query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter, pictures: InputPictures, job: Job
) -> None:
    """Again, or with another style, model, option or other words: a new order with the same pictures, in a new message.
    In a group every member may press it, and the new order is theirs, unless it works on what a service keeps for
    another user."""
    if job.user_id != presenter.person.id and not all(picture.blob for picture in job.inputs):
        await messages.answer_callback(query, presenter.t.plain("order-toast-not-yours"))
        return
    await once_more(presenter, query, job, callback_data.act, callback_data.arg, pictures)


async def once_more(
    presenter: OrderPresenter,
    query: CallbackQuery,
    job: Job,
    act: str,
    arg: str,
    pictures: InputPictures,
) -> None:
    """The order that follows from a job, as draft/repeat.py makes it, with pictures that are still to be had."""
    ctx, t, mine = presenter.ctx, presenter.t, job.user_id == presenter.person.id
    offers = await market(ctx)
    try:
        found = await pictures.once_more(job, offers.offers)
        if not mine:  # to another user they are pictures like any other
            found = tuple(Input(picture.blob, picture.mime) for picture in found)
        order = following(replace(job, inputs=found), act, arg, offers)
    except NoPicture as none:
        await messages.answer_callback(query, t.plain(none.text), alert=True)
        return
    except PromptTooLong as error:
        await messages.answer_callback(query, too_long_toast(t, error.model, job.prompt), alert=True)
        return
    if order is None:
        await messages.answer_callback(query, t.plain("order-toast-not-sold"), alert=True)
        return
    await messages.answer_callback(query)
    await begin(presenter, query, job, order if mine else replace(order, source=""), offers)


async def begin(presenter: OrderPresenter, query: CallbackQuery, job: Job, order: OrderDraft, offers: Market) -> None:
    """Opens the order that a press under a job makes; the same press again opens nothing more."""
    await start(presenter, draft_id("cb", query.id), reply_place(query, job), order, offers)


def reply_place(query: CallbackQuery, job: Job) -> Target:
    """Where an answer to a press under a job belongs: chat and topic of the button, which may stand under a copy."""
    message = query.message
    if isinstance(message, Message):
        return Target(message.chat.id, message.message_thread_id if message.is_topic_message else None, 0)
    if message is None or message.chat.id == job.target.chat_id:
        return Target(job.target.chat_id, job.target.thread_id, 0)
    return Target(message.chat.id, None, 0)


async def cancel(query: CallbackQuery, presenter: OrderPresenter, job: Job) -> None:
    """A waiting job at once; a running one after a question, for it has cost the operator something."""
    ctx, t = presenter.ctx, presenter.t
    if not job.paid_upstream:
        await cancel_now(query, ctx, t, job)
        await _show_end(query, ctx, presenter.person, t, job)
        return
    if not await ctx.orders.cancels_left(job.account_id):  # no question whose yes would be refused
        await cancel_now(query, ctx, t, job)
        return
    async with ctx.engine.cooldowns.attempt(_asked(job), every=ASK_EVERY) as first:
        text = t("jobs-cancel-running", title=texts.title(t, ctx.shop.catalog, job))
        place = reply_place(query, job)
        replied = Target(place.chat_id, place.thread_id, query.message.message_id if query.message else 0)
        if first:
            await presenter.tell(replied, text, sure_menu(t, job))
    await messages.answer_callback(query, t.plain("jobs-toast-asked"))


async def sure(query: CallbackQuery, ctx: Context, t: Speech, job: Job) -> None:
    """Yes, cancel."""
    done = await cancel_now(query, ctx, t, job)
    message = query.message
    if isinstance(message, Message) and messages.has_button(query):
        title = texts.title(t, ctx.shop.catalog, job)
        text = t("jobs-cancelled", title=title) if done else t("jobs-not-cancelled", title=title)
        await messages.edit(ctx, messages.target_of(message), text)


async def keep(query: CallbackQuery, ctx: Context, t: Speech, job: Job) -> None:
    """No: the question goes away."""
    await ctx.engine.cooldowns.clear(_asked(job))
    await messages.answer_callback(query, t.plain("jobs-toast-too-late" if job.state.finished else "jobs-toast-kept"))
    if isinstance(query.message, Message) and messages.has_button(query):
        await messages.delete(ctx, messages.target_of(query.message))


async def _show_end(query: CallbackQuery, ctx: Context, person: User, t: Speech, job: Job) -> None:
    """In a list or card its new state. In the job's own message how it had ended, if that could not be written there
    at the time: the bot was blocked. A message that was the job's, or was sent without our hearing of it, goes away."""
    here = query.message
    if here is None or (here.chat.id, here.message_id) != (job.target.chat_id, job.target.message_id):
        if isinstance(here, Message) and job.target.message_id and _only_cancels(query, here):
            await messages.delete(ctx, messages.target_of(here))
            return
        await list_page.renew(ctx, query, person, t, job.id)
    elif job.state in (JobState.FAILED, JobState.CANCELLED) and messages.has_button(query):
        speech = ctx.texts.of(job.locale)
        text = JobTexts(ctx.shop.catalog).ended(speech, job)
        await messages.edit(ctx, job.target, text, await ended_buttons(speech, job, ctx.shop))


def _only_cancels(query: CallbackQuery, message: Message) -> bool:
    """Whether the pressed button is the only one there, as while a job is under way."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup is not None else []
    return messages.has_button(query) and sum(len(row) for row in rows) == 1


def _asked(job: Job) -> str:
    return f"cancel:{job.id}"


async def cancel_now(query: CallbackQuery, ctx: Context, t: Speech, job: Job) -> bool:
    """Cancels the job and answers the press. True when it is cancelled: the hold is released in the same transaction,
    its message follows."""
    try:
        await ctx.orders.cancel(job.id, account_id=job.account_id)
    except Refusal as refusal:
        await answer_refused(query, ctx, t, refusal)
        return False
    await messages.answer_callback(query, t.plain("jobs-toast-cancelled"))
    return True


async def answer_refused(query: CallbackQuery, ctx: Context, t: Speech, refusal: Refusal) -> None:
    """Why a job is not cancelled; a limit as an alert."""
    alert = isinstance(refusal, TooManyCancels)
    await messages.answer_callback(query, refusal_toast(ctx, t, refusal, Place.ORDER), alert=alert)
