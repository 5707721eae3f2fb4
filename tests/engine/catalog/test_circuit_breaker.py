"""The circuit of a provider: when it opens, what waits, and how it closes."""

import pytest

from bot.domain.errors import NotOnSale
from bot.domain.jobs import Cause, JobState
from bot.engine.catalog import circuit_breaker, pauses
from bot.engine.catalog.shop import Why
from bot.engine.operations.health import Health
from bot.engine.ports import TryLater
from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    GenerationFailed,
    NotTaken,
    NoWords,
    OutOfFunds,
    Refused,
    TimedOut,
    UpstreamDown,
)
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.statements import insert_new
from tests.engine.kit import Kit, catalog, engine, model

DOWN = (UpstreamDown("503"),)


async def _faults(kit: Kit, count: int, *, first: int = 100) -> None:
    """So many orders in a row that fail by the provider's fault."""
    kit.provider.scripts["down"] = DOWN
    for number in range(first, first + count):
        ann = await kit.person(number)
        placed = await kit.order(ann, "down")
        await kit.finished(placed.job.id)


async def _half_open(database: Database) -> None:
    """As after so many faults of other people, and the first wait."""
    facts = {"since": 0.0, "probe_at": 0.0, "wait": circuit_breaker.FIRST_WAIT, "min_units": "0"}
    row = {"provider": "toy", "reason": pauses.CIRCUIT, **facts}
    await database.transaction(lambda conn: insert_new(conn, tables.pauses, **row))


async def _why(kit: Kit, slug: str = "pika") -> Why | None:
    offer = await kit.shop.offer(slug)
    assert offer is not None
    return offer.why


async def test_several_faults_in_a_row_open_it_for_everybody(database: Database) -> None:
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER - 1)
        assert await _why(kit) is None
        await _faults(kit, 1, first=200)
        offer = await kit.shop.offer("luma")
        assert offer is not None
        assert (offer.available, offer.why) == (False, Why.CIRCUIT_OPEN)
        assert offer.back_in is not None
        assert 50 < offer.back_in <= circuit_breaker.FIRST_WAIT
        with pytest.raises(NotOnSale):
            await kit.order(await kit.person(1))
        await Health(kit.run_context, every=60).look()
        await Health(kit.run_context, every=60).look()
        assert {message for _, message in kit.alerts.said} == {"alert-circuit"}
        assert len({key for key, _ in kit.alerts.said}) == 1, "once per opening"


@pytest.mark.parametrize("answer", [GenerationFailed("no"), Refused("no")])
async def test_an_answer_in_between_begins_the_count_anew(database: Database, answer: Exception) -> None:
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER - 1)
        kit.provider.scripts["answer"] = (answer,)
        placed = await kit.order(await kit.person(1), "answer")
        await kit.finished(placed.job.id)
        await _faults(kit, circuit_breaker.OPEN_AFTER - 1, first=200)
        assert await _why(kit) is None


CAUSES = (UpstreamDown("503"), ConnectionLost("cut"), BadResult("no file"), TimedOut("slow"))
"""One of each cause that counts."""


