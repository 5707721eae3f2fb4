"""Several results of one job, and a process that dies while they are sent: one charge, nothing noted comes twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.domain.catalog import RESULTS, Option, OptionType
from bot.domain.jobs import Asset, Cause, Delivered, Job, JobState
from bot.domain.money import CREDIT
from bot.domain.results import Fetched
from bot.engine.ports import Delivery, Keep
from bot.providers.base import Accepted, BadResult, Succeeded
from bot.storage.database import Database
from tests.engine.kit import FakeView, ToyProvider, catalog, engine, model, words

FIRST, SECOND = Delivered("a", "photo", 11), Delivered("b", "photo", 12)
OPTION = Option(RESULTS, words("n"), type=OptionType.INTEGER, minimum=Decimal(1), maximum=Decimal(4))
MODEL = replace(model(), options=(OPTION,))


class AlbumView(FakeView):
    """Sends two groups; in between it waits for ever when told to."""

    def __init__(self, *, hang: bool) -> None:
        super().__init__()
        self.hang = hang
        self.halfway = asyncio.Event()
        self.seen: list[tuple[tuple[Delivered, ...], int]] = []

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        self.seen.append((job.delivered, len(results)))
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
        assert view.seen == [((), 2), ((FIRST, Delivered("", "")), 2)]
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
