"""A whole engine on a real database with a provider, a chat and admins that the test scripts."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from bot import ledger
from bot.domain.catalog.models import Catalog, Kind, Model, Terms, Translations
from bot.domain.jobs import Asset, Delivered, Input, Job, JobState, Order, Target
from bot.domain.money import CREDIT, Credits
from bot.domain.results import Fetched, ResultFile
from bot.engine.accounts import users
from bot.engine.catalog.shop import Shop
from bot.engine.conversations.prompt import Chat
from bot.engine.jobs import store
from bot.engine.jobs.questions import Asks
from bot.engine.jobs.run.run_context import RunContext
from bot.engine.jobs.run.worker import Worker, WorkerLimits
from bot.engine.jobs.submit import OrderLimits, Orders, Placed
from bot.engine.ports import NOTHING_SEEN, Delivery, Keep, Progress, Seen
from bot.engine.supervisor import Supervisor
from bot.providers.base import Accepted, Event, Provider, ProviderOrder, Resume, Running, Succeeded
from bot.storage.clock import now
from bot.storage.database import Database

T = TypeVar("T")
Step = Event | Exception | float | asyncio.Event
SUCCESS: tuple[Step, ...] = (Accepted(None), Running(), Succeeded((Asset("https://cdn.example/a.mp4"),)))


def words(text: str) -> Translations:
    return Translations({"en": text, "ru": text})


def model(slug: str = "pika", units: int = 10, longest: float = 60.0) -> Model:
    return Model(slug, "toy", slug, Kind.VIDEO, words(slug), words(slug), Decimal(units), 2.0, longest, 500)


def catalog(*models: Model, concurrency: int = 4) -> Catalog:
    terms = Terms("toy", "Toy", Decimal(1), Decimal(1), concurrency)
    return Catalog({"toy": terms}, models or (model("pika", 10), model("luma", 30)))


class ToyProvider:
    """Plays the script of the prompt; events, errors to raise, seconds to wait, or gates to wait for."""

    name = "toy"

    def __init__(self, *, resumable: bool = False) -> None:
        self.resumable = resumable
        self.scripts: dict[str, tuple[Step, ...]] = {}
        self.on_resume: tuple[Step, ...] = SUCCESS[1:]
        self.submits: list[str] = []
        self.resumes: list[str] = []
        self.closed: list[str] = []
        self.pings: list[Exception | None] = []

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        if resume is None:
            self.submits.append(job_id)
            steps = self.scripts.get(order.prompt, SUCCESS)
        else:
            self.resumes.append(resume.ref)
            steps = self.on_resume
        try:
            for step in steps:
                match step:
                    case Exception():
                        raise step
                    case float():
                        await asyncio.sleep(step)
                    case asyncio.Event():
                        await step.wait()
                    case _:
                        yield step
        finally:
            self.closed.append(job_id)

    async def ping(self) -> None:
        outcome = self.pings.pop(0) if self.pings else None
        if outcome is not None:
            raise outcome


@dataclass
class FakeView:
    """The chat: what was shown, and failures to give instead."""

    shown: list[tuple[str, Progress]] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    finals: list[tuple[str, JobState, bool]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    on_its_way: bool = False
    """What the next drop finds."""
    read: dict[str, Seen] = field(default_factory=dict)
    """What people read of answers while they were streamed, by job."""
    open_failures: list[Exception] = field(default_factory=list)
    deliver_failures: list[Exception] = field(default_factory=list)
    final_failures: list[Exception] = field(default_factory=list)

    async def open(self, job: Job) -> Target:
        if self.open_failures:
            raise self.open_failures.pop(0)
        self.opened.append(job.id)
        return replace(job.target, message_id=900 + len(self.opened))

    def progress(self, job: Job, progress: Progress) -> None:
        self.shown.append((job.id, progress))

    def drop(self, job: Job) -> bool:
        self.dropped.append(job.id)
        on_its_way, self.on_its_way = self.on_its_way, False
        return on_its_way

    def seen(self, job: Job) -> Seen:
        return self.read.get(job.id, NOTHING_SEEN)

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        if self.deliver_failures:
            raise self.deliver_failures.pop(0)
        self.delivered.append(job.id)
        sent = tuple(Delivered(f"file-{job.id}", "video") for _ in results) or (Delivered("", "text"),)
        return Delivery(job.target, job.delivered or sent)

    async def final(self, job: Job) -> Target | None:
        if self.final_failures:
            raise self.final_failures.pop(0)
        self.finals.append((job.id, job.state, not job.ready_sent))
        return None


@dataclass
class FakeAlerts:
    said: list[tuple[str, str]] = field(default_factory=list)
    values: list[Mapping[str, str]] = field(default_factory=list)

    async def alert(self, key: str, message: str, **values: str) -> bool:
        self.said.append((key, message))
        self.values.append(values)
        return True


@dataclass
class FakeFetcher:
    failures: list[Exception] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    stored: list[bytes] = field(default_factory=list)

    async def store(self, data: bytes, *, expect: Kind | None = None) -> Fetched:
        self.stored.append(data)
        return ResultFile(Path("result.png"), "photo", "image/png", len(data))

    async def fetch(self, url: str, *, expect: Kind | None = None, headers: Mapping[str, str] | None = None) -> Fetched:
        if self.failures:
            raise self.failures.pop(0)
        self.fetched.append(url)
        return ResultFile(Path("result.mp4"), "video", "video/mp4", 10)


async def _no_trouble(name: str) -> None:
    pass


class Troubled:
    """A database in trouble: `before` and `after` hear the name of each transaction's function, and may raise or wait.
    After the COMMIT the trouble is that nobody hears of it."""

    def __init__(
        self,
        inner: Database,
        before: Callable[[str], Awaitable[None]] = _no_trouble,
        after: Callable[[str], Awaitable[None]] = _no_trouble,
    ) -> None:
        self._inner = inner
        self._before = before
        self._after = after
        self.dialect = inner.dialect
        self.read = inner.read
        self.notify = inner.notify
        self.listen = inner.listen
        self.shift_clock = inner.shift_clock
        self.close = inner.close

    @property
    def lost(self) -> bool:
        return self._inner.lost

    async def transaction(self, fn: Callable[[Connection], T]) -> T:
        await self._before(fn.__qualname__)
        value = await self._inner.transaction(fn)
        await self._after(fn.__qualname__)
        return value


@dataclass
class Kit:
    """One process's engine; `crash()` leaves everything as a kill would, `restart()` is the next process."""

    db: Database
    provider: ToyProvider
    shop: Shop
    orders: Orders
    view: FakeView
    alerts: FakeAlerts
    fetcher: FakeFetcher
    limits: WorkerLimits
    worker: Worker
    supervisor: Supervisor
    orders_made: int = 0

    @property
    def asks(self) -> Asks:
        return Asks(self.db, self.shop, self.orders, Chat())

    @property
    def run_context(self) -> RunContext:
        providers: dict[str, Provider] = {"toy": self.provider}
        return RunContext(self.db, self.shop, providers, self.view, self.alerts, self.fetcher, time.time, 600.0)

    async def person(self, user_id: int, balance: int = 100) -> users.User:
        def make(conn: Connection) -> users.User:
            user, _ = users.seen(conn, user_id=user_id, username=None, name=f"user {user_id}", language_code="en")
            if balance:
                amount = Credits(balance * CREDIT)
                key = f"test:{user_id}"
                ledger.top_up(conn, key=key, account_id=user.account_id, amount=amount, actor=None, note="")
            return user

        return await self.db.transaction(make)

    async def order(
        self,
        user: users.User,
        prompt: str = "a lake",
        *,
        slug: str = "pika",
        message_id: int = 7,
        id: str = "",
        results: int = 1,
        inputs: tuple[Input, ...] = (),
        options: Mapping[str, str] | None = None,
    ) -> Placed:
        self.orders_made += 1
        made = self.shop.catalog.get(slug)
        assert made is not None
        order = Order(
            id=id or f"job{self.orders_made}",
            account_id=user.account_id,
            user_id=user.id,
            model=slug,
            prompt=prompt,
            options=dict(options or {}),
            quote=self.shop.price(made, options),
            locale="en",
            target=Target(user.id, None, message_id),
            results=results,
            inputs=inputs,
        )
        return await self.orders.submit(order, quoted_at=await self.db.read(now))

    async def job(self, job_id: str) -> Job:
        job = await self.db.read(lambda conn: store.get(conn, job_id))
        assert job is not None
        return job

    async def until(self, job_id: str, wanted: Callable[[Job], bool], timeout: float = 10.0) -> Job:
        deadline = time.monotonic() + timeout
        while True:
            job = await self.job(job_id)
            if wanted(job):
                return job
            assert time.monotonic() < deadline, f"waited in vain; the job stands at {job}"
            await asyncio.sleep(0.01)

    async def finished(self, job_id: str, timeout: float = 10.0) -> Job:
        """The job once its last word was said."""
        return await self.until(job_id, lambda job: job.state.finished and not job.notice_due, timeout)

    async def state(self, job_id: str, state: JobState) -> Job:
        return await self.until(job_id, lambda job: job.state is state)

    async def balance(self, user: users.User) -> tuple[float, float]:
        """Available and held, in credits."""
        found = await self.db.read(lambda conn: ledger.balance(conn, user.account_id))
        return found.available / CREDIT, found.held / CREDIT

    async def clean(self) -> None:
        assert await self.db.read(ledger.verify) == []

    async def crash(self) -> None:
        """Ends every task without a word to the database: rows stay owned, leases stay written."""
        await self.supervisor.stop()

    async def restart(self) -> None:
        """A new process on the same database; on PostgreSQL the old one's lease runs out first."""
        await self.crash()
        self.db.shift_clock(self.limits.lease + 1)
        self.supervisor = Supervisor()
        self.worker = Worker(self.run_context, self.limits, self.supervisor)
        await self.worker.start()