async def test_one_person_alone_never_opens_it(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        for number in range(5 * len(CAUSES)):
            kit.provider.scripts[f"bad {number}"] = (CAUSES[number % len(CAUSES)],)
            await kit.finished((await kit.order(ann, f"bad {number}")).job.id)
        assert {error.cause for error in CAUSES} == circuit_breaker.FAULTS
        assert (
            await database.read(lambda conn: circuit_breaker.in_a_row(conn, "toy"))
            == len(CAUSES)
            < circuit_breaker.OPEN_AFTER
        )
        assert await _why(kit) is None
        await _faults(kit, circuit_breaker.OPEN_AFTER - len(CAUSES))
        assert await _why(kit) is Why.CIRCUIT_OPEN, "hers count, too"


async def test_what_people_can_bring_about_never_counts(database: Database) -> None:
    async with engine(database) as kit:
        kit.provider.scripts["stop at once"] = (Accepted(None), NoWords("finish_reason stop"))
        for number in range(2 * circuit_breaker.OPEN_AFTER):
            placed = await kit.order(await kit.person(number + 1), "stop at once")
            assert (await kit.finished(placed.job.id)).cause is Cause.NO_WORDS
        assert await database.read(lambda conn: circuit_breaker.in_a_row(conn, "toy")) == 0
        assert await _why(kit) is None


@pytest.mark.parametrize(("prompt", "counts"), [("say: insufficient balance", False), ("a lake", True)])
async def test_words_that_a_service_only_repeats_take_nothing_off_sale(
    database: Database, prompt: str, counts: bool
) -> None:
    async with engine(database) as kit:
        kit.provider.scripts[prompt] = (OutOfFunds("400 refused: insufficient balance"),)
        job = await kit.finished((await kit.order(await kit.person(1), prompt)).job.id)
        assert job.cause is (Cause.UNAVAILABLE if counts else Cause.GENERATION_FAILED)
        assert len(await kit.shop.pauses()) == len(kit.alerts.said) == counts


async def test_what_is_no_fault_of_theirs_neither_counts_nor_resets(database: Database) -> None:
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER - 1)
        kit.provider.scripts["busy"] = (Busy("429"),)
        placed = await kit.order(await kit.person(1), "busy")
        await kit.finished(placed.job.id)
        assert await database.read(lambda conn: circuit_breaker.in_a_row(conn, "toy")) == circuit_breaker.OPEN_AFTER - 1
        await _faults(kit, 1, first=200)
        assert await _why(kit) is Why.CIRCUIT_OPEN


async def test_orders_that_wait_are_told_and_go_on_when_it_closes(database: Database) -> None:
    async with engine(database, what=catalog(model("pika", 10), concurrency=1), start=False) as kit:
        kit.provider.scripts["lost"] = (ConnectionLost("cut"),)
        for number in range(1, circuit_breaker.OPEN_AFTER + 1):
            await kit.order(await kit.person(number), "lost")
        waiting = [(await kit.order(await kit.person(50 + n), "fine")).job.id for n in range(3)]
        await kit.worker.start()
        for number in range(1, circuit_breaker.OPEN_AFTER + 1):
            assert (await kit.finished(f"job{number}")).cause is Cause.CONNECTION_LOST
        assert await _why(kit) is Why.CIRCUIT_OPEN
        await kit.worker._ticker._show_waiting()
        held = [p.held for job_id, p in kit.view.shown if job_id == waiting[0] and p.held is not None]
        assert held
        assert 40 < held[-1] <= circuit_breaker.FIRST_WAIT
        assert [(await kit.job(j)).state for j in waiting] == [JobState.QUEUED] * 3
        database.shift_clock(circuit_breaker.FIRST_WAIT + 1)
        assert [(await kit.finished(j)).state for j in waiting] == [JobState.DONE] * 3
        assert await kit.shop.pauses() == ()


async def test_half_open_lets_one_through_and_its_failure_doubles_the_wait(database: Database) -> None:
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER)
        database.shift_clock(circuit_breaker.FIRST_WAIT + 1)
        assert await _why(kit) is None, "open for a probe"
        await _faults(kit, 1, first=300)
        (pause,) = await kit.shop.pauses()
        assert (pause.kind, pause.wait, pause.probe_job) == (pauses.CIRCUIT, 2 * circuit_breaker.FIRST_WAIT, None)
        assert await _why(kit) is Why.CIRCUIT_OPEN
        database.shift_clock(2 * circuit_breaker.FIRST_WAIT + 1)
        placed = await kit.order(await kit.person(1), "fine")
        assert (await kit.finished(placed.job.id)).state is JobState.DONE
        assert await kit.shop.pauses() == ()


async def test_a_probe_that_is_turned_away_holds_up_no_other_order(database: Database) -> None:
    """The service answers 503 as it did before the circuit opened: the order waits, and is let through again."""
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER)
        database.shift_clock(circuit_breaker.FIRST_WAIT + 1)
        kit.provider.scripts["probe"] = (NotTaken("503"),)
        probe = (await kit.order(await kit.person(1), "probe")).job.id
        await kit.until(probe, lambda j: j.state is JobState.QUEUED and j.attempt == 1 and j.owner is None)
        (pause,) = await kit.shop.pauses()
        assert (pause.kind, pause.probe_job) == (pauses.CIRCUIT, None)
        assert await _why(kit) is Why.CIRCUIT_OPEN, "for as long as the order waits"
        del kit.provider.scripts["probe"]
        database.shift_clock(3)
        assert (await kit.finished(probe)).state is JobState.DONE
        assert await kit.shop.pauses() == ()


