"""What the buttons of a conversation carry, and the buttons themselves."""

import hashlib
from collections.abc import Sequence
from typing import Final

from aiogram.filters import Filter
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardMarkup

from bot.domain.catalog.models import Model, Option
from bot.domain.jobs import Job
from bot.domain.money import Credits
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.keyboards import button, markup

OTHERS: Final = 3
"""Other models that are offered at most."""


class ChatAction(CallbackData, prefix="k"):
    """A button of a conversation: stop; retry, with the model of the slug `arg` if any; without the option `arg`; new,
    a new topic; picture, of the answer. `id` is the answer's job. And ask: `id` is the draft of a question."""

    act: str
    id: str
    arg: str = ""


class chat_acts(Filter):  # noqa: N801  # reads as a word where handlers are registered
    """Passes presses whose act is one of these; stands behind the filter that unpacks the data."""

    def __init__(self, *names: str) -> None:
        self._names = names

    async def __call__(self, query: CallbackQuery, callback_data: ChatAction) -> bool:
        return callback_data.act in self._names


def stop_button(t: Speech, job_id: str) -> InlineKeyboardMarkup:
    return markup([[button(t.plain("chat-stop"), ChatAction(act="stop", id=job_id), "danger")]])


def answer_buttons(t: Speech, job: Job, *, pictured: bool) -> InlineKeyboardMarkup:
    """Under an answer: a new topic, and where pictures are sold one of the answer's words."""
    row = [button(t.plain("chat-new-topic"), ChatAction(act="new", id=job.id))]
    if pictured:
        row.insert(0, button(t.plain("chat-picture"), ChatAction(act="picture", id=job.id)))
    return markup([[each] for each in row])


def described_buttons(t: Speech, job: Job) -> InlineKeyboardMarkup:
    """Under a prompt for a picture: the order of one with these words."""
    return markup([[button(t.plain("chat-described-make"), ChatAction(act="picture", id=job.id), "primary")]])


def ask_button(t: Speech, draft_id: str, price: str) -> InlineKeyboardMarkup:
    """Under words that another member's answer was replied to with: asks them, for at most that price."""
    return markup([[button(t.plain("chat-ask-this", price=price), ChatAction(act="ask", id=draft_id), "primary")]])


def retry_buttons(
    t: Speech, job: Job, others: Sequence[tuple[Model, Credits]], refused: Option | None = None
) -> InlineKeyboardMarkup:
    """Try again, without the option that the model `refused` if any; or with another model for at most its price."""
    rows = [[button(t.plain("chat-retry"), ChatAction(act="retry", id=job.id), "primary")]]
    if refused is not None:
        label = t.plain("chat-without", option=t.title(refused.title))
        rows = [[button(label, ChatAction(act="without", id=job.id, arg=refused.name), "primary")]]
    for model, price in others[:OTHERS]:
        label = t.plain("chat-with", model=t.title(model.title), price=t.money(price))
        rows.append([button(label, ChatAction(act="retry", id=job.id, arg=model.slug))])
    return markup(rows)


def draft_number(job_id: str) -> int:
    """The id of an answer's message draft: never zero, and the same in every process."""
    digest = hashlib.blake2b(job_id.encode(), digest_size=4).digest()
    return (int.from_bytes(digest) & 0x7FFFFFFF) | 1
