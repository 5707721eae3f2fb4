"""Orders in forum topics: answers in the thread that asked, and topics that are closed or deleted meanwhile."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.jobs import Cause, JobState
from sandbox.client import ChatView, Group, Person
from tests.drivers.app import World, easel

GENERAL = 1
SLOW, QUICK = 0.012, 0.002


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, ready_after_seconds=0, providers=("ai_now", "neuroapi")) as world:
        yield world


async def forum(world: World, *people: Person) -> tuple[Group, int]:
    group = await world.tg.group("Forum", list(people), forum=True)
    return group, await group.topic(people[0], "Films")


async def order(world: World, chat: ChatView, words: str) -> None:
    """Up to the moment in which it is under way."""
    world.ai_now.state.scale = SLOW
    await chat.send(f"/luma {words}")
    await chat.click("Confirm", on=await chat.wait(words, button="Confirm"))
    await world.job(lambda job: job.prompt == words and job.state is JobState.RUNNING)


async def test_a_result_finds_its_way_when_its_topic_is_closed_or_deleted(world: World) -> None:
    ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
    group, topic = await forum(world, ann, bob)
    films, general = bob.in_(group, topic), bob.in_(group)
    await order(world, films, "a lake")
    await group.rule_topic(ann, topic, "close")
    world.ai_now.state.scale = QUICK
    result = await films.wait_for(lambda m: m.kind == "video", timeout=20)
    assert result.message["message_thread_id"] == topic, "edits are taken in a closed topic"
    assert (await world.finished()).state is JobState.DONE
    await group.rule_topic(ann, topic, "reopen")
    await order(world, films, "a pond")
    await group.rule_topic(ann, topic, "delete")
    world.ai_now.state.scale = QUICK
    result = await general.wait_for(lambda m: m.kind == "video" and "a pond" in m.caption, timeout=20)
    assert "message_thread_id" not in result.message
    done = await world.finished()
    assert (done.state, done.target.message_id) == (JobState.DONE, result.id)
    assert await world.balance(bob) == (40, 0)


async def test_an_order_is_lost_when_no_topic_takes_it_any_more(world: World) -> None:
    ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
    group, topic = await forum(world, ann, bob)
    films = bob.in_(group, topic)
    await order(world, films, "a lake")
    await group.rule_topic(ann, GENERAL, "close")
    await group.rule_topic(ann, topic, "delete")
    world.ai_now.state.scale = QUICK
    ended = await world.finished()
    assert (ended.state, ended.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
    lost = await bob.private().wait_for(lambda m: "can no longer write" in m.words)
    assert "a lake" in lost.text
    assert await world.balance(bob) == (100, 0)
    await group.rule_topic(ann, GENERAL, "reopen")
    news = await group.topic(ann, "News")
    world.services.neuroapi.state.scale = 0.3
    await bob.in_(group, news).send("/ask why?")
    await bob.in_(group, news).wait("Thinking")
    await group.rule_topic(ann, GENERAL, "close")
    await group.rule_topic(ann, news, "delete")
    ended = await world.finished()
    assert (ended.state, ended.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
    assert await world.balance(bob) == (100, 0)


async def test_an_order_whose_topic_is_closed_before_its_message_stands_in_the_general_one(world: World) -> None:
    ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
    group, topic = await forum(world, ann, bob)
    films, general = bob.in_(group, topic), bob.in_(group)
    await films.send("/luma a lake")
    menu = await films.wait(button="Confirm")
    await group.rule_topic(ann, topic, "close")
    await films.click("Confirm", on=menu)
    result = await general.wait_for(lambda m: m.kind == "video", timeout=20)
    assert "message_thread_id" not in result.message
    assert (await world.finished()).state is JobState.DONE
    ready = await general.wait("Bob: ✅ Ready!")
    assert ready.message["reply_to_message"]["message_id"] == result.id


async def test_a_press_in_a_closed_topic_is_answered_in_the_general_one(world: World) -> None:
    ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
    group, topic = await forum(world, ann, bob)
    films, general = bob.in_(group, topic), bob.in_(group)
    await films.send("/luma a lake")
    await films.click("Confirm", on=await films.wait(button="Confirm"))
    result = await films.wait_for(lambda m: m.kind == "video", timeout=20)
    await world.finished()
    await group.rule_topic(ann, topic, "close")
    await films.click("More", on=result)
    result = await films.wait_for(lambda m: m.id == result.id and m.button("Original file") is not None)
    await films.click("Original file", on=result)
    assert "message_thread_id" not in (await general.wait_for(lambda m: m.kind == "document")).message
    await films.click("Back", on=result)
    await films.click("Again", on=await films.wait_for(lambda m: m.id == result.id and m.button("Again") is not None))
    menu = await general.wait(button="Confirm")
    assert (menu.ephemeral, "message_thread_id" in menu.message) == (True, False)
    await general.click("Confirm", on=menu)
    again = await general.wait_for(lambda m: m.kind == "video" and m.id != result.id, timeout=20)
    assert "message_thread_id" not in again.message
    await world.finished()
    assert await world.balance(bob) == (40, 0)
    world.telegram.config.ephemeral = False
    await films.click("Again", on=result)
    assert not (await general.wait("👤 Bob orders and pays", button="Confirm")).ephemeral


async def test_albums_and_answers_leave_a_closed_topic_for_the_general_one(world: World) -> None:
    ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
    group, topic = await forum(world, ann, bob)
    films, general = bob.in_(group, topic), bob.in_(group)
    world.services.neuroapi.state.scale = 0.03
    await films.send("/dalle a fox --n 2")
    menu = await films.wait("a fox", button="Confirm")
    await films.click("Confirm", on=menu)
    await world.job(lambda job: job.state is JobState.SUBMITTING)
    await group.rule_topic(ann, topic, "close")
    world.services.neuroapi.state.scale = QUICK
    job = await world.finished()
    assert job.state is JobState.DONE
    photos = [m for m in await general.messages() if m.kind == "photo"]
    assert [m.id for m in photos] == [each.message_id for each in job.delivered]
    assert not any("message_thread_id" in m.message for m in photos)
    assert (await films.wait(button="More…")).message["message_thread_id"] == topic
    await ann.in_(group, topic).send("/ask why?")  # the group's creator may write there
    answer = await ann.in_(group).wait("Simulated answer")
    assert not {"message_thread_id", "reply_to_message"} & answer.message.keys()
    await world.finished()