async def test_an_order_that_waited_beyond_its_deadline_says_nothing_of_the_service(database: Database) -> None:
    async with engine(database, what=catalog(model("pika", 10), concurrency=1)) as kit:
        kit.provider.scripts["away"] = (NotTaken("503"),)
        ann = await kit.person(1, 25)
        away = (await kit.order(ann, "away")).job.id
        await kit.until(away, lambda j: j.state is JobState.QUEUED and j.attempt == 1 and j.owner is None)
        await _half_open(database)
        database.shift_clock(61)
        assert (await kit.finished(away)).cause is Cause.WAITED_TOO_LONG
        assert await kit.balance(ann) == (25, 0)
        (pause,) = await kit.shop.pauses()
        assert (pause.wait, pause.probe_job) == (circuit_breaker.FIRST_WAIT, None), "it was not asked"


async def test_it_closes_when_the_result_of_the_probe_is_here_whatever_telegram_does(database: Database) -> None:
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER)
        database.shift_clock(circuit_breaker.FIRST_WAIT + 1)
        kit.fetcher.failures.append(ConnectionLost("cut"))
        kit.view.deliver_failures.append(TryLater(3600))
        probe = (await kit.order(await kit.person(1), "fine")).job.id
        await kit.until(probe, lambda job: job.state is JobState.DELIVERING and job.tries == 1)
        assert len(await kit.shop.pauses()) == 1, "a result that is not here says nothing"
        database.shift_clock(5)
        kit.worker._wake.set()
        await kit.until(probe, lambda job: job.tries == 2)
        assert await kit.shop.pauses() == ()
        assert await _why(kit) is None
        assert [message for _, message in kit.alerts.said].count("alert-back-on-sale") == 1
        placed = await kit.order(await kit.person(2), "fine")
        assert (await kit.finished(placed.job.id)).state is JobState.DONE


async def test_an_answer_of_the_probe_closes_it(database: Database) -> None:
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER)
        database.shift_clock(circuit_breaker.FIRST_WAIT + 1)
        kit.provider.scripts["refused"] = (Accepted(None), Refused("no"))
        placed = await kit.order(await kit.person(1), "refused")
        await kit.finished(placed.job.id)
        assert await kit.shop.pauses() == ()


async def test_the_wait_is_bounded(database: Database) -> None:
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER)
        for number in range(8):
            database.shift_clock(circuit_breaker.LONGEST_WAIT + 1)
            await _faults(kit, 1, first=400 + number)
        (pause,) = await kit.shop.pauses()
        assert pause.wait == circuit_breaker.LONGEST_WAIT


async def test_an_admins_tap_lets_one_through_at_once(database: Database) -> None:
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER)
        assert await kit.shop.allow_probe("toy")
        placed = await kit.order(await kit.person(1), "fine")
        assert (await kit.finished(placed.job.id)).state is JobState.DONE
        assert await _why(kit) is None


async def test_an_operator_fault_of_the_probe_keeps_the_next_one_from_going_blindly(database: Database) -> None:
    async with engine(database) as kit:
        await _faults(kit, circuit_breaker.OPEN_AFTER)
        database.shift_clock(circuit_breaker.FIRST_WAIT + 1)
        kit.provider.scripts["401"] = (BadKey("401"),)
        placed = await kit.order(await kit.person(1), "401")
        await kit.finished(placed.job.id)
        assert await _why(kit) is Why.BAD_KEY


async def test_waiting_has_the_bound_of_the_queue(database: Database) -> None:
    async with engine(database, what=catalog(model("pika", 10), concurrency=1), start=False, queue_wait=30) as kit:
        kit.provider.scripts["lost"] = DOWN
        for number in range(1, circuit_breaker.OPEN_AFTER + 1):
            await kit.order(await kit.person(number), "lost")
        last = (await kit.order(await kit.person(50), "fine")).job.id
        await kit.worker.start()
        await kit.finished(f"job{circuit_breaker.OPEN_AFTER}")
        database.shift_clock(31)
        await kit.worker.sweep()
        assert (await kit.finished(last)).cause is Cause.WAITED_TOO_LONG
