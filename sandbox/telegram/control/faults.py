"""Faults on demand and the log of all bot calls, so that a test can break Telegram and count what reached it."""

from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from sandbox.telegram.wire.errors import bad

FaultKind = Literal["429", "500", "502", "timeout", "drop_before", "drop_after", "hang"]
FAULTS_KEPT = 1_000
CALLS_KEPT = 20_000


@dataclass(slots=True)
class Fault:
    """`timeout`: applied, then no answer for `seconds` and a 504; `hang`: not applied, silent for `seconds`, then cut;
    `drop_before` and `drop_after`: the connection is cut before or after the call was applied."""

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int = 1
    retry_after: int = 1
    seconds: float = 30.0


class Faults:
    """A bounded queue of faults; the first that matches a call is used up by it. One without a method spares get…"""

    def __init__(self) -> None:
        self._queue: list[Fault] = []

    def add(self, spec: dict[str, Any]) -> None:
        """Append a fault from its JSON form; refuses unknown kinds and a full queue."""
        if str(spec.get("kind")) not in get_args(FaultKind):
            raise bad(f"unknown fault kind {spec.get('kind')!r}")
        if len(self._queue) >= FAULTS_KEPT:
            raise bad("too many faults are queued")
        known = {
            name: spec[name] for name in ("chat_id", "times", "retry_after", "seconds") if spec.get(name) is not None
        }
        if not all(isinstance(value, int | float) for value in known.values()):
            raise bad("chat_id, times, retry_after and seconds are numbers")
        method = str(spec["method"]).lower() if spec.get("method") else None
        kind: FaultKind = str(spec["kind"])  # type: ignore[assignment]  # checked above
        self._queue.append(Fault(kind=kind, method=method, **known))

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault for this call, if any; its count goes down by one."""
        for fault in self._queue:
            if fault.method != method and (fault.method is not None or method.startswith("get")):
                continue
            if fault.chat_id not in (None, chat_id):
                continue
            fault.times -= 1
            if fault.times <= 0:
                self._queue.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        """Forget every queued fault."""
        self._queue.clear()

    def listing(self) -> list[dict[str, Any]]:
        """The queued faults as JSON."""
        return [asdict(fault) for fault in self._queue]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot; `time` is Unix seconds, `status` the HTTP status, 0 when the connection was cut."""

    method: str
    chat_id: int | None
    time: float
    status: int
    description: str = ""


class CallLog:
    """The last calls, and counters that never forget."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.by_method: Counter[str] = Counter()
        self.by_status: Counter[int] = Counter()

    def add(self, call: Call) -> None:
        """Remember a call."""
        self._calls.append(call)
        self.by_method[call.method] += 1
        self.by_status[call.status] += 1

    def clear(self) -> None:
        """Forget calls and counters."""
        self._calls.clear()
        self.by_method.clear()
        self.by_status.clear()

    def listing(self, method: str | None = None, limit: int = 1_000) -> list[dict[str, Any]]:
        """The newest calls, oldest first; `method` in any case."""
        chosen = [call for call in self._calls if method is None or call.method.lower() == method.lower()]
        return [asdict(call) for call in chosen[-limit:]]
