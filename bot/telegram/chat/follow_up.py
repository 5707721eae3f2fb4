"""A conversation that goes on: replies to answers, and what is written in private while the conversation is young.

In groups each member pays for their own questions: who was never told the price there is asked first.
"""

from typing import Any, Final

from aiogram import Bot
from aiogram.types import CallbackQuery, Message

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.jobs import Job, Target
from bot.engine.accounts.users import User
from bot.telegram.chat.ask import Question, ask, read_or_tell
from bot.telegram.chat.attachments import documents
from bot.telegram.chat.keyboards import ChatAction, ask_button
from bot.telegram.chat.models import sold
from bot.telegram.chat.texts import words_of
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_limit
from bot.telegram.i18n.lengths import shorten
from bot.telegram.jobs.handlers.own_job import stale
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui import messages
from bot.telegram.ui.messages import draft_id_of, place_of
from bot.telegram.ui.quotes import quoted_part, words_replied_to

CONTEXT: Final = 3_000
"""Characters of an answer that go with the reply to it."""
COMPARED: Final = 60
"""Characters by which a further message of a long answer is known."""


async def is_reply_to_answer(message: Message, ctx: Context, bot: Bot) -> bool | dict[str, Any]:
    """Words in reply to an answer of the bot's, whoever asked for it. Gives the handler its `job`."""
    replied, said = message.reply_to_message, message.text or ""
    if replied is None or replied.from_user is None or replied.from_user.id != bot.id or not sold(ctx):
        return False
    if not said or said.startswith("/") or message.via_bot is not None:
        return False
    beginning = _squeezed(replied.text or "")[:COMPARED]
    for job in await ctx.engine.conversations.said_near(message.chat.id, replied.message_id):
        if job.target.message_id == replied.message_id or (beginning and beginning in _squeezed(words_of(job))):
            return {"job": job}
    return False


async def is_next_question(message: Message, ctx: Context, person: User) -> bool:
    """Whether plain text in private goes on with the conversation, or is the question that a bare `/ask` or a tap in
    the menu asked for. A reply to a file is about that file; another kind tapped in the menu before comes first."""
    replied = message.reply_to_message
    if not sold(ctx) or (replied is not None and replied.text is None):
        return False
    if await ctx.engine.drafts.chosen_kind(person.id) is Kind.ASK:
        return True
    return await ctx.engine.conversations.takes_text(person.id, young=ctx.asks.chat.young)


async def reply(message: Message, presenter: OrderPresenter, job: Job) -> None:
    """The asker goes on with their conversation. Another member's question has the answer before it, and is their own:
    one who has no conversation here sees its price first. A quoted part of the answer is what the words are about."""
    ctx, person, chat_id = presenter.ctx, presenter.person, message.chat.id
    talks = ctx.engine.conversations
    last = await talks.last(chat_id, person.id, person.account_id) if job.user_id == person.id else None
    about = "" if last is not None and last.id == job.id else words_of(job)
    about = shorten(quoted_part(message) or about, CONTEXT)
    words = message.text or ""
    text = f"{about}\n\n{words}" if about else words
    if job.user_id == person.id or await talks.has_begun(chat_id, person.id):
        await asked(presenter, place_of(message), draft_id_of(message), text)
    else:
        await _offered(presenter, place_of(message), draft_id_of(message), text)


async def plain_text(message: Message, presenter: OrderPresenter) -> None:
    """All of it is the question, dashes are no flags; what it replies to, or quotes, stands before it."""
    about = shorten(words_replied_to(message), CONTEXT)
    words, drafts = message.text or "", presenter.ctx.engine.drafts
    served = await asked(presenter, place_of(message), draft_id_of(message), f"{about}\n\n{words}" if about else words)
    if served and await drafts.chosen_kind(presenter.person.id) is Kind.ASK:
        await presenter.ctx.engine.settings.choose_kind(presenter.person.id, None)


async def await_question(presenter: OrderPresenter, place: Target, question_id: str) -> None:
    """Answers a bare `/ask`: the question is the next text in private, in a group the reply."""
    ctx, t, person = presenter.ctx, presenter.t, presenter.person
    example = t.plain("order-example-ask")
    if is_private(place.chat_id):
        await ctx.engine.settings.choose_kind(person.id, Kind.ASK)
        await presenter.tell(place, t("chat-how", example=example))
        return
    talks = ctx.engine.conversations
    await talks.await_question(question_id, person.id, place)
    shown = await messages.send_ephemeral(ctx, place, person.id, t("chat-how-group", example=example))
    await talks.asks_at(question_id, shown.message_id)


async def is_awaited_question(message: Message, ctx: Context, person: User) -> bool:
    """Whether a group's message is what a bare `/ask` waits for: a reply to what the bot said then. A reply to what
    only they see is seen by the bot alone, and may not say what it answers."""
    hidden, replied, said = message.ephemeral_message_id is not None, message.reply_to_message, message.text or ""
    if is_private(message.chat.id) or not said or said.startswith("/") or not (hidden or replied) or not sold(ctx):
        return False
    reply_to = None if hidden or replied is None else replied.message_id
    return await ctx.engine.conversations.awaits_question(person.id, message.chat.id, reply_to)


async def awaited_question(message: Message, presenter: OrderPresenter) -> None:
    """All of it is the question. One that is refused may be written again."""
    if await asked(presenter, place_of(message), draft_id_of(message), message.text or ""):
        await presenter.ctx.engine.drafts.answered(presenter.person.id)


async def asked(presenter: OrderPresenter, place: Target, question_id: str, words: str) -> bool:
    """Asks the words as they are. False: refused, and why was told."""
    understood = await read_or_tell(presenter, place, "", words)
    return understood is not None and await ask(presenter, Question(question_id, place, *understood))


async def _offered(presenter: OrderPresenter, place: Target, question_id: str, words: str) -> None:
    """Keeps the words for the button that asks them at the price that it shows."""
    understood = await read_or_tell(presenter, place, "", words)
    if understood is None:
        return
    text, model, _ = understood
    await presenter.ctx.engine.conversations.offer(question_id, presenter.person.id, place, text)
    price = credits_limit(presenter.t, presenter.ctx.asks.bound(model))
    said = presenter.t("chat-ask-offer", model=presenter.t.title(model.title), price=price)
    await presenter.tell(place, said, ask_button(presenter.t, question_id, price))


async def ask_press(query: CallbackQuery, callback_data: ChatAction, presenter: OrderPresenter, bot: Bot) -> None:
    """The words that were offered to be asked, by the member who wrote them; those about a file with it."""
    found = await presenter.ctx.engine.conversations.offered(callback_data.id)
    if found is None:
        await stale(presenter, query)
        await messages.remove_keyboard(presenter.ctx, query)
        return
    if found.user_id != presenter.person.id:
        await messages.answer_callback(query, presenter.t.plain("order-toast-not-yours"))
        return
    await messages.answer_callback(query)
    place = Target(found.chat_id, found.thread_id, found.reply_to)
    if "file" in found.data:
        begun = await documents.offered(presenter, bot, place, found.id, found.data)
    else:
        begun = await asked(presenter, place, found.id, str(found.data.get("text", "")))
    if begun:
        if is_private(found.chat_id):
            await messages.remove_keyboard(presenter.ctx, query)
        elif query.message is not None:
            await messages.delete(presenter.ctx, messages.target_of(query.message))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
