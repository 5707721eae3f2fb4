"""/show as chats: a result or a running order in any chat of its owner, and money back for what nobody keeps."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import JobState
from bot.domain.money import CREDIT
from bot.engine.accounts import groups
from bot.telegram.ui.callbacks import JobAction
from tests.drivers.app import World, easel
from tests.e2e.media_kit import album, ordered, studio


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, ready_after_seconds=0) as started:
        yield started


async def test_a_result_comes_into_any_chat_of_its_owner_free_and_without_money(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    chat = ann.private()
    await chat.send("/show")
    await chat.wait("You have no orders yet")
    job, _ = await ordered(world, chat, "/naive_schnell --n 4 a fox")
    one, _ = await ordered(world, chat, "/naive_schnell a hen")
    paid = await world.balance(ann)
    forum = await world.tg.group("Club", [ann, bob], forum=True)
    topic = ann.in_(forum, await forum.topic(ann, "Pictures"))

    def strict(conn: Connection) -> None:
        groups.change(conn, forum.id, lambda group: replace(group, kinds_off=frozenset({"upscale"})))
        world.easel.db.notify(conn, groups.CHANGED)

    await world.easel.db.transaction(strict)
    await topic.send("/show@easel_bot")
    await topic.wait("None of your latest orders was made in this chat")
    await topic.send(f"/show@easel_bot {job.id}")
    await topic.wait("a fox")
    pictures = await album(topic)
    assert [m.message["photo"][-1]["file_id"] for m in pictures] == [d.file_id for d in job.delivered]
    assert {m.message["message_thread_id"] for m in pictures} == {topic.thread}
    await topic.send(f"/SHOW@easel_bot <{one.id.upper()}> please")
    shown = await topic.wait_for(lambda m: m.kind == "photo" and "a hen" in m.caption)
    assert "Ann" in shown.caption
    assert "credit" not in shown.caption
    his = bob.in_(forum, topic.thread)
    assert "belongs to somebody else" in (await his.click("More", on=shown)).text
    await topic.click("More", on=shown)
    await topic.click("Back", on=await topic.wait(button="Delete"))
    shown = await topic.wait_for(lambda m: m.id == shown.id and m.button("More") is not None)
    assert shown.button("Upscale") is None, "the group's admins do not want it"
    await topic.forge(shown.id, JobAction(id=one.id, act="reuse").pack())
    assert (await topic.wait("The same order as a command")).ephemeral
    await topic.click("Again", on=shown)
    card = await topic.wait("a hen", button="Confirm")
    assert card.message["message_thread_id"] == topic.thread, "what follows from a copy stands in its topic"
    await topic.click("Cancel", on=card)
    for view, word in ((bob.private(), job.id), (chat, "aaaaaaaaaaaaa"), (chat, "' OR 1=1"), (chat, "x" * 3000)):
        await view.send(f"/show {word}")
        await view.wait("You have no such order")
    assert await world.balance(ann) == paid
    await chat.send("/show")
    await chat.wait_for(lambda m: m.kind == "photo" and "a hen" in m.caption)
    twin = ann.in_(await world.tg.group("Twin", [ann]))
    while (await twin.send("so")).id < one.target.message_id - 2:
        pass
    await twin.send(f"/show@easel_bot {one.id}")
    copy = await twin.wait_for(lambda m: m.kind == "photo" and "a hen" in m.caption)
    assert copy.id == one.target.message_id, "the same number in another chat"
    await twin.click("More", on=copy)
    await twin.click("Delete", on=await twin.wait(button="Delete"))
    await twin.click("Yes, delete it", on=await twin.wait(button="Yes, delete it"))
    await twin.wait_gone(copy)
    await chat.send(f"/show {one.id}")
    await chat.wait("You deleted this result")


async def test_a_running_order_moves_and_the_old_message_says_where_it_went(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(50), ready_after_seconds=0) as world:
        ann = await world.person()
        chat, group = ann.private(), await world.tg.group("Friends", [ann], forum=True)
        topic = ann.in_(group, await group.topic(ann, "Films"))
        world.ai_now.faults.add("stall", value=4.0)
        await chat.send("/pika a lake --style none")
        old = await chat.wait(button="Confirm")
        await chat.click("Confirm")
        job = await world.job(lambda job: job.state is JobState.RUNNING)
        there = ann.in_(group)
        await there.send(f"/show@easel_bot {job.id}")
        shown = await there.wait(button="Cancel")
        assert "credit" not in shown.text, "no price and no balance in a group"
        assert "Ann" in shown.text, "who pays is written on it"
        await world.tg.redeliver(1)
        await chat.wait_for(lambda m: m.id == old.id and "goes on in “Friends”" in m.text)
        assert (await chat.refresh(old)).buttons == []
        await topic.send(f"/show@easel_bot {job.id}")
        await topic.wait(button="Cancel")
        await there.wait_for(lambda m: m.id == shown.id and "goes on in another topic of this chat" in m.text)
        await chat.send(f"/show {job.id}")
        back = await chat.wait(button="Cancel")
        await topic.wait("goes on in the private chat with me")
        assert len([m for m in await there.messages() if m.from_bot]) == 2
        done = await world.finished()
        assert (done.state, done.target.message_id) == (JobState.DONE, back.id)
        assert (await chat.refresh(back)).kind == "video"
        assert (await chat.refresh(old)).kind == "text"
        assert [each.attempt for each in await world.jobs()] == [1]


async def test_a_move_survives_a_restart_and_an_ended_order_tells_its_end(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_credits=Decimal(50)) as world:
        ann = await world.person()
        chat, group = ann.private(), await world.tg.group("Friends", [ann])
        world.ai_now.faults.add("stall")
        await chat.send("/pika a lake --style none")
        await chat.click("Confirm", on=await chat.wait(button="Confirm"))
        job = await world.job(lambda job: job.state is JobState.RUNNING)
        await ann.in_(group).send(f"/show@easel_bot {job.id}")
        moved = await ann.in_(group).wait(button="Cancel")
        await world.job(lambda job: job.target.message_id == moved.id and job.target.chat_id == group.id)
        await world.restart()
        await ann.in_(group).wait_for(lambda m: m.id == moved.id and "not charged" in m.text, timeout=15)
        await world.finished()
        await chat.send(f"/show {job.id}")
        ended = await chat.wait("You were not charged")
        assert ended.button("Try again") is not None
        assert await world.balance(ann) == (50, 0)


async def test_a_lost_file_comes_from_the_service_or_is_paid_back_once(world: World) -> None:
    olga, ann = await world.admin(), await world.person()
    chat = ann.private()
    group = await world.tg.group("Club", [ann])
    job, _ = await ordered(world, chat, "/naive_schnell a fox")
    assert job.charged is not None
    before = await world.balance(ann)
    world.telegram.core.files.forget(job.delivered[0].file_id)
    await chat.send(f"/show {job.id}")
    await chat.wait_for(lambda m: m.kind == "photo" and "a fox" in m.caption)
    renewed = await world.job(lambda now: now.delivered[0].file_id != job.delivered[0].file_id)
    world.telegram.core.files.forget(renewed.delivered[0].file_id)
    await chat.send(f"/show {job.id}")
    await chat.wait("unavailable right now")  # it was fetched a moment ago
    assert await world.balance(ann) == before
    kept = dict(world.services.naive.state.results)
    world.services.naive.state.results.clear()
    world.easel.db.shift_clock(60)
    await ann.in_(group).send(f"/show@easel_bot {job.id}")
    said = await ann.in_(group).wait("Its price was refunded")
    assert "credit" not in said.text
    assert (await world.balance(ann))[0] == before[0] + job.charged / CREDIT
    await olga.private().wait(f"The result of {job.id} is lost")
    await chat.send(f"/show {job.id}")
    await chat.wait("was refunded earlier")  # at once, too, while it is not fetched again
    world.easel.db.shift_clock(60)
    await chat.send(f"/show {job.id}")
    await chat.wait("was refunded earlier")
    assert (await world.balance(ann))[0] == before[0] + job.charged / CREDIT
    world.services.naive.state.results.update(kept)
    world.easel.db.shift_clock(60)
    await chat.send(f"/show {job.id}")
    await chat.wait_for(lambda m: m.kind == "photo" and "a fox" in m.caption)
    assert await world.easel.db.read(ledger.verify) == []


async def test_one_of_several_is_lost(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    job, _ = await ordered(world, chat, "/naive_schnell --n 3 a fox")
    before = await world.balance(ann)
    world.telegram.core.files.forget(job.delivered[1].file_id)
    world.services.naive.state.results.clear()
    page = await chat.send(f"/show {job.id}")
    await chat.wait("One of the results no longer exists")
    assert len([m for m in await chat.messages() if m.kind == "photo" and m.id > page.id]) == 2
    assert await world.balance(ann) == before
    stranger = await world.person("Bob")
    hello = next(m for m in await stranger.private().messages() if m.from_bot)
    assert "somebody else" in (await stranger.private().forge(hello.id, JobAction(id=job.id, act="show").pack())).text
