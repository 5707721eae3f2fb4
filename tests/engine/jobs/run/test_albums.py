"""Several results of one job, and a process that dies while they are sent: one charge, nothing noted comes twice."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import RESULTS, Option, OptionType
from bot.domain.jobs import CUT, Asset, Cause, Delivered, Job, JobState
from bot.domain.money import CREDIT
from bot.domain.results import Fetched
from bot.engine.jobs.run import crash_handling, job_runner
from bot.engine.ports import Delivery, Keep, TargetGone, TryLater
from bot.providers.base import Accepted, BadResult, Succeeded
from bot.storage.database import Database
from bot.storage.tables import jobs
from tests.engine.kit import FakeView, Kit, ToyProvider, catalog, engine, model, words

FIRST, SECOND = Delivered("a", "photo", 11), Delivered("b", "photo", 12)
OPTION = Option(RESULTS, words("n"), type=OptionType.INTEGER, minimum=Decimal(1), maximum=Decimal(4))
MODEL = replace(model(), options=(OPTION,))


class AlbumView(FakeView):
    """Sends two groups; in between it waits for ever when told to."""

    def __init__(self, *, hang: bool) -> None:
        super().__init__()
        self.hang = hang
        self.halfway = asyncio.Event()
        self.asked: list[tuple[tuple[Delivered, ...], int]] = []

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        self.asked.append((job.delivered, len(results)))
        assert keep is not None
        if not job.delivered:
            await keep([FIRST, Delivered("", "")])
        self.halfway.set()
        if self.hang:
            await asyncio.Event().wait()
        await keep([FIRST, SECOND])
        self.delivered.append(job.id)
        return Delivery(job.target, (FIRST, SECOND))


def provider(assets: Sequence[str] = ("one", "two")) -> ToyProvider:
    made = ToyProvider()
    found = tuple(Asset(f"https://cdn.example/{name}.png") for name in assets)
    made.scripts["a lake"] = (Accepted(None), Succeeded(found))
    return made


async def test_what_was_noted_before_a_crash_is_not_sent_again(database: Database) -> None:
    async with engine(database, provider=provider(), what=catalog(MODEL), start=False) as kit:
        user = await kit.person(1)
        kit.view = view = AlbumView(hang=True)
        await kit.restart()
        placed = await kit.order(user, results=2)
        await view.halfway.wait()
        half = await kit.until(placed.job.id, lambda job: bool(job.delivered))
        assert (half.state, half.delivered) == (JobState.DELIVERING, (FIRST, Delivered("", "")))
        view.hang = False
        await kit.restart()
        job = await kit.finished(placed.job.id)
        assert job.delivered == (FIRST, SECOND)
        assert view.asked == [((), 2), ((FIRST, Delivered("", "")), 2)]
        assert job.charged == 10 * CREDIT
        assert kit.provider.submits == [job.id]


async def test_what_came_whole_needs_no_second_download(database: Database) -> None:
    async with engine(database, provider=provider(), what=catalog(MODEL), start=False) as kit:
        user = await kit.person(1)
        kit.view = view = AlbumView(hang=False)
        await kit.restart()
        placed = await kit.order(user, results=2)
        job = await kit.finished(placed.job.id)
        assert (job.state, job.delivered, len(kit.fetcher.fetched)) == (JobState.DONE, (FIRST, SECOND), 2)
        assert view.delivered == [job.id]


async def test_fewer_than_ordered_cost_their_share(database: Database) -> None:
    async with engine(database, provider=provider(), what=catalog(MODEL), start=False) as kit:
        user = await kit.person(1)
        kit.view = AlbumView(hang=False)
        await kit.restart()
        placed = await kit.order(user, results=4)
        job = await kit.finished(placed.job.id)
        assert job.charged == 5 * CREDIT
        assert await kit.balance(user) == (95, 0)


async def test_one_of_several_that_is_no_file_costs_only_itself(database: Database) -> None:
    async with engine(database, provider=provider(("one", "two")), what=catalog(MODEL)) as kit:
        user = await kit.person(1)
        kit.fetcher.failures.append(BadResult("the link is dead"))
        placed = await kit.order(user, results=2)
        job = await kit.finished(placed.job.id)
        assert [asset.url for asset in job.assets] == ["https://cdn.example/two.png"]
        assert (job.state, job.charged) == (JobState.DONE, 5 * CREDIT)


async def test_several_that_are_all_no_files_cost_nothing(database: Database) -> None:
    async with engine(database, provider=provider(("one", "two")), what=catalog(MODEL)) as kit:
        user = await kit.person(1)
        kit.fetcher.failures += [BadResult("the link is dead"), BadResult("the link is dead")]
        placed = await kit.order(user, results=2)
        job = await kit.finished(placed.job.id)
        assert (job.state, job.cause) == (JobState.FAILED, Cause.BAD_RESULT)
        assert await kit.balance(user) == (100, 0)


class LosesItsJob(FakeView):
    """While the first of two results is sent, another process gets the job."""

    def __init__(self, lose: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self.lose = lose
        self.calls = 0
        self.went_on = 0

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        self.calls += 1
        assert keep is not None
        if self.calls == 1:
            await self.lose()
            await keep([FIRST, Delivered("", "")])
            self.went_on += 1
        await keep([FIRST, SECOND])
        return Delivery(job.target, (FIRST, SECOND))


async def test_a_job_that_was_lost_halfway_is_sent_no_further(database: Database) -> None:
    async with engine(database, provider=provider(), what=catalog(MODEL), start=False) as kit:
        user = await kit.person(1)

        async def lose() -> None:
            def others(conn: Connection) -> None:
                ours = sa.update(jobs).values(owner=None, epoch=jobs.c.epoch + 1, next_at=0.0)
                conn.execute(ours)

            await database.transaction(others)

        kit.view = view = LosesItsJob(lose)
        await kit.restart()
        placed = await kit.order(user, results=2)
        job = await kit.finished(placed.job.id)
        assert (job.state, job.charged, view.went_on) == (JobState.DONE, 10 * CREDIT, 0)
        assert view.calls == 2


class CutShort(FakeView):
    """One of two results stands, then this happens, as often as it is tried."""

    def __init__(self, trouble: Exception, first: Delivered = FIRST) -> None:
        super().__init__()
        self.trouble = trouble
        self.first = first

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        assert keep is not None
        if not job.delivered:
            await keep([self.first, Delivered("", "")])
        raise self.trouble


async def cut_short(kit: Kit, trouble: Exception, first: Delivered = FIRST) -> Job:
    user = await kit.person(1)
    kit.view = CutShort(trouble, first)
    await kit.restart()
    placed = await kit.order(user, results=2)
    return await kit.until(placed.job.id, lambda job: job.state.finished or job.tries > 0)


async def test_what_stood_when_the_chat_vanished_is_charged(database: Database) -> None:
    async with engine(database, provider=provider(), what=catalog(MODEL), start=False) as kit:
        job = await cut_short(kit, TargetGone("bot was blocked by the user"))
        assert (job.state, job.charged, job.cause) == (JobState.DONE, 5 * CREDIT, None)
        assert (job.delivered, [asset.url for asset in job.assets]) == ((FIRST,), ["https://cdn.example/one.png"])
        assert job.facts[CUT] == Cause.UNDELIVERABLE.value
        assert (await kit.finished(job.id)).state is JobState.DONE
        assert kit.view.finals == [(job.id, JobState.DONE, True)]


async def test_what_only_telegram_keeps_does_not_stand(database: Database) -> None:
    async with engine(database, provider=provider(), what=catalog(MODEL), start=False) as kit:
        aside = replace(FIRST, message_id=0, aside=True)
        job = await cut_short(kit, TargetGone("message to edit not found"), aside)
        assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        assert (await kit.job(job.id)).delivered[0] == aside


async def test_what_stands_after_a_day_of_trouble_is_charged(database: Database) -> None:
    async with engine(database, provider=provider(), what=catalog(MODEL), start=False) as kit:
        job = await cut_short(kit, TryLater(1.0))
        assert job.state is JobState.DELIVERING
        database.shift_clock(job_runner.DELIVERY_LIMIT + 60)
        await kit.restart()
        ended = await kit.finished(job.id)
        assert (ended.state, ended.charged) == (JobState.DONE, 5 * CREDIT)


async def test_what_stands_when_the_rest_is_no_file_is_charged(database: Database) -> None:
    async with engine(database, provider=provider(), what=catalog(MODEL), start=False) as kit:
        job = await cut_short(kit, TryLater(1.0))
        kit.fetcher.failures.append(BadResult("the link is dead"))
        database.shift_clock(job_runner.BACKOFF[0] + 1)
        await kit.restart()
        ended = await kit.finished(job.id)
        assert (ended.state, ended.charged, ended.facts[CUT]) == (JobState.DONE, 5 * CREDIT, Cause.BAD_RESULT.value)


async def test_a_fault_of_ours_behind_what_stands_ends_in_its_charge(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash_handling, "DELIVERY_TRIES", 0)
    async with engine(database, provider=provider(), what=catalog(MODEL), start=False) as kit:
        job = await cut_short(kit, RuntimeError("ours"))
        assert (job.state, job.charged, job.facts[CUT]) == (JobState.DONE, 5 * CREDIT, Cause.INTERNAL.value)
        assert (await kit.finished(job.id)).charged == 5 * CREDIT
