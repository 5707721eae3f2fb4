"""Questions and answers as jobs: what is held and captured, what the model is told, and what is remembered."""

import asyncio
from dataclasses import replace
from decimal import ROUND_UP, Decimal

import pytest
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import (
    NotEnoughCredits,
    NotOnSale,
    QuestionTooLong,
    StillAnswering,
    TooManyImprovements,
)
from bot.domain.jobs import Asset, Cause, JobState
from bot.engine.conversations import memory, prompt
from bot.engine.conversations.create_tool import create_tool, words
from bot.engine.conversations.memory import Ask, Purpose, estimate
from bot.engine.jobs import questions
from bot.engine.ports import TryLater
from bot.providers.base import Accepted, ConnectionLost, GenerationFailed, Partial, Succeeded
from bot.storage.database import Database
from tests.engine.chat_kit import answer, answered, ask, chat_model, chatting, speaking
from tests.engine.kit import model


async def test_the_most_is_held_and_what_was_used_is_captured(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        gate = asyncio.Event()
        used = {"prompt_tokens": "50", "completion_tokens": "20"}
        toy.scripts["why?"] = (Accepted(None), gate, Succeeded((Asset(text="because"),), facts=used))
        asked = await ask(kit, ann, "why?")
        sent = estimate("why?") + estimate(prompt.instruction(kit.run_context.chat, Ask(), 0.0))
        tool = create_tool(kit.shop.models)
        assert tool is not None
        bound = round((sent + estimate(words(tool))) / 1_000 + 1, 2)
        _, held = await kit.balance(ann)
        assert held == pytest.approx(bound, abs=0.011)
        assert held >= bound - 0.001
        gate.set()
        job = await kit.finished(asked.placed.job.id)
        assert job.state is JobState.DONE
        assert Decimal(job.charged or 0) / 1_000_000 == Decimal("0.25")  # 50 × 0.001 + 20 × 0.01
        assert await kit.balance(ann) == (9.75, 0)
        assert await database.read(lambda conn: memory.spent(conn, ann.account_id)) == 250_000


@pytest.mark.parametrize("told", [{}, {"prompt_tokens": "many", "completion_tokens": "1"}])
async def test_without_usage_what_was_sent_and_said_is_counted_here(database: Database, told: dict[str, str]) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["why?"] = answer("because of the weather", **told)
        job = await kit.job(await answered(kit, ann, "why?"))
        sent = estimate("why?") + estimate(prompt.instruction(kit.run_context.chat, Ask(), 0.0))
        tool = create_tool(kit.shop.models)
        assert tool is not None
        used = Decimal(sent + estimate(words(tool))) / 1_000 + Decimal(estimate("because of the weather")) / 100
        assert Decimal(job.charged or 0) / 1_000_000 == used.quantize(Decimal("0.01"), ROUND_UP)
        assert job.facts[prompt.OWN_COUNT] == "1"


async def test_our_own_count_is_charged_up_to_the_hold_and_alerts_no_operator(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["why?"] = answer("because " * 500)
        job = await kit.job(await answered(kit, ann, "why?"))
        assert job.charged == job.quote
        assert kit.alerts.said == []
        toy.scripts["how?"] = answer("so", prompt_tokens="50", completion_tokens="5000")
        await answered(kit, ann, "how?")
        assert [text for _, text in kit.alerts.said] == ["alert-dear"], "what the service counted is told"


async def test_a_capture_never_exceeds_the_hold(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["why?"] = answer("because", prompt_tokens="10000", completion_tokens="90000")
        job = await kit.job(await answered(kit, ann, "why?"))
        assert job.charged == job.quote


async def test_the_model_is_told_the_conversation_and_tools_for_what_is_on_sale(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        await answered(kit, ann, "one")
        assert toy.said() == [("user", "one")]
        assert [tool.name for tool in toy.orders[0].tools] == ["create"]
        await answered(kit, ann, "two")
        assert toy.said() == [("user", "one"), ("assistant", "about one"), ("user", "two")]
        assert toy.orders[-1].turns[0].role == "system"
        assert "Today is 20" in toy.orders[-1].turns[0].content


async def test_nothing_to_make_means_no_tool(database: Database) -> None:
    async with chatting(database, chat_model()) as (kit, toy):
        await answered(kit, await kit.person(1, 10), "one")
        assert toy.orders[0].tools == ()


async def test_the_memory_is_bounded_in_tokens_and_keeps_whole_exchanges(database: Database) -> None:
    async with chatting(database, chat_model()) as (kit, toy):
        ann = await kit.person(1, 100)
        for n in range(8):
            await answered(kit, ann, f"question number {n} " + "x" * 60)
        turns = toy.orders[-1].turns
        assert memory.estimated(turns) <= 400
        assert len(turns) < 2 * 8
        assert [turn.role for turn in turns[1:-1]] == ["user", "assistant"] * ((len(turns) - 2) // 2)
        assert turns[-3].content.startswith("question number 6")


async def test_the_memory_is_per_chat_and_person(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann, bob = await kit.person(1, 10), await kit.person(2, 10)
        await answered(kit, ann, "mine")
        await answered(kit, bob, "yours")
        assert toy.said() == [("user", "yours")]
        asked = await ask(kit, ann, "in a group", chat=-5)
        await kit.finished(asked.placed.job.id)
        assert toy.said() == [("user", "in a group")]


async def test_a_forgotten_conversation_is_not_sent_and_an_answer_under_way_not_remembered(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        await answered(kit, ann, "one")
        gate = asyncio.Event()
        toy.scripts["two"] = (Accepted(None), gate, *answer("about two")[1:])
        asked = await ask(kit, ann, "two")
        await kit.state(asked.placed.job.id, JobState.RUNNING)
        assert await database.transaction(lambda conn: memory.forget(conn, 1, 1))
        gate.set()
        await kit.finished(asked.placed.job.id)
        assert await database.read(lambda conn: memory.last(conn, 1, 1, ann.account_id)) is None
        third = await ask(kit, ann, "three")
        assert third.begun
        await kit.finished(third.placed.job.id)
        assert toy.said() == [("user", "three")]


async def test_a_conversation_begun_before_the_clock_was_set_back_goes_on(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        database.shift_clock(3600)
        await kit.finished((await ask(kit, ann, "one")).placed.job.id)
        database.shift_clock(-3600)
        for question in ("two", "three"):
            await kit.finished((await ask(kit, ann, question)).placed.job.id)
        turns = [turn.content for turn in toy.orders[-1].turns]
        assert [said for said in turns if said in ("one", "two", "three")] == ["one", "two", "three"]


async def test_a_retry_replaces_the_last_answer(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        await answered(kit, ann, "one")
        first = await answered(kit, ann, "two")
        found = await database.read(lambda conn: memory.last(conn, 1, 1, ann.account_id))
        assert found is not None
        assert found.id == first
        toy.scripts["two"] = answer("better")
        await answered(kit, ann, "two", what=Ask(replaces=first))
        assert toy.said() == [("user", "one"), ("assistant", "about one"), ("user", "two")]
        await answered(kit, ann, "three")
        assert toy.said()[2:] == [("user", "two"), ("assistant", "better"), ("user", "three")]


async def test_a_retry_that_fails_leaves_the_memory_alone(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        first = await answered(kit, ann, "one")
        toy.scripts["one"] = (Accepted(None), Partial("ab"), ConnectionLost("cut"))
        again = await kit.job(await answered(kit, ann, "one", what=Ask(replaces=first)))
        assert (again.state, again.cause) == (JobState.FAILED, Cause.CONNECTION_LOST)
        await answered(kit, ann, "two")
        assert toy.said() == [("user", "one"), ("assistant", "about one"), ("user", "two")]


async def test_one_question_at_a_time_in_a_chat(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        gate = asyncio.Event()
        toy.scripts["one"] = (Accepted(None), gate, *answer("done")[1:])
        first = await ask(kit, ann, "one", id="first")
        with pytest.raises(StillAnswering):
            await ask(kit, ann, "two")
        assert (await ask(kit, ann, "one", id="first")).placed.existed
        elsewhere = await ask(kit, ann, "elsewhere", chat=-5)
        await kit.finished(elsewhere.placed.job.id)
        gate.set()
        await kit.finished(first.placed.job.id)
        await answered(kit, ann, "two")


async def test_an_answer_that_telegram_does_not_take_hinders_no_question_for_long(database: Database) -> None:
    async with chatting(database) as (kit, _):
        ann = await kit.person(1, 10)
        kit.view.deliver_failures += [TryLater(600.0) for _ in range(3)]
        first = await ask(kit, ann, "one")
        await kit.state(first.placed.job.id, JobState.DELIVERING)
        with pytest.raises(StillAnswering):
            await ask(kit, ann, "two")
        database.shift_clock(memory.DELIVERY_WAITED + 5)
        assert not (await ask(kit, ann, "two")).placed.existed


async def test_refusals_hold_nothing(database: Database) -> None:
    async with chatting(database) as (kit, _):
        poor, rich = await kit.person(1, 0), await kit.person(2, 10)
        with pytest.raises(NotEnoughCredits):
            await ask(kit, poor, "why?")
        with pytest.raises(QuestionTooLong):
            await ask(kit, rich, "x" * 2_000)
        assert await kit.balance(rich) == (10, 0)
        assert await database.read(lambda conn: memory.last(conn, 1, 1, poor.account_id)) is None


async def test_other_models_answer_no_questions(database: Database) -> None:
    async with chatting(database, model("gpt")) as (kit, _):
        with pytest.raises(NotOnSale):
            await ask(kit, await kit.person(1, 10), "why?")


async def test_an_answer_that_outlasts_its_time_ends_with_what_is_there(database: Database) -> None:
    hasty = replace(chat_model(), longest_seconds=0.3)
    async with chatting(database, hasty, model("pika")) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["count"] = (Accepted(None), Partial("one, two"), asyncio.Event())
        job = await kit.job(await answered(kit, ann, "count"))
        assert (job.state, job.cause) == (JobState.DONE, None)
        assert [asset.text for asset in job.assets] == ["one, two"]
        assert job.facts["finish"] == "length"
        assert 0 < (job.charged or 0) < job.quote
        toy.scripts["think"] = (Accepted(None), asyncio.Event())
        job = await kit.job(await answered(kit, ann, "think"))
        assert (job.state, job.cause) == (JobState.FAILED, Cause.TIMEOUT)


async def test_a_crash_in_the_middle_of_an_answer_releases_it(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["tell"] = (Accepted(None), Partial("Once upon"), asyncio.Event())
        asked = await ask(kit, ann, "tell")
        await speaking(kit, asked.placed.job.id)
        await kit.asks.stop(asked.placed.job.id, account_id=ann.account_id)
        await kit.restart()
        job = await kit.until(asked.placed.job.id, lambda job: job.state.finished)
        assert (job.state, job.cause) in ((JobState.FAILED, Cause.INTERRUPTED), (JobState.DONE, None))
        if job.state is JobState.FAILED:
            assert await kit.balance(ann) == (10, 0)
        await answered(kit, ann, "again")


async def test_a_free_improvement_charges_nothing_is_not_remembered_and_is_bounded(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        what = Ask(Purpose.IMPROVE, draft_id="d", free=True)
        toy.scripts["a fox"] = answer("a red fox", prompt_tokens="50", completion_tokens="20")
        job = await kit.job(await answered(kit, ann, "a fox", what=what))
        assert job.charged == 0
        assert await kit.balance(ann) == (10, 0)
        assert "Improve" in toy.orders[0].turns[0].content
        assert toy.orders[0].tools == ()
        await answered(kit, ann, "one")
        assert toy.said() == [("user", "one")]
        for _ in range(questions.FREE_IMPROVEMENTS - 1):
            await answered(kit, ann, "a fox", what=what)
        with pytest.raises(TooManyImprovements):
            await ask(kit, ann, "a fox", what=what)


@pytest.mark.parametrize("ends", ["done", "failed", "cancelled"])
async def test_a_free_improvement_holds_nothing_however_it_ends(database: Database, ends: str) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 0)
        what = Ask(Purpose.IMPROVE, draft_id="d", free=True)
        toy.scripts["a fox"] = {
            "done": answer("a red fox", prompt_tokens="50", completion_tokens="20"),
            "failed": (Accepted(None), GenerationFailed("no")),
            "cancelled": (Accepted(None), asyncio.Event()),
        }[ends]
        asked = await ask(kit, ann, "a fox", what=what)
        assert asked.placed.job.quote == 0
        assert await kit.db.read(ledger.verify) == []
        if ends == "cancelled":
            await kit.until(asked.placed.job.id, lambda job: job.state is JobState.RUNNING)
            await kit.orders.cancel(asked.placed.job.id, account_id=ann.account_id)
        job = await kit.until(asked.placed.job.id, lambda job: job.state.finished)
        assert (job.state.value, job.charged or 0) == (ends, 0)
        assert await kit.balance(ann) == (0, 0)
        assert await kit.db.read(lambda conn: ledger.of_job(conn, job.id)) == []
        assert await kit.db.read(ledger.verify) == []


async def test_what_a_paid_improvement_holds_is_counted_in_until_it_is_charged(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["a fox"] = (Accepted(None), asyncio.Event())
        asked = await ask(kit, ann, "a fox", what=Ask(Purpose.IMPROVE, draft_id="d"))
        quote = asked.placed.job.quote
        assert quote > 0

        def beside(conn: Connection, draft_id: str = "d") -> int:
            return kit.asks.set_aside(conn, ann.account_id, draft_id)

        assert await kit.db.read(beside) == quote
        assert await kit.db.read(lambda conn: beside(conn, "another")) == 0
        await kit.until(asked.placed.job.id, lambda job: job.state is JobState.RUNNING)
        await kit.orders.cancel(asked.placed.job.id, account_id=ann.account_id)
        assert await kit.db.read(beside) == 0


async def test_conversations_nobody_goes_on_with_are_forgotten(database: Database) -> None:
    async with chatting(database) as (kit, _):
        ann = await kit.person(1, 10)
        await answered(kit, ann, "one")
        database.shift_clock(memory.FORGOTTEN_AFTER + 60)

        def swept(conn: Connection) -> tuple[int, int]:
            return memory.sweep(conn), len(memory.remembered(conn, 1, 1, room=10_000))

        assert await database.transaction(swept) == (1, 0)
        assert await database.read(ledger.verify) == []


async def test_an_answer_without_a_visible_character_is_none_and_no_fault_of_the_service(database: Database) -> None:
    async with chatting(database) as (kit, toy):
        ann = await kit.person(1, 10)
        toy.scripts["hide it"] = answer("\u200b\u2063" * 20, prompt_tokens="50", completion_tokens="20")
        job = await kit.job(await answered(kit, ann, "hide it"))
        assert (job.state, job.cause) == (JobState.FAILED, Cause.NO_WORDS)
        assert await kit.balance(ann) == (10, 0)
        toy.scripts["make it"] = (Accepted(None), Succeeded((Asset(text=""),), facts={"call": "{}"}))
        assert (await kit.job(await answered(kit, ann, "make it"))).state is JobState.DONE
