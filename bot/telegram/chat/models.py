"""Chat models on sale, and which of them a person talks to."""

from collections.abc import Sequence

from bot.domain.catalog.models import Kind, Model
from bot.domain.catalog.options import stored
from bot.engine.accounts.preferences import Preferences
from bot.telegram.context.context import Context

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
