"""The buttons of an order's steps: kind, model, style, pages, Back and Cancel."""

from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.chats import is_private
from bot.engine.dialogs.drafts import Draft
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.checkout import go_on
from bot.telegram.orders.draft.card_press import press
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.draft.option_menu import BadPress
from bot.telegram.orders.draft.steps import PromptTooLong
from bot.telegram.orders.handlers.own_draft import own_draft
from bot.telegram.orders.view.menu_message import close
from bot.telegram.orders.view.presenter import OrderPresenter, market, place_of_draft
from bot.telegram.orders.view.texts import too_long_toast
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import DraftAction, acts

FORWARD: Final = frozenset({"kind", "model", "last", "opt", "swap"})
"""Presses that may end in the job itself where the person wants no confirmation; a look around never does."""


def build_router() -> Router:
    """Any act that no other router of drafts takes is a step, or a forgery that the steps refuse."""
    router = Router(name="order-menu")
    router.callback_query.register(cancel, DraftAction.filter(), acts("cancel"), own_draft)
    router.callback_query.register(again, DraftAction.filter(), acts("show"), own_draft)
    router.callback_query.register(step, DraftAction.filter(), own_draft)
    return router


async def step(query: CallbackQuery, callback_data: DraftAction, presenter: OrderPresenter, draft: Draft) -> None:
    """One step on or back. What does not fit the open step is told, and the message shows how things stand."""
    t, offers = presenter.t, await market(presenter.ctx, draft.chat_id)
    order = OrderDraft.from_data(draft.data)
    try:
        changed = press(order, callback_data.act, callback_data.arg, offers)
        if callback_data.act == "kind":
            changed = await presenter.completed(changed, offers)
    except BadPress:
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        await presenter.show(draft, order, offers)
        return
    except PromptTooLong as error:
        await messages.answer_callback(query, too_long_toast(t, error.model, order.prompt), alert=True)
        return
    await messages.answer_callback(query, _taken_back(t, order, changed, offers))
    if changed != order:
        in_place = order.card and order.model is not None  # the card is being changed: what it becomes is looked at
        await go_on(presenter, draft, changed, offers, ask=in_place or callback_data.act not in FORWARD)


def _taken_back(t: Speech, before: OrderDraft, after: OrderDraft, offers: Market) -> str:
    """Says which option gave way to the one just chosen; "" for none."""
    offer = offers.get(after.model)
    if offer is None or not after.menu or len(after.chosen()) > len(before.chosen()):
        return ""
    lost = [o for o in offer.model.options if o.name in before.chosen() and o.name not in after.chosen()]
    new = after.chosen().keys() - before.chosen().keys()
    return t.plain("option-taken-back", option=t.title(lost[0].title)) if lost and new else ""


async def again(query: CallbackQuery, presenter: OrderPresenter, draft: Draft) -> None:
    """Back from a refusal to the confirmation, priced anew."""
    await messages.answer_callback(query)
    await presenter.show(draft, OrderDraft.from_data(draft.data), await market(presenter.ctx, draft.chat_id))


async def cancel(query: CallbackQuery, ctx: Context, t: Speech, draft: Draft) -> None:
    """Gives the draft up: nothing was held for it."""
    await ctx.engine.drafts.give_up(draft.id)
    await messages.answer_callback(query, t.plain("order-toast-cancelled"))
    if is_private(draft.chat_id):
        await messages.edit(ctx, place_of_draft(draft), t("order-cancelled"))
    else:
        await close(ctx, draft)
