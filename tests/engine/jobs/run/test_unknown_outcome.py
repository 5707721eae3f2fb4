"""Orders whose answer never came, at a provider that can be asked what it made: found and charged once, or released."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable

import pytest

from bot.domain.jobs import Asset, Cause, JobState
from bot.engine.jobs import queries
from bot.engine.jobs.run import provider_run, unknown_outcome
from bot.engine.jobs.submit import OrderLimits
from bot.engine.media import ownership
from bot.engine.ports import Stage
from bot.providers.base import (
    Accepted,
    BadKey,
    ConnectionLost,
    Event,
    GenerationFailed,
    Lost,
    ProviderOrder,
    Refused,
    Running,
    Succeeded,
)
from bot.storage.database import Database
from tests.engine.kit import Kit, ToyProvider, engine

MADE = Asset("https://cdn.example/a.png", own="/history/a")
NEVER = (Running(), 1000.0)
Look = Callable[[Lost], AsyncGenerator[Event, None]]


async def finds(lost: Lost) -> AsyncGenerator[Event, None]:
    if lost.rivals:
        raise ConnectionLost(f"{lost.rivals} rivals")
    names = await lost.free([MADE.own])
    if not names:
        raise ConnectionLost("it belongs to somebody")
    yield Succeeded((MADE,))


async def finds_nothing(lost: Lost) -> AsyncGenerator[Event, None]:
    yield Running()
    raise ConnectionLost("nothing there")


class Remembering(ToyProvider):
    """Gives no references, but can be asked."""

    def __init__(self, look: Look = finds) -> None:
        super().__init__()
        self.look = look
        self.looked: list[tuple[ProviderOrder, Lost]] = []

    async def recover(self, order: ProviderOrder, *, job_id: str, lost: Lost) -> AsyncGenerator[Event, None]:
        self.looked.append((order, lost))
        async for event in self.look(lost):
            yield event


async def interrupted(kit: Kit, *prompts: str, order_by: int = 1) -> None:
    """Orders that a process leaves behind without an answer; the next one is at work."""
    user = await kit.person(order_by)
    for prompt in prompts:
        kit.provider.scripts[prompt] = NEVER
        placed = await kit.order(user, prompt)
        await kit.state(placed.job.id, JobState.SUBMITTING)
    await kit.restart()


async def test_what_was_made_is_found_and_charged_once(database: Database) -> None:
    provider = Remembering()
    async with engine(database, provider=provider) as kit:
        before = time.time()
        await interrupted(kit, "a fox")
        job = await kit.finished("job1")
        assert (job.state, job.assets, job.attempt) == (JobState.DONE, (MADE,), 1)
        assert provider.submits == ["job1"]
        ((order, lost),) = provider.looked
        assert (order.prompt, order.longest_seconds, lost.rivals) == ("a fox", 60.0, 0)
        assert before - 1 < lost.submitted_at < time.time()
        assert await kit.balance(await kit.person(1, 0)) == (90, 0)
        assert await database.read(lambda conn: ownership.owner(conn, "toy", MADE.own)) == "job1"
        assert Stage.RESUMED in [progress.stage for _, progress in kit.view.shown]
        assert await database.read(queries.count_reconciliations) == 0


async def test_what_is_not_found_is_released_and_noted(database: Database) -> None:
    async with engine(database, provider=Remembering(finds_nothing)) as kit:
        await interrupted(kit, "a fox")
        job = await kit.finished("job1")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.INTERRUPTED)
        assert "nothing there" in job.detail
        assert await kit.balance(await kit.person(1, 0)) == (100, 0)
        assert await database.read(queries.count_reconciliations) == 1


async def test_a_stream_without_reference_is_looked_up_too(database: Database) -> None:
    provider = Remembering()
    async with engine(database, provider=provider) as kit:
        ann = await kit.person(1)
        provider.scripts["x"] = (Accepted(None), asyncio.Event())
        await kit.order(ann, "x")
        await kit.state("job1", JobState.RUNNING)
        await kit.restart()
        assert (await kit.finished("job1")).state is JobState.DONE
        assert provider.submits == ["job1"]


async def test_a_connection_that_breaks_is_looked_up_at_once(database: Database) -> None:
    provider = Remembering()
    async with engine(database, provider=provider) as kit:
        ann = await kit.person(1)
        provider.scripts["x"] = (Running(), ConnectionLost("reset"))
        await kit.order(ann, "x")
        assert (await kit.finished("job1")).state is JobState.DONE
        provider.look = finds_nothing
        provider.scripts["y"] = (Running(), ConnectionLost("reset"))
        await kit.order(ann, "y")
        job = await kit.finished("job2")
        assert (job.cause, job.detail) == (Cause.CONNECTION_LOST, "reset; nothing there")
        provider.scripts["z"] = (Running(), GenerationFailed("no"))
        await kit.order(ann, "z")
        assert (await kit.finished("job3")).cause is Cause.GENERATION_FAILED
        assert [order.prompt for order, _ in provider.looked] == ["x", "y"]


async def test_equal_orders_that_were_both_lost_are_both_released(database: Database) -> None:
    provider = Remembering()
    async with engine(database, provider=provider) as kit:
        await kit.person(2)
        await interrupted(kit, "a fox", "a fox", "an owl")
        jobs = [await kit.finished(f"job{n}") for n in (1, 2, 3)]
        assert [job.state for job in jobs] == [JobState.FAILED, JobState.FAILED, JobState.DONE]
        assert sorted(lost.rivals for _, lost in provider.looked) == [0, 1, 1]
        assert await kit.balance(await kit.person(1, 0)) == (90, 0)


@pytest.mark.parametrize(
    ("script", "rivals"),
    [
        ((Running(), Succeeded((Asset("https://cdn.example/b.png", own="/history/b"),))), 0),
        ((Running(), Succeeded((Asset("https://cdn.example/b.png"),))), 1),
        ((Refused("no"),), 0),
        ((GenerationFailed("no"),), 1),
    ],
)
async def test_whose_results_are_known_is_no_rival(
    database: Database, script: tuple[Event | Exception, ...], rivals: int
) -> None:
    provider = Remembering()
    async with engine(database, provider=provider) as kit:
        bob = await kit.person(2)
        provider.scripts["a fox"] = script
        await kit.order(bob, "a fox", id="other")
        await kit.finished("other")
        await interrupted(kit, "a fox")
        job = await kit.finished("job2")
        assert [lost.rivals for _, lost in provider.looked] == [rivals]
        assert job.state is (JobState.FAILED if rivals else JobState.DONE)


async def test_an_order_of_another_day_is_no_rival(database: Database) -> None:
    provider = Remembering()
    async with engine(database, provider=provider) as kit:
        provider.scripts["a fox"] = (GenerationFailed("no"),)
        await kit.order(await kit.person(2), "a fox", id="other")
        await kit.finished("other")
        database.shift_clock(3600)
        await interrupted(kit, "a fox")
        assert (await kit.finished("job2")).state is JobState.DONE
        assert [lost.rivals for _, lost in provider.looked] == [0]


async def test_what_belongs_to_somebody_is_not_given_away(database: Database) -> None:
    async with engine(database, provider=Remembering()) as kit:
        kit.provider.scripts["an owl"] = (Succeeded((MADE,)),)
        await kit.order(await kit.person(2), "an owl", id="other")
        assert (await kit.finished("other")).state is JobState.DONE
        await interrupted(kit, "a fox")
        job = await kit.finished("job2")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.INTERRUPTED)
        assert "belongs to somebody" in job.detail


async def test_the_same_ordered_while_it_is_looked_for(database: Database) -> None:
    gate = asyncio.Event()

    async def slowly(lost: Lost) -> AsyncGenerator[Event, None]:
        await gate.wait()
        yield Succeeded((MADE,))

    provider = Remembering(slowly)
    async with engine(database, provider=provider) as kit:
        await interrupted(kit, "a fox")
        await kit.order(await kit.person(2), "a fox", id="other")
        await kit.state("other", JobState.SUBMITTING)
        gate.set()
        job = await kit.finished("job1")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.INTERRUPTED)
        assert await database.read(lambda conn: ownership.owner(conn, "toy", MADE.own)) is None
        assert await kit.balance(await kit.person(1, 0)) == (100, 0)
        await kit.orders.cancel("other", account_id=None)
        await kit.finished("other")


async def test_a_look_up_can_be_cancelled(database: Database) -> None:
    looking = asyncio.Event()

    async def for_ever(lost: Lost) -> AsyncGenerator[Event, None]:
        looking.set()
        await asyncio.Event().wait()
        yield Running()

    async with engine(database, provider=Remembering(for_ever)) as kit:
        await interrupted(kit, "a fox")
        await looking.wait()
        ann = await kit.person(1, 0)
        await kit.orders.cancel("job1", account_id=ann.account_id)
        assert (await kit.finished("job1")).state is JobState.CANCELLED
        assert await kit.balance(ann) == (100, 0)
        assert kit.view.delivered == []


async def test_the_deadline_is_that_of_the_submit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_run, "LAST_LOOK", 0.2)

    async def for_ever(lost: Lost) -> AsyncGenerator[Event, None]:
        await asyncio.Event().wait()
        yield Running()

    async with engine(database, provider=Remembering(for_ever)) as kit:
        user = await kit.person(1)
        kit.provider.scripts["a fox"] = NEVER
        await kit.order(user, "a fox")
        deadline = (await kit.state("job1", JobState.SUBMITTING)).deadline
        database.shift_clock(3600)
        await kit.restart()
        job = await kit.finished("job1")
        assert (job.cause, job.deadline) == (Cause.INTERRUPTED, deadline)
        assert "no answer in time" in job.detail


async def test_a_key_that_went_bad_meanwhile_is_the_operators_matter(database: Database) -> None:
    async def refuses(lost: Lost) -> AsyncGenerator[Event, None]:
        yield Running()
        raise BadKey("HTTP 401")

    async with engine(database, provider=Remembering(refuses)) as kit:
        await interrupted(kit, "a fox")
        assert (await kit.finished("job1")).cause is Cause.UNAVAILABLE
        assert kit.alerts.said


async def test_rivals_of_many_jobs(database: Database) -> None:
    async with engine(
        database, provider=Remembering(), limits=OrderLimits(active_jobs_per_user=50), start=False
    ) as kit:
        await kit.worker.start()
        ann = await kit.person(1)
        for n in range(4):
            kit.provider.scripts["a fox"] = NEVER
            await kit.order(ann, "a fox", slug="luma" if n % 2 else "pika")
            await kit.state(f"job{n + 1}", JobState.SUBMITTING)
        job = await kit.job("job1")
        both = await database.read(lambda conn: unknown_outcome.count_rivals(conn, job, ("pika", "luma"), 60.0))
        one = await database.read(lambda conn: unknown_outcome.count_rivals(conn, job, ("pika",), 60.0))
        assert (both, one) == (3, 1)
