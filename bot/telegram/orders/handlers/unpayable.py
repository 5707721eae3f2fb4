"""Check again: whether an order that could not be paid can be paid by now."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.engine.dialogs.drafts import Draft
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.handlers.own_draft import own_draft
from bot.telegram.orders.view.presenter import OrderPresenter, market, quote_of
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import DraftAction, acts


def build_router() -> Router:
    router = Router(name="order-unpayable")
    router.callback_query.register(check, DraftAction.filter(), acts("check"), own_draft)
    return router


async def check(query: CallbackQuery, presenter: OrderPresenter, draft: Draft) -> None:
    """The card at today's price and balance; where it still cannot be paid, the press says so."""
    ctx, order = presenter.ctx, OrderDraft.from_data(draft.data)
    offers = await market(ctx, draft.chat_id)
    quote, account = quote_of(order, offers), presenter.person.account_id
    lacking = quote is not None and bool(account) and await ctx.engine.wallets.available(account) < quote
    await messages.answer_callback(query, presenter.t.plain("order-toast-still-short") if lacking else "")
    await presenter.show(draft, order, offers)
