"""/ideas: the command, the menu's button, the presses under the pages. In private chats only, as the menu is."""

from typing import Final

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.chats import is_private
from bot.domain.jobs import Target
from bot.engine.dialogs.drafts import draft_id
from bot.engine.templates.answers import Awaited
from bot.telegram.account.start import start
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.templates.order import begin
from bot.telegram.templates.page import back_keyboard, question
from bot.telegram.templates.viewer import Viewer
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import IdeaAction, MenuAction, acts
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import place_of
from bot.telegram.updates import unregistered

LINK: Final = "ideas"
"""The word behind /start of a person who comes from a group."""
USE_EVERY: Final = 3.0
"""Seconds in which a second tap on Use opens no second order."""


def build_router() -> Router:
    """Comes before /start."""
    router = Router(name="ideas")
    router.message.register(ideas_command, is_command("ideas"))
    router.message.register(from_link, is_command("start"), is_link)
    router.callback_query.register(from_menu, MenuAction.filter(), acts("ideas"))
    router.callback_query.register(turn, IdeaAction.filter(), acts("page"), own_album)
    router.callback_query.register(use, IdeaAction.filter(), acts("use"), own_album)
    router.callback_query.register(home, IdeaAction.filter(), acts("home"), own_album)
    return router


async def is_link(message: Message, command: CommandObject) -> bool:
    return is_private(message.chat.id) and command.args == LINK


async def ideas_command(message: Message, presenter: OrderPresenter) -> None:
    place = place_of(message)
    if not is_private(place.chat_id):
        t = presenter.t
        await unregistered.invite(presenter.ctx, presenter.person, t, place, LINK, t("ideas-private"))
        return
    await Viewer(presenter).show()


async def from_link(
    message: Message,
    command: CommandObject,
    bot: Bot,
    presenter: OrderPresenter,
    *,
    welcomed: bool = False,
    welcome_wait: float = 0.0,
) -> None:
    """Who is new is greeted first."""
    if welcomed or welcome_wait:
        await start(message, command, bot, presenter, welcomed=welcomed, welcome_wait=welcome_wait)
    await Viewer(presenter).show()


async def from_menu(query: CallbackQuery, presenter: OrderPresenter) -> None:
    """The menu's own message becomes the album."""
    message = query.message
    if not isinstance(message, Message) or message.chat.id != presenter.person.id or not messages.has_button(query):
        await messages.answer_callback(query, presenter.t.plain("order-toast-stale"))
        return
    await messages.answer_callback(query)
    await presenter.ctx.engine.settings.choose_kind(presenter.person.id, None)
    await Viewer(presenter).show(current=message)


async def own_album(query: CallbackQuery, presenter: OrderPresenter) -> bool | dict[str, Message]:
    """Gives the album's `current` message: in the person's own chat, the button under it. A press can be forged."""
    message = query.message
    if isinstance(message, Message) and message.chat.id == presenter.person.id and messages.has_button(query):
        return {"current": message}
    return False  # answered as every dead button is


async def turn(query: CallbackQuery, callback_data: IdeaAction, presenter: OrderPresenter, current: Message) -> None:
    await messages.answer_callback(query)
    await presenter.ctx.engine.template_answers.wait(presenter.person.id, None)
    await Viewer(presenter).show(callback_data.slug, callback_data.shelf, current)


async def home(query: CallbackQuery, presenter: OrderPresenter, current: Message) -> None:
    await messages.answer_callback(query)
    await presenter.ctx.engine.template_answers.wait(presenter.person.id, None)
    await Viewer(presenter).home(current)


async def use(query: CallbackQuery, callback_data: IdeaAction, presenter: OrderPresenter, current: Message) -> None:
    """Asks for what the template lacks, or opens its order at once where it lacks nothing."""
    ctx, person, t = presenter.ctx, presenter.person, presenter.t
    template, viewer = ctx.templates.get(callback_data.slug), Viewer(presenter)
    page = await viewer.page(callback_data.slug, callback_data.shelf) if template is not None else None
    if template is None or page is None or page.idea.template is not template:
        await messages.answer_callback(query, t.plain("ideas-toast-gone"), alert=True)
        await viewer.show(callback_data.slug, callback_data.shelf, current)
        return
    await messages.answer_callback(query)
    if template.has_blank or template.photo:
        text = question(t, template, photo=template.photo, words=template.has_blank)
        at = await viewer.ask(text, back_keyboard(t, template, callback_data.shelf), current)
        await ctx.engine.template_answers.wait(person.id, Awaited(template.slug, asked_at=at.message_id))
        return
    async with ctx.engine.cooldowns.attempt(f"idea:{person.id}:{template.slug}", every=USE_EVERY) as due:
        if due:
            await begin(presenter, Target(person.id, None, 0), draft_id("idea", query.id), template)