@asynccontextmanager
async def engine(
    db: Database,
    *,
    provider: ToyProvider | None = None,
    what: Catalog | None = None,
    limits: OrderLimits | None = None,
    queue_wait: float = 3600.0,
    lease: float = 15.0,
    drain: float = 5.0,
    tasks: int = 20_000,
    start: bool = True,
) -> AsyncIterator[Kit]:
    """An engine that verifies the ledger when the test is through."""
    provider = provider or ToyProvider()
    what = what or catalog()
    shop = Shop(db, what, ["toy"])
    orders = Orders(db, shop, limits or OrderLimits())
    concurrency = {"toy": what.terms["toy"].concurrency}
    bounds = WorkerLimits(concurrency, queue_wait=queue_wait, tasks=tasks, lease=lease, drain=drain)
    supervisor = Supervisor()
    view, alerts, fetcher = FakeView(), FakeAlerts(), FakeFetcher()
    providers: dict[str, Provider] = {"toy": provider}
    ctx = RunContext(db, shop, providers, view, alerts, fetcher, time.time, 600.0)
    kit = Kit(db, provider, shop, orders, view, alerts, fetcher, bounds, Worker(ctx, bounds, supervisor), supervisor)
    if start:
        await kit.worker.start()
    try:
        yield kit
        await kit.clean()
    finally:
        await kit.supervisor.stop()
