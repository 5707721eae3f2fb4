"""Whether an order begins without a Confirm: as the person chose in the settings, but never by a slip of the finger."""

from dataclasses import replace
from typing import Final

from bot.domain.chats import is_private
from bot.domain.money import Credits
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.draft.repeat import SEED
from bot.telegram.orders.view.keyboards import quote_fingerprint
from bot.telegram.orders.view.presenter import OrderPresenter, quote_of

TAP_EVERY: Final = 2.0
"""Seconds in which a second tap on a button that orders at once opens the confirmation instead."""


async def unasked(presenter: OrderPresenter, chat_id: int, order: OrderDraft, offers: Market) -> bool:
    """Whether this confirmation is to be skipped: only in private, and only up to the price that the person chose."""
    quote = quote_of(order, offers)
    if quote is None or order.ask_first or not is_private(chat_id):
        return False
    limit = (await presenter.ctx.engine.settings.of(presenter.person.id)).confirm_above
    return quote <= limit


async def tapped_before(presenter: OrderPresenter, draft_id: str, order: OrderDraft) -> bool:
    """Whether another press ordered the very same a moment ago: a second tap may be a slip, and is asked about. A press
    that is delivered again is what it was."""
    if not presenter.query_id:
        return False
    what = {name: value for name, value in order.chosen().items() if name != SEED}
    name = quote_fingerprint(replace(order, options=what), Credits(0))
    opened, again = await presenter.ctx.engine.drafts.tapped(
        draft_id, f"tap:{presenter.person.id}:{name}", every=TAP_EVERY
    )
    return OrderDraft.from_data(opened.data).ask_first if opened is not None else again
