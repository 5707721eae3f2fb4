"""What a better wording of a prompt costs, and who is offered one."""

from bot.domain.catalog.models import Kind
from bot.domain.money import Credits
from bot.telegram.context.context import Context
from bot.telegram.orders.draft.draft import Market, OrderDraft


async def improvable(ctx: Context, user_id: int) -> bool:
    """Whether the person wants better prompts to be offered."""
    return (await ctx.engine.settings.of(user_id)).improve


def improve_price(ctx: Context, order: OrderDraft, offers: Market) -> Credits | None:
    """What the button says an improvement costs, 0 where it is free; None: no chat model, or nothing to improve."""
    models = [o.model for o in offers.offers if o.available and o.model.kind is Kind.ASK and o.model.tokens]
    offer = offers.get(order.model)
    if not models or not order.prompt or offer is None or not offer.model.prompt_limit:
        return None
    return ctx.asks.improve_price(models[0], order.prompt)
