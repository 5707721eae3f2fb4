"""Jobs that are submitted and polled: no task runs for them, the clock says how far they are."""

import heapq
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from math import inf
from typing import Any
from uuid import uuid4

from aiohttp import web

from sandbox.bounded import keep
from sandbox.kit.api import ApiServer, M, Order, query
from sandbox.kit.faults import Fault, Stage, at
from sandbox.kit.state import Result, State

JOBS_MAX = 50_000
QUEUED = 0.1  # of a job's time it waits
FOREVER = inf
_ENDS: Mapping[str, str] = {
    "failed": "failed",
    "failed_silently": "failed",
    "failed_with_e": "failed",
    "cancelled": "cancelled",
}
"""How a job ends that has one of these faults."""


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

    @property
    def url(self) -> str:
        """Where its only result is, in the form that the fault gives it."""
        return self.formed(self.urls[0])

    def formed(self, url: str) -> str:
        """The link, with the fault `relative_url` only its path, with `strange_url` of another scheme."""
        if self.struck("relative_url"):
            return url[url.index("/dl/") :]
        return url.replace("http", "ftp", 1) if self.struck("strange_url") else url

    def keep(self, state: State[Any], result_url: Callable[[str], str]) -> None:
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
        keep(self._jobs, job.id, job, JOBS_MAX)
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


class JobServer(ApiServer[M]):
    """A service whose orders become jobs; `spread` is the least and the most of its typical time that one takes."""

    spread = (0.8, 1.2)

    def __init__(self, keys: Iterable[str] | None = None, **options: Any) -> None:
        super().__init__(keys, **options)
        self.jobs = Jobs(self._finish)

    def submit(self, record: Order, typical: float, price: float, fault: Fault | None) -> Job:
        """The job of an order; with the fault `dear` it costs VALUE times the price."""
        least, most = self.spread
        seconds = self.state.seconds(typical * least, typical * most, record.model, record.prompt)
        job = self.jobs.add(record, record.model or "", seconds, fault)
        job.price = price * (fault.value or 1 if fault and fault.name == "dear" else 1)
        return job

    def find(self, request: web.Request) -> Job | None:
        """The job of the address, as it is now."""
        self.jobs.settle()
        return self.jobs.get(request.match_info["id"])

    async def poll(self, request: web.Request) -> web.StreamResponse:
        job = self.find(request)
        if job is not None:
            job.record.polls += 1
        fault = at(job.fault, Stage.POLL) if job else None
        return await self.read(request, job.model if job else "", partial(self._told, request, job), fault, Stage.POLL)

    def tell(self, job: Job) -> object:
        """The answer to a poll."""
        raise NotImplementedError

    def _told(self, request: web.Request, job: Job | None) -> object:
        query(request)
        if job is None:
            raise web.HTTPNotFound
        return self.tell(job)

    def _finish(self, job: Job) -> None:
        if failure := _ENDS.get(job.fault.name if job.fault else ""):
            self.jobs.end(job, failure)
            return
        job.keep(self.state, self.result_url)
        job.record.url, job.record.cost = job.urls[0], job.price
        self.state.balance = round(self.state.balance - job.price, 6)
        self.jobs.end(job, "completed")
