"""/jobs: a person's own orders, page by page, and behind a button the answers to their questions."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.domain.chats import is_private
from bot.engine.accounts.users import User
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.handlers.own_job import find_own_job
from bot.telegram.jobs.list_page import card_page, list_page
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction, MenuAction, acts
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import place_of
from bot.telegram.ui.paging import page_number


def build_router() -> Router:
    router = Router(name="jobs")
    router.message.register(jobs_command, is_command("jobs"))
    router.callback_query.register(turn, MenuAction.filter(), acts("jobs", "answers"))
    router.callback_query.register(open_job, JobAction.filter(), acts("open"))
    return router


async def jobs_command(message: Message, ctx: Context, person: User, t: Speech) -> None:
    if not is_private(message.chat.id):
        await messages.reply_privately(ctx, message, t("menu-private-only"))
        return
    text, markup = await list_page(ctx, person, t, 0)
    await messages.send(ctx, place_of(message), text, markup)


async def turn(query: CallbackQuery, callback_data: MenuAction, ctx: Context, person: User, t: Speech) -> None:
    """Another page, the other list, or the list as it is now."""
    message, page = query.message, page_number(callback_data.arg)
    if message is None or page is None or not is_private(message.chat.id) or not messages.has_button(query):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    await messages.answer_callback(query)
    await messages.edit(
        ctx, messages.target_of(message), *await list_page(ctx, person, t, page, answers=callback_data.act == "answers")
    )


async def open_job(query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter) -> None:
    """One job of the list, in the list's message."""
    ctx, t = presenter.ctx, presenter.t
    message, page = query.message, page_number(callback_data.arg)
    if message is None or page is None or not is_private(message.chat.id) or not messages.has_button(query):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    job = await find_own_job(presenter, query, callback_data.id)
    await messages.answer_callback(query)
    await messages.edit(ctx, messages.target_of(message), *await card_page(ctx, t, job, page))
