"""Faults on demand: the queue of what shall go wrong next, and the faults that any service can have.

A fault is ordered in-process, over HTTP, or by a prompt that contains `[fault:NAME]` or `[fault:NAME=VALUE]`.
"""

import re
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

QUEUE_MAX = 1000
_IN_PROMPT = re.compile(r"\[fault:([\w-]{1,40})(?:=(\d{1,12}(?:\.\d{1,3})?))?\]")
_GIB = 1024**3


class Stage(Enum):
    """Where a fault strikes: instead of the answer to an order, in that answer, in its stream, in what becomes of the
    job, at a poll of it, at a read of anything else, at the download of the result."""

    REFUSAL = "refusal"
    ANSWER = "answer"
    STREAM = "stream"
    JOB = "job"
    POLL = "poll"
    READ = "read"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Kind:
    """`value` is the number a fault has when none is given; `what` says what it means."""

    stage: Stage
    what: str
    value: float | None = None


_D = Stage.RESULT
RESULT_FAULTS: Mapping[str, Kind] = MappingProxyType(
    {
        "dead_result": Kind(_D, "the link answers with status VALUE", 404),
        "result_late": Kind(_D, "the link answers with status VALUE twice, 200: no bytes; then with the file", 404),
        "result_html": Kind(_D, "the link answers 200 with an HTML page"),
        "result_lies": Kind(_D, "an HTML page declared as the expected media type"),
        "result_rubbish": Kind(_D, "a page behind the right file's first bytes, declared as it"),
        "result_short": Kind(_D, "half of the file, without its length and with a proper end"),
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
    """One fault to come. `model` None strikes any model; `times` is how often it strikes; `value` as in its Kind."""

    name: str
    stage: Stage
    model: str | None = None
    times: int = 1
    value: float | None = None

    @property
    def count(self) -> int:
        """`value` as a whole number."""
        return int(self.value or 0)

    @property
    def plain(self) -> str:
        """The name without the word that says at which kind of request it strikes."""
        return self.name.removeprefix("poll_").removeprefix("read_")

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "model": self.model, "times": self.times, "value": self.value}


def at(fault: Fault | None, stage: Stage) -> Fault | None:
    """The fault where it strikes at `stage`, else None."""
    return fault if fault is not None and fault.stage is stage else None


class FaultQueue:
    """Faults to come, oldest first; bounded by QUEUE_MAX. `targets` are the models, and the reads, a fault can name."""

    def __init__(self, catalogue: Mapping[str, Kind], targets: Collection[str]) -> None:
        self.catalogue = catalogue
        self._targets = targets
        self._queue: deque[Fault] = deque()

    def __len__(self) -> int:
        return len(self._queue)

    def make(self, name: str | int, model: str | None = None, times: int = 1, value: float | None = None) -> Fault:
        """A checked Fault; `-` in a name counts as `_`. Raises UnknownFault."""
        plain = str(name).lower().replace("-", "_")
        kind = self.catalogue.get(plain)
        if kind is None:
            raise UnknownFault(f"no fault {name!r}; there are {', '.join(self.catalogue)}")
        if model is not None and model not in self._targets:
            raise UnknownFault(f"no model {model!r}")
        if not 1 <= times <= 1_000_000 or (value is not None and value < 0):
            raise UnknownFault(f"{plain}: times is 1 to 1000000, value is not negative")
        return Fault(plain, kind.stage, model, times, kind.value if value is None else value)

    def add(self, name: str | int, model: str | None = None, times: int = 1, value: float | None = None) -> None:
        """Appends a fault. Raises UnknownFault for an unknown name and for a full queue."""
        self.extend([self.make(name, model, times, value)])

    def extend(self, faults: Sequence[Fault]) -> None:
        """Appends all of them, or none and raises UnknownFault if the queue has no room."""
        if len(self._queue) + len(faults) > QUEUE_MAX:
            raise UnknownFault(f"at most {QUEUE_MAX} faults wait")
        self._queue.extend(faults)

    def clear(self) -> None:
        self._queue.clear()

    def waiting(self) -> list[Fault]:
        return list(self._queue)

    def take(self, model: str, prompt: str = "", stages: Collection[Stage] = tuple(Stage)) -> Fault | None:
        """The prompt's own fault, else the oldest of these stages for `model`. A prompt may raise UnknownFault."""
        if found := _IN_PROMPT.search(prompt):
            return self.make(found[1], value=float(found[2]) if found[2] else None)
        for position, waiting in enumerate(self._queue):
            if waiting.model in (None, model) and waiting.stage in stages:
                self._use(position, waiting)
                return waiting
        return None

    def _use(self, position: int, waiting: Fault) -> None:
        if waiting.times > 1:
            self._queue[position] = replace(waiting, times=waiting.times - 1)
        else:
            del self._queue[position]
