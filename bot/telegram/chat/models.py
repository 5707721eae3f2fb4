"""Chat models on sale, and which of them a person talks to."""

from collections.abc import Sequence

from bot.domain.catalog.models import Kind, Model
from bot.domain.catalog.options import stored
from bot.domain.money import Credits
from bot.engine.accounts import preferences
from bot.engine.accounts.preferences import Preferences
from bot.telegram.context.context import Context
from bot.telegram.orders.draft.draft import Market, OrderDraft

TEMPERATURE = "temperature"


async def chat_models(ctx: Context) -> tuple[Model, ...]:
    """Those that can be asked at this moment, in menu order."""
    return tuple(o.model for o in await ctx.shop.offers(Kind.ASK) if o.available and o.model.tokens is not None)


def sold(ctx: Context) -> bool:
    """Whether there is a chat model with a key, paused or not; never asks the database."""
    return any(m.kind is Kind.ASK and m.tokens is not None for m in ctx.shop.models)


def preferred(models: Sequence[Model], chosen: Preferences) -> Model | None:
    """The person's model, else the first; None when there is none."""
    return next((m for m in models if m.slug == chosen.chat_model), models[0] if models else None)


def temperature_of(model: Model, chosen: Preferences) -> dict[str, str]:
    """The person's temperature as an option of this model, nothing where it has none."""
    option = model.option(TEMPERATURE)
    if option is None or not chosen.temperature or stored(option, chosen.temperature) != chosen.temperature:
        return {}
    return {TEMPERATURE: chosen.temperature}


async def improvable(ctx: Context, user_id: int) -> bool:
    """Whether the person wants better prompts to be offered."""
    return (await ctx.db.read(lambda conn: preferences.of(conn, user_id))).improve


def improve_price(ctx: Context, order: OrderDraft, offers: Market) -> Credits | None:
    """What the button says an improvement costs, 0 where it is free; None: no chat model, or nothing to improve."""
    models = [o.model for o in offers.offers if o.available and o.model.kind is Kind.ASK and o.model.tokens]
    offer = offers.get(order.model)
    if not models or not order.prompt or offer is None or not offer.model.prompt_limit:
        return None
    return ctx.orders.asks.improve_price(models[0], order.prompt)
