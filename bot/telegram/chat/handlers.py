"""Conversations from the person's side: /ask, /new, /retry, a chat model's own command, and words that go on."""

from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.domain.catalog.models import Kind, Model
from bot.telegram.chat import buttons, follow_up, improve, settings
from bot.telegram.chat.ask import Question, again, ask, read_or_tell
from bot.telegram.chat.attachments import documents
from bot.telegram.chat.attachments.pictures import asked as about_picture
from bot.telegram.chat.attachments.pictures import is_picture_to_answer, near_picture, picture_to_answer
from bot.telegram.chat.keyboards import ChatAction, chat_acts
from bot.telegram.chat.models import sold
from bot.telegram.context.context import Context
from bot.telegram.jobs.handlers.own_job import own_job
from bot.telegram.orders.draft.draft import tidy
from bot.telegram.orders.handlers.command import SLUG, is_plain_text, names_a_model
from bot.telegram.orders.handlers.own_draft import own_draft
from bot.telegram.orders.input_pictures import InputPictures
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui.callbacks import DraftAction, JobAction, acts
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import draft_id_of, place_of
from bot.telegram.ui.quotes import words_replied_to


def build_router() -> Router:
    """Comes before the orders' commands and before the buttons of jobs."""
    router = Router(name="chat")
    router.message.register(ask_command, is_command("ask"), is_sold)
    router.message.register(documents.document_to_answer, documents.is_document_to_answer)
    router.message.register(picture_to_answer, is_picture_to_answer)
    router.message.register(new_command, is_command("new"), is_sold)
    router.message.register(retry_command, is_command("retry"), is_sold)
    router.message.register(model_command, names_a_model, Command(SLUG, ignore_case=True), is_chat_model)
    router.message.register(documents.offer, documents.is_own_document)
    router.callback_query.register(buttons.stop_press, ChatAction.filter(), chat_acts("stop"), buttons.own_answer)
    router.callback_query.register(
        buttons.again_press, ChatAction.filter(), chat_acts("retry", "without"), buttons.own_answer
    )
    router.callback_query.register(buttons.new_topic_press, ChatAction.filter(), chat_acts("new"), buttons.own_answer)
    router.callback_query.register(buttons.picture_press, ChatAction.filter(), chat_acts("picture"), buttons.own_answer)
    router.callback_query.register(follow_up.ask_press, ChatAction.filter(), chat_acts("ask"))
    router.callback_query.register(buttons.again_press, JobAction.filter(), acts("again"), buttons.is_answer, own_job)
    router.callback_query.register(
        buttons.stop_press, JobAction.filter(), acts("cancel", "sure"), buttons.is_answer_under_way, own_job
    )
    router.callback_query.register(improve.improve, DraftAction.filter(), acts("improve"), own_draft)
    router.callback_query.register(improve.original, DraftAction.filter(), acts("original"), own_draft)
    router.stopped_message_generation.register(buttons.draft_stopped)
    settings.add_to(router)
    return router


def build_text_router() -> Router:
    """Words that go on with a conversation: behind the drafts that wait for a message, before orders."""
    router = Router(name="chat-text")
    router.message.register(follow_up.awaited_question, follow_up.is_awaited_question)
    router.message.register(follow_up.reply, follow_up.is_reply_to_answer)
    router.message.register(follow_up.plain_text, is_plain_text, follow_up.is_next_question)
    return router


async def is_sold(message: Message, ctx: Context) -> bool:
    """Without a chat model these commands do not exist."""
    return sold(ctx)


async def is_chat_model(message: Message, command: CommandObject, ctx: Context) -> bool | dict[str, Any]:
    model = ctx.shop.listed(command.command.lower())
    return {"model": model} if model is not None and model.kind is Kind.ASK else False


async def ask_command(
    message: Message, command: CommandObject, presenter: OrderPresenter, pictures: InputPictures
) -> None:
    """The question, or the message it replies to, the bot's too, or the part of that which is quoted; or both."""
    await _asked(message, command.args or "", presenter, pictures, quoted=words_replied_to(message))


async def model_command(
    message: Message, command: CommandObject, presenter: OrderPresenter, pictures: InputPictures, model: Model
) -> None:
    """The same with a certain model."""
    await _asked(message, command.args or "", presenter, pictures, quoted=words_replied_to(message), model=model)


async def _asked(
    message: Message,
    text: str,
    presenter: OrderPresenter,
    pictures: InputPictures,
    *,
    quoted: str,
    model: Model | None = None,
) -> None:
    place = place_of(message)
    document, shown = documents.near_document(message), near_picture(message)
    nearer = document is not None and shown is not None and document in (message.document, shown.document)
    if shown is not None and not nearer:
        await about_picture(message, presenter, pictures, text, quoted=quoted, model=model, flags=True)
        return
    if document is not None:
        assert message.bot is not None
        await documents.asked(message, presenter, message.bot, document, text, model=model)
        return
    if message.text is None:  # the command stands under a file, which would be left out without a word
        what = presenter.t.title(model.title) if model is not None else "/ask"
        await presenter.tell(place, presenter.t("media-file-unused", what=what))
        return
    if not (tidy(text) or tidy(quoted) or model):
        await follow_up.await_question(presenter, place, draft_id_of(message))
        return
    understood = await read_or_tell(presenter, place, text, quoted, model)
    if understood is not None:
        await ask(presenter, Question(draft_id_of(message), place, *understood))


async def new_command(message: Message, presenter: OrderPresenter) -> None:
    """Forgets the conversation of this person in this chat."""
    had = await presenter.ctx.engine.conversations.forget(message.chat.id, presenter.person.id)
    said = presenter.t("chat-forgotten" if had else "chat-nothing-to-forget")
    await presenter.tell(place_of(message), said)


async def retry_command(message: Message, presenter: OrderPresenter) -> None:
    """Answers the last question again."""
    person, place = presenter.person, place_of(message)
    job = await presenter.ctx.engine.conversations.last(message.chat.id, person.id, person.account_id)
    if job is None:
        await presenter.tell(place, presenter.t("chat-nothing-to-retry"))
        return
    await again(presenter, draft_id_of(message), place, job)
