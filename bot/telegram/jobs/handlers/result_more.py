"""More that is done with a result: set to music, favourite or not, its settings once more as a command."""

from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Job, JobState
from bot.engine.accounts.preferences import Preferences
from bot.telegram.i18n.lengths import MESSAGE_MAX, units
from bot.telegram.i18n.texts import Html, Speech, escape
from bot.telegram.jobs.as_command import command_of
from bot.telegram.jobs.handlers.job_buttons import begin, reply_place
from bot.telegram.jobs.handlers.own_job import done_job, own_job
from bot.telegram.jobs.handlers.result_buttons import at_press, dress, with_way_back
from bot.telegram.jobs.keyboards import more_buttons, preferred, sings
from bot.telegram.orders.draft.draft import Market
from bot.telegram.orders.draft.repeat import on_result
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction, acts

AGAIN_EVERY: Final = 5.0
"""Seconds in which a second tap sends no second message."""


def build_router() -> Router:
    router = Router(name="result-material")
    router.callback_query.register(music, JobAction.filter(), acts("music"), done_job)
    router.callback_query.register(favourite, JobAction.filter(), acts("fav"), done_job)
    router.callback_query.register(reuse, JobAction.filter(), acts("reuse"), own_job)
    return router


async def music(query: CallbackQuery, presenter: OrderPresenter, job: Job) -> None:
    """The result's prompt becomes that of a song: a new order."""
    ctx, t = presenter.ctx, presenter.t
    offers = await market(ctx, reply_place(query, job).chat_id)
    own = await ctx.engine.settings.of(presenter.person.id)
    offer = preferred([o for o in offers.offers if sings(o.model, job)], Kind.MUSIC, own)
    if offer is None:
        await messages.answer_callback(query, t.plain("order-toast-not-sold"), alert=True)
        return
    await messages.answer_callback(query)
    order = on_result(Kind.MUSIC, (), offer.model, own, prompt=job.prompt, source=job.id)
    await begin(presenter, query, job, order, offers)


async def favourite(query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter, job: Job) -> None:
    """Onto the favourites' shelf, or off it: the button says which, so that a second tap changes nothing more."""
    ctx, person, t = presenter.ctx, presenter.person, presenter.t
    on = callback_data.arg == "1"
    marked = await ctx.engine.jobs.favourite(job.id, person.account_id, on=on)
    await messages.answer_callback(query, t.plain("history-toast-favourite" if on else "history-toast-unfavourite"))
    if marked is not None and messages.has_button(query):
        shown = await more_buttons(t, at_press(query, marked), ctx.shop, await ctx.engine.settings.of(person.id))
        await dress(ctx, query, with_way_back(query, shown))


async def reuse(query: CallbackQuery, presenter: OrderPresenter, job: Job) -> None:
    """The order as a command that is too long for a button that copies: as a message to copy from."""
    ctx, t, place = presenter.ctx, presenter.t, reply_place(query, job)
    offers = await market(ctx, place.chat_id)
    said = (
        settings_text(t, job, offers, await ctx.engine.settings.of(presenter.person.id))
        if job.state is JobState.DONE
        else None
    )
    if said is None:
        await messages.answer_callback(query, t.plain("order-toast-not-sold"), alert=True)
        return
    await messages.answer_callback(query)
    async with ctx.engine.cooldowns.attempt(f"reuse:{job.id}", every=AGAIN_EVERY) as first:
        if first:
            await presenter.tell(place, said)


def settings_text(t: Speech, job: Job, market: Market, own: Preferences) -> Html | None:
    """The command as code, which a tap copies. Where command and prompt together are longer than a message may be: the
    flags alone, to reply with to the prompt. None: it cannot be ordered like that."""
    command = command_of(t, job, market, own)
    if command is None:
        return None
    said = t("history-reuse-pictures" if job.inputs else "history-reuse")
    if units(command) > MESSAGE_MAX:
        command, said = command_of(t, job, market, own, prompt=False) or "", t("history-reuse-flags")
    code = Html(f"<pre>{escape(command)}</pre>")
    return code if units(said) + units(command) >= MESSAGE_MAX else lines([said, code])
