"""/history: the command and the presses under its pages. In private chats only: prompts are private."""

from typing import Final

import structlog
from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.chats import is_private
from bot.domain.errors import UnknownJob
from bot.domain.jobs import Job, Target
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts
from bot.engine.results.history import words_of
from bot.engine.results.library import PURPOSE, ResultDeleted
from bot.engine.results.originals import Originals, ResultUnavailable
from bot.telegram.account.privacy import data_question
from bot.telegram.context.context import Context
from bot.telegram.history.page import WORDS_SHOWN, Place, back_row, place_at, sure_keyboard
from bot.telegram.history.resend import bring
from bot.telegram.history.viewer import Viewer
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.handlers.delete_result import clear, meaning
from bot.telegram.jobs.handlers.result_buttons import at_press, dress
from bot.telegram.jobs.keyboards import result_buttons
from bot.telegram.orders.view import refusals
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import HistoryAction, MenuAction, acts
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import place_of

log = structlog.get_logger(__name__)

SEND_EVERY: Final = 3.0
"""Seconds in which a second tap sends the same result no second time."""


def build_router() -> Router:
    router = Router(name="history")
    router.message.register(history_command, is_command("history"))
    router.callback_query.register(from_menu, MenuAction.filter(), acts("history"))
    router.callback_query.register(export, HistoryAction.filter(), acts("export"))
    router.callback_query.register(press, HistoryAction.filter())
    return router


async def history_command(message: Message, command: CommandObject, presenter: OrderPresenter) -> None:
    """`/history`, or `/history fox snow`: results whose prompt has all of the words."""
    ctx, t, place = presenter.ctx, presenter.t, place_of(message)
    if not is_private(place.chat_id):
        await messages.reply_privately(ctx, message, t("menu-private-only"))
        return
    words = words_of(command.args or "")
    where = Place(words=words)
    if words:
        key = drafts.draft_id(PURPOSE, message.chat.id, message.message_id)
        await ctx.engine.library.remember_search(presenter.person, key, words)
        where = Place(words=words, search=key)
    if not await Viewer(presenter).show(where, ""):
        said = t("history-nothing-found", words=shorten(" ".join(words), WORDS_SHOWN)) if words else t("history-none")
        await messages.send(ctx, place, said)


async def from_menu(query: CallbackQuery, presenter: OrderPresenter) -> None:
    await messages.answer_callback(query)
    person = presenter.person
    private = query.message is not None and query.message.chat.id == person.id
    if private and not await Viewer(presenter).show(Place(), ""):
        await messages.send(presenter.ctx, Target(person.id, None, 0), presenter.t("history-none"))


async def export(query: CallbackQuery, ctx: Context, person: User, t: Speech) -> None:
    """Sends all of it, as /mydata does."""
    await messages.answer_callback(query)
    if query.message is not None and query.message.chat.id == person.id:
        await messages.send(ctx, Target(person.id, None, 0), *data_question(t))


async def press(
    query: CallbackQuery,
    callback_data: HistoryAction,
    presenter: OrderPresenter,
    originals: Originals,
) -> None:
    """Carries out a press after it looked up again where the result stands, whose it is and whether it is still
    there."""
    message, place, t = query.message, place_at(callback_data.at), presenter.t
    if (
        place is None
        or not isinstance(message, Message)
        or message.chat.id != presenter.person.id
        or not messages.has_button(query)
    ):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    viewer = Viewer(presenter)
    where = await viewer.searched(Place(place.shelf, place.index, callback_data.search))
    if where is None:
        await messages.answer_callback(query, t.plain("history-toast-search-over"), alert=True)
        return
    turned = _Press(query, message, presenter, viewer, where)
    match callback_data.act:
        case "page":
            await messages.answer_callback(query)
            await turned.to(callback_data.id)
        case "shelf":
            await turned.shelf()
        case "open" | "send" | "fav" | "unfav" | "delete" | "erase":
            await turned.at_job(callback_data.act, callback_data.id, originals)
        case _:
            await messages.answer_callback(query, t.plain("order-toast-stale"))


class _Press:
    """One press under a page."""

    def __init__(
        self,
        query: CallbackQuery,
        message: Message,
        presenter: OrderPresenter,
        viewer: Viewer,
        where: Place,
    ) -> None:
        self._query, self._message, self._presenter = query, message, presenter
        self._ctx, self._person, self._t = presenter.ctx, presenter.person, presenter.t
        self._viewer, self._where = viewer, where

    async def to(self, job_id: str) -> None:
        """Shows that page or the nearest to it, of all results where the shelf or search is empty by now."""
        for where in (self._where, Place()):
            if await self._viewer.show(where, job_id, self._message):
                return
        await self._viewer.words(self._t("history-none"), None, self._message)

    async def shelf(self) -> None:
        """Shows the newest of another shelf. An empty shelf is told, and the page stays."""
        if await self._viewer.show(self._where, "", self._message):
            await messages.answer_callback(self._query)
        else:
            await messages.answer_callback(self._query, self._t.plain("history-toast-empty"))

    async def at_job(self, act: str, job_id: str, originals: Originals) -> None:
        try:
            job = await self._ctx.engine.library.result(self._person, job_id)
        except UnknownJob:
            await messages.answer_callback(self._query, self._t.plain("order-toast-stale"))
            return
        except ResultDeleted as deleted:
            await messages.answer_callback(
                self._query, refusals.refusal_toast(self._ctx, self._t, deleted, refusals.Place.ORDER)
            )
            await self.to(deleted.job.id)
            return
        if act == "open":
            await messages.answer_callback(self._query)
            own = await self._ctx.engine.settings.of(self._person.id)
            shown = await result_buttons(self._t, at_press(self._query, job), self._ctx.shop, own)
            rows = [*shown.inline_keyboard, back_row(self._t, job, self._where)]
            await dress(self._ctx, self._query, InlineKeyboardMarkup(inline_keyboard=rows))
        elif act == "send":
            await self._send(job, originals)
        elif act == "delete":
            await messages.answer_callback(self._query, meaning(self._t, originals, job), alert=True)
            await dress(self._ctx, self._query, sure_keyboard(self._t, job, self._where))
        elif act == "erase":
            await self._erase(job, originals)
        else:
            await self._mark(job, on=act == "fav")

    async def _send(self, job: Job, originals: Originals) -> None:
        await messages.answer_callback(self._query, self._t.plain("history-toast-sending"))
        place = Target(self._person.id, None, 0)
        async with self._ctx.engine.cooldowns.attempt(f"send:{job.id}", every=SEND_EVERY) as due:
            if due:
                await bring(self._presenter, originals, job, place)

    async def _mark(self, job: Job, *, on: bool) -> None:
        await self._ctx.engine.library.mark(self._person, job.id, favourite=on)
        await messages.answer_callback(
            self._query, self._t.plain("history-toast-favourite" if on else "history-toast-unfavourite")
        )
        await self.to(job.id)

    async def _erase(self, job: Job, originals: Originals) -> None:
        try:
            await originals.delete(job)
        except ResultUnavailable as error:
            log.warning("result.not_deleted", job=job.id, error=error.detail)
            await messages.answer_callback(self._query, self._t.plain("media-alert-not-deleted"), alert=True)
            return
        await messages.answer_callback(self._query, self._t.plain("media-toast-deleted"))
        await clear(self._ctx, self._t, job, Target(self._person.id, None, 0))
        await self.to(job.id)
