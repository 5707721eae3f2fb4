"""Orders that end at the operator's cost by their people's doing: how many are taken, and who hears of them."""

import pytest
from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import CUT, Cause, JobState
from bot.domain.limits.admission import TooManyCostlyEnds
from bot.engine.accounts import users
from bot.engine.conversations import prompt
from bot.engine.jobs import costly_ends
from bot.engine.jobs.costly_ends import CostlyWatch
from bot.engine.jobs.submit import OrderLimits
from bot.engine.ports import NotAllowed, NotShown, Seen, TargetGone
from bot.providers.base import Accepted, NoWords, Partial
from bot.storage.database import Database
from tests.engine.chat_kit import answer, ask, chatting, speaking
from tests.engine.kit import Kit, Step, engine

BLOCKED = "Forbidden: bot was blocked by the user"
USED = {"prompt_tokens": "50", "completion_tokens": "90"}


async def lost(kit: Kit, user: users.User) -> None:
    """An order whose person blocks the bot before the result comes."""
    kit.view.deliver_failures.append(TargetGone(BLOCKED))
    job = await kit.finished((await kit.order(user)).job.id)
    assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)


async def cancelled(kit: Kit, user: users.User) -> None:
    placed = await kit.order(user, "slow")
    await kit.state(placed.job.id, JobState.RUNNING)
    await kit.orders.cancel(placed.job.id, account_id=user.account_id)
    await kit.finished(placed.job.id)


async def test_orders_lost_with_their_chats_make_the_next_one_wait(database: Database) -> None:
    async with engine(database, limits=OrderLimits(running_cancels_per_hour=1)) as kit:
        ann, bob = await kit.person(1), await kit.person(2)
        await lost(kit, ann)
        database.shift_clock(600)
        await lost(kit, ann)
        with pytest.raises(TooManyCostlyEnds) as refused:
            await kit.order(ann)
        assert 2990 < refused.value.seconds <= 3000
        assert await kit.balance(ann) == (100, 0)
        await kit.finished((await kit.order(bob)).job.id)
        database.shift_clock(3001)
        await kit.finished((await kit.order(ann)).job.id)


async def test_a_chat_that_lets_no_file_in_counts_and_telegrams_own_refusal_does_not(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        for refused, count in ((NotShown("refused in every form"), 0), (NotAllowed("not enough rights"), 1)):
            kit.view.deliver_failures.append(refused)
            job = await kit.finished((await kit.order(ann)).job.id)
            assert (job.state, job.cause) == (JobState.FAILED, Cause.NOT_SHOWN)
            assert await database.read(lambda conn: costly_ends.ends(conn, ann.account_id)) == count
        assert await kit.balance(ann) == (100, 0)


async def test_answers_without_a_word_make_the_next_question_wait(database: Database) -> None:
    """A stop word that is the first of every answer would burn the operator's credits without an end."""
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["stop at once"] = (Accepted(None), NoWords("finish_reason stop"))
        for _ in range(OrderLimits().running_cancels_per_hour + 1):
            asked = await ask(kit, ann, "stop at once")
            job = await kit.finished(asked.placed.job.id)
            assert (job.state, job.cause) == (JobState.FAILED, Cause.NO_WORDS)
        with pytest.raises(TooManyCostlyEnds):
            await ask(kit, ann, "stop at once")
        assert await kit.balance(ann) == (10, 0)
        assert await database.read(ledger.verify) == []


async def test_cancels_alone_leave_orders_alone_and_count_with_the_others(database: Database) -> None:
    async with engine(database, limits=OrderLimits(running_cancels_per_hour=2)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), 30.0)
        await cancelled(kit, ann)
        await cancelled(kit, ann)
        await lost(kit, ann)
        with pytest.raises(TooManyCostlyEnds):
            await kit.order(ann)


async def test_an_admins_cancel_is_not_held_against_the_person(database: Database) -> None:
    async with engine(database, limits=OrderLimits(running_cancels_per_hour=1)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), 30.0)
        placed = await kit.order(ann, "slow")
        await kit.state(placed.job.id, JobState.RUNNING)
        await kit.orders.cancel(placed.job.id, account_id=None)
        await kit.finished(placed.job.id)
        assert await kit.orders.cancels_left(ann.account_id) == 1


