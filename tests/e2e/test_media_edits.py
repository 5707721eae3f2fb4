"""Edits with words: of results that the same service made, alone and together, never of anything else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.jobs import JobState
from bot.telegram.ui.callbacks import DraftAction, JobAction
from sandbox.client import ChatView, Msg
from tests.drivers.app import World
from tests.e2e.media_kit import PHOTO, confirmed, ordered, studio


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path) as started:
        yield started


def edited(world: World) -> list[str]:
    """The pictures that the service was last asked to edit."""
    body = world.services.neuroflash.requests[-1].body
    assert isinstance(body, dict)
    return list(body["image_urls"])


def kept(world: World) -> set[str]:
    """What the service has in its history, by the paths there."""
    return {image.path for image in world.services.neuroflash.state.images.values()}


async def begun(chat: ChatView, result: Msg) -> Msg:
    """Edit was pressed under the result: the order's message that asks for the words."""
    await chat.click("Edit", on=result)
    return await chat.wait_for(lambda m: m.id != result.id and m.button("Cancel") is not None)


async def test_a_result_is_edited_with_words(world: World) -> None:
    chat = (await world.person()).private()
    first, result = await ordered(world, chat, "/flash a fox")
    assert any(label.startswith("✏️ Edit") for label in result.buttons)
    await begun(chat, result)
    await chat.send("make it night")
    job, changed = await confirmed(world, chat)
    assert (job.state, job.prompt, job.inputs[0].own) == (JobState.DONE, "make it night", first.assets[0].own)
    (path,) = edited(world)
    assert path.startswith("/")
    assert changed.kind == "photo"
    await begun(chat, changed)  # and again, of what came of it
    await chat.send("make it day")
    again, _ = await confirmed(world, chat)
    assert again.inputs[0].job_id == job.id


async def test_what_the_service_adds_to_a_result_is_for_the_operator_alone(world: World) -> None:
    olga, ann = await world.admin(), await world.person()
    world.services.neuroflash.faults.add("detail")
    chat = ann.private()
    job, _ = await ordered(world, chat, "/flash a fox")
    said = "You have used 95% of your image quota"
    assert (await olga.private().wait(f"added: {said}")).text.endswith("The user does not see this.")
    await olga.private().send(f"/job {job.id}")
    await olga.private().click("Result", on=await olga.private().wait(button="‹ All orders"))
    await olga.private().wait(f"warning: {said}")
    await chat.send("/jobs")
    await chat.click("a fox", on=await chat.wait("Your orders"))
    await chat.wait("State: done")
    await chat.send("/mydata")
    await chat.click("JSON", on=await chat.wait(button="JSON"))
    data = await chat.media(await chat.wait_for(lambda m: m.kind == "document"))
    assert b"a fox" in data
    assert b"quota" not in data
    assert "quota" not in str([m.message for m in await chat.messages()])


async def test_a_reply_with_the_command_edits_at_once(world: World) -> None:
    chat = (await world.person()).private()
    first, result = await ordered(world, chat, "/flash a fox")
    await chat.reply(result, "/edit make it red")
    job, _ = await confirmed(world, chat)
    assert (job.prompt, job.inputs[0].job_id) == ("make it red", first.id)


async def test_several_results_are_combined(world: World) -> None:
    chat = (await world.person()).private()
    fox, _ = await ordered(world, chat, "/flash a fox")
    await ordered(world, chat, "/naive_schnell a hen")  # another service's: not to be had for this
    hare, result = await ordered(world, chat, "/flash --n 2 a hare")
    await chat.click("2", on=result)
    picked = await chat.wait_for(lambda m: m.id == result.id and m.button("Edit") is not None)
    order = await begun(chat, picked)
    await chat.click("Add another picture", on=order)
    listed = await chat.wait_for(lambda m: m.id == order.id and "should I add" in m.text)
    assert [label.split(" · ")[0] for label in listed.buttons] == ["a hare #1", "a fox", "‹ Back to the order"]
    await chat.click("a fox", on=listed)
    await chat.wait_for(lambda m: m.id == order.id and "2 pictures" in m.text)
    await chat.send("both in one wood")
    job, _ = await confirmed(world, chat)
    assert [(i.job_id, i.index) for i in job.inputs] == [(hare.id, 1), (fox.id, 0)]
    assert len(edited(world)) == 2


async def test_a_photo_of_ones_own_hears_what_can_be_done_instead(world: World) -> None:
    ann = await world.person()
    chat = ann.private()
    await chat.photo(PHOTO, "/edit make it night")
    said = await chat.wait("Nano Banana")
    assert "/upscale" in said.text
    assert "/cutout" in said.text
    await ordered(world, chat, "/naive_schnell a hen")
    result = await chat.wait("a hen")
    assert not any("Edit" in label for label in result.buttons)
    await chat.reply(result, "/edit make it night")
    await chat.wait("Nano Banana")
    assert len(await world.jobs()) == 1


async def test_somebody_elses_result_cannot_be_edited_or_added(world: World) -> None:
    ann, bob = await world.person(), await world.person("Bob")
    group = await world.tg.group("Club", [ann, bob])
    hers, result = await ordered(world, ann.in_(group), "/flash a fox")
    his = bob.in_(group)
    said = await bob.private().forge(1, JobAction(id=hers.id, act="use", arg="edit.0").pack())
    assert "belongs to somebody else" in said.text
    assert "belongs to somebody else" in (await his.click("Edit", on=result)).text
    await ann.in_(group).reply(result, "/edit make it day")
    _, edited_by_her = await confirmed(world, ann.in_(group))
    assert "belongs to somebody else" in (await his.click("Again", on=edited_by_her)).text
    await his.reply(result, "/edit make it night")
    await his.wait("Nano Banana")  # for him it is a photo in the chat, which this service cannot edit
    mine = bob.private()
    _, own = await ordered(world, mine, "/flash a hen")
    order = await begun(mine, own)
    draft = DraftAction.unpack(order.keyboard_rows[-1][-1]["callback_data"]).id
    await mine.forge(order.id, DraftAction(id=draft, act="put", arg=f"{hers.id}.0").pack())
    await mine.send("make it night")
    job, _ = await confirmed(world, mine)
    assert len(job.inputs) == 1


async def test_deleting_reaches_the_services_history(world: World) -> None:
    chat = (await world.person()).private()
    job, result = await ordered(world, chat, "/flash a fox")
    assert kept(world) == {job.assets[0].own}
    await chat.click("More", on=result)
    question = await chat.click("Delete", on=await chat.wait(button="Delete"))
    assert "from the service that made it" in question.text
    world.services.neuroflash.faults.add("read_500", times=9)
    answer = await chat.click("Yes, delete it", on=await chat.wait(button="Yes, delete it"), timeout=30)
    assert "nothing was deleted" in answer.text
    assert kept(world) == {job.assets[0].own}
    world.services.neuroflash.faults.clear()
    await chat.click("Yes, delete it", on=await chat.refresh(result))
    assert (await chat.refresh(result)).deleted
    assert kept(world) == set()
    assert (await world.jobs())[0].facts["deleted"] == "on"
