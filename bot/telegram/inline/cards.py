"""What inline messages say before the order: the card with its price, the choice of a model, and what is wrong."""

from typing import Final

from aiogram.types import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)

from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.lengths import shorten, without_markup
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.inline.choices import Choice, Typed
from bot.telegram.inline.keyboards import CREDITS, LONG, Agreed, card_buttons, model_buttons
from bot.telegram.orders.draft.draft import Market
from bot.telegram.orders.view.keyboards import option_titles
from bot.telegram.orders.view.texts import lines, order_card, quoted
from bot.telegram.ui.model_texts import RECOMMENDED, reason_of
from bot.telegram.ui.option_texts import said_options

Card = tuple[Html, InlineKeyboardMarkup]
DESCRIPTION: Final = 160


async def card(
    ctx: Context,
    t: Speech,
    draft_id: str,
    typed: Typed,
    choice: Choice,
    market: Market,
    *,
    note: Html | None = None,
    way: str = "",
) -> Card:
    """The order with its price and Generate. `way`: the label of a link to the private chat, where credits are to be
    had; balances never show here."""
    cut = typed.cut and await ctx.links.start(ctx.outbox, LONG)
    text = lines(
        [
            order_card(t, choice.order, market, balance=None, note=note),
            t("inline-anybodys") if typed.anybodys else "",
            t("inline-cut") if cut else "",
            t("inline-tap"),
        ]
    )
    links = {"inline-button-long": cut or ""}
    if way:
        links[way] = await ctx.links.start(ctx.outbox, CREDITS)
    said = Agreed(choice.model.slug, choice.price, choice.quote_fingerprint)
    return text, card_buttons(t, draft_id, said, links)


def chooser(t: Speech, draft_id: str, found: tuple[Choice, ...], page: int = 0) -> Card:
    """The card that asks for the model."""
    text = lines([t("order-ask-model"), quoted(t, found[0].order.prompt)])
    return text, model_buttons(t, draft_id, [(each.model, each.price) for each in found], page)


def article(
    name: str, title: str, description: str, text: Html, markup: InlineKeyboardMarkup | None = None
) -> InlineQueryResultArticle:
    """A result that posts `text`; `name` is at most 64 bytes."""
    content = InputTextMessageContent(message_text=text)
    shown = shorten(description, DESCRIPTION)
    return InlineQueryResultArticle(
        id=name, title=title, description=shown, input_message_content=content, reply_markup=markup
    )


def told(t: Speech, choice: Choice, typical: float) -> tuple[str, str]:
    """Title and description of a model in the list."""
    chosen = choice.order.chosen()
    name = " · ".join([t.title(choice.model.title), *option_titles(t, choice.model, chosen)])
    title = t.plain("inline-model", model=name, price=credits_text(t, choice.price))
    reason = f"{RECOMMENDED} {why}" if (why := reason_of(t, choice.model)) and choice.recommended else why
    said = [reason, *said_options(t, choice.model, chosen), t.plain("inline-time", time=t.about(typical))]
    return title, " · ".join(said)


def plain(text: Html) -> str:
    """The words of an HTML text, on one line."""
    return " ".join(without_markup(text).split())
