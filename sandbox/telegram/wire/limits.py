"""Telegram's flood limits: 30 calls a second overall, one a second per chat after a burst, 20 a minute per group."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.telegram.control.config import Limits

TRACKED_CHATS = 20_000
COUNTED = ("send", "edit", "copy", "forward")
UNCOUNTED = {"sendchataction"}


def is_counted(method: str) -> bool:
    """Whether a (lower-case) method counts against the flood limits: messages and edits do, answers and reads don't."""
    return method.startswith(COUNTED) and method not in UNCOUNTED


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    recent: deque[float] = field(default_factory=deque)


class FloodControl:
    """Counts calls; `check` either books a call or says how many whole seconds to wait (then nothing is booked)."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._overall: deque[float] = deque()
        self._chats: OrderedDict[int, _Bucket] = OrderedDict()

    def check(self, chat_id: int | None, *, group: bool, cost: int = 1) -> int:
        """0 when allowed and booked, else retry_after in seconds."""
        limits = self.limits
        if not limits.enabled:
            return 0
        now = self._clock()
        waits = [self._overall_wait(now, cost)]
        bucket = self._bucket(chat_id, now) if chat_id is not None else None
        if bucket is not None:
            rate = limits.chat_per_second * limits.scale
            waits.append(max(0.0, (min(cost, limits.chat_burst) - bucket.tokens) / rate))
            if group:
                waits.append(self._group_wait(bucket, now, cost))
        wait = max(waits)
        if wait > 1e-9:
            return max(1, math.ceil(wait))
        self._overall.extend([now] * cost)
        if bucket is not None:
            bucket.tokens -= cost
            if group:
                bucket.recent.extend([now] * cost)
        return 0

    def _overall_wait(self, now: float, cost: int) -> float:
        window = 1.0
        room = max(1, round(self.limits.overall_per_second * self.limits.scale))
        while self._overall and self._overall[0] <= now - window:
            self._overall.popleft()
        return self._wait_for(self._overall, room, cost, now, window)

    def _group_wait(self, bucket: _Bucket, now: float, cost: int) -> float:
        window = 60.0 / self.limits.scale
        while bucket.recent and bucket.recent[0] <= now - window:
            bucket.recent.popleft()
        return self._wait_for(bucket.recent, self.limits.group_per_minute, cost, now, window)

    @staticmethod
    def _wait_for(stamps: deque[float], room: int, cost: int, now: float, window: float) -> float:
        excess = len(stamps) + min(cost, room) - room
        return stamps[excess - 1] + window - now if excess > 0 else 0.0

    def _bucket(self, chat_id: int, now: float) -> _Bucket:
        limits = self.limits
        bucket = self._chats.get(chat_id)
        if bucket is None:
            bucket = self._chats[chat_id] = _Bucket(float(limits.chat_burst), now)
            while len(self._chats) > TRACKED_CHATS:
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat_id)
        refill = (now - bucket.at) * limits.chat_per_second * limits.scale
        bucket.tokens = min(float(limits.chat_burst), bucket.tokens + refill)
        bucket.at = now
        return bucket
