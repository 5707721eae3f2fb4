"""Brings orders back that waited for credits: a fresh card in the private chat, at today's price, below everything."""

from dataclasses import replace
from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError

from bot.domain.jobs import Target
from bot.engine.orders.waiting_orders import WaitingOrder
from bot.telegram.context.context import Context
from bot.telegram.context.due_rows import BATCH, serve_due
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.view.presenter import OrderPresenter, market, place_of_draft, quote_of
from bot.telegram.ui import messages

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 3.0


class Returning:
    """What can be paid is a row: any process brings it back, also after a restart."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def serve(self) -> None:
        """Runs until cancelled."""
        await serve_due(self.look, every=LOOK_EVERY)

    async def look(self) -> int:
        """Brings back what can be paid now, a bounded number; returns how many there were."""
        orders = await self._ctx.engine.waiting_orders.claim(BATCH)
        for order in orders:
            await self._bring(order)
        return len(orders)

    async def _bring(self, order: WaitingOrder) -> None:
        """A failure on the way leaves the order claimed: it is due again in a minute."""
        ctx = self._ctx
        back = await ctx.engine.waiting_orders.reopen(order)
        if back is None:
            return
        person, draft = back.person, back.draft
        presenter = OrderPresenter(ctx, person, ctx.texts.of(person.language or person.language_code))
        wish = replace(OrderDraft.from_data(draft.data), menu="", typing=False)
        offers = await market(ctx)
        note = _note(presenter, order, wish, offers)
        at = Target(draft.chat_id, draft.thread_id, 0)
        try:
            shown = await presenter.put(replace(draft, data=wish.to_data()), at, offers, note=note)
        except TelegramAPIError as error:
            log.info("waiting_order.not_sent", user=person.id, error=str(error)[:200])
            return
        if shown is not None and not shown.sent:
            await ctx.engine.waiting_orders.refused(order)
        elif back.earlier is not None:  # the same order above: its buttons would do the same
            await messages.delete(ctx, place_of_draft(back.earlier))


def _note(presenter: OrderPresenter, order: WaitingOrder, wish: OrderDraft, offers: Market) -> Html:
    t, quote = presenter.t, quote_of(wish, offers)
    if offers.get(wish.model) is None:
        return t("order-back-off-sale")
    if quote is None or quote == order.quote:
        return t("order-back")
    return t("order-back-price", before=credits_text(t, order.quote))
