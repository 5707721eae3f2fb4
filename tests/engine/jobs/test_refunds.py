"""Refunds by hand: what a job took, once, and never for users who had their data erased."""

import pytest

from bot.domain.errors import NotRefundable, UnknownJob
from bot.domain.jobs import SOURCE, JobState
from bot.domain.money import CREDIT
from bot.engine.dialogs.confirmations import Confirmations
from bot.engine.dialogs.drafts import DraftGone
from bot.engine.jobs.records import JobRecords
from bot.engine.jobs.refunds import Refunds
from bot.storage.database import Database
from tests.engine.credits.people import clean
from tests.engine.kit import engine
from tests.engine.results.test_history import person, put


async def test_a_refund_gives_the_capture_back_once(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        await kit.finished("job1")
        refunds = Refunds(database)
        with pytest.raises(DraftGone):
            await refunds.refund("job1", actor=ann, note="", draft_id="gone")
        with pytest.raises(UnknownJob):
            await refunds.refund("job9", actor=ann, note="")
        await Confirmations(database).ask("q", asker=1, purpose="refund", data={})
        done = await refunds.refund("job1", actor=ann, note="sorry", draft_id="q")
        assert (done.amount, done.available, done.user) == (10 * CREDIT, 100 * CREDIT, ann)
        assert not await Confirmations(database).call_off("q")
        with pytest.raises(NotRefundable):
            await refunds.refund("job1", actor=ann, note="again")
        job = await kit.job("job1")
        assert (job.state, job.refunded, job.refundable) == (JobState.DONE, True, False)
        assert await clean(database)


async def test_operators_read_jobs_with_their_transfers(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        await kit.finished("job1")
        records = JobRecords(database)
        assert await records.of("job9") is None
        assert await records.job("job9") is None
        await Refunds(database).refund("job1", actor=ann, note="sorry")
        record = await records.of("job1")
        assert record is not None
        assert [entry.kind for entry in record.transfers] == ["hold", "capture", "refund"]
        assert (record.user, record.actors, record.position) == (ann, {ann.account_id: ann}, 0)
        page = await records.page(9, 8)
        assert (page.count, [job.id for job in page.jobs], page.users) == (1, ["job1"], {1: ann})
        assert await records.job("job1") == (record.job, ann)


async def test_operators_read_what_a_job_was_made_of(database: Database) -> None:
    ann = await person(database, 11)
    await put(database, ann, "j1")
    await put(database, ann, "j2", facts={SOURCE: "j1"})
    record = await JobRecords(database).of("j2")
    assert record is not None
    assert [job.id for job in record.ancestors] == ["j1"]
