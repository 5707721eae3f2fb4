"""/group: its admins see and change what holds in a group; Telegram is asked at every press whether they are that."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.limits.groups import COOLDOWNS, Group, Who
from bot.telegram.context.context import Context
from bot.telegram.groups.settings_page import OFF, ON, PAGES, GroupAction, kinds_sold, page_of, page_with
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui import messages
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import place_of
from bot.telegram.ui.paging import page_number


def build_router() -> Router:
    router = Router(name="group-settings")
    router.message.register(group_command, is_command("group"))
    router.callback_query.register(press, GroupAction.filter())
    return router


async def group_command(message: Message, ctx: Context, t: Speech) -> None:
    place = place_of(message)
    if is_private(place.chat_id):
        await messages.send(ctx, place, t("group-where"))
        return
    if not await _may(message, ctx):
        await messages.reply_privately(ctx, message, t("group-admins-only"))
        return
    text, markup = page_of(ctx, t, await ctx.engine.groups.of(place.chat_id), "")
    await messages.send(ctx, place, text, markup, reply=True)


async def _may(message: Message, ctx: Context) -> bool:
    """Admins, and members who speak as the group itself: Telegram lets only its admins do so."""
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat.id
    user = message.from_user
    return user is not None and await ctx.rooms.is_admin(ctx.outbox, message.chat.id, user.id)


async def press(query: CallbackQuery, callback_data: GroupAction, ctx: Context, t: Speech) -> None:
    """A page, or a change and the page that shows it."""
    message = query.message
    if not isinstance(message, Message) or is_private(message.chat.id) or not messages.has_button(query):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    if not await ctx.rooms.is_admin(ctx.outbox, message.chat.id, query.from_user.id):
        await messages.answer_callback(query, t.plain("group-toast-admins"), alert=True)
        return
    here = place_of(message)
    if callback_data.act == "close":
        await messages.answer_callback(query)
        await messages.delete(ctx, here)
        return
    changes = callback_data.act != "open"
    group = await (changed(ctx, here.chat_id, callback_data) if changes else ctx.engine.groups.of(here.chat_id))
    if group is None:
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    said = ctx.texts.of(group.language) if group.language else t
    await messages.answer_callback(query, said.plain("group-toast-saved") if changes else "")
    name, number = _shown(ctx, callback_data)
    await messages.edit(ctx, here, *page_of(ctx, said, group, name, number))


async def changed(ctx: Context, chat_id: int, pressed: GroupAction) -> Group | None:
    """The settings after what the button sets; None for a button that sets nothing, and for values that no button of
    ours has."""
    groups, arg, to = ctx.engine.groups, pressed.arg, pressed.to
    after: Group | None = None
    match pressed.act:
        case "who" if arg in set(Who):
            after = await groups.who_orders(chat_id, Who(arg))
        case "pause" if arg in {str(seconds) for seconds in COOLDOWNS}:
            after = await groups.cooldown(chat_id, int(arg))
        case "language" if arg == "auto" or arg in ctx.texts.languages:
            after = await groups.language(chat_id, "" if arg == "auto" else arg)
        case "quiet" if arg in (ON, OFF):
            after = await groups.quiet(chat_id, on=arg == ON)
        case "kind" if to in (ON, OFF) and arg in {kind.value for kind in kinds_sold(ctx)}:
            after = await groups.allow_kind(chat_id, Kind(arg), allowed=to == ON)
        case "model" if to in (ON, OFF) and arg in {model.slug for model in ctx.shop.models}:
            after = await groups.allow_model(chat_id, arg, allowed=to == ON)
        case _:
            pass
    if after is not None:
        ctx.rooms.forget()
    return after


def _shown(ctx: Context, pressed: GroupAction) -> tuple[str, int]:
    """The page after the press, and its number: lists stay open, a choice leads back to the overview."""
    match pressed.act:
        case "open" if pressed.arg in PAGES:
            return pressed.arg, page_number(pressed.to) or 0
        case "kind":
            return "kinds", 0
        case "model":
            return "models", page_with(ctx, pressed.arg)
        case _:
            return "", 0
