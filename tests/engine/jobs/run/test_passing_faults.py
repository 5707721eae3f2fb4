"""Faults that pass although their names sound lasting: what is asked again, what is sent anew, and what is not."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.errors import NotCancellable
from bot.domain.jobs import Asset, Cause, Job, JobState
from bot.domain.results import Fetched
from bot.engine.catalog.shop import Why
from bot.engine.jobs import costly_ends, queries
from bot.engine.jobs.run.job_runner import FETCH_LIMIT
from bot.engine.ports import Stage, TryLater
from bot.providers.base import (
    Accepted,
    BadResult,
    ConnectionLost,
    Listed,
    NoChannel,
    NotTaken,
    NotThere,
    Succeeded,
    UnknownModel,
    UpstreamDown,
)
from bot.storage.database import Database
from tests.engine.catalog.test_shop import Seller, watch, whys
from tests.engine.kit import SUCCESS, FakeFetcher, Kit, Step, ToyProvider, engine

FOUR: tuple[Step, ...] = (Accepted(None), Succeeded(tuple(Asset(f"https://cdn.example/{n}.png") for n in range(4))))


class TurnsAway(ToyProvider):
    """Answers the first orders with these errors."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self.errors = list(errors)

    def run(self, order: Any, **how: Any) -> Any:
        if self.errors:
            self.scripts[order.prompt] = (self.errors.pop(0),)
        else:
            self.scripts.pop(order.prompt, None)
        return super().run(order, **how)


async def _turned_away(kit: Kit, attempt: int) -> Job:
    """The job once it waits to be sent anew; then that time has passed."""
    job = await kit.until("job1", lambda j: j.state is JobState.QUEUED and j.attempt == attempt and j.owner is None)
    kit.db.shift_clock(6)
    return job


async def test_an_order_that_was_turned_away_is_sent_anew_with_an_intent_of_its_own(database: Database) -> None:
    async with engine(database, provider=TurnsAway(NotTaken("503"), NoChannel("503"))) as kit:
        ann = await kit.person(1, 25)
        await kit.order(ann)
        first = await _turned_away(kit, 1)
        assert await kit.balance(ann) == (15, 10), "the hold stands"
        second = await _turned_away(kit, 2)
        assert first.deadline == second.deadline is not None
        job = await kit.finished("job1")
        assert (job.state, job.attempt, kit.provider.submits) == (JobState.DONE, 3, ["job1"] * 3)
        assert await kit.balance(ann) == (15, 0)


@pytest.mark.parametrize(("error", "cause"), [(NotTaken("503"), Cause.UPSTREAM_DOWN), (NoChannel("503"), Cause.BUSY)])
async def test_an_order_is_sent_three_times_at_most(database: Database, error: NotTaken, cause: Cause) -> None:
    async with engine(database, provider=TurnsAway(*[error] * 9)) as kit:
        ann = await kit.person(1, 25)
        await kit.order(ann)
        await _turned_away(kit, 1)
        await _turned_away(kit, 2)
        job = await kit.finished("job1")
        assert (job.state, job.cause, job.attempt, len(kit.provider.submits)) == (JobState.FAILED, cause, 3, 3)
        assert await kit.balance(ann) == (25, 0)
        assert await kit.shop.pauses() == ()
        assert await database.read(lambda conn: queries.reconciliation_of(conn, "job1")) is None


@pytest.mark.parametrize("error", [UpstreamDown("502"), ConnectionLost("reset"), NotTaken("503", seconds=61.0)])
async def test_nothing_is_sent_anew_without_that_word_or_beyond_the_deadline(
    database: Database, error: Exception
) -> None:
    async with engine(database, provider=TurnsAway(error)) as kit:
        await kit.order(await kit.person(1))
        assert (await kit.finished("job1")).state is JobState.FAILED
        assert kit.provider.submits == ["job1"]


async def test_what_was_turned_away_outlives_its_process_but_not_its_deadline(database: Database) -> None:
    async with engine(database, provider=TurnsAway(NotTaken("503"))) as kit:
        await kit.order(await kit.person(1))
        await kit.until("job1", lambda j: j.state is JobState.QUEUED and j.attempt == 1)
        await kit.restart()
        assert (await kit.finished("job1")).state is JobState.DONE
    async with engine(database, provider=TurnsAway(NotTaken("503"))) as kit:
        await kit.order(await kit.person(2), id="late")
        await kit.until("late", lambda j: j.state is JobState.QUEUED and j.attempt == 1)
        database.shift_clock(61)
        job = await kit.finished("late")
        assert (job.state, job.cause, len(kit.provider.submits)) == (JobState.FAILED, Cause.WAITED_TOO_LONG, 1)


