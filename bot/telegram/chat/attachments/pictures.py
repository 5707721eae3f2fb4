"""Questions about a picture: under it, in reply to it, or with it in reply to an answer."""

from typing import Any

from aiogram import Bot
from aiogram.types import Message

from bot.domain.catalog.models import Model
from bot.domain.jobs import Input, Target
from bot.engine.dialogs.drafts import Draft
from bot.telegram.chat.ask import Question, ask, read_or_tell
from bot.telegram.chat.models import chat_models, sold
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.input_pictures import InputPictures, NoPicture, carries_file, carries_other
from bot.telegram.orders.view.presenter import OrderPresenter, place_of_draft
from bot.telegram.ui.messages import draft_id_of, place_of


async def is_picture_to_answer(message: Message, ctx: Context, bot: Bot) -> bool:
    """A picture in reply to an answer of the bot's: what is asked about it goes on with that conversation."""
    return carries_file(message) and not carries_other(message) and await is_under_answer(message, ctx, bot)


async def is_under_answer(message: Message, ctx: Context, bot: Bot) -> bool:
    """A file of a person's own in reply to an answer of the bot's, without a command."""
    replied, said = message.reply_to_message, message.caption or ""
    if replied is None or replied.from_user is None or replied.from_user.id != bot.id or not sold(ctx):
        return False
    if said.startswith("/") or message.via_bot is not None:
        return False
    near = await ctx.engine.conversations.said_near(message.chat.id, replied.message_id)
    return any(job.target.message_id == replied.message_id for job in near)


async def picture_to_answer(message: Message, presenter: OrderPresenter, pictures: InputPictures) -> None:
    """Its words are the question; without any it is what the picture shows."""
    await asked(message, presenter, pictures, message.caption or "")


def near_picture(message: Message) -> Message | None:
    """The message with the picture that a question is about: its own, or the one that it replies to."""
    replied = message.reply_to_message
    for each in (message, replied):
        if each is not None and carries_file(each) and not carries_other(each):
            return each
    return None


async def asked(
    message: Message,
    presenter: OrderPresenter,
    pictures: InputPictures,
    text: str,
    *,
    quoted: str = "",
    model: Model | None = None,
    flags: bool = False,
) -> None:
    """Asks the words about the picture that is near. `flags`: they are a command's, which may have some."""
    place = place_of(message)
    holder = near_picture(message)
    assert holder is not None
    read_as = await _read(presenter, place, text, quoted, model, flags=flags)
    if read_as is None:
        return
    words, chosen, options = read_as
    try:
        shown = await pictures.of_message(holder, presenter.person.id)
    except NoPicture as none:
        await presenter.tell(place, presenter.t(none.text))
        return
    await ask(presenter, Question(draft_id_of(message), place, words, chosen, options, inputs=(shown,)))


async def ask_about(presenter: OrderPresenter, draft: Draft) -> bool:
    """Asks the words of an order about its picture. False: refused, and why was told."""
    order, at = OrderDraft.from_data(draft.data), place_of_draft(draft)
    place = Target(at.chat_id, at.thread_id, draft.reply_to)
    shown: tuple[Input, ...] = tuple(each for each in order.inputs if each.blob)[:1]
    read_as = await _read(presenter, place, order.prompt, "", None, flags=False) if shown else None
    if read_as is None:
        return False
    words, chosen, options = read_as
    return await ask(presenter, Question(draft.id, place, words, chosen, options, inputs=shown))


async def _read(
    presenter: OrderPresenter, place: Target, text: str, quoted: str, model: Model | None, *, flags: bool
) -> tuple[str, Model, dict[str, Any]] | None:
    """Question, a model that sees, and options. None: refused, and why was told."""
    t = presenter.t
    plain = "" if text.strip() or quoted else t.plain("chat-picture-question")
    found = await read_or_tell(presenter, place, text if flags else "", quoted or plain or text, model)
    if found is not None and not found[1].sees:
        await presenter.tell(place, await _blind(presenter, found[1]))
        return None
    return found


async def _blind(presenter: OrderPresenter, model: Model) -> Html:
    """That the model does not see, and which one does."""
    t = presenter.t
    title = t.title(model.title)
    able = next((m for m in await chat_models(presenter.ctx) if m.sees), None)
    if able is None:
        return t("chat-blind", model=title)
    return t("chat-blind-but", model=title, other=t.title(able.title), command=able.slug)
