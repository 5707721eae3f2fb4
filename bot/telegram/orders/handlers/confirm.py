"""Confirm: the draft becomes a job with its hold, or the person hears why not and what to do about it."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.errors import KeyReused, Refusal
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import draft_id
from bot.telegram.context.context import Context
from bot.telegram.credits import request
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.checkout import place, priced_order, refuse, send_home, show_placed
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.view.keyboards import quote_fingerprint
from bot.telegram.orders.view.presenter import OrderPresenter, market, place_of_draft
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import DraftAction, acts
from bot.telegram.updates import unregistered


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
) -> None:
    """Orders exactly what the confirmation showed: a button of an earlier state shows the present one instead."""
    desk = OrderPresenter(ctx, person, t, query.id)
    draft = await desk.owned(query, callback_data.id)
    if draft is None:
        return
    if unregistered.is_stranger(person):
        await messages.answer_callback(query)
        at = replace(place_of_draft(draft), message_id=draft.reply_to)
        await send_home(desk, draft_id(draft.id, person.id), at, OrderDraft.from_data(draft.data))
        return
    shown = priced_order(draft)
    if shown is None or callback_data.arg != quote_fingerprint(shown.order, shown.quote):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        note = t("order-changed") if draft.quote is not None else None
        await desk.show(draft, OrderDraft.from_data(draft.data), await market(ctx, draft.chat_id), note=note)
        return
    try:
        placed = await place(desk, shown)
    except KeyReused:  # somebody else confirmed nobody's order in the same moment
        await messages.answer_callback(query, t.plain("order-toast-not-yours"))
    except Refusal as refusal:
        await messages.answer_callback(query)
        await refuse(desk, draft, shown.order, refusal)
    else:
        await messages.answer_callback(
            query, t.plain("order-toast-placed" if placed.existed else "order-toast-placed-now")
        )
        await show_placed(desk, shown, placed)


async def ask(query: CallbackQuery, callback_data: DraftAction, ctx: Context, person: User, t: Speech) -> None:
    """Asks the operator for what this order lacks."""
    draft = await OrderPresenter(ctx, person, t).owned(query, callback_data.id)
    if draft is not None:
        answer = await request.ask(ctx, person, price=draft.quote)
        await messages.answer_callback(query, t.plain(answer), alert=True)
