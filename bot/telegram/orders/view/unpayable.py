"""The card of an order that its person cannot pay: what is missing, the ways to go on in place of Confirm, and that it
waits. Figures of the balance stand in private chats only, for a menu in a group may be seen by all."""

from typing import Final

from aiogram.types import InlineKeyboardMarkup

from bot.domain.chats import is_private
from bot.domain.money import Credits
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft
from bot.telegram.context.context import Context
from bot.telegram.credits import request
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.view.menu_message import Menu
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import DraftAction
from bot.telegram.ui.keyboards import Rows, button, markup

WITH_CONFIRM: Final = frozenset({"ok"})
"""Buttons that help only who can pay."""


def lacks(person: User, draft: Draft, quote: Credits | None, balance: Credits) -> bool:
    """Whether the order waits for credits, as the engine has it. An unclaimed one is paid by the one who confirms."""
    return quote is not None and quote > balance and bool(person.account_id) and not draft.is_unclaimed


def unpayable(
    ctx: Context, t: Speech, draft: Draft, order: OrderDraft, offers: Market, balance: Credits, menu: Menu
) -> Menu:
    """The `menu` of a confirmation without its Confirm."""
    text, keyboard = menu
    private = is_private(draft.chat_id)
    said = [text, t("order-unpayable"), t("order-waits") if private else t("order-waits-group")]
    contact = request.how_to_get(ctx, t)
    if private and (contact or not ctx.options.admin_ids):
        said.append(contact or t("credits-nobody"))
    rows = _ways(ctx, t, draft.id, order, offers, balance)
    return lines(said), markup([*rows, *_without(keyboard, WITH_CONFIRM)])


def openly_shown(keyboard: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    """The keyboard where all members of a group see it: a model that one can pay tells of the balance."""
    acts = {act for row in keyboard.inline_keyboard for b in row if (act := _act(b.callback_data))} if keyboard else ()
    return markup(_without(keyboard, frozenset({"swap"}))) if "check" in acts else keyboard


def _ways(ctx: Context, t: Speech, draft_id: str, order: OrderDraft, offers: Market, balance: Credits) -> Rows:
    rows: Rows = []
    if ctx.options.admin_ids:
        rows.append([button(t.plain("tap-ask-credits"), DraftAction(id=draft_id, act="ask"), "primary")])
    for offer in offers.payable(order, balance)[:1]:
        label = f"{t.title(offer.model.title)} · {t.money(offer.price)}"
        rows.append([button(label, DraftAction(id=draft_id, act="swap", arg=offer.model.slug))])
    rows.append([button(t.plain("tap-check-again"), DraftAction(id=draft_id, act="check"))])
    return rows


def _without(keyboard: InlineKeyboardMarkup | None, left_out: frozenset[str]) -> Rows:
    rows = keyboard.inline_keyboard if keyboard is not None else []
    kept = [[b for b in row if _act(b.callback_data) not in left_out] for row in rows]
    return [row for row in kept if row]


def _act(data: str | None) -> str:
    """The act of a draft's button; "" of another's."""
    prefix, _, rest = (data or "").partition(":")
    return rest.split(":")[1] if prefix == "d" and ":" in rest else ""
