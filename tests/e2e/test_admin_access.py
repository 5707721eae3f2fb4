"""The operator's side exists for operators only, and what it says is said in private."""

from collections.abc import AsyncIterator

import pytest

from bot.telegram.ui.callbacks import AdminAction
from sandbox.client import Msg
from tests.drivers.app import World, easel

COMMANDS = (
    "/topup @ann 50",
    "/debit 1 5",
    "/refund abcdefgh23456",
    "/users",
    "/ledger @ann",
    "/job abcdefgh23456",
    "/status",
    "/verify",
)


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url) as started:
        yield started


def data_of(message: Msg, label: str) -> str:
    found = message.button(label)
    assert found is not None
    return str(found["callback_data"])


async def test_in_a_group_everything_is_said_in_private(world: World) -> None:
    olga, ann = await world.admin(), await world.person()
    group = await world.tg.group("Friends", [olga, ann])
    here = olga.in_(group)
    question = await ann.in_(group).send("may I have some?")
    await here.reply(question, "/topup 50 thanks")
    private = olga.private()
    await private.wait_for(lambda m: "Topped up Ann" in m.text)
    assert await world.balance(ann) == (50, 0)
    await here.reply(question, "/ledger")
    await private.wait_for(lambda m: "Available: 50 credits" in m.text)
    await here.send("/topup @ann 7")
    asked = await private.wait_for(lambda m: "Top up Ann" in m.text)
    await private.click("Confirm", on=asked)
    assert await world.balance(ann) == (57, 0)
    assert [m for m in await here.messages() if m.from_bot] == []


async def test_in_a_topic_the_person_who_opened_it_is_not_meant(world: World) -> None:
    olga, ann = await world.admin(), await world.person()
    group = await world.tg.group("Forum", [ann, olga], forum=True)
    topic = await group.topic(ann, "Credits")
    await olga.in_(group, topic).send("/topup 50")
    await olga.private().wait_for(lambda m: "The amount is missing" in m.text)
    assert await world.balance(ann) == (0, 0)


async def test_an_admin_who_cannot_be_written_to_gets_a_hint_without_figures(world: World) -> None:
    olga, ann = await world.admin(), await world.person()
    group = await world.tg.group("Friends", [olga, ann])
    await olga.block()
    here = olga.in_(group)
    await here.send(f"/ledger {ann.id}")
    hint = await here.wait("I answer that in private")
    assert "credits" not in hint.text
    assert "Ann" not in hint.text


async def test_strangers_meet_what_they_meet_for_an_unknown_command(world: World) -> None:
    await world.admin()
    eve = await world.person("Eve")
    chat = eve.private()
    await chat.send("/nosuchcommand")
    unknown = (await chat.wait()).text
    for command in COMMANDS:
        await chat.send(command)
        assert (await chat.wait()).text == unknown, command
    await chat.send("/jobs all")
    own = (await chat.wait()).text
    await chat.send("/jobs")
    assert (await chat.wait()).text == own
    group = await world.tg.group("Friends", [eve])
    for command in COMMANDS:
        await eve.in_(group).send(command)
    await eve.in_(group).silent(0.3)


async def test_strangers_presses_meet_a_dead_button(world: World) -> None:
    olga, eve = await world.admin(), await world.person("Eve")
    await olga.private().send("/topup @eve 50")
    confirm = data_of(await olga.private().wait("Top up Eve"), "Confirm")
    hello = await eve.private().last()
    forged = [confirm, *(AdminAction(act=act, id=str(eve.id), arg="50.aaaaaaaaaaaaa").pack() for act in ACTS)]
    answers = {(await eve.private().forge(hello.id, data)).text for data in [*forged, "zzz"]}
    assert len(answers) == 1
    assert "no longer" in answers.pop()
    assert await world.balance(eve) == (0, 0)


ACTS = ("ok", "no", "topup", "users", "ledger", "jobs", "job", "refund", "stop", "stop-ok", "status", "probe", "x")
GARBAGE = ("", "x", "²", "-1", "9" * 20, "abcdefgh23456", "'; --", "99999")


async def test_no_press_of_an_admin_stays_unanswered_whatever_it_says(world: World) -> None:
    olga = await world.admin()
    chat = olga.private()
    hello = await chat.last()
    for act in ACTS:
        for number, garbage in enumerate(GARBAGE):
            data = AdminAction(act=act, id=garbage, arg=GARBAGE[-number]).pack()
            assert (await chat.forge(hello.id, data)).answered, data
    assert all("Something broke on my side" not in message.text for message in await chat.messages())
