"""An order in words, from any handler: read, refused with a sentence, or opened as the order's message."""

from dataclasses import replace

from bot.domain.chats import is_private
from bot.domain.jobs import Target
from bot.engine.dialogs.drafts import Draft
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.orders.checkout import go_on, start
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import Wrong, read
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.ui import messages


async def serve(
    presenter: OrderPresenter,
    place: Target,
    draft_id: str,
    request: OrderRequest,
    *,
    welcomed: bool = False,
    over: Draft | None = None,
    more_to_come: bool = False,
) -> bool:
    """False: the request could not be taken, and why was told. `place` is the message that asked; `over` an open order
    of the person that it replaces, in whose message it goes on. `more_to_come`: it may be one picture of several, so
    that it does not begin without a question."""
    ctx, t = presenter.ctx, presenter.t
    if welcomed:
        gift = credits_text(t, ctx.options.welcome)
        await messages.send(ctx, place, t("menu-welcome-credits", credits=gift))
    offers = await market(ctx)
    own = await ctx.engine.settings.of(presenter.person.id)
    if own.models and not is_private(place.chat_id):  # a usual model that is not allowed here was not asked for
        here = await market(ctx, place.chat_id)
        own = replace(own, models={kind: slug for kind, slug in own.models.items() if here.get(slug) is not None})
    try:
        order = read(t, request, offers, own=own)
    except Wrong as wrong:
        await presenter.tell(place, wrong.text)
        return False
    order = replace(
        order,
        ask_first=more_to_come,
        card=True,
        any_kind=request.kind is None and request.model is None and order.model is None,
    )
    if over is not None:
        await go_on(presenter, over, await presenter.completed(order, offers), offers)
    else:
        await start(presenter, draft_id, place, order, offers)
    return True