async def test_an_answer_stopped_again_and_again_before_its_first_word(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1)
        toy.scripts["hm?"] = (Accepted(None), 30.0)
        for _ in range(OrderLimits().running_cancels_per_hour + 1):
            asked = await ask(kit, ann, "hm?")
            await kit.state(asked.placed.job.id, JobState.RUNNING)
            await kit.asks.stop(asked.placed.job.id, account_id=ann.account_id)
            assert (await kit.finished(asked.placed.job.id)).state is JobState.CANCELLED
        with pytest.raises(TooManyCostlyEnds):
            await ask(kit, ann, "hm?")


async def test_the_operator_hears_who_does_it_often(database: Database) -> None:
    async with engine(database) as kit:
        ann, bob = await kit.person(1), await kit.person(2)
        watch = CostlyWatch(database, kit.alerts)
        await lost(kit, bob)
        for n in range(costly_ends.OFTEN):
            if n:
                database.shift_clock(1000)
            await lost(kit, ann)
        await watch.look()
        assert kit.alerts.said == [("costly:1", "alert-costly")]

        def read(conn: Connection) -> list[tuple[int, str, int]]:
            return [(each.user_id, each.name, each.count) for each in costly_ends.often(conn)]

        assert await database.read(read) == [(1, "user 1", costly_ends.OFTEN)]
        database.shift_clock(3601)
        await watch.look()
        assert len(kit.alerts.said) == 1, "what is over was told"
        assert len(await database.read(read)) == 1


async def test_what_was_read_before_the_bot_was_blocked_is_paid_by_its_use(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        words = "because the sky scatters " * 4
        script: tuple[Step, ...] = answer(words, **USED)
        toy.scripts["why?"] = (*script[:2], 0.2, *script[2:])
        asked = await ask(kit, ann, "why?")
        job_id = asked.placed.job.id
        await speaking(kit, job_id)
        kit.view.read[job_id] = Seen("because")  # the rest came after the block
        kit.view.deliver_failures.append(TargetGone(BLOCKED))
        job = await kit.finished(job_id)
        assert (job.state, job.facts[CUT]) == (JobState.DONE, Cause.UNDELIVERABLE.value)
        assert [asset.text for asset in job.assets] == ["because"]
        assert job.charged == 140_000  # 50 × 0.001 + 9 × 0.01 as estimated, not 0.95
        assert kit.view.finals == [(job_id, JobState.DONE, True)]


async def test_a_chat_that_is_gone_ends_the_answer_at_once(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["why?"] = (Accepted(None), Partial("because"), 0.1, Partial("because of"), 30.0)
        asked = await ask(kit, ann, "why?")
        job_id = asked.placed.job.id
        await speaking(kit, job_id)
        kit.view.read[job_id] = Seen("because", gone=True)
        kit.view.deliver_failures.append(TargetGone(BLOCKED))
        job = await kit.finished(job_id)
        assert (job.state, [asset.text for asset in job.assets]) == (JobState.DONE, ["because"])
        assert 0 < (job.charged or 0) < job.quote
        assert job.facts[prompt.STOPPED] == "1"
        assert toy.closed == [job_id]


async def test_a_chat_that_is_gone_before_a_word_costs_the_operator_and_counts(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        gone = Seen("", gone=True)
        toy.scripts["why?"] = (Accepted(None), 0.1, Partial("because"), 30.0)
        asked = await ask(kit, ann, "why?")
        kit.view.read[asked.placed.job.id] = gone
        job = await kit.finished(asked.placed.job.id)
        assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        assert await kit.balance(ann) == (10, 0)
        assert await database.read(lambda conn: costly_ends.ends(conn, ann.account_id)) == 1


async def test_after_a_crash_of_ours_what_was_read_is_released(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["why?"] = (Accepted(None), Partial("because"), 30.0)
        asked = await ask(kit, ann, "why?")
        await speaking(kit, asked.placed.job.id)
        kit.view.read[asked.placed.job.id] = Seen("because")
        await kit.restart()
        job = await kit.finished(asked.placed.job.id)
        assert (job.state, job.cause) == (JobState.FAILED, Cause.INTERRUPTED)
        assert await kit.balance(ann) == (10, 0)
        assert await database.read(lambda conn: costly_ends.ends(conn, ann.account_id)) == 0
        assert await database.read(ledger.verify) == []


async def test_an_answer_read_whole_is_paid_whole(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        used = {"prompt_tokens": "50", "completion_tokens": "20"}
        toy.scripts["why?"] = answer("because", **used)
        asked = await ask(kit, ann, "why?", id="asked")
        kit.view.read["asked"] = Seen("because")
        kit.view.deliver_failures.append(TargetGone(BLOCKED))
        job = await kit.finished(asked.placed.job.id)
        assert (job.state, job.charged) == (JobState.DONE, 250_000)
