"""Orders in words: a kind's command, a model's own command, or plain text in a private chat."""

import re
from typing import Any, Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.domain.catalog.models import Kind, Model
from bot.domain.chats import is_private
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.picture_rules import from_words
from bot.telegram.orders.start import serve
from bot.telegram.orders.view.not_sold import kind_not_sold, model_not_sold
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import draft_id_of, place_of
from bot.telegram.ui.quotes import quoted_part

SLUG: Final = re.compile("[a-z][a-z0-9_]*", re.IGNORECASE)


def build_router() -> Router:
    """Models come and go while the bot runs: their commands are looked up, not registered."""
    router = Router(name="order-command")
    router.message.register(kind_command, is_command(*Kind))
    router.message.register(model_command, names_a_model, Command(SLUG, ignore_case=True), is_model)
    return router


def build_text_router() -> Router:
    """Plain text comes last: whatever is a command was taken before."""
    router = Router(name="order-text")
    router.message.register(plain_text, is_plain_text)
    return router


async def names_a_model(message: Message, ctx: Context) -> bool:
    """The cheapest question first: most messages are no command, and most commands no model. The word is cut out as
    Command does it, which looks at more than this."""
    text = message.text or message.caption or ""
    if not text.startswith("/"):
        return False
    return ctx.shop.catalog.get(text.split(maxsplit=1)[0][1:].partition("@")[0].lower()) is not None


async def is_model(message: Message, command: CommandObject, ctx: Context) -> bool | dict[str, Any]:
    """A model of the catalogue, on sale or not; questions have their own handlers."""
    model = ctx.shop.catalog.get(command.command.lower())
    return {"model": model} if model is not None and model.kind is not Kind.ASK else False


async def is_plain_text(message: Message) -> bool:
    """Text that is no command, in a private chat; in groups people talk to each other."""
    return is_private(message.chat.id) and bool(message.text) and not (message.text or "").startswith("/")


async def kind_command(
    message: Message, command: CommandObject, presenter: OrderPresenter, *, welcomed: bool = False
) -> None:
    kind, sold = Kind(command.command.lower()), presenter.ctx.shop.models
    if kind is Kind.ASK or not any(m.kind is kind for m in sold):
        await _not_sold(message, command, presenter, kind_not_sold(presenter.t, kind, sold))
        return
    request = OrderRequest(
        kind.value, command.args or "", kind=kind, quoted=quoted(message), subject=quoted_part(message), waits=True
    )
    served = await _serve(message, request, presenter, welcomed=welcomed)
    if not served and is_private(message.chat.id) and not from_words([m for m in sold if m.kind is kind]):
        await presenter.ctx.engine.settings.choose_kind(presenter.person.id, kind)  # the next picture is for it


async def model_command(
    message: Message, command: CommandObject, presenter: OrderPresenter, model: Model, *, welcomed: bool = False
) -> None:
    shop = presenter.ctx.shop
    sold = shop.listed(model.slug)
    if sold is None:
        await _not_sold(message, command, presenter, model_not_sold(presenter.t, model, shop.models))
        return
    request = OrderRequest(
        sold.slug, command.args or "", model=sold, quoted=quoted(message), subject=quoted_part(message), waits=True
    )
    await _serve(message, request, presenter, welcomed=welcomed)


async def plain_text(message: Message, presenter: OrderPresenter, *, welcomed: bool = False) -> None:
    """What was tapped in the menu just before is what it shall become, once; otherwise that is asked."""
    ctx, person = presenter.ctx, presenter.person
    kind = await ctx.engine.drafts.chosen_kind(person.id)
    if kind is not None and not from_words([m for m in ctx.shop.models if m.kind is kind]):
        kind = None  # that tap waits for a picture
    request = OrderRequest("", message.text or "", kind=kind, subject=quoted_part(message))
    served = await _serve(message, request, presenter, welcomed=welcomed)
    if served and kind is not None:
        await ctx.engine.settings.choose_kind(person.id, None)


def quoted(message: Message) -> str:
    """The words of the message that the command replies to; what a bot wrote, also behind its name, is no prompt, but
    for the part of it that was quoted."""
    if part := quoted_part(message):
        return part
    replied = message.reply_to_message
    if replied is None or replied.via_bot is not None or (replied.from_user is not None and replied.from_user.is_bot):
        return ""
    return replied.text or replied.caption or ""


async def _serve(message: Message, request: OrderRequest, presenter: OrderPresenter, *, welcomed: bool) -> bool:
    """False: the request could not be taken, and why was told."""
    if message.text is None:  # the command stands under a picture, which would be left out without a word
        await presenter.tell(place_of(message), presenter.t("order-text-only"))
        return False
    return await serve(presenter, place_of(message), draft_id_of(message), request, welcomed=welcomed)


async def _not_sold(message: Message, command: CommandObject, presenter: OrderPresenter, said: Html) -> None:
    """In groups only when this bot is named: another one may sell it."""
    if is_private(message.chat.id) or command.mention:
        await presenter.tell(place_of(message), said)
