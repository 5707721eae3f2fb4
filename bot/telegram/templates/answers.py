"""What fills a template: the next words or the next picture in the private chat, or one after the other."""

from dataclasses import replace
from typing import Any

from aiogram import Router
from aiogram.types import Message

from bot.domain.catalog.templates import Template
from bot.domain.chats import is_private
from bot.engine.accounts.users import User
from bot.engine.templates.answers import Awaited
from bot.telegram.context.context import Context
from bot.telegram.orders.draft.draft import tidy
from bot.telegram.orders.handlers.photos import ALBUM_SECONDS
from bot.telegram.orders.input_pictures import InputPictures, NoPicture, carries_file
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.templates.order import begin
from bot.telegram.templates.page import back_keyboard, question
from bot.telegram.ui import messages
from bot.telegram.ui.messages import draft_id_of, place_of


def build_router() -> Router:
    """Comes before whatever takes pictures."""
    router = Router(name="idea-pictures")
    router.message.register(answered, is_awaited_picture)
    return router


def build_text_router() -> Router:
    """Comes before whatever takes plain text."""
    router = Router(name="idea-words")
    router.message.register(answered, is_awaited_text)
    return router


async def is_awaited_picture(message: Message, ctx: Context, person: User) -> bool | dict[str, Any]:
    """Whether a template waits for this picture; its caption, if any, is no command."""
    if not is_private(message.chat.id) or not carries_file(message) or (message.caption or "").startswith("/"):
        return False
    found = await _awaited(message, ctx, person)
    return found if found and found["template"].photo and found["awaited"].picture is None else False


async def is_awaited_text(message: Message, ctx: Context, person: User) -> bool | dict[str, Any]:
    """Whether a template waits for these words. Where it has no blank, words are something new."""
    if not is_private(message.chat.id) or not message.text or message.text.startswith("/"):
        return False
    found = await _awaited(message, ctx, person)
    return found if found and found["template"].has_blank and not found["awaited"].words else False


async def _awaited(message: Message, ctx: Context, person: User) -> dict[str, Any] | None:
    awaited = await ctx.engine.template_answers.awaited(person.id)
    template = ctx.templates.get(awaited.slug) if awaited is not None else None
    if awaited is None or template is None:
        return None
    replied = message.reply_to_message
    if replied is not None and replied.message_id != awaited.asked_at:
        return None
    return {"awaited": awaited, "template": template}


async def answered(
    message: Message,
    presenter: OrderPresenter,
    pictures: InputPictures,
    awaited: Awaited,
    template: Template,
) -> None:
    """Opens the order, or asks for what is still missing. Of a picture from elsewhere the words are another's."""
    ctx, person, place = presenter.ctx, presenter.person, place_of(message)
    own = message.text or (message.caption if message.forward_origin is None else "") or ""
    have = replace(awaited, words=awaited.words or tidy(own))
    if message.text is None:
        if message.media_group_id is not None:  # one picture is all it works on: the rest of the album is no order
            key = f"album:{message.chat.id}:{message.media_group_id}"
            await ctx.engine.cooldowns.acquire(key, every=ALBUM_SECONDS)
        try:
            have = replace(have, picture=await pictures.of_message(message, person.id))
        except NoPicture as none:
            await presenter.tell(place, presenter.t(none.text))
            return
    photo, words = template.photo and have.picture is None, template.has_blank and not have.words
    if photo or words:
        await _ask(presenter, message, template, have, photo=photo, words=words)
        return
    if await begin(presenter, place, draft_id_of(message), template, have.words, have.picture):
        await ctx.engine.template_answers.wait(person.id, None)
    elif awaited.picture is not have.picture:
        await ctx.engine.template_answers.wait(person.id, replace(have, words=awaited.words))


async def _ask(
    presenter: OrderPresenter, message: Message, template: Template, have: Awaited, *, photo: bool, words: bool
) -> None:
    text = question(presenter.t, template, photo=photo, words=words)
    at = await messages.send(presenter.ctx, place_of(message), text, back_keyboard(presenter.t, template, ""))
    await presenter.ctx.engine.template_answers.wait(presenter.person.id, replace(have, asked_at=at.message_id))
