"""Conversations in groups: answers by edits under the question, one memory per person, and only the asker's Stop."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.engine.accounts import groups
from bot.engine.jobs import store
from bot.telegram.outbox import sender
from sandbox.client import ClientError
from tests.drivers.app import easel

CHAT = ("ai_now", "neuroapi")


async def test_an_answer_grows_by_edits_and_anybody_else_cannot_stop_it(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann, bob = await world.person(credits=10), await world.person("Bob", credits=10)
        group = await world.tg.group("Friends", [ann, bob])
        mine, theirs = ann.in_(group), bob.in_(group)
        world.services.neuroapi.state.scale = 1.0
        asked = await mine.send("/ask a long essay about foxes")
        shown = await mine.wait("Simulated answer", timeout=20, button="Stop")
        assert shown.message["reply_to_message"]["message_id"] == asked.id
        assert shown.edits >= 1
        assert "somebody else" in (await theirs.click("Stop", on=shown)).text
        await mine.click("Stop", on=shown)
        stopped = await mine.wait("⏹ Stopped.")
        assert stopped.id == shown.id
        assert (await world.finished()).state is JobState.DONE
        assert world.telegram.core.calls.listing("sendMessageDraft") == []


async def test_everybody_has_a_conversation_of_their_own(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann, bob = await world.person(credits=10), await world.person("Bob", credits=10)
        group = await world.tg.group("Friends", [ann, bob])
        for person, question in ((ann, "one"), (bob, "two"), (ann, "three")):
            view = person.in_(group)
            await view.send(f"/ask {question}")
            await view.wait(f"Simulated answer: {question}")
            await world.finished()
        body: Any = world.services.neuroapi.requests[-1].body
        said = body["messages"]
        assert [m["content"] for m in said[1::2]] == ["one", "three"]
        await bob.in_(group).send("/new")
        await bob.in_(group).wait("forgotten")
        await ann.in_(group).send("/retry")
        await ann.in_(group).wait("Simulated answer: three")
        await world.finished()


async def test_too_little_credit_shows_no_balance_in_a_group(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person()
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        await chat.send("/ask why?")
        refused = await chat.wait("Not enough credits")
        assert "credits," not in refused.text
        assert refused.buttons == []


async def test_an_answer_to_a_deleted_message_comes_anew(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        world.services.neuroapi.state.scale = 1.0
        await chat.send("/ask why?")
        thinking = await chat.wait("Thinking")
        await chat.delete(thinking)
        answer = await chat.wait("first this", timeout=20)
        assert answer.id != thinking.id
        await world.finished()


async def test_a_group_shows_no_draft(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        await chat.send("/ask why?")
        await chat.wait("Simulated answer")
        await world.finished()
        with pytest.raises(ClientError, match="no draft"):
            await chat.stop()


async def test_a_slow_answer_in_a_group_ends_with_a_notice(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT, ready_after_seconds=0) as world:
        ann = await world.person(credits=10)
        group = await world.tg.group("Friends", [ann])
        await ann.in_(group).send("/ask why?")
        ready = await ann.in_(group).wait("Ann: ✅ Ready!")
        await world.finished()
        assert "Simulated answer" in ready.message["reply_to_message"]["text"]
        await ann.private().send("/ask why?")
        await ann.private().wait("Simulated answer")
        await world.finished()
        assert not any("Ready" in m.text for m in await ann.private().messages())


async def test_a_wish_becomes_only_what_the_group_allows(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        group = await world.tg.group("Friends", [ann])
        off = frozenset({"pika"})
        await world.easel.db.transaction(lambda c: groups.change(c, group.id, lambda g: replace(g, models_off=off)))
        chat = ann.in_(group)
        await chat.send("/ask make a video of a lake in watercolour")
        assert "Pika" not in (await chat.wait("lake", button="Confirm")).text
        await world.finished()


async def test_an_answer_is_written_once_more_where_a_late_bar_stands_over_it(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        await chat.send("/ask why?")
        job = await world.finished()
        answer = await chat.wait("Simulated answer: why?")
        await sender.edit(world.easel.bot.outbox, job.target, "a bar from a process that froze")
        await chat.wait("a bar from a process that froze")

        def say_again(conn: Connection) -> None:
            store.repeat_notice(conn, job)
            world.easel.db.notify(conn, store.WAKE)

        await world.easel.db.transaction(say_again)
        await chat.wait("Simulated answer: why?")
        assert (await chat.refresh(answer)).text == answer.text
        await world.finished()
