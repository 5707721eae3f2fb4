"""Check again: whether an order that could not be paid can be paid by now."""

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.chats import is_private
from bot.engine.dialogs.drafts import Draft
from bot.telegram.i18n.lengths import without_markup
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.handlers.own_draft import own_draft
from bot.telegram.orders.view.menu_message import Menu
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.orders.view.unpayable import openly_shown
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import DraftAction, acts


def build_router() -> Router:
    router = Router(name="order-unpayable")
    router.callback_query.register(check, DraftAction.filter(), acts("check"), own_draft)
    return router


async def check(query: CallbackQuery, presenter: OrderPresenter, draft: Draft) -> None:
    """The card at today's price and balance. Where it shows what it showed before, the press says so."""
    menu = await presenter.menu(draft, OrderDraft.from_data(draft.data), await market(presenter.ctx, draft.chat_id))
    here = query.message if isinstance(query.message, Message) else None
    same = here is not None and _shows(here, draft, menu)
    await messages.answer_callback(query, presenter.t.plain("order-toast-still-short") if same else "")
    await presenter.draw(draft, menu)


def _shows(message: Message, draft: Draft, menu: Menu) -> bool:
    """Whether it has every line and button of the menu already; it may have more lines, such as that it waited."""
    text, keyboard = menu
    alone = is_private(draft.chat_id) or bool(draft.ephemeral_id)
    keys = keyboard if alone else openly_shown(keyboard)
    return _lines(without_markup(text)) <= _lines(message.text or "") and _labels(keys) == _labels(message.reply_markup)


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines()}


def _labels(keyboard: InlineKeyboardMarkup | None) -> list[str]:
    return [b.text for row in keyboard.inline_keyboard for b in row] if keyboard is not None else []
