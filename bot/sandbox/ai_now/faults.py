"""Faults on demand: what can go wrong, and the queue of what shall go wrong next.

A fault is ordered in-process, over HTTP, or by a prompt that contains `[fault:NAME]` or `[fault:NAME=VALUE]`.
"""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from bot.sandbox.ai_now.contract import MODELS

QUEUE_MAX = 1000
_IN_PROMPT = re.compile(r"\[fault:([\w-]{1,40})(?:=(\d{1,12}(?:\.\d{1,3})?))?\]")
_GIB = 1024**3


class Stage(Enum):
    """Where a fault strikes: instead of the stream, in the stream, at the download of the result."""

    REFUSAL = "refusal"
    STREAM = "stream"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Kind:
    """`value` is the number a fault has when none is given; `what` says what it means."""

    stage: Stage
    what: str
    value: float | None = None


_R, _S, _D = Stage.REFUSAL, Stage.STREAM, Stage.RESULT
CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {
        "401": Kind(_R, "the key is refused"),
        "418": Kind(_R, "the token balance is too low"),
        "500": Kind(_R, "internal error, with a JSON message"),
        "503_html": Kind(_R, "a proxy's HTML page instead of JSON"),
        "reset_after_body": Kind(_R, "accepted and paid, then the connection breaks without an answer"),
        "empty_stream": Kind(_S, "200, then the end without any event"),
        "error_event": Kind(_S, "an Error event after VALUE events", 1),
        "error_event_at": Kind(_S, "an Error event after VALUE events", 3),
        "cut": Kind(_S, "the connection breaks within the event after VALUE whole ones", 2),
        "early_end": Kind(_S, "a proper end after VALUE events, without Completed", 2),
        "stall": Kind(
            _S, "after two events silence for VALUE real seconds, then it goes on; 0: until the client leaves", 0
        ),
        "malformed_json": Kind(_S, "broken JSON in place of Completed; VALUE: after so many events, all others follow"),
        "wrong_types": Kind(_S, "numbers and lists as statuses, a number as url"),
        "completed_without_url": Kind(_S, "Completed with no url"),
        "unknown_status": Kind(_S, "unknown statuses and fields on the way to Completed"),
        "keepalive": Kind(_S, "comment lines between the events"),
        "crlf": Kind(_S, "lines end in CR LF"),
        "multiline": Kind(_S, "one event's JSON over several data lines"),
        "dribble": Kind(_S, "every event arrives byte by byte"),
        "dead_result": Kind(_D, "the link answers with status VALUE", 404),
        "result_html": Kind(_D, "the link answers 200 with an HTML page"),
        "result_lies": Kind(_D, "an HTML page declared as the expected media type"),
        "result_octets": Kind(_D, "the right file declared as application/octet-stream"),
        "result_empty": Kind(_D, "a file of no bytes"),
        "huge_file": Kind(_D, "a file of VALUE bytes, with its length", 3 * _GIB),
        "huge_chunked": Kind(_D, "a file of VALUE bytes, without its length", 3 * _GIB),
        "result_cut": Kind(_D, "the download breaks in the middle"),
        "result_slow": Kind(_D, "the download takes VALUE real seconds", 5),
        "result_redirect_private": Kind(_D, "the link redirects to a loopback address"),
    }
)


class UnknownFault(ValueError):
    """No fault has this name, its parameters are out of range, or too many wait."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault to come. `model` None strikes any model; `times` is how often it strikes; `value` as in CATALOGUE."""

    name: str
    model: str | None = None
    times: int = 1
    value: float | None = None

    @property
    def stage(self) -> Stage:
        return CATALOGUE[self.name].stage

    @property
    def count(self) -> int:
        """`value` as a whole number."""
        return int(self.value or 0)


def fault(name: str | int, model: str | None = None, times: int = 1, value: float | None = None) -> Fault:
    """A checked Fault; `-` in a name counts as `_`. Raises UnknownFault."""
    plain = str(name).lower().replace("-", "_")
    kind = CATALOGUE.get(plain)
    if kind is None:
        raise UnknownFault(f"no fault {name!r}; there are {', '.join(CATALOGUE)}")
    if model not in (None, *MODELS):
        raise UnknownFault(f"no model {model!r}")
    if not 1 <= times <= 1_000_000 or (value is not None and value < 0):
        raise UnknownFault(f"{plain}: times is 1 to 1000000, value is not negative")
    return Fault(plain, model, times, kind.value if value is None else value)


class FaultQueue:
    """Faults to come, oldest first; bounded by QUEUE_MAX."""

    def __init__(self) -> None:
        self._queue: deque[Fault] = deque()

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, name: str | int, model: str | None = None, times: int = 1, value: float | None = None) -> None:
        """Appends a fault. Raises UnknownFault for an unknown name and for a full queue."""
        self.extend([fault(name, model, times, value)])

    def extend(self, faults: Sequence[Fault]) -> None:
        """Appends all of them, or none and raises UnknownFault if the queue has no room."""
        if len(self._queue) + len(faults) > QUEUE_MAX:
            raise UnknownFault(f"at most {QUEUE_MAX} faults wait")
        self._queue.extend(faults)

    def clear(self) -> None:
        self._queue.clear()

    def waiting(self) -> list[Fault]:
        return list(self._queue)

    def take(self, model: str, prompt: str) -> Fault | None:
        """The prompt's own fault, else the oldest for `model`. A prompt may raise UnknownFault."""
        if found := _IN_PROMPT.search(prompt):
            return fault(found[1], value=float(found[2]) if found[2] else None)
        for position, waiting in enumerate(self._queue):
            if waiting.model in (None, model):
                self._use(position, waiting)
                return waiting
        return None

    def _use(self, position: int, waiting: Fault) -> None:
        if waiting.times > 1:
            self._queue[position] = Fault(waiting.name, waiting.model, waiting.times - 1, waiting.value)
        else:
            del self._queue[position]