async def test_what_was_turned_away_is_cancelled_like_what_waits(database: Database) -> None:
    async with engine(database, provider=TurnsAway(NotTaken("503"))) as kit:
        ann = await kit.person(1, 25)
        await kit.order(ann)
        await kit.until("job1", lambda j: j.state is JobState.QUEUED and j.attempt == 1)
        await kit.orders.cancel("job1", account_id=ann.account_id)
        database.shift_clock(6)
        assert (await kit.finished("job1")).state is JobState.CANCELLED
        assert await kit.balance(ann) == (25, 0)
        assert await database.read(lambda conn: costly_ends.ends(conn, ann.account_id)) == 0
        assert len(kit.provider.submits) == 1


async def test_a_model_without_a_channel_opens_no_circuit(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 500)
        kit.provider.scripts["x"] = (Accepted(None), NoChannel("503"))
        for _ in range(6):
            placed = await kit.order(ann, "x")
            assert (await kit.finished(placed.job.id)).cause is Cause.BUSY
        assert await kit.shop.pauses() == ()


class Late(FakeFetcher):
    """Has files only later: by their address how often it says what instead."""

    def __init__(self, **errors: list[Exception]) -> None:
        super().__init__()
        self.errors = errors
        self.gate: asyncio.Event | None = None

    async def fetch(self, url: str, *, expect: Kind | None = None, headers: Any = None) -> Fetched:
        if self.gate is not None:
            await self.gate.wait()
        waiting = self.errors.get(url.rsplit("/", 1)[1].partition(".")[0], [])
        if waiting:
            raise waiting.pop(0)
        return await super().fetch(url, expect=expect, headers=headers)


async def _with(kit: Kit, fetcher: Late) -> None:
    """Another process, with that fetcher."""
    kit.fetcher = fetcher
    await kit.restart()


async def test_a_file_that_is_not_there_yet_is_asked_for_again(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 25)
        await _with(kit, Late(a=[NotThere("404"), NotThere("403"), UpstreamDown("502")]))
        await kit.order(ann)
        for tries in (1, 2, 3):
            job = await kit.until("job1", lambda j, tries=tries: j.tries == tries and j.owner is None)  # type: ignore[misc]
            assert job.awaited
            assert job.cancellable
            database.shift_clock(6)
        assert (await kit.finished("job1")).state is JobState.DONE
        assert await kit.balance(ann) == (15, 0)
        with pytest.raises(NotCancellable):
            await kit.orders.cancel("job1", account_id=ann.account_id)


async def test_the_wait_for_a_file_moves(database: Database) -> None:
    async with engine(database) as kit:
        await _with(kit, Late(a=[NotThere("404")] * 99))
        await kit.order(await kit.person(1))
        await kit.until("job1", lambda j: j.awaited and j.owner is None)
        database.shift_clock(8)  # less than the lease, which is renewed every five seconds
        shown: list[float] = []
        for _ in range(900):
            shown = [p.elapsed for _, p in kit.view.shown if p.stage is Stage.AWAITED]
            if shown and max(shown) >= 8:
                break
            await asyncio.sleep(0.01)
        assert 8 <= max(shown) < 60


async def test_a_file_is_waited_for_ten_minutes_and_others_are_delivered_without_it(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 25)
        kit.provider.scripts["four"] = FOUR
        errors: list[Exception] = [NotThere("404")] * 99
        await _with(kit, Late(**{"2": errors}))
        await kit.order(ann, "four", results=4)
        job = await kit.until("job1", lambda j: j.tries > 0)
        assert len(job.assets) == 4, "the one that may come is not given up"
        database.shift_clock(FETCH_LIMIT + 1)
        job = await kit.finished("job1")
        assert (job.state, len(job.assets)) == (JobState.DONE, 3)
        assert job.charged == job.quote * 3 // 4


@pytest.mark.parametrize(("error", "later"), [(NotThere("404"), True), (BadResult("no media"), False)])
async def test_a_file_that_never_comes_is_not_charged(database: Database, error: BadResult, later: bool) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 25)
        await _with(kit, Late(a=[error] * 99))
        await kit.order(ann)
        if later:
            await kit.until("job1", lambda j: j.tries > 0)
            database.shift_clock(FETCH_LIMIT + 1)
        job = await kit.finished("job1")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.BAD_RESULT)
        assert await kit.balance(ann) == (25, 0)


