"""Results that were to be shown again: renewed, or paid back once."""

from bot.domain.jobs import Delivered
from bot.engine.results.renewal import Renewals
from bot.storage.database import Database
from tests.engine.kit import engine


async def test_a_lost_result_is_paid_back_once(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        before = await kit.balance(ann)
        job = await kit.finished((await kit.order(ann)).job.id)
        renewals = Renewals(database)
        assert not await renewals.refunded(job)
        assert await renewals.pay_back(job) == job.charged
        assert await kit.balance(ann) == before
        assert await renewals.refunded(job)
        assert await renewals.pay_back(job) is None


async def test_what_was_uploaded_anew_is_known_by_its_new_name(database: Database) -> None:
    async with engine(database) as kit:
        job = await kit.finished((await kit.order(await kit.person(1))).job.id)
        renewals = Renewals(database)
        await renewals.renew(job, {0: Delivered("new", "video")})
        assert (await kit.job(job.id)).delivered[0].file_id == "new"
        await renewals.renew(job, {0: Delivered("newer", "video")})  # of a job that was renewed meanwhile
        assert (await kit.job(job.id)).delivered[0].file_id == "new"
        assert await renewals.pay_back(job) is None
