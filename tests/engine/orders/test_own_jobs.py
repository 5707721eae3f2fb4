"""A person's own jobs, without a chat."""

from dataclasses import replace

import sqlalchemy as sa

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Target
from bot.engine.accounts.personal_settings import PersonalSettings
from bot.engine.credits.wallet import Wallets
from bot.engine.groups.settings import GroupSettings
from bot.engine.jobs import store
from bot.engine.orders.own_jobs import OwnJobs
from bot.storage.database import Database
from bot.storage.tables import jobs as rows
from tests.engine.kit import engine
from tests.engine.listening import told


async def test_pages_end_with_the_last(database: Database) -> None:
    async with engine(database) as kit:
        ann, jobs = await kit.person(1), OwnJobs(database)
        for number in ("job1", "job2", "job3"):
            await kit.order(ann, "a lake", id=number)
            await kit.finished(number)
        page = await jobs.page(ann.account_id, 9, 2)
        assert (page.number, page.count, len(page.jobs)) == (1, 3, 1)
        assert [job.id for job in (await jobs.page(ann.account_id, 0, 2)).jobs] == ["job3", "job2"]
        assert (await jobs.cancellable(ann.account_id, 0, 6)).count == 0
        last = await jobs.last_of_kind(ann.account_id, Kind.VIDEO)
        assert last is not None
        assert last.id == "job3"
        assert await Wallets(database).available(ann.account_id) == 70_000_000


async def test_a_favourite_is_one_until_it_is_none(database: Database) -> None:
    async with engine(database) as kit:
        ann, jobs = await kit.person(1), OwnJobs(database)
        await kit.order(ann, "a lake")
        await kit.finished("job1")
        for on in (True, True, False):
            marked = await jobs.favourite("job1", ann.account_id, on=on)
            assert marked is not None
            assert marked.favourite is on
        assert not (await kit.job("job1")).favourite
        bob = await kit.person(2)
        theirs = await jobs.favourite("job1", bob.account_id, on=True)
        assert theirs is not None
        assert not theirs.favourite
        assert await jobs.favourite("gone", ann.account_id, on=True) is None


async def test_what_can_be_cancelled_is_listed_by_chat_and_page(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann, jobs = await kit.person(1), OwnJobs(database)
        for number in ("job1", "job2", "job3"):
            await kit.order(ann, id=number)
        moved = sa.update(rows).where(rows.c.id == "job2").values(chat_id=-500)
        await database.transaction(lambda conn: conn.execute(moved).rowcount)
        everywhere = await jobs.cancellable(ann.account_id, 9, 2)
        assert (everywhere.number, everywhere.count, [job.id for job in everywhere.jobs]) == (1, 3, ["job1"])
        here = await jobs.cancellable(ann.account_id, 0, 2, chat_id=-500)
        assert (here.number, here.count, [job.id for job in here.jobs]) == (0, 1, ["job2"])
        first = await jobs.page(ann.account_id, 0, 2)
        last = await jobs.page(ann.account_id, 9, 2)
        assert [[job.id for job in page.jobs] for page in (first, last)] == [["job3", "job2"], ["job1"]]


async def test_no_notice_comes_in_a_quiet_group(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann, jobs = await kit.person(1), OwnJobs(database)
        job = (await kit.order(ann)).job
        await PersonalSettings(database).notify_after(1, 60)
        await GroupSettings(database).quiet(-500, on=True)
        assert await jobs.notify_after(job) == 60
        for chat, after in ((-500, None), (-501, 60)):
            assert await jobs.notify_after(replace(job, target=Target(chat, None, 7))) == after


async def test_a_job_whose_message_stands_is_told_to_the_workers(database: Database) -> None:
    async with engine(database, start=False) as kit:
        await kit.order(await kit.person(1), message_id=0)
        async with told(database, store.WAKE):
            assert await OwnJobs(database).record_opened("job1", Target(1, None, 5))
        assert (await kit.job("job1")).target == Target(1, None, 5)


async def test_an_unknown_job_is_nothing(database: Database) -> None:
    jobs = OwnJobs(database)
    assert await jobs.get("gone") is None
    assert not await jobs.record_opened("gone", Target(1, None, 5))
    assert await jobs.result_at(5, 1, 9) is None
