"""The message through which a person leafs: pictures, videos and songs by the names under which Telegram has them."""

from dataclasses import replace

import structlog
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardMarkup, Message

from bot.domain.jobs import Delivered, Target
from bot.telegram.api.errors import Refusal, refusal
from bot.telegram.history.page import Place, caption, keyboard, shown_file
from bot.telegram.i18n.texts import Html
from bot.telegram.jobs.keyboards import reuse_button
from bot.telegram.jobs.message.media_forms import INPUTS, SENDS
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.orders.view.texts import lines
from bot.telegram.outbox import sender
from bot.telegram.ui import messages

log = structlog.get_logger(__name__)


class Viewer:
    """One person's history in their private chat."""

    def __init__(self, presenter: OrderPresenter) -> None:
        self._ctx, self._person, self._t = presenter.ctx, presenter.person, presenter.t

    async def searched(self, place: Place) -> Place | None:
        """The place with the words of its search; None: they are forgotten."""
        if not place.search:
            return place
        words = await self._ctx.engine.library.searched(self._person, place.search)
        return replace(place, words=words) if words is not None else None

    async def show(self, place: Place, job_id: str, current: Message | None = None) -> bool:
        """The page, in the `current` message or in a new one. False: there is nothing on this shelf."""
        found = await self._ctx.engine.library.leaf(self._person, place.shelf, place.words, job_id)
        if found is None:
            return False
        page = found.page
        if page.job.id != job_id or place.index >= len(page.job.delivered):
            place = replace(place, index=0)
        t = self._t
        text = caption(t, self._ctx.shop.catalog, page, place, found.ancestors)
        reuse = reuse_button(t, page.job, await market(self._ctx), found.own)
        buttons = keyboard(t, page, place, found.ancestors, reuse)
        file = shown_file(page.job, place.index)
        if file is None or not await self._media(file, text, buttons, current):
            await self.words(lines([text, t("history-no-preview")]), buttons, current)
        return True

    async def words(self, text: Html, buttons: InlineKeyboardMarkup | None, current: Message | None) -> None:
        """Shows a page without a file. A message with a file cannot become one, so a new message takes its place."""
        is_text = current is not None and current.text is not None
        if current and is_text and await messages.edit(self._ctx, messages.target_of(current), text, buttons):
            return
        await messages.send(self._ctx, Target(self._person.id, None, 0), text, buttons)
        if current is not None:
            await messages.delete(self._ctx, messages.target_of(current))

    async def _media(self, file: Delivered, text: Html, buttons: InlineKeyboardMarkup, current: Message | None) -> bool:
        """Shows a page with a file. False: Telegram does not have the file any more."""
        try:
            if current is None or not await self._turned(file, text, buttons, current):
                fields = {file.media: file.file_id, "caption": text, "reply_markup": buttons, **_cover(file)}
                await sender.post(self._ctx.outbox, SENDS[file.media](chat_id=self._person.id, **fields))
        except TelegramBadRequest as error:
            if refusal(error) is not Refusal.FILE_GONE:
                raise
            return False
        return True

    async def _turned(self, file: Delivered, text: Html, buttons: InlineKeyboardMarkup, current: Message) -> bool:
        """Turns the page within the message. False: the message is gone."""
        media = INPUTS[file.media](media=file.file_id, caption=text, **_cover(file))
        try:
            await sender.edit_media(self._ctx.outbox, messages.target_of(current), media, buttons)
        except TelegramBadRequest as error:
            if refusal(error) is not Refusal.MESSAGE_GONE:
                raise
            return False
        return True


def _cover(file: Delivered) -> dict[str, str]:
    return {"cover": file.cover} if file.media == "video" and file.cover else {}
