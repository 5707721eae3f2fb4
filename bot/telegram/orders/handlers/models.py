"""/models and /price: what is on sale, and what it costs before anything is ordered."""

import functools
from collections.abc import Mapping

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.catalog.models import Kind, Model
from bot.domain.chats import is_private
from bot.domain.orders.matching import Ambiguous, Missing, match
from bot.engine.accounts.preferences import Preferences
from bot.engine.accounts.users import User
from bot.engine.catalog.shop import Offer
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.draft import Market
from bot.telegram.orders.draft.option_values import one, options_of
from bot.telegram.orders.draft.parse import MODEL, Wrong, model_names, parse, problems, reader, with_presets
from bot.telegram.orders.view.models_page import models_page, price_text
from bot.telegram.orders.view.presenter import market
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import MenuAction, acts
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import place_of
from bot.telegram.ui.paging import page_number


def build_router() -> Router:
    """`/models sync` and the like are an admin's, whose router comes first."""
    router = Router(name="models")
    router.message.register(models_command, is_command("models"))
    router.message.register(price_command, is_command("price"))
    router.callback_query.register(turn, MenuAction.filter(), acts("models"))
    return router


async def models_command(message: Message, command: CommandObject, ctx: Context, t: Speech) -> None:
    """`/models video` opens that page."""
    wanted = (command.args or "").strip().lower().lstrip("/")
    kind = Kind(wanted) if wanted in set(Kind) else None
    text, markup = models_page(t, (await market(ctx, message.chat.id)).offers, ctx.shop.catalog.terms, kind, 0)
    await messages.send(ctx, place_of(message), text, markup, reply=not is_private(message.chat.id))


async def turn(query: CallbackQuery, callback_data: MenuAction, ctx: Context, t: Speech) -> None:
    kind, _, number = callback_data.arg.partition(".")
    page, message = page_number(number), query.message
    if message is None or page is None or kind not in set(Kind) or not messages.has_button(query):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    await messages.answer_callback(query)
    offers = (await market(ctx, message.chat.id)).offers
    text, markup = models_page(t, offers, ctx.shop.catalog.terms, Kind(kind), page)
    await messages.edit(ctx, messages.target_of(message), text, markup)


async def price_command(message: Message, command: CommandObject, ctx: Context, person: User, t: Speech) -> None:
    offers = await market(ctx)
    own = await ctx.engine.settings.of(person.id)
    try:
        text = _price(ctx, t, command.args or "", offers, own)
    except Wrong as wrong:
        text = wrong.text
    await messages.send(ctx, place_of(message), text, reply=not is_private(message.chat.id))


def _price(ctx: Context, t: Speech, text: str, offers: Market, own: Preferences) -> Html:
    """Raises Wrong for what is not understood."""
    parsed = parse(text, offers.offers, with_model=True, presets=own.presets)
    if parsed.problems:
        raise Wrong(problems(t, offers.offers, parsed.problems, presets=own.presets))
    say = functools.partial(_priced, ctx, t, parsed.prompt, offers)
    return with_presets(t, parsed, own, reader(offers.offers), say)


def _priced(ctx: Context, t: Speech, prompt: str, offers: Market, values: Mapping[str, str]) -> Html:
    typed = dict(values)
    named = typed.pop(MODEL, None)
    words = named or prompt
    if not words.strip():
        raise Wrong(t("price-how", example=_example(offers.offers)))
    offer, left = _named(t, words, offers.offers)
    options = options_of(t, offer.model, typed, [o.model for o in offers.offers])
    said = price_text(t, offer, options, offers, ctx.shop.catalog.terms[offer.model.provider])
    left = prompt if named else left
    return Html(f"{said}\n{t('price-words', words=shorten(left, 60))}") if left else said


def _named(t: Speech, words: str, offers: tuple[Offer, ...]) -> tuple[Offer, str]:
    """The model that the words begin with, as many of them as name one, and the words that are left."""
    titles = {o.model.slug: t.title(o.model.title) for o in offers}
    names = [(o.model.slug, model_names(o.model)) for o in offers]
    split = words.strip().lstrip("/").split()[:8]
    for count in range(len(split), 0, -1):
        found = match(" ".join(split[:count]), names)
        if not isinstance(found, Missing | Ambiguous):
            return next(o for o in offers if o.model.slug == found.key), " ".join(split[count:])
    first = match(split[0], names)
    asked = match(" ".join(split), names) if isinstance(first, Missing) and not first.nearest else first
    key = one(t, asked, " ".join(split), titles, unknown="order-unknown-model")
    return next(o for o in offers if o.model.slug == key), ""


def _example(offers: tuple[Offer, ...]) -> str:
    models: list[Model] = [o.model for o in offers]
    found = next((m for m in models if m.option("n") is not None), None)
    if found is not None:
        return f"{found.slug} --n 2"
    return models[0].slug if models else "…"
