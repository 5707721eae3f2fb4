"""Operator faults: what goes off sale, who hears of it, and how it comes back."""

import asyncio

import pytest

from bot.domain.errors import NotOnSale
from bot.domain.jobs import Asset, Cause, JobState
from bot.engine.catalog import pauses
from bot.engine.jobs import queries
from bot.engine.operations.health import Health
from bot.providers.base import Accepted, BadKey, OutOfFunds, Succeeded, UpstreamDown
from bot.storage.database import Database
from tests.engine.kit import Kit, catalog, engine, model


async def _on_sale(kit: Kit) -> dict[str, bool]:
    return {offer.model.slug: offer.available for offer in await kit.shop.offers()}


async def test_a_fault_of_the_operators_beside_a_result_counts_like_any_other(database: Database) -> None:
    async with engine(database) as kit:
        kit.provider.scripts["some"] = (Succeeded((Asset("https://cdn.example/a.mp4"),), fault=OutOfFunds("402")),)
        job = await kit.finished((await kit.order(await kit.person(1), "some", results=2)).job.id)
        assert (job.state, job.charged) == (JobState.DONE, job.quote // 2)
        assert [pause.kind for pause in await kit.shop.pauses()] == [pauses.OUT_OF_FUNDS]
        assert [message for _, message in kit.alerts.said] == ["alert-out-of-funds"]


async def test_a_bad_key_takes_everything_off_until_a_ping_succeeds(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (BadKey("401"),)
        await kit.order(ann, "x")
        assert (await kit.finished("job1")).cause is Cause.UNAVAILABLE
        assert await _on_sale(kit) == {"pika": False, "luma": False}
        assert kit.alerts.said == [("bad_key:toy", "alert-bad-key")]
        with pytest.raises(NotOnSale):
            await kit.order(ann)
        health = Health(kit.run_context, every=0.05)
        kit.provider.pings = [BadKey("still"), UpstreamDown("503"), None]
        service = asyncio.ensure_future(health.serve())
        for _ in range(100):
            if all((await _on_sale(kit)).values()):
                break
            await asyncio.sleep(0.05)
        service.cancel()
        assert await _on_sale(kit) == {"pika": True, "luma": True}
        assert kit.provider.pings == []
        assert kit.alerts.said[-1][1] == "alert-back-on-sale"
        await kit.order(ann, id="back")
        assert (await kit.finished("back", 5)).state is JobState.DONE


async def test_no_funds_takes_only_the_costlier_models_off(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (OutOfFunds("418"),)
        await kit.order(ann, "x", slug="luma")
        await kit.finished("job1")
        assert await _on_sale(kit) == {"pika": True, "luma": False}
        kit.provider.scripts["y"] = (OutOfFunds("418"),)
        await kit.order(ann, "y", slug="pika")
        await kit.finished("job2")
        assert await _on_sale(kit) == {"pika": False, "luma": False}


async def test_after_ten_minutes_one_order_is_let_through_as_a_probe(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 500)
        kit.provider.scripts["x"] = (OutOfFunds("418"),)
        gate = asyncio.Event()
        kit.provider.scripts["probe"] = (Accepted(None), gate, OutOfFunds("418"))
        await kit.order(ann, "x", slug="luma")
        await kit.finished("job1")
        database.shift_clock(601)
        assert await _on_sale(kit) == {"pika": True, "luma": True}
        await kit.order(ann, "probe", slug="luma")
        await kit.state("job2", JobState.RUNNING)
        assert (await _on_sale(kit))["luma"] is False, "one order only"
        with pytest.raises(NotOnSale):
            await kit.order(ann, slug="luma")
        gate.set()
        await kit.finished("job2")
        assert (await _on_sale(kit))["luma"] is False, "the next probe waits ten minutes again"
        database.shift_clock(601)
        await kit.order(ann, slug="luma", id="good")
        assert (await kit.finished("good")).state is JobState.DONE
        assert (await _on_sale(kit))["luma"] is True
        assert kit.alerts.said[-1][1] == "alert-back-on-sale"


async def test_a_cancelled_probe_lets_the_next_one_through(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 500)
        kit.provider.scripts["x"] = (OutOfFunds("418"),)
        kit.provider.scripts["probe"] = (Accepted(None), asyncio.Event())
        await kit.order(ann, "x")
        await kit.finished("job1")
        assert await kit.shop.allow_probe("toy"), "an admin's tap"
        await kit.order(ann, "probe")
        await kit.state("job2", JobState.RUNNING)
        assert not await kit.shop.allow_probe("toy"), "one is under way"
        await kit.orders.cancel("job2", account_id=ann.account_id)
        assert (await _on_sale(kit))["pika"] is True


async def test_orders_that_waited_through_a_pause_fail_without_a_call(database: Database) -> None:
    async with engine(database, what=catalog(model(), concurrency=1)) as kit:
        ann = await kit.person(1)
        gate = asyncio.Event()
        kit.provider.scripts["x"] = (Accepted(None), gate, BadKey("401"))
        await kit.order(ann, "x")
        await kit.state("job1", JobState.RUNNING)
        await kit.order(ann)
        gate.set()
        job = await kit.finished("job2")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.UNAVAILABLE)
        assert kit.provider.submits == ["job1"]
        assert await kit.balance(ann) == (100, 0)


async def test_lifting_is_idempotent(database: Database) -> None:
    await database.transaction(lambda conn: pauses.bad_key(conn, "toy"))
    await database.transaction(lambda conn: pauses.bad_key(conn, "toy"))
    assert await database.transaction(lambda conn: pauses.lift(conn, "toy", pauses.BAD_KEY))
    assert not await database.transaction(lambda conn: pauses.lift(conn, "toy", pauses.BAD_KEY))


async def test_two_orders_at_once_are_not_both_the_probe(database: Database) -> None:
    async with engine(database, start=False) as kit:
        people = [await kit.person(n) for n in range(1, 7)]
        pika = kit.shop.model("pika")
        assert pika is not None
        await database.transaction(lambda conn: pauses.out_of_funds(conn, pika, probe_after=0.0))
        placed = await asyncio.gather(*(kit.order(p) for p in people), return_exceptions=True)
        refused = [p for p in placed if isinstance(p, NotOnSale)]
        assert (len(placed) - len(refused), len(refused)) == (1, 5), placed
        (pause,) = await kit.shop.pauses()
        assert pause.probe_job is not None
        assert await database.read(queries.count_all) == 1


async def test_of_the_orders_that_waited_only_one_is_the_probe(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        pika = kit.shop.model("pika")
        assert pika is not None
        for _ in range(3):
            await kit.order(ann, "slow")
        kit.provider.scripts["slow"] = (Accepted(None), 0.5, OutOfFunds("418"))
        await database.transaction(lambda conn: pauses.out_of_funds(conn, pika, probe_after=0.0))
        await kit.worker.start()
        causes = [(await kit.finished(f"job{n}")).cause for n in (1, 2, 3)]
        assert causes == [Cause.UNAVAILABLE] * 3
        assert len(kit.provider.submits) == 1
        (pause,) = await kit.shop.pauses()
        assert pause.probe_job is None


async def test_an_order_that_waited_brings_the_models_back(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        pika = kit.shop.model("pika")
        assert pika is not None
        await kit.order(ann)
        await database.transaction(lambda conn: pauses.out_of_funds(conn, pika, probe_after=0.0))
        await kit.worker.start()
        assert (await kit.finished("job1")).state is JobState.DONE
        assert await kit.shop.pauses() == ()
