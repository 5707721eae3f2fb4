"""What to do when a call to Telegram fails: pure decisions, so that every rule can be read and tested by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from aiogram.exceptions import (
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, TelegramMethod

from bot.telegram.api.session import NotSent

TRIES: Final = 4
"""Calls in all when the network or Telegram's servers fail; 429 is counted by its waiting time instead."""
LONGEST_WAIT: Final = 60.0
"""Seconds that one call waits for 429s in all; asked for more, the call fails and its caller decides."""
BACKOFF: Final = (0.3, 1.0, 3.0)
REPEATABLE: Final = ("edit", "delete", "answer", "get", "set", "pin", "unpin", "leave", "log", "close")
"""Methods that do no harm when they arrive twice. A send that timed out may have arrived: it is not among them."""
STALE_QUERY: Final = ("query is too old", "query id is invalid", "query_id_invalid")
NOT_MODIFIED: Final = "message is not modified"


@dataclass(frozen=True, slots=True)
class Again:
    """Call once more after `seconds`; `flood`: Telegram asked for the wait, so it holds for the whole chat."""

    seconds: float
    flood: bool = False


def repeatable(method: TelegramMethod[Any]) -> bool:
    """Whether the call may arrive twice."""
    return method.__api_method__.startswith(REPEATABLE)


def harmless(method: TelegramMethod[Any], error: Exception) -> bool:
    """A refusal that means the goal is reached: nothing to modify, or a press whose answer comes too late to matter."""
    if not isinstance(error, TelegramBadRequest):
        return False
    if NOT_MODIFIED in error.message.lower():
        return True
    return isinstance(method, AnswerCallbackQuery) and late(error)


def late(error: TelegramAPIError) -> bool:
    """Whether a press is too old for what was to be done about it."""
    return any(stale in error.message.lower() for stale in STALE_QUERY)


def again(
    method: TelegramMethod[Any],
    error: Exception,
    *,
    tries: int,
    waited: float,
    upload: bool,
    jitter: Callable[[], float],
) -> Again | None:
    """Whether to call again. `tries` counts the calls so far, `waited` the seconds already spent on 429s; an `upload`
    that broke off is not begun anew here: its caller does that, at longer intervals.

    `jitter` gives 0..1 and spreads the waits of many chats that failed in the same moment.
    """
    match error:
        case TelegramRetryAfter():  # surely not applied, whatever the method
            asked = float(error.retry_after)
            return Again(asked + 0.2 * jitter(), flood=True) if waited + asked <= LONGEST_WAIT else None
        case TelegramEntityTooLarge():  # a network error by its class, yet final
            return None
        case NotSent() | RestartingTelegram():
            safe = True
        case TelegramNetworkError():
            safe = repeatable(method) and not upload
        case TelegramServerError():
            safe = repeatable(method)
        case _:
            return None
    if not safe or tries >= TRIES:
        return None
    return Again(BACKOFF[min(tries, len(BACKOFF)) - 1] * (0.5 + jitter()))


def maybe_arrived(error: Exception) -> bool:
    """Whether a call that failed so may have been carried out: the answer was not heard, or it was none."""
    if isinstance(error, NotSent | RestartingTelegram | TelegramEntityTooLarge):
        return False
    return isinstance(error, TelegramNetworkError | TelegramServerError)


def seconds_to_wait(error: Exception) -> float | None:
    """For a failure that may pass: when to come back. None: it will not pass by itself."""
    match error:
        case TelegramRetryAfter():
            return float(error.retry_after)
        case TelegramEntityTooLarge():
            return None
        case TelegramNetworkError() | TelegramServerError():
            return 5.0
        case _:
            return None
