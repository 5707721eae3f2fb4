"""Everything the simulator remembers: keys, tokens, the log of requests, violations, made results."""

import time
from collections import OrderedDict, deque
from dataclasses import asdict, dataclass, field
from random import Random

from bot.sandbox.ai_now.contract import MODELS, Order
from bot.sandbox.ai_now.faults import Fault, FaultQueue

LOG_MAX = 20_000
RESULTS_MAX = 20_000


@dataclass(slots=True)
class Record:
    """One POST /api/generate. Times are Unix seconds; `outcome` is running, refused, reset, completed, failed, cut,
    abandoned (the client left) or stopped (the simulator did); `tokens` is what it cost; `events` counts those sent."""

    id: int
    started: float
    model: str | None = None
    prompt: str | None = None
    style: str | None = None
    status: int = 0
    ended: float | None = None
    outcome: str = "running"
    tokens: int = 0
    events: int = 0
    fault: str | None = None
    url: str | None = None
    downloads: int = 0
    bytes_served: int = 0

    def end(self, outcome: str, status: int | None = None) -> None:
        """Closes the record; only the first end counts."""
        if self.ended is None:
            self.outcome, self.ended = outcome, time.time()
            self.status = self.status if status is None else status

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Result:
    """A finished generation that can be downloaded."""

    order: Order
    fault: Fault | None
    record: Record


@dataclass(slots=True)
class State:
    """`scale` multiplies every documented duration; `first_tokens` and `first_scale` are what reset() goes back to."""

    keys: frozenset[str]
    tokens: int
    scale: float
    seed: int
    prompt_max: int
    key_valid: bool = True
    stopping: bool = False
    private_hits: int = 0
    violations: deque[str] = field(default_factory=lambda: deque(maxlen=LOG_MAX))
    faults: FaultQueue = field(default_factory=FaultQueue)
    records: deque[Record] = field(default_factory=lambda: deque(maxlen=LOG_MAX))
    results: OrderedDict[str, Result] = field(default_factory=OrderedDict)
    _first: tuple[int, float] = (0, 0.0)
    _count: int = 0

    def __post_init__(self) -> None:
        self._first = (self.tokens, self.scale)

    def reset(self) -> None:
        """Forgets log, violations and faults and restores tokens, key and scale. Open streams and made results stay."""
        self.tokens, self.scale = self._first
        self.key_valid, self.private_hits = True, 0
        self.violations.clear()
        self.faults.clear()
        self.records.clear()

    def allows(self, authorization: str) -> bool:
        scheme, _, key = authorization.partition(" ")
        return self.key_valid and scheme == "Bearer" and key in self.keys

    def record(self) -> Record:
        self._count += 1
        record = Record(id=self._count, started=time.time())
        self.records.append(record)
        return record

    def rng(self, order: Order) -> Random:
        """Equal orders take equal times, however many run beside them."""
        return Random(f"{self.seed}\x1f{order.model}\x1f{order.style}\x1f{order.prompt}")

    def name(self, order: Order, record: Record) -> str:
        """A file name as in the documented examples: words of the prompt, a number, the extension."""
        words = "".join(
            letter if letter.isascii() and letter.isalnum() else " " for letter in order.prompt.lower()
        ).split()
        stem = "_".join(words[:5])[:60] or order.model
        return f"{stem}_{10_000 + record.id}.{'mp3' if MODELS[order.model].kind == 'audio' else 'mp4'}"

    def keep(self, name: str, result: Result) -> None:
        self.results[name] = result
        while len(self.results) > RESULTS_MAX:
            self.results.popitem(last=False)
