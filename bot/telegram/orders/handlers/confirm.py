"""Confirm: the draft becomes a job with its hold, or the person hears why not and what to do about it."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.errors import KeyReused, Refusal
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft, draft_id
from bot.telegram.context.context import Context
from bot.telegram.credits import request
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.checkout import place, priced_order, refuse, send_home, show_placed
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.handlers.own_draft import own_draft
from bot.telegram.orders.view.keyboards import quote_fingerprint
from bot.telegram.orders.view.presenter import OrderPresenter, market, place_of_draft
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import DraftAction, acts
from bot.telegram.updates import unregistered


def build_router() -> Router:
    router = Router(name="order-confirm")
    router.callback_query.register(confirm, DraftAction.filter(), acts("ok"), own_draft)
    router.callback_query.register(ask, DraftAction.filter(), acts("ask"), own_draft)
    return router


async def confirm(query: CallbackQuery, callback_data: DraftAction, presenter: OrderPresenter, draft: Draft) -> None:
    """Orders exactly what the confirmation showed: a button of an earlier state shows the present one instead."""
    ctx, person, t = presenter.ctx, presenter.person, presenter.t
    if unregistered.is_stranger(person):
        await messages.answer_callback(query)
        at = replace(place_of_draft(draft), message_id=draft.reply_to)
        await send_home(presenter, draft_id(draft.id, person.id), at, OrderDraft.from_data(draft.data))
        return
    shown = priced_order(draft)
    if shown is None or callback_data.arg != quote_fingerprint(shown.order, shown.quote):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        note = t("order-changed") if draft.quote is not None else None
        await presenter.show(draft, OrderDraft.from_data(draft.data), await market(ctx, draft.chat_id), note=note)
        return
    try:
        placed = await place(presenter, shown)
    except KeyReused:  # another user confirmed the unclaimed order in the same moment
        await messages.answer_callback(query, t.plain("order-toast-not-yours"))
    except Refusal as refusal:
        await messages.answer_callback(query)
        await refuse(presenter, draft, shown.order, refusal)
    else:
        await messages.answer_callback(
            query, t.plain("order-toast-placed" if placed.existed else "order-toast-placed-now")
        )
        await show_placed(presenter, shown, placed)


async def ask(query: CallbackQuery, ctx: Context, person: User, t: Speech, draft: Draft) -> None:
    """Asks the operator for what this order lacks."""
    answer = await request.ask(ctx, person, price=draft.quote)
    await messages.answer_callback(query, t.plain(answer), alert=True)
