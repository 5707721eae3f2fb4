"""A person's own jobs, without a chat."""

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Target
from bot.engine.orders.own_jobs import OwnJobs
from bot.storage.database import Database
from tests.engine.kit import engine


async def test_pages_end_with_the_last(database: Database) -> None:
    async with engine(database) as kit:
        ann, jobs = await kit.person(1), OwnJobs(database)
        for number in ("job1", "job2", "job3"):
            await kit.order(ann, "a lake", id=number)
            await kit.finished(number)
        page = await jobs.page(ann.account_id, 9, 2)
        assert (page.number, page.count, len(page.jobs)) == (1, 3, 1)
        assert [job.id for job in await jobs.latest(ann.account_id, 2)] == ["job3", "job2"]
        assert (await jobs.cancellable(ann.account_id, 0, 6)).count == 0
        last = await jobs.last_of_kind(ann.account_id, Kind.VIDEO)
        assert last is not None
        assert last.id == "job3"
        assert await jobs.available(ann.account_id) == 70_000_000


async def test_a_favourite_is_one_until_it_is_none(database: Database) -> None:
    async with engine(database) as kit:
        ann, jobs = await kit.person(1), OwnJobs(database)
        await kit.order(ann, "a lake")
        await kit.finished("job1")
        for on in (True, True, False):
            marked = await jobs.favourite("job1", ann.account_id, on=on)
            assert marked is not None
        assert await jobs.favourite("gone", ann.account_id, on=True) is None


async def test_turns_run_out(database: Database) -> None:
    jobs = OwnJobs(database)
    assert [await jobs.take_turn("photo:1", 2, every=60.0) for _ in range(3)] == [True, True, False]


async def test_an_unknown_job_is_nothing(database: Database) -> None:
    jobs = OwnJobs(database)
    assert await jobs.get("gone") is None
    assert not await jobs.record_opened("gone", Target(1, None, 5))
    assert await jobs.result_at(5, 1, 9) is None
