"""Telegram's refusals: of which kind each is, and what happens next. One table, which all that sends reads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import Final, NamedTuple

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.engine.ports import NotShown, TargetGone, TryLater
from bot.telegram.api.retry import STALE_QUERY, maybe_arrived, seconds_to_wait


class Refusal(Enum):
    """Why a call failed. Of bad requests the words tell: the Bot API has no codes for them."""

    CHAT_GONE = "chat gone"
    """The chat vanished or the bot may not write in it."""
    BLOCKED = "blocked"
    """The user blocked the bot, or the group sent it away."""
    MESSAGE_GONE = "message gone"
    """Deleted, or not the bot's to edit any more. Also what stood in a group that became a supergroup."""
    THREAD_GONE = "thread gone"
    """The topic was deleted or closed. A closed one still takes edits."""
    NOT_TEXT = "not text"
    """The message is media by now: it has a caption, no text."""
    TOO_LONG = "too long"
    """More text than a message or a caption holds."""
    TOO_LARGE = "too large"
    """More bytes than Telegram takes in one upload."""
    FILE_GONE = "file gone"
    """Telegram does not have the file (any more)."""
    NO_RIGHT = "no right"
    """The chat's rights keep out what is sent, such as files; words it may take."""
    PRESS_LATE = "press late"
    """The press that the message refers to is too old."""
    FLOOD = "flood"
    """The chat is to be left alone for longer than a call waits."""
    MIGRATED = "migrated"
    """The group became a supergroup a second time within one call: the outbox follows once."""
    PASSING = "passing"
    """The network or Telegram's servers failed."""
    BOT_REFUSED = "bot refused"
    """Telegram knows neither token nor method, another process polls, or the answer cannot be read."""
    OTHER = "other"


class Change(Enum):
    """What the sender changes of a call before it calls once more, where there is something to change."""

    GENERAL_TOPIC = "general topic"
    """Without the topic, and without the message in it that was answered."""
    PLAIN_TEXT = "plain text"
    """The words without markup, if the caller gave any."""
    CUT = "cut"
    """As much of the words as is taken, without markup."""
    CAPTION = "caption"
    """The words as a caption, if the caller says that the message may be media."""
    WITHOUT_PRESS = "without press"
    """Without the press that asked for it."""


class End(Enum):
    """What a refusal means where nothing can be changed (any more)."""

    CLOSED = "closed"
    """Nothing can be said there. Handlers take it calmly; to the engine the chat is gone."""
    GONE = "gone"
    """There is no such message to edit: it is sent anew."""
    WRONG = "wrong"
    """The message itself is refused, and would be in an hour. A result is tried in its next form."""
    LATER = "later"
    """It may go well later: handlers' updates and the engine's jobs are tried again."""
    BOT_REFUSED = "bot refused"
    """No chat's matter: handlers do not try again, jobs wait for the operator."""


class Next(NamedTuple):
    """What happens next: one more call with a change, or the end."""

    change: Change | None
    end: End


NEXT: Final[Mapping[Refusal, Next]] = {
    Refusal.CHAT_GONE: Next(None, End.CLOSED),
    Refusal.BLOCKED: Next(None, End.CLOSED),
    Refusal.MESSAGE_GONE: Next(None, End.GONE),
    Refusal.THREAD_GONE: Next(Change.GENERAL_TOPIC, End.CLOSED),
    Refusal.NOT_TEXT: Next(Change.CAPTION, End.GONE),
    Refusal.TOO_LONG: Next(Change.CUT, End.WRONG),
    Refusal.TOO_LARGE: Next(None, End.WRONG),
    Refusal.FILE_GONE: Next(None, End.WRONG),
    Refusal.NO_RIGHT: Next(None, End.WRONG),
    Refusal.PRESS_LATE: Next(Change.WITHOUT_PRESS, End.WRONG),
    Refusal.FLOOD: Next(None, End.LATER),
    Refusal.MIGRATED: Next(None, End.LATER),
    Refusal.PASSING: Next(None, End.LATER),
    Refusal.BOT_REFUSED: Next(None, End.BOT_REFUSED),
    Refusal.OTHER: Next(Change.PLAIN_TEXT, End.WRONG),
}
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
    (Refusal.TOO_LONG, ("message is too long", "message_too_long", "caption is too long", "caption_too_long")),
    (Refusal.FILE_GONE, ("wrong file identifier", "wrong remote file", "wrong file_id", "file reference")),
    (Refusal.NO_RIGHT, ("not enough rights to send",)),
    (Refusal.PRESS_LATE, STALE_QUERY),
)
"""Looked through in this order: the rights to send text are all of a chat's, the rights to send files are not."""
KINDS: Final[tuple[tuple[type[Exception], Refusal], ...]] = (
    (TelegramForbiddenError, Refusal.BLOCKED),
    (TelegramRetryAfter, Refusal.FLOOD),
    (TelegramMigrateToChat, Refusal.MIGRATED),
    (TelegramEntityTooLarge, Refusal.TOO_LARGE),  # a network error by its class
    (TelegramNetworkError, Refusal.PASSING),
    (TelegramServerError, Refusal.PASSING),
    (TelegramUnauthorizedError, Refusal.BOT_REFUSED),
    (TelegramNotFound, Refusal.BOT_REFUSED),
    (TelegramConflictError, Refusal.BOT_REFUSED),
    (ClientDecodeError, Refusal.BOT_REFUSED),
)
TROUBLE_SECONDS: Final = 60.0


def refusal(error: Exception) -> Refusal | None:
    """Why a call failed; None for what is no answer of Telegram's."""
    if not isinstance(error, TelegramBadRequest):
        return next((kind for each, kind in KINDS if isinstance(error, each)), None)
    said = error.message.lower()
    return next((kind for kind, words in WORDS if any(word in said for word in words)), Refusal.OTHER)


def end_of(error: Exception) -> End | None:
    """What the failure means where nothing can be changed; None for what is no answer of Telegram's."""
    kind = refusal(error)
    return NEXT[kind].end if kind is not None else None


def chat_gone(error: Exception) -> bool:
    """Whether nothing can be written in that chat any more: it vanished, or the bot was blocked or sent away."""
    return refusal(error) in (Refusal.CHAT_GONE, Refusal.BLOCKED)


@contextmanager
def shown_or_not() -> Iterator[None]:
    """Turns the failures of showing a result into the engine's: like told_to_the_engine, and NotShown for the refusals
    of the message itself, in the last form that was left."""
    try:
        with told_to_the_engine():
            yield
    except (TelegramBadRequest, TelegramEntityTooLarge) as error:
        raise NotShown(f"Telegram refuses it in every form: {error.message[:200]}") from error


@contextmanager
def told_to_the_engine() -> Iterator[None]:
    """Turns Telegram's failures into the engine's two: TargetGone and TryLater. Other refusals stay what they are."""
    try:
        yield
    except Exception as error:
        match end_of(error):
            case End.CLOSED:
                raise TargetGone(str(getattr(error, "message", error))) from error
            case End.LATER | End.BOT_REFUSED:
                seconds = seconds_to_wait(error)
                wait = TROUBLE_SECONDS if seconds is None else seconds
                raise TryLater(wait, unknown=maybe_arrived(error)) from error
            case _:
                raise
