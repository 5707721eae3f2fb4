"""One generation through the engine: the main path, each failure with its release, and cancels."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.catalog.models import Choice, Option
from bot.domain.errors import (
    NotCancellable,
    NotEnoughCredits,
    TooManyActiveJobs,
    TooManyCancels,
    UnknownJob,
)
from bot.domain.jobs import REFUSED_OPTION, Asset, Cause, JobState
from bot.engine.jobs import queries
from bot.engine.jobs.submit import OrderLimits, QuoteStale
from bot.engine.ports import Stage, TargetGone, TryLater
from bot.providers.base import (
    Accepted,
    BadResult,
    ConnectionLost,
    GenerationFailed,
    OptionRefused,
    ProviderError,
    Refused,
    Running,
    Succeeded,
    Unreachable,
    UpstreamDown,
)
from bot.storage.database import Database
from tests.engine.kit import SUCCESS, Kit, catalog, engine, model, words


async def test_a_prompt_becomes_a_paid_result(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 25)
        placed = await kit.order(ann)
        assert (placed.position, placed.existed) == (1, False)
        job = await kit.finished("job1")
        assert job.state is JobState.DONE
        assert job.charged == job.quote == 10_000_000
        assert await kit.balance(ann) == (15, 0)
        assert kit.view.delivered == ["job1"]
        assert kit.view.finals == [("job1", JobState.DONE, True)]
        assert Stage.STARTING in [p.stage for _, p in kit.view.shown]
        assert kit.provider.submits == ["job1"]


@pytest.mark.parametrize(
    ("error", "cause", "reconciled"),
    [
        (GenerationFailed("boom"), Cause.GENERATION_FAILED, False),
        (Refused("nsfw"), Cause.REFUSED, False),
        (Unreachable("no route"), Cause.UPSTREAM_DOWN, False),
        (UpstreamDown("500"), Cause.UPSTREAM_DOWN, False),
        (ConnectionLost("cut"), Cause.CONNECTION_LOST, True),
        (BadResult("no url"), Cause.BAD_RESULT, False),
    ],
)
async def test_every_failure_gives_the_hold_back(
    database: Database, error: ProviderError, cause: Cause, reconciled: bool
) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 25)
        kit.provider.scripts["x"] = (Accepted(None), error)
        await kit.order(ann, "x")
        job = await kit.finished("job1")
        assert (job.state, job.cause, job.detail) == (JobState.FAILED, cause, error.detail)
        assert await kit.balance(ann) == (25, 0)
        assert kit.view.finals == [("job1", JobState.FAILED, True)]
        note = await database.read(lambda conn: queries.reconciliation_of(conn, "job1"))
        assert (note is not None) is reconciled


async def test_the_bar_runs_by_what_the_provider_expects_of_this_order(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None, 25.0), Running(), *SUCCESS[1:])
        placed = await kit.order(ann, "slow")
        await kit.finished(placed.job.id)
        assert [p.typical for _, p in kit.view.shown if p.stage is Stage.RUNNING] == [25.0] * 3


async def test_a_stream_that_ends_without_a_result_is_a_failure(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted(None), Running())
        await kit.order(ann, "x")
        assert (await kit.finished("job1")).cause is Cause.CONNECTION_LOST


async def test_the_longest_time_of_a_model_ends_the_job(database: Database) -> None:
    async with engine(database, what=catalog(model(longest=0.2))) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted(None), 30.0)
        await kit.order(ann, "x")
        assert (await kit.finished("job1")).cause is Cause.TIMEOUT
        assert kit.provider.closed == ["job1"]


async def test_a_fault_of_ours_fails_the_job_and_tells_the_admins(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted(None), RuntimeError("bug"))
        await kit.order(ann, "x")
        assert (await kit.finished("job1")).cause is Cause.INTERNAL
        assert [m for _, m in kit.alerts.said] == ["alert-job-fault"]
        assert await kit.balance(ann) == (100, 0)


async def test_two_taps_make_one_job(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        first, second = await asyncio.gather(kit.order(ann, id="one"), kit.order(ann, id="one"))
        assert sorted([first.existed, second.existed]) == [False, True]
        await kit.finished("one")
        assert kit.provider.submits == ["one"]
        assert await kit.balance(ann) == (90, 0)


async def test_too_little_balance_holds_nothing(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 9)
        with pytest.raises(NotEnoughCredits) as refused:
            await kit.order(ann)
        assert (refused.value.available, refused.value.needed) == (9_000_000, 10_000_000)
        assert await kit.balance(ann) == (9, 0)
        assert await database.read(queries.count_all) == 0


async def test_a_quote_stands_for_ten_minutes(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        original = kit.orders.submit

        async def late(*args: object, **kwargs: object) -> object:
            database.shift_clock(601)
            return await original(*args, **kwargs)  # type: ignore[arg-type]

        kit.orders.submit = late  # type: ignore[method-assign,assignment]
        with pytest.raises(QuoteStale):
            await kit.order(ann)
        assert await kit.balance(ann) == (100, 0)


async def test_active_jobs_are_limited(database: Database) -> None:
    async with engine(database, limits=OrderLimits(active_jobs_per_user=2), start=False) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        await kit.order(ann)
        with pytest.raises(TooManyActiveJobs):
            await kit.order(ann)


async def test_cancel_while_queued_and_while_running(database: Database) -> None:
    async with engine(database, what=catalog(model(), concurrency=1)) as kit:
        ann = await kit.person(1)
        gate = asyncio.Event()
        kit.provider.scripts["slow"] = (Accepted(None), gate, *SUCCESS[1:])
        await kit.order(ann, "slow")
        await kit.state("job1", JobState.RUNNING)
        await kit.order(ann, "waits")
        assert await kit.balance(ann) == (80, 20)
        assert (await kit.orders.cancel("job2", account_id=ann.account_id)).state is JobState.CANCELLED
        assert await kit.balance(ann) == (90, 10)
        await kit.orders.cancel("job1", account_id=ann.account_id)
        assert await kit.balance(ann) == (100, 0)
        await kit.finished("job1")
        await kit.finished("job2")
        assert kit.provider.closed == ["job1"]
        assert kit.provider.submits == ["job1"]
        assert {f[:2] for f in kit.view.finals} == {("job1", JobState.CANCELLED), ("job2", JobState.CANCELLED)}
        again = await kit.orders.cancel("job1", account_id=ann.account_id)
        assert again.state is JobState.CANCELLED


async def test_running_cancels_are_limited_queued_ones_are_not(database: Database) -> None:
    async with engine(database, limits=OrderLimits(running_cancels_per_hour=1)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        await kit.order(ann, "slow")
        await kit.order(ann, "slow")
        await kit.state("job1", JobState.RUNNING)
        await kit.state("job2", JobState.RUNNING)
        await kit.orders.cancel("job1", account_id=ann.account_id)
        with pytest.raises(TooManyCancels):
            await kit.orders.cancel("job2", account_id=ann.account_id)
        await kit.orders.cancel("job2", account_id=None)
        database.shift_clock(3601)
        await kit.order(ann, "slow")
        await kit.state("job3", JobState.RUNNING)
        await kit.orders.cancel("job3", account_id=ann.account_id)


async def test_cancel_refuses_strangers_and_the_finished(database: Database) -> None:
    async with engine(database) as kit:
        ann, bob = await kit.person(1), await kit.person(2)
        await kit.order(ann)
        with pytest.raises(UnknownJob):
            await kit.orders.cancel("job1", account_id=bob.account_id)
        await kit.finished("job1")
        with pytest.raises(NotCancellable):
            await kit.orders.cancel("job1", account_id=ann.account_id)


async def test_a_vanished_chat_is_released_and_counts_like_a_running_cancel(database: Database) -> None:
    async with engine(database, limits=OrderLimits(running_cancels_per_hour=1)) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        await kit.order(ann, "slow")
        await kit.state("job1", JobState.RUNNING)
        kit.view.deliver_failures = [TargetGone()]
        await kit.order(ann)
        job = await kit.finished("job2")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        assert await kit.balance(ann) == (90, 10)
        with pytest.raises(TooManyCancels):
            await kit.orders.cancel("job1", account_id=ann.account_id)


async def test_telegram_asking_to_wait_puts_the_delivery_off(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.view.deliver_failures = [TryLater(0.1)]
        await kit.order(ann)
        job = await kit.until("job1", lambda job: job.tries == 1)
        assert job.state is JobState.DELIVERING
        database.shift_clock(5)
        assert (await kit.finished("job1")).state is JobState.DONE
        assert await kit.balance(ann) == (90, 0)


async def test_a_delivery_is_given_up_after_a_day(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.view.deliver_failures = [TryLater(1.0), TryLater(1.0)]
        await kit.order(ann)
        await kit.until("job1", lambda job: job.tries == 1)
        database.shift_clock(24 * 3600 + 10)
        job = await kit.finished("job1")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        assert await kit.balance(ann) == (100, 0)


async def test_a_result_whose_address_is_dead_is_not_charged(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.fetcher.failures = [BadResult("404")]
        await kit.order(ann)
        assert (await kit.finished("job1")).cause is Cause.BAD_RESULT
        assert await kit.balance(ann) == (100, 0)


async def test_a_result_whose_address_stumbles_is_fetched_again(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.fetcher.failures = [UpstreamDown("503")]
        await kit.order(ann)
        await kit.until("job1", lambda job: job.tries == 1)
        database.shift_clock(5)
        assert (await kit.finished("job1")).state is JobState.DONE


async def test_ready_is_said_again_only_when_it_was_not_tried(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.view.final_failures = [TryLater(1.0)]
        await kit.order(ann)
        await kit.until("job1", lambda job: job.state is JobState.DONE and job.tries == 1)
        database.shift_clock(5)
        await kit.finished("job1")
        assert kit.view.finals == [("job1", JobState.DONE, True)]


async def test_a_job_without_a_message_gets_one_first(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        await kit.order(ann, message_id=0)
        job = await kit.finished("job1")
        assert kit.view.opened == ["job1"]
        assert job.target.message_id == 901


async def test_a_message_refused_for_good_submits_nothing(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.view.open_failures = [TargetGone()]
        await kit.order(ann, message_id=0)
        job = await kit.finished("job1")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        assert kit.provider.submits == []
        assert await kit.balance(ann) == (100, 0)


async def test_the_actual_cost_is_captured_when_it_is_smaller(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["x"] = (Accepted(None), Succeeded((Asset("https://a.example/1"),), Decimal("3.217")))
        kit.provider.scripts["y"] = (Accepted(None), Succeeded((Asset("https://a.example/1"),), Decimal(99)))
        await kit.order(ann, "x")
        assert (await kit.finished("job1")).charged == 3_220_000
        await kit.order(ann, "y")
        assert (await kit.finished("job2")).charged == 10_000_000
        assert await kit.balance(ann) == (86.78, 0)


async def _order_many(kit: Kit) -> tuple[list[str], list[str]]:
    ann, bob = await kit.person(1, 1000), await kit.person(2, 1000)
    kit.provider.scripts["slow"] = (Accepted(None), 0.05, *SUCCESS[1:])
    for _ in range(10):
        await kit.order(ann, "slow")
    await kit.order(bob, "slow", id="bobs")
    return [f"job{n}" for n in range(1, 11)], ["bobs"]


async def test_one_users_ten_jobs_do_not_starve_anothers_one(database: Database) -> None:
    limits = OrderLimits(active_jobs_per_user=20)
    async with engine(database, what=catalog(model(), concurrency=1), limits=limits, start=False) as kit:
        anns, _ = await _order_many(kit)
        await kit.worker.start()
        await kit.finished("bobs")
        done = [j for j in anns if (await kit.job(j)).state.finished]
        assert kit.provider.submits.index("bobs") == 1
        assert len(done) <= 3
        for job_id in anns:
            await kit.finished(job_id)
        assert len(kit.provider.submits) == 11


async def test_never_more_upstream_than_the_provider_allows(database: Database) -> None:
    limits = OrderLimits(active_jobs_per_user=20)
    async with engine(database, what=catalog(model(), concurrency=3), limits=limits) as kit:
        ann = await kit.person(1, 1000)
        gate = asyncio.Event()
        kit.provider.scripts["slow"] = (Accepted(None), gate, *SUCCESS[1:])
        for _ in range(8):
            await kit.order(ann, "slow")
        await kit.state("job3", JobState.RUNNING)
        await asyncio.sleep(0.2)
        assert len(kit.provider.submits) == 3
        waiting = await database.read(lambda conn: queries.waiting(conn, "toy", offset=0, limit=10))
        assert [j.id for j in waiting] == [f"job{n}" for n in range(4, 9)]
        assert await database.read(lambda conn: queries.position(conn, waiting[2])) == 3
        gate.set()
        await kit.finished("job8")


async def test_waiting_in_our_queue_is_bounded(database: Database) -> None:
    async with engine(database, what=catalog(model(), concurrency=1), queue_wait=100) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["slow"] = (Accepted(None), asyncio.Event())
        await kit.order(ann, "slow")
        await kit.state("job1", JobState.RUNNING)
        await kit.order(ann)
        database.shift_clock(101)
        await kit.worker.sweep()
        job = await kit.finished("job2")
        assert (job.state, job.cause) == (JobState.FAILED, Cause.WAITED_TOO_LONG)
        assert await kit.balance(ann) == (90, 10)


async def test_a_refused_parameter_is_that_of_an_option_or_a_plain_failure(database: Database) -> None:
    style = Option("style", words("Style"), (Choice("1", words("Anime")),), param="look")
    sold = replace(model("pika", 10), options=(style,), fixed={"fps": 24})
    async with engine(database, what=catalog(sold)) as kit:
        ann = await kit.person(1, 100)
        kit.provider.scripts["own"] = (OptionRefused("no look", "look"),)
        job = await kit.finished((await kit.order(ann, "own", options={"style": "1"})).job.id)
        assert (job.cause, job.facts) == (Cause.OPTION_REFUSED, {REFUSED_OPTION: "style"})
        kit.provider.scripts["fixed"] = (OptionRefused("no fps", "fps"),)
        job = await kit.finished((await kit.order(ann, "fixed", options={"style": "1"})).job.id)
        assert (job.cause, job.facts) == (Cause.GENERATION_FAILED, {})
        assert await kit.balance(ann) == (100, 0)
