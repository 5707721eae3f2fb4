"""/help and its parts. In groups only the one who asks sees it, and may leaf through it there."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.chats import is_private
from bot.engine.accounts.users import User
from bot.telegram.account.help_text import Reader, help_page, part_named
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.view.presenter import market
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import MenuAction, acts
from bot.telegram.ui.commands import Topic, is_command
from bot.telegram.ui.messages import place_of


def build_router() -> Router:
    router = Router(name="help")
    router.message.register(help_command, is_command("help"))
    router.message.register(admin_command, is_command("admin"), from_admin)
    router.callback_query.register(turn, MenuAction.filter(), acts("help"))
    return router


async def reader_of(ctx: Context, person: User, t: Speech, chat_id: int) -> Reader:
    group = not is_private(chat_id)
    name = await ctx.links.name(ctx.outbox) if ctx.staging.works else ""
    offers = (await market(ctx, chat_id)).offers
    return Reader(t, offers, group=group, admin=ctx.is_admin(person.id), inline=name)


async def help_command(message: Message, command: CommandObject, ctx: Context, person: User, t: Speech) -> None:
    """`/help`, `/help prices` opens that part."""
    reader = await reader_of(ctx, person, t, message.chat.id)
    page = help_page(reader, part_named(reader, command.args or ""))
    if reader.group:
        author = message.sender_chat or message.from_user
        await messages.send_ephemeral(ctx, place_of(message), author.id if author else person.id, *page)
    else:
        await messages.send(ctx, place_of(message), *page)


async def from_admin(message: Message, ctx: Context) -> bool:
    """To others it is a command like any that there is not."""
    return is_private(message.chat.id) and message.from_user is not None and ctx.is_admin(message.from_user.id)


async def admin_command(message: Message, ctx: Context, person: User, t: Speech) -> None:
    """The part of /help for admins."""
    reader = await reader_of(ctx, person, t, message.chat.id)
    await messages.send(ctx, place_of(message), *help_page(reader, Topic.ADMIN.value))


async def turn(query: CallbackQuery, callback_data: MenuAction, ctx: Context, person: User, t: Speech) -> None:
    """A part, or back to the first page. What was asked for before in the private chat is given up with it."""
    message = query.message
    if message is None or not messages.has_button(query):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    if is_private(message.chat.id):
        await ctx.engine.settings.choose_kind(person.id, None)
    await messages.answer_callback(query)
    reader = await reader_of(ctx, person, t, message.chat.id)
    await messages.edit(ctx, messages.target_of(message), *help_page(reader, callback_data.arg))
