"""An order's message that moves while the order is under way, and money back for results that are lost: once."""

import asyncio
from dataclasses import replace

from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import Delivered, Job, JobState, Target
from bot.engine.jobs import settlement, store
from bot.engine.jobs.run import message_moves
from bot.engine.jobs.run.message_moves import MessageMoves
from bot.engine.jobs.run.run_context import RunningJob
from bot.engine.results import renewal
from bot.providers.base import Accepted, Running
from bot.storage.database import Database
from tests.engine.kit import SUCCESS, ToyProvider, engine

ELSEWHERE = Target(-100500, 3, 77)


async def moved(db: Database, job: Job, target: Target = ELSEWHERE) -> Job | None:
    def move(conn: Connection) -> Job | None:
        db.notify(conn, message_moves.MOVED)
        return message_moves.move(conn, job, target, "Ann")

    return await db.transaction(move)


async def test_a_running_orders_message_moves_and_its_result_arrives_there(database: Database) -> None:
    provider = ToyProvider()
    async with engine(database, provider=provider) as kit:
        ann, go = await kit.person(1), asyncio.Event()
        provider.scripts["x"] = (Accepted("ref-1"), Running(), go, Running(), *SUCCESS[-1:])
        await kit.order(ann, "x")
        job = await kit.state("job1", JobState.RUNNING)
        now_there = await moved(database, job)
        assert now_there is not None
        assert (now_there.target, now_there.owner, now_there.epoch) == (ELSEWHERE, job.owner, job.epoch)
        assert await moved(database, job) is None, "whoever knew the old place only is too late"
        async with asyncio.timeout(5):
            while kit.worker._live["job1"].job.target != ELSEWHERE:
                await asyncio.sleep(0.01)
        go.set()
        done = await kit.finished("job1")
        assert (done.state, done.target, done.requester) == (JobState.DONE, ELSEWHERE, "Ann")
        assert provider.submits == ["job1"], "the run went on"


async def test_who_carries_it_knows_who_pays_by_its_next_write_too(database: Database) -> None:
    async with engine(database, start=False) as kit:
        await kit.order(await kit.person(1))

        def claimed(conn: Connection) -> Job:
            (job,) = store.claim_queued(conn, "me", "toy", concurrency=1, limit=1)
            submitting = store.mark_submitting(conn, job, longest_seconds=60.0)
            assert submitting is not None
            return submitting

        before = await database.transaction(claimed)
        assert await moved(database, before) is not None
        left: list[Target] = []

        async def hear(_job: Job, old: Target) -> None:
            left.append(old)

        live = RunningJob(before, 0.0)
        moves = MessageMoves(database, "me", {before.id: live}, hear)
        after = await database.transaction(lambda conn: store.mark_running(conn, before, "ref-1"))
        assert after is not None
        assert (after.target, after.requester) == (ELSEWHERE, "Ann")
        live.job = after
        await moves.look()
        await moves.look()
        assert left == [before.target], "what it showed there is settled and told all the same, once"


async def test_one_that_ends_or_dies_meanwhile_keeps_the_new_place(database: Database) -> None:
    provider = ToyProvider(resumable=True)
    async with engine(database, provider=provider) as kit:
        ann = await kit.person(1)
        provider.scripts["x"] = (Accepted("ref-1"), asyncio.Event())
        provider.on_resume = SUCCESS
        await kit.order(ann, "x")
        job = await kit.state("job1", JobState.RUNNING)
        await kit.crash()  # before it hears of it
        assert await moved(database, job) is not None
        await kit.restart()
        done = await kit.finished("job1")
        assert (done.state, done.target) == (JobState.DONE, ELSEWHERE)
        assert await moved(database, done, Target(1, None, 5)) is None, "a finished order does not move"
        await kit.order(ann, "x")
        running = await kit.state("job2", JobState.RUNNING)
        assert await moved(database, running) is not None
        await kit.orders.cancel("job2", account_id=ann.account_id)
        assert (await kit.finished("job2")).target == ELSEWHERE


async def test_an_order_without_a_message_does_not_move(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        placed = await kit.order(ann, message_id=0)
        assert await moved(database, placed.job) is None
        waiting = (await kit.order(ann)).job
        assert (await moved(database, waiting)) is not None


async def test_a_lost_result_is_paid_back_once_and_only_as_it_was_tried(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        job = await kit.finished("job1")
        paid = await kit.balance(ann)
        file = Delivered("new", "photo")
        await database.transaction(lambda conn: renewal.renew(conn, job, {0: file}))
        renewed = await kit.job("job1")
        assert [each.file_id for each in renewed.delivered] == ["new"]
        assert await database.transaction(lambda conn: renewal.refund(conn, job)) is None, "it has a new name by now"
        deleted = replace(renewed, delivered=())
        assert await database.transaction(lambda conn: renewal.refund(conn, deleted)) is None
        stranger = replace(renewed, user_id=2)
        assert await database.transaction(lambda conn: renewal.refund(conn, stranger)) is None
        assert await kit.balance(ann) == paid
        given = await asyncio.gather(
            *(database.transaction(lambda conn: renewal.refund(conn, renewed)) for _ in range(4))
        )
        assert sorted(given, key=bool)[:3] == [None, None, None]
        assert sorted(given, key=bool)[3] == job.charged
        assert await kit.balance(ann) == (100, 0)
        assert (await kit.job("job1")).refunded
        (line,) = [each for each in await database.read(lambda c: ledger.of_job(c, "job1")) if each.kind == "refund"]
        assert (line.actor, line.note) == (None, renewal.NOTE)


async def test_what_was_refunded_by_an_admin_is_not_refunded_again(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        job = await kit.finished("job1")
        await database.transaction(lambda conn: settlement.refunded(conn, "job1", actor=ann.account_id, note="sorry"))
        assert await database.transaction(lambda conn: renewal.refund(conn, job)) is None
        await kit.order(ann, "y")
        waiting = await kit.job("job2")
        assert await database.transaction(lambda conn: renewal.refund(conn, waiting)) is None
        await kit.finished("job2")
