"""Telegram's refusals, told apart by their words: the Bot API has no codes for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Final

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)

from bot.engine.ports import NotShown, TargetGone, TryLater
from bot.telegram.api.retry import maybe_arrived, seconds_to_wait


class Refusal(Enum):
    CHAT_GONE = "chat gone"
    """The chat vanished or the bot may not write in it."""
    MESSAGE_GONE = "message gone"
    """Deleted, or not the bot's to edit any more."""
    THREAD_GONE = "thread gone"
    """The topic was deleted or closed. A closed one still takes edits."""
    NOT_TEXT = "not text"
    """The message is media by now: it has a caption, no text."""
    OTHER = "other"


WORDS: Final = (
    (
        Refusal.CHAT_GONE,
        ("chat not found", "peer_id_invalid", "chat_write_forbidden", "bot was kicked", "user not found"),
    ),
    (Refusal.CHAT_GONE, ("need administrator rights", "not enough rights to send text", "have no rights to send")),
    (Refusal.CHAT_GONE, ("group chat was deactivated", "channel_private", "user is deactivated")),
    (Refusal.MESSAGE_GONE, ("message to edit not found", "message_id_invalid", "message can't be edited")),
    (Refusal.MESSAGE_GONE, ("message identifier is not specified",)),
    (Refusal.THREAD_GONE, ("message thread not found", "topic_deleted", "topic_closed")),
    (Refusal.NOT_TEXT, ("there is no text in the message to edit",)),
)
NO_FILES: Final = "not enough rights to send"
"""How Telegram says that the chat's rights keep out what is sent."""
TROUBLE_SECONDS: Final = 60.0


def refusal(error: TelegramBadRequest) -> Refusal:
    """What kind of refusal it is."""
    said = error.message.lower()
    return next((kind for kind, words in WORDS if any(word in said for word in words)), Refusal.OTHER)


def chat_gone(error: Exception) -> bool:
    """Whether nothing can be written in that chat any more: it vanished, or the bot was blocked or sent away."""
    if isinstance(error, TelegramBadRequest):
        return refusal(error) is Refusal.CHAT_GONE
    return isinstance(error, TelegramForbiddenError)


@contextmanager
def shown_or_not() -> Iterator[None]:
    """The same for a result, and NotShown for what remains: Telegram's other refusals are of the message itself, in the
    last form that was left. The same call would be refused in an hour, too."""
    try:
        with told_to_the_engine():
            yield
    except (TelegramBadRequest, TelegramEntityTooLarge) as error:
        raise NotShown(f"Telegram refuses it in every form: {error.message[:200]}") from error


@contextmanager
def told_to_the_engine() -> Iterator[None]:
    """Turns Telegram's failures into the engine's two: TargetGone and TryLater. Other refusals stay what they are.

    A topic that is gone counts as the chat: whoever can do without the topic has tried that before.
    """
    try:
        yield
    except TelegramForbiddenError as error:
        raise TargetGone(error.message) from error
    except TelegramBadRequest as error:
        if refusal(error) in (Refusal.CHAT_GONE, Refusal.THREAD_GONE):
            raise TargetGone(error.message) from error
        raise
    except (TelegramUnauthorizedError, TelegramNotFound, TelegramConflictError) as error:  # the token, not the chat
        raise TryLater(TROUBLE_SECONDS) from error
    except ClientDecodeError as error:
        raise TryLater(TROUBLE_SECONDS) from error
    except Exception as error:
        seconds = seconds_to_wait(error)
        if seconds is None:
            raise
        raise TryLater(seconds, unknown=maybe_arrived(error)) from error
