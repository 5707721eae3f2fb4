"""Orders in words: /video, /music, a model's own command, or plain text in a private chat."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.domain.catalog import Kind, Model
from bot.engine.drafts import draft_id
from bot.engine.people import User
from bot.telegram import menu_wish, speak
from bot.telegram.context import Context
from bot.telegram.order_card import credits_text
from bot.telegram.order_desk import Desk, is_private, market
from bot.telegram.order_request import Request, Wrong, read
from bot.telegram.speak import place_of
from bot.telegram.texts import Speech


def build_router(models: Sequence[Model]) -> Router:
    """The commands follow from what the catalogue sells."""
    router = Router(name="order-command")
    kinds = dict.fromkeys(m.kind.value for m in models)
    if models:
        router.message.register(kind_command, Command(*kinds, ignore_case=True))
        router.message.register(model_command, Command(*(m.slug for m in models), ignore_case=True))
    return router


def build_text_router() -> Router:
    """Plain text comes last: whatever is a command was taken before."""
    router = Router(name="order-text")
    router.message.register(plain_text, is_plain_text)
    return router


async def is_plain_text(message: Message) -> bool:
    """Text that is no command, in a private chat; in groups people talk to each other."""
    return is_private(message.chat.id) and bool(message.text) and not (message.text or "").startswith("/")


async def kind_command(
    message: Message, command: CommandObject, ctx: Context, person: User, t: Speech, *, welcomed: bool = False
) -> None:
    kind = Kind(command.command.lower())
    request = Request(kind.value, command.args or "", kind=kind, quoted=_quoted(message))
    await _serve(message, request, Desk(ctx, person, t), welcomed=welcomed)


async def model_command(
    message: Message, command: CommandObject, ctx: Context, person: User, t: Speech, *, welcomed: bool = False
) -> None:
    slug = command.command.lower()
    model = next(m for m in ctx.shop.models if m.slug == slug)
    request = Request(slug, command.args or "", model=model, quoted=_quoted(message))
    await _serve(message, request, Desk(ctx, person, t), welcomed=welcomed)


async def plain_text(message: Message, ctx: Context, person: User, t: Speech, *, welcomed: bool = False) -> None:
    """What was tapped in the menu just before is what it shall become, once; otherwise that is asked."""
    kind = await ctx.db.read(lambda conn: menu_wish.look(conn, person.id))
    request = Request("", message.text or "", kind=kind)
    served = await _serve(message, request, Desk(ctx, person, t), welcomed=welcomed)
    if served and kind is not None:
        await ctx.db.transaction(lambda conn: menu_wish.note(conn, person.id, None))


def _quoted(message: Message) -> str:
    """The words of somebody's message that the command replies to; what the bot itself wrote is no prompt."""
    replied = message.reply_to_message
    if replied is None or (replied.from_user is not None and replied.from_user.is_bot):
        return ""
    return replied.text or replied.caption or ""


async def _serve(message: Message, request: Request, desk: Desk, *, welcomed: bool) -> bool:
    """False: the request could not be taken, and why was told."""
    place, ctx, t = place_of(message), desk.ctx, desk.t
    if message.text is None:  # the command stands under a picture, which would be left out without a word
        await speak.send(ctx, place, t("order-text-only"), reply=True)
        return False
    if welcomed:
        gift = credits_text(t, ctx.options.welcome)
        await speak.send(ctx, place, t("menu-welcome-credits", credits=gift))
    offers = await market(ctx)
    try:
        order = read(t, request, offers)
    except Wrong as wrong:
        await speak.send(ctx, place, wrong.text, reply=not is_private(place.chat_id))
        return False
    await desk.open(draft_id("msg", message.chat.id, message.message_id), place, order, offers)
    return True
