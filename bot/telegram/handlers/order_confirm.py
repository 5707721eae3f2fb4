"""Confirm: the draft becomes a job with its hold, or the person hears why not and what to do about it."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.errors import NotEnoughCredits, NotOnSale, QueueFull, Refusal, TooManyActiveJobs
from bot.domain.jobs import Order
from bot.domain.money import Credits
from bot.engine.drafts import Draft
from bot.engine.inbox import Ticket
from bot.engine.people import User
from bot.engine.ports import Progress, Stage
from bot.engine.submit import Placed, QuoteStale
from bot.telegram import credits_request, speak
from bot.telegram.callbacks import DraftAction, acts
from bot.telegram.captions import Words
from bot.telegram.context import Context
from bot.telegram.job_buttons import cancel_button
from bot.telegram.order_card import credits_text, lines, quoted
from bot.telegram.order_desk import Desk, is_private, market, place_of_draft
from bot.telegram.order_draft import OrderDraft
from bot.telegram.order_keyboards import missing_keyboard, refused_keyboard, seal
from bot.telegram.texts import Html, Speech


def build_router() -> Router:
    router = Router(name="order-confirm")
    router.callback_query.register(confirm, DraftAction.filter(), acts("ok"))
    router.callback_query.register(ask, DraftAction.filter(), acts("ask"))
    return router


async def confirm(
    query: CallbackQuery,
    callback_data: DraftAction,
    ctx: Context,
    person: User,
    t: Speech,
    *,
    ticket: Ticket | None = None,
) -> None:
    """Orders exactly what the confirmation showed: a button of an earlier state shows the present one instead."""
    desk = Desk(ctx, person, t)
    draft = await desk.owned(query, callback_data.id)
    if draft is None:
        return
    order = OrderDraft.from_data(draft.data)
    model, quote, quoted_at = order.model, draft.quote, draft.quoted_at
    if model is None or quote is None or quoted_at is None or callback_data.arg != seal(order, quote):
        await speak.toast(query, t.plain("order-toast-stale"))
        note = t("order-changed") if quote is not None else None
        await desk.show(draft, order, await market(ctx), note=note)
        return
    final = Order(
        id=draft.id,
        account_id=person.account_id,
        user_id=person.id,
        model=model,
        prompt=order.prompt,
        options=order.chosen(),
        quote=quote,
        locale=t.language,
        target=place_of_draft(draft),
        inputs=order.inputs,
    )
    try:
        placed = await ctx.orders.submit(final, quoted_at=quoted_at, ticket=ticket)
    except Refusal as refusal:
        await _refused(query, desk, draft, order, refusal)
    else:
        await _placed(query, ctx, t, placed)


async def _placed(query: CallbackQuery, ctx: Context, t: Speech, placed: Placed) -> None:
    """The same message shows the queue at once. It goes out as progress, so that the worker's newer news replace it."""
    if placed.existed:
        await speak.toast(query, t.plain("order-toast-placed"))
        return
    progress = Progress(Stage.QUEUED, position=placed.position)
    text = Words(ctx.shop.catalog).progress(t, placed.job, progress)
    ctx.outbox.progress(placed.job.target, text, cancel_button(t, placed.job, progress))
    await speak.toast(query, t.plain("order-toast-placed-now"))


async def _refused(query: CallbackQuery, desk: Desk, draft: Draft, order: OrderDraft, refusal: Refusal) -> None:
    ctx, t = desk.ctx, desk.t
    await speak.toast(query)
    markup = refused_keyboard(t, draft.id)
    match refusal:
        case QuoteStale(quote=quote):
            note = t("order-requoted-same" if quote == draft.quote else "order-requoted")
            await desk.show(draft, order, await market(ctx), note=note)
            return
        case NotEnoughCredits(available=available, needed=needed):
            said = missing_text(ctx, t, available, needed, private=is_private(draft.chat_id))
            markup = missing_keyboard(t, draft.id, ask=bool(ctx.options.admin_ids))
        case TooManyActiveJobs(limit=limit):
            said = t("order-too-many-jobs", limit=limit)
        case QueueFull():
            said = t("order-queue-full")
        case NotOnSale(model=slug):
            model = ctx.shop.model(slug)
            said = t("order-not-on-sale", model=t.title(model.title) if model is not None else slug)
        case _:
            raise refusal
    await speak.edit(ctx, place_of_draft(draft), lines([said, quoted(t, order.prompt)]), markup)


def missing_text(ctx: Context, t: Speech, available: Credits, needed: Credits, *, private: bool) -> Html:
    """What is missing and how to get it; in groups without any figure of the balance."""
    if not private:
        return t("order-missing-group")
    missing = Credits(needed - available)
    said = t(
        "order-missing",
        price=credits_text(t, needed),
        balance=credits_text(t, available),
        missing=credits_text(t, missing),
    )
    return lines([said, credits_request.how_to_get(ctx, t)])


async def ask(query: CallbackQuery, callback_data: DraftAction, ctx: Context, person: User, t: Speech) -> None:
    """Asks the operator for what this order lacks."""
    draft = await Desk(ctx, person, t).owned(query, callback_data.id)
    if draft is not None:
        answer = await credits_request.ask(ctx, person, price=draft.quote)
        await speak.toast(query, t.plain(answer), alert=True)
