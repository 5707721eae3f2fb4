"""Presses under the inline message of a job: Cancel, another try, one of several results."""

from typing import Final

import structlog
from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery

from bot.domain.jobs import Job, JobState
from bot.engine.accounts import preferences
from bot.engine.dialogs.drafts import draft_id
from bot.engine.results.originals import DELETED
from bot.telegram.inline.cards import card
from bot.telegram.inline.choices import Typed
from bot.telegram.inline.inline_view import InlineMessages
from bot.telegram.inline.press_context import InlinePress, choice_of, is_inline, own_inline_job
from bot.telegram.jobs.handlers.job_buttons import cancel_now
from bot.telegram.jobs.wait_until_done import wait_until_done
from bot.telegram.orders.view.presenter import market
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import InlineAction, JobAction, acts

log = structlog.get_logger(__name__)


ASK_EVERY: Final = 30.0
"""Seconds within which a second tap on Cancel means it."""


def build_router() -> Router:
    """Stands before the buttons of other messages, behind those of cards: whatever else is pressed under an inline
    message was never there."""
    router = Router(name="inline-jobs")
    router.callback_query.register(retry, InlineAction.filter(), acts("retry"), is_inline, own_inline_job)
    router.callback_query.register(see, InlineAction.filter(), acts("see"), is_inline, own_inline_job)
    router.callback_query.register(cancel, JobAction.filter(), acts("cancel"), is_inline, own_inline_job)
    router.callback_query.register(never_there, is_inline)
    return router


async def never_there(query: CallbackQuery, press: InlinePress) -> None:
    await press.toast("order-toast-stale")


async def retry(query: CallbackQuery, press: InlinePress, job: Job) -> None:
    """From a failure back to the card, with the price of now. One card follows each failure, however often it is
    pressed."""
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        await press.toast("order-toast-stale")
        return
    name, typed = draft_id("again", job.id), Typed.again(job)
    draft = await press.ctx.engine.cards.retry(job, name, typed.to_data())
    if draft is None:
        await press.toast("order-toast-placed")
        return
    offers = await market(press.ctx)
    choice = await choice_of(press, draft, preferences.Preferences(), job.model, offers)
    if choice is not None:
        await messages.answer_callback(query)
        await press.show(await card(press.ctx, press.t, draft.id, typed, choice, offers))


async def see(query: CallbackQuery, callback_data: InlineAction, press: InlinePress, job: Job) -> None:
    """Another of several results in the same message."""
    arg = callback_data.arg
    job = await wait_until_done(press.ctx, job)
    if DELETED in job.facts:
        await press.toast("media-toast-deleted")
        return
    index = int(arg) if arg.isdecimal() and len(arg) < 4 else -1
    if job.state is not JobState.DONE or not 0 <= index < len(job.delivered) or not job.delivered[index].file_id:
        await press.toast("order-toast-stale")
        return
    await messages.answer_callback(query)
    try:
        ctx = press.ctx
        await InlineMessages(press.bot, ctx.texts, ctx.shop, ctx.options, ctx.staging).show(job, index)
    except TelegramAPIError as error:
        log.info("inline.edit_refused", error=error.message[:200])


async def cancel(query: CallbackQuery, press: InlinePress, job: Job) -> None:
    """A waiting job at once; a running one has cost the operator something: it takes a second tap."""
    ctx = press.ctx
    asks = job.paid_upstream and await ctx.orders.cancels_left(job.account_id)
    if asks and await ctx.engine.cards.asks_first(job.id, every=ASK_EVERY):
        await press.toast("inline-toast-sure", alert=True)
        return
    await cancel_now(query, ctx, press.t, job)
