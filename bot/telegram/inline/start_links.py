"""Ways from chats that the bot does not know into the private one: what stands behind /start there."""

from dataclasses import replace
from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from bot.domain.chats import is_private
from bot.engine.results.originals import Originals
from bot.telegram.account.menu import balance_command
from bot.telegram.account.start import start
from bot.telegram.history.show import show_command
from bot.telegram.inline.keyboards import CREDITS, LONG, SHOW
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.ui import messages
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import place_of

WORDS: Final = frozenset({CREDITS, LONG})


def build_router() -> Router:
    """Takes these links before the greeting's handler does."""
    router = Router(name="inline-entries")
    router.message.register(enter, is_command("start"), is_entry)
    return router


async def is_entry(message: Message, command: CommandObject) -> bool:
    said = command.args or ""
    return is_private(message.chat.id) and (said in WORDS or said.startswith(SHOW))


async def enter(
    message: Message,
    command: CommandObject,
    bot: EaselBot,
    presenter: OrderPresenter,
    originals: Originals,
    *,
    welcomed: bool = False,
    welcome_wait: float = 0.0,
) -> None:
    """Who gets welcome credits with it is greeted first. The button under a result shows it to its owner only: others
    who tap it want to know the bot."""
    ctx, person, t, said = presenter.ctx, presenter.person, presenter.t, command.args or ""
    job_id = said.removeprefix(SHOW) if said.startswith(SHOW) else ""
    job = await ctx.engine.jobs.get(job_id) if job_id else None
    mine = job is not None and job.user_id == person.id
    if welcomed or welcome_wait or (job_id and not mine):
        plain = replace(command, args="")
        await start(message, plain, bot, presenter, welcomed=welcomed, welcome_wait=welcome_wait)
    if mine:
        await show_command(message, replace(command, args=job_id), presenter, originals)
    elif said == LONG:
        await messages.send(ctx, place_of(message), t("inline-long"))
    elif said == CREDITS:
        await balance_command(message, ctx, person, t)
