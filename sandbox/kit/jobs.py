"""Jobs that are submitted and polled: no task runs for them, the clock says how far they are."""

import heapq
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from math import inf
from uuid import uuid4

from sandbox.kit.api import ApiState, Order
from sandbox.kit.faults import Fault
from sandbox.kit.state import Result

JOBS_MAX = 50_000
QUEUED = 0.1  # of a job's time it waits
FOREVER = inf


@dataclass(slots=True)
class Job:
    """`begun` and `due` are monotonic seconds, `created` and `ended` Unix ones; `files` what it will
    have made (by name), `urls` where its results are."""

    record: Order
    model: str
    begun: float
    due: float
    fault: Fault | None
    price: float = 0.0
    created: float = field(default_factory=time.time)
    ended: float | None = None
    outcome: str = ""
    told: int = 0
    files: list[tuple[str, Result]] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def done(self) -> bool:
        return self.ended is not None

    def struck(self, name: str) -> bool:
        """Whether this fault is the job's."""
        return self.fault is not None and self.fault.name == name

    def late(self, name: str) -> bool:
        """Whether its end was told less than the fault's VALUE of times; this counts as one."""
        if self.fault is None or not self.struck(name):
            return False
        self.told += 1
        return self.told <= self.fault.count

    def keep(self, state: ApiState, result_url: Callable[[str], str]) -> None:
        """Makes its files downloadable; `urls` are then theirs."""
        for name, result in self.files:
            state.keep(name, result)
            self.urls.append(result_url(name))
        self.files = []

    def progress(self) -> float:
        """0 to 1; below 1 until it is done."""
        if self.done:
            return 1.0
        return min(0.99, max(0.0, (time.monotonic() - self.begun) / max(self.due - self.begun, 1e-9)))


class Jobs:
    """Bounded by JOBS_MAX, the oldest are forgotten. `finish` is called once for each job whose time has come."""

    def __init__(self, finish: Callable[[Job], None]) -> None:
        self._finish = finish
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._due: list[tuple[float, int, Job]] = []
        self._numbers = count()

    def add(self, record: Order, model: str, seconds: float, fault: Fault | None) -> Job:
        """A new job; with the fault `stuck` it never ends."""
        now = time.monotonic()
        stuck = fault is not None and fault.name == "stuck"
        job = Job(record, model, now, FOREVER if stuck else now + seconds, fault)
        record.ref = job.id
        self._jobs[job.id] = job
        while len(self._jobs) > JOBS_MAX:
            self._jobs.popitem(last=False)
        if not stuck:
            heapq.heappush(self._due, (job.due, next(self._numbers), job))
        return job

    def get(self, ref: str) -> Job | None:
        """None for an unknown id, and for a job whose fault is to be lost."""
        job = self._jobs.get(ref)
        return None if job is None or job.struck("lost") else job

    def settle(self) -> None:
        """Ends what has run its time; to be called before anything is told."""
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            job = heapq.heappop(self._due)[2]
            if not job.done:
                job.ended = time.time()
                self._finish(job)

    def end(self, job: Job, outcome: str) -> None:
        """Ends a job before its time."""
        job.ended, job.outcome = time.time(), outcome
        job.record.end(outcome)
