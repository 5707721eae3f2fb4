"""Inline queries, chosen results and guest messages: what is offered and posted. None of it costs credits."""

import re
from typing import Final

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerGuestQuery
from aiogram.types import ChosenInlineResult, InlineQuery, InlineQueryResultArticle, Message

from bot.domain.visible import visible
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import draft_id
from bot.telegram.api.retry import late
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.inline.answers import answer
from bot.telegram.inline.cards import article, card, chooser
from bot.telegram.inline.choices import Typed, choices
from bot.telegram.orders.draft.parse import Wrong
from bot.telegram.orders.handlers.command import quoted
from bot.telegram.orders.input_pictures import carries_file
from bot.telegram.orders.view.presenter import market
from bot.telegram.updates.unregistered import is_chat

log = structlog.get_logger(__name__)

SPACE: Final = re.compile(r"\s+")


def build_router() -> Router:
    """Stands before whatever takes messages: what the bot's own results post is no order."""
    router = Router(name="inline")
    router.inline_query.register(offer)
    router.chosen_inline_result.register(chosen)
    router.guest_message.register(called)
    router.message.register(own_result, is_own_result)
    return router


async def offer(query: InlineQuery, bot: Bot, ctx: Context, person: User, t: Speech) -> None:
    """Answered at once or not at all: an answer that comes too late is no failure. Where Telegram refuses it for one of
    the results to share again, such as a file that it does not know any more, it goes without them."""
    full = await answer(query, ctx, person, t)
    ours = [each for each in full.results if isinstance(each, InlineQueryResultArticle)]
    try:
        try:
            await bot(full)
        except TelegramBadRequest as error:
            if late(error) or len(ours) == len(full.results):
                raise
            log.warning("inline.not_shared", user=person.id, error=error.message[:200])
            await bot(full.model_copy(update={"results": ours}))
    except TelegramBadRequest as error:
        log.info("inline.unanswered", error=error.message[:200])


async def chosen(result: ChosenInlineResult, ctx: Context, person: User) -> None:
    """Notes in which message a card stands, so that it is kept its day and no other message can be taken for it."""
    name, inline_id = result.result_id.partition(".")[0], result.inline_message_id
    if inline_id is not None:
        await ctx.engine.cards.stands_in(name, inline_id, user_id=person.id)


async def is_own_result(message: Message, bot: Bot) -> bool:
    return message.via_bot is not None and message.via_bot.id == bot.id


async def own_result(message: Message) -> None:
    """A user posted one of the bot's results where it is a member: a card or a shared result, which wants no answer."""


async def called(message: Message, bot: Bot, ctx: Context, person: User, t: Speech) -> None:
    """Answers, once and at once, a message that names the bot in a chat where it is no member. The card's button
    orders."""
    if message.guest_query_id is None:
        return
    name = draft_id("guest", message.guest_query_id)
    result = await _guest_result(message, ctx, person, t, name)
    try:
        sent = await bot(AnswerGuestQuery(guest_query_id=message.guest_query_id, result=result))
    except TelegramBadRequest as error:  # answered before, or too late
        log.info("guest.unanswered", error=error.message[:200])
        return
    if sent.inline_message_id:
        await ctx.engine.cards.stands_in(name, sent.inline_message_id)


async def _guest_result(message: Message, ctx: Context, person: User, t: Speech, name: str) -> InlineQueryResultArticle:
    bot_name = await ctx.links.name(ctx.outbox)
    mention = re.compile(rf"\s*@{re.escape(bot_name)}\b[,:]?", re.IGNORECASE)
    words = SPACE.sub(" ", mention.sub(" ", message.text or "", count=1)).strip()
    title = t.plain("inline-how-title")
    if not ctx.staging.works:
        return article(name, title, "", t("inline-guest-off", bot=bot_name))
    if _means_a_picture(message, words):  # it would be left out without a word
        return article(name, title, "", t("inline-guest-words", bot=bot_name))
    said = quoted(message)
    if not visible(words) and not visible(said):
        return article(name, title, "", t("inline-how", bot=bot_name))
    typed, offers = Typed(words, said, anybodys=is_chat(person)), await market(ctx)
    own = await ctx.engine.cards.post(name, person.id, typed.to_data())
    try:
        found = choices(ctx, t, typed, offers, own)
    except Wrong as wrong:
        return article(name, title, "", wrong.text)
    if len(found) > 1:
        return article(name, title, "", *chooser(t, name, found))
    return article(name, title, "", *await card(ctx, t, name, typed, found[0], offers))


def _means_a_picture(message: Message, words: str) -> bool:
    """Whether the words stand under a picture, or answer one without a command, which would name what is to be made.
    Comments under a channel's post answer the post in any case."""
    replied = message.reply_to_message
    answers = replied is not None and not replied.is_automatic_forward and carries_file(replied)
    return message.text is None or (answers and not words.startswith("/"))
