"""What a process writes into chats while it is not sure of its lease: nothing, not even for a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from aiogram.methods import AnswerCallbackQuery, GetMe, SendChatAction, SendMessageDraft

from bot.domain.jobs import Asset, Delivered, JobState, Target
from bot.engine.jobs.run.own_lease import SURE, WAITS, Lease
from bot.telegram.api.lease_fence import fenced
from bot.telegram.api.session import NotSent
from bot.telegram.outbox.outbox import Outbox
from tests.telegram.jobs.message.test_albums import Notes, of_images, picture
from tests.telegram.kit import World, done, job, view
from tests.telegram.virtual import WHERE, Wire, edit, play, say

SECONDS = 10.0
Scene = Callable[[Outbox, Wire, Lease], Awaitable[None]]


def fence(scene: Scene) -> Wire:
    """Plays it with a lease in virtual time that was renewed at the beginning."""

    async def fenced_off(outbox: Outbox, wire: Wire) -> None:
        lease = Lease(SECONDS, asyncio.get_running_loop().time)
        lease.renewed(lease.clock())
        outbox.fence = lease
        await scene(outbox, wire, lease)

    return play(fenced_off)


def test_progress_is_not_painted_by_a_process_that_is_not_sure() -> None:
    async def scene(outbox: Outbox, _wire: Wire, lease: Lease) -> None:
        outbox.progress(WHERE, "sure", None)
        await asyncio.sleep(SECONDS * SURE + 0.1)
        outbox.progress(WHERE, "not sure", None)
        await asyncio.sleep(5)
        lease.renewed(lease.clock())
        outbox.progress(WHERE, "sure again", None)
        await asyncio.sleep(5)

    assert fence(scene).texts() == ["sure", "sure again"]


def test_what_is_written_waits_for_a_sure_lease_and_a_job_that_is_lost_writes_nothing() -> None:
    async def scene(outbox: Outbox, _wire: Wire, lease: Lease) -> None:
        await asyncio.sleep(SECONDS)
        lost = asyncio.create_task(outbox.call(edit("a lost job's result")))
        kept = asyncio.create_task(outbox.call(say("an answer", chat=6)))
        await asyncio.sleep(2)
        lost.cancel()  # as the worker does before it tells of the new lease
        lease.renewed(lease.clock())
        await kept
        assert lost.cancelled()

    wire = fence(scene)
    assert list(zip(wire.texts(), wire.times(), strict=True)) == [("an answer", SECONDS + 2)]


def test_the_wait_is_bounded_and_nothing_was_sent() -> None:
    async def scene(outbox: Outbox, _wire: Wire, _lease: Lease) -> None:
        await asyncio.sleep(SECONDS)
        begun = asyncio.get_running_loop().time()
        with pytest.raises(NotSent):
            await outbox.call(edit("too late"))
        assert asyncio.get_running_loop().time() - begun < 5 * WAITS * SECONDS

    assert fence(scene).texts() == []


def test_calls_that_nobody_reads_are_not_held_up() -> None:
    quiet = (AnswerCallbackQuery(callback_query_id="1"), GetMe(), SendChatAction(chat_id=5, action="typing"))
    assert not any(fenced(method) for method in quiet)
    assert fenced(SendMessageDraft(chat_id=5, draft_id=1, text="x"))


async def test_the_words_of_an_album_are_said_once_more_over_a_late_bar(world: World, tmp_path: Path) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = of_images(person.id, (await messages.open(job(person.id))).message_id, 2)
    results = (picture(tmp_path, "a"), picture(tmp_path, "b"))
    delivery = await messages.deliver(placed, results, Notes())
    ended = replace(placed, state=JobState.DONE, finished_at=2000.0, delivered=delivery.delivered)
    await messages.final(ended)
    stood = next(m for m in await chat.messages() if m.id == placed.target.message_id)
    await world.bot(edit("▱▱▱▱ 5%", chat=person.id, message=stood.id))
    await messages.final(replace(ended, ready_sent=True))
    again = await chat.refresh(stood)
    assert (again.text, again.buttons) == (stood.text, stood.buttons)
    assert "Ready" not in " ".join(m.text for m in await chat.messages())


async def test_a_link_is_said_once_more_and_media_keep_what_they_are(world: World) -> None:
    person, chat = await world.person()
    messages = view(world)
    target = await messages.open(job(person.id))
    linked = done(
        person.id,
        target.message_id,
        took=5.0,
        ready_sent=True,
        delivered=(Delivered("", "link"),),
        assets=(Asset("https://cdn.example/a.mp4"),),
    )
    await messages.final(linked)
    told = await chat.last()
    assert told.id == target.message_id
    assert [e["url"] for e in told.message["entities"] if e["type"] == "text_link"] == ["https://cdn.example/a.mp4"]
    assert told.button("More") is not None
    gone = replace(linked, target=Target(person.id, None, 999_999))
    assert await messages.final(gone) is None
