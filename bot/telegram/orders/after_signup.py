"""The order of a person who had no account when they sent it: it waits in their private chat for their Start."""

import re
from dataclasses import replace
from typing import Final

from bot.domain.jobs import Target
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft
from bot.telegram.context.context import Context
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.view.presenter import OrderPresenter, market

A_DRAFT: Final = re.compile("[a-z2-7]{13}")
"""What drafts.draft_id makes."""


async def waiting(ctx: Context, person: User, payload: str) -> Draft | None:
    """The draft behind the link that was followed, if it is this person's and waits here."""
    if not names_order(payload):
        return None
    draft = await ctx.engine.drafts.get(payload)
    if draft is None or (draft.user_id, draft.chat_id) != (person.id, person.id):
        return None
    return draft


def names_order(payload: str) -> bool:
    """Whether a link that was followed is one to an order, which may be gone."""
    return A_DRAFT.fullmatch(payload) is not None


async def show(presenter: OrderPresenter, draft: Draft) -> None:
    """Its message, anew when the link is followed again: the one before may be far above."""
    at, offers = Target(draft.chat_id, None, 0), await market(presenter.ctx)
    order = await presenter.completed(OrderDraft.from_data(draft.data), offers)
    await presenter.put(replace(draft, message_id=0, data=order.to_data()), at, offers)