async def test_a_cancel_while_the_file_is_waited_for_releases_and_counts_as_costly(database: Database) -> None:
    """Also when the next look at the file is under way at that moment: what came is not shown."""
    async with engine(database) as kit:
        ann = await kit.person(1, 25)
        late = Late(a=[NotThere("404")])
        await _with(kit, late)
        await kit.order(ann)
        await kit.until("job1", lambda j: j.awaited and j.owner is None)
        late.gate = asyncio.Event()
        database.shift_clock(6)
        await kit.until("job1", lambda j: j.owner is not None)
        await kit.orders.cancel("job1", account_id=ann.account_id)
        late.gate.set()
        assert (await kit.finished("job1")).state is JobState.CANCELLED
        assert kit.view.delivered == []
        assert await kit.balance(ann) == (25, 0)
        assert await database.read(lambda conn: costly_ends.ends(conn, ann.account_id)) == 1


async def test_what_may_stand_in_the_chat_cannot_be_cancelled_any_more(database: Database) -> None:
    """The file came, and whether Telegram took it is not known: a file that is missed after that changes nothing."""
    async with engine(database) as kit:
        ann = await kit.person(1, 25)
        late = Late(a=[NotThere("404")])
        await _with(kit, late)
        kit.view.deliver_failures = [TryLater(1.0, unknown=True)]
        await kit.order(ann)
        await kit.until("job1", lambda j: j.awaited and j.owner is None)
        database.shift_clock(6)
        await kit.until("job1", lambda j: j.tries == 2 and j.owner is None)
        late.errors["a"] = [NotThere("404")] * 99
        database.shift_clock(30)
        job = await kit.until("job1", lambda j: j.tries == 3 and j.owner is None)
        assert not job.cancellable
        with pytest.raises(NotCancellable):
            await kit.orders.cancel("job1", account_id=ann.account_id)


async def _unknown(kit: Kit, name: str, prompt: str = "404") -> None:
    kit.provider.scripts["404"] = (UnknownModel("model_not_found"),)
    placed = await kit.order(await kit.person(1, 0), prompt, id=name)
    await kit.finished(placed.job.id)


async def test_a_model_that_is_said_to_be_unknown_goes_off_sale_when_that_lasts(database: Database) -> None:
    async with engine(database) as kit:
        await kit.person(1, 500)
        for name in ("a", "b", "c", "d"):
            await _unknown(kit, name)
        assert await whys(kit.shop) == {"pika": None, "luma": None}, "four times in a moment are one sign"
        assert kit.alerts.said == []
        await _unknown(kit, "works", "a lake")
        database.shift_clock(301)
        await _unknown(kit, "e")
        await _unknown(kit, "f")
        assert await whys(kit.shop) == {"pika": None, "luma": None}, "it worked between"
        database.shift_clock(301)
        await _unknown(kit, "g")
        assert await whys(kit.shop) == {"pika": Why.UNKNOWN_MODEL, "luma": None}
        assert [message for _, message in kit.alerts.said] == ["alert-unknown-model"]


async def test_the_providers_own_list_is_a_lasting_sign_and_the_way_back(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller) as kit:
        await kit.person(1, 500)
        market = watch(kit)
        seller.listed = [Listed("luma")]
        await market.look()
        assert (await whys(kit.shop))["pika"] is None, "lists may be incomplete: what works is sold"
        await _unknown(kit, "a")
        assert (await whys(kit.shop))["pika"] is None
        await market.look()
        assert await whys(kit.shop) == {"pika": Why.UNKNOWN_MODEL, "luma": None}, "the doubt made it look again"
        assert [message for _, message in kit.alerts.said] == ["alert-unlisted-model"]
        seller.listed.append(Listed("pika"))
        database.shift_clock(601)
        await market.look()
        assert await whys(kit.shop) == {"pika": None, "luma": None}


async def test_a_list_that_names_the_model_leaves_it_on_sale(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller) as kit:
        await kit.person(1, 500)
        seller.listed = [Listed("luma"), Listed("pika")]
        await _unknown(kit, "a")
        await watch(kit).look()
        assert await whys(kit.shop) == {"pika": None, "luma": None}


async def test_an_unknown_model_beside_results_takes_nothing_off(database: Database) -> None:
    async with engine(database) as kit:
        fault = UnknownModel("404")
        kit.provider.scripts["some"] = (*SUCCESS[:1], Succeeded((Asset("https://cdn.example/a.mp4"),), fault=fault))
        job = await kit.finished((await kit.order(await kit.person(1), "some", results=2)).job.id)
        assert (job.state, await kit.shop.pauses(), kit.alerts.said) == (JobState.DONE, (), [])
        assert replace(job, state=JobState.DELIVERING).cancellable is False
