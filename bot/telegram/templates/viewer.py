"""The message through which a person leafs: each page with the example of its template, else with its title card."""

from typing import Any, Final

import structlog
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, InputMediaPhoto, Message

from bot.domain.catalog.templates import Template
from bot.domain.jobs import Target
from bot.engine.templates.orders import ideas_of
from bot.engine.templates.title_card import title_card
from bot.telegram.account.start import home
from bot.telegram.api.errors import End, Refusal, end_of, refusal
from bot.telegram.i18n.texts import Html
from bot.telegram.jobs.message.media_forms import INPUTS, SENDS, UPLOAD_SECONDS
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.outbox import sender
from bot.telegram.templates.page import Page, caption, keyboard, page_of
from bot.telegram.ui import messages
from bot.telegram.ui.keyboards import home_menu

log = structlog.get_logger(__name__)

CARD_FOR: Final = 7 * 24 * 3600.0
"""Seconds for which the name of an uploaded card counts."""


class Viewer:
    """One person's album in their private chat."""

    def __init__(self, presenter: OrderPresenter) -> None:
        self._ctx, self._person, self._t = presenter.ctx, presenter.person, presenter.t

    async def page(self, slug: str, shelf: str) -> Page | None:
        """As things are on sale at this moment; see page_of."""
        own = await self._ctx.engine.settings.of(self._person.id)
        offers = await market(self._ctx)
        return page_of(ideas_of(self._ctx.templates.values(), offers.offers, own.models), slug, shelf)

    async def show(self, slug: str = "", shelf: str = "", current: Message | None = None) -> None:
        """The page, in the `current` message or in a new one; where nothing is on sale, that."""
        page = await self.page(slug, shelf)
        if page is None:
            await self._words(self._t("ideas-none"), home_menu(self._t), current)
            return
        idea = page.idea
        price = (await market(self._ctx)).price(idea.offer, idea.options)
        await self._media(idea.template, caption(self._t, page, price), keyboard(self._t, page), current)

    async def ask(self, text: Html, buttons: InlineKeyboardMarkup, current: Message) -> Target:
        """The page's message asks for what the template lacks; a new one where it is gone. Returns where it stands."""
        at = messages.target_of(current)
        if await sender.try_edit(self._ctx.outbox, at, text, buttons, media=True):
            return at
        return await messages.send(self._ctx, self._here, text, buttons)

    async def home(self, current: Message) -> None:
        """The main menu in place of the album."""
        await self._words(*await home(self._ctx, self._person, self._t), current)

    async def _words(self, text: Html, buttons: InlineKeyboardMarkup | None, current: Message | None) -> None:
        """A message with a file cannot become one without, so that a new one takes its place."""
        is_text = current is not None and current.text is not None
        if current and is_text and await messages.edit(self._ctx, messages.target_of(current), text, buttons):
            return
        await messages.send(self._ctx, self._here, text, buttons)
        if current is not None:
            await messages.delete(self._ctx, messages.target_of(current))

    @property
    def _here(self) -> Target:
        return Target(self._person.id, None, 0)

    async def _media(
        self, template: Template, text: Html, buttons: InlineKeyboardMarkup, current: Message | None
    ) -> None:
        """The first of the ways to show it that Telegram takes: the example, the card that it keeps, a new card."""
        example = await self._ctx.engine.template_examples.of(template.slug)
        if example is not None and await self._known(example.media, example.file_id, text, buttons, current):
            return
        key = (template.slug, self._t.language)
        kept = self._ctx.title_cards.get(key)
        if kept is not None and await self._known("photo", kept, text, buttons, current):
            return
        card = BufferedInputFile(await title_card(template, self._t.language), f"{template.slug}.png")
        shown = await self._placed("photo", card, text, buttons, current)
        if isinstance(shown, Message) and shown.photo:
            self._ctx.title_cards.keep(key, shown.photo[-1].file_id, CARD_FOR)

    async def _known(
        self, media: str, file_id: str, text: Html, buttons: InlineKeyboardMarkup, current: Message | None
    ) -> bool:
        """False: Telegram does not have the file (any more), or another bot has it."""
        try:
            await self._placed(media, file_id, text, buttons, current)
        except TelegramBadRequest as error:
            if refusal(error) is not Refusal.FILE_GONE:
                raise
            log.info("ideas.file_refused", error=error.message[:200])
            return False
        return True

    async def _placed(
        self, media: str, file: Any, text: Html, buttons: InlineKeyboardMarkup, current: Message | None
    ) -> Message | bool:
        """In the current message, anew where that is gone. False: the chat is closed to the bot."""
        try:
            return await self._put(media, file, text, buttons, current)
        except TelegramAPIError as error:
            if end_of(error) is not End.CLOSED:
                raise
            log.info("ideas.closed", chat=self._person.id, error=error.message[:200])
            return False

    async def _put(
        self, media: str, file: Any, text: Html, buttons: InlineKeyboardMarkup, current: Message | None
    ) -> Message | bool:
        seconds = None if isinstance(file, str) else UPLOAD_SECONDS
        if current is not None:
            shown: InputMediaPhoto = INPUTS[media](media=file, caption=text)
            try:
                return await sender.edit_media(self._ctx.outbox, messages.target_of(current), shown, buttons, seconds)
            except TelegramBadRequest as error:
                if refusal(error) is not Refusal.MESSAGE_GONE:
                    raise
        fields = {media: file, "caption": text, "reply_markup": buttons}
        method: TelegramMethod[Message] = SENDS[media](chat_id=self._person.id, **fields)
        return (await sender.post(self._ctx.outbox, method, seconds))[0]
