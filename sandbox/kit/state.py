"""What every simulator remembers: keys, the log of requests, violations, faults to come, made results."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Generic, TypeVar

from sandbox.bounded import keep
from sandbox.kit.faults import Fault, FaultQueue

LOG_MAX = 20_000
RESULTS_MAX = 20_000


@dataclass(slots=True)
class Record:
    """One order. Times are Unix seconds; `outcome` is running, refused, reset, completed, failed, cut, cancelled,
    abandoned (the client left) or stopped (the simulator did)."""

    id: int
    started: float
    model: str | None = None
    prompt: str | None = None
    status: int = 0
    ended: float | None = None
    outcome: str = "running"
    fault: str | None = None
    url: str | None = None
    downloads: int = 0
    bytes_served: int = 0
    path: str = ""

    def end(self, outcome: str, status: int | None = None) -> None:
        """Closes the record; only the first end counts."""
        if self.ended is None:
            self.outcome, self.ended = outcome, time.time()
            self.status = self.status if status is None else status

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Read:
    """Any other request of the API; `at` is a Unix time, `path` has the query."""

    at: float
    method: str
    path: str


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Result:
    """A file that can be downloaded; `make` is CPU-bound and called in a thread when it is first asked for."""

    record: Record
    kind: str
    make: Callable[[], bytes]
    fault: Fault | None = None


class State(Generic[R]):
    """`scale` multiplies every documented duration; reset() goes back to the first one."""

    def __init__(
        self, keys: Iterable[str], scale: float, seed: int, faults: FaultQueue, make: Callable[[int, float], R]
    ) -> None:
        self.keys = frozenset(keys)
        self.scale = self._first_scale = scale
        self.seed = seed
        self.faults = faults
        self.key_valid = True
        self.stopping = False
        self.private_hits = 0
        self.violations: deque[str] = deque(maxlen=LOG_MAX)
        self.records: deque[R] = deque(maxlen=LOG_MAX)
        self.reads: deque[Read] = deque(maxlen=LOG_MAX)
        self.results: OrderedDict[str, Result] = OrderedDict()
        self._make = make
        self._count = 0

    def reset(self) -> None:
        """Forgets log, violations and faults and restores key and scale. What runs and what was made stay."""
        self.scale = self._first_scale
        self.key_valid, self.private_hits = True, 0
        self.violations.clear()
        self.faults.clear()
        self.records.clear()
        self.reads.clear()

    def allows(self, authorization: str) -> bool:
        scheme, _, key = authorization.partition(" ")
        return self.key_valid and scheme == "Bearer" and key in self.keys

    def record(self, path: str) -> R:
        self._count += 1
        record = self._make(self._count, time.time())
        record.path = path
        self.records.append(record)
        return record

    def keep(self, name: str, result: Result) -> None:
        keep(self.results, name, result, RESULTS_MAX)

    def summary(self) -> dict[str, object]:
        """What the control routes tell."""
        return {
            "key_valid": self.key_valid,
            "scale": self.scale,
            "requests": len(self.records),
            "reads": len(self.reads),
            "open_streams": sum(record.ended is None for record in self.records),
            "private_hits": self.private_hits,
            "violations": list(self.violations),
            "faults": [fault.as_json() for fault in self.faults.waiting()],
        }
