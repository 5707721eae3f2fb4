"""Orders in groups: a menu that only the asker sees, then a message for all that says who pays."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import sqlalchemy as sa

from bot.storage.tables import fleeting
from bot.telegram.ui import expiring
from sandbox.client import ChatView, Msg
from tests.drivers.app import World, easel


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url) as world:
        yield world


async def delivered(chat: ChatView, words: str = "") -> Msg:
    return await chat.wait_for(lambda m: m.kind == "video" and words in m.caption, timeout=20, what="the video")


def visible(messages: list[Msg]) -> list[str]:
    return [m.words for m in messages if m.from_bot]


async def vanish(world: World, *messages: Msg) -> None:
    """Lets the two minutes of these messages pass, once they are noted."""
    wanted = {abs(message.id) for message in messages}

    def due(conn: sa.Connection) -> bool:
        known = set(conn.execute(sa.select(fleeting.c.message_id)).scalars())
        conn.execute(sa.update(fleeting).where(fleeting.c.message_id.in_(wanted)).values(due_at=0.0))
        return wanted <= known

    async with asyncio.timeout(15):
        while not await world.easel.db.transaction(due):
            await asyncio.sleep(0.02)


async def test_the_menu_is_the_askers_alone_and_the_job_is_for_all(world: World) -> None:
    ann, bob = await world.person("Ann", credits=100), await world.person("Bob")
    group = await world.tg.group("Friends", [ann, bob])
    hers, his = ann.in_(group), bob.in_(group)
    asked = await hers.send("/video@easel_bot a lake")
    menu = await hers.wait("a lake", button="Other model")
    assert menu.ephemeral
    assert visible(await his.messages()) == []
    await hers.click("Other model", on=menu)
    await hers.click("Luma", on=await hers.wait("Which model?"))
    card = await hers.wait("Price:", button="Confirm")
    assert "Balance" not in card.text
    assert (await hers.click("Confirm")).text == "Ordered!"
    result = await delivered(hers)
    assert result.message["reply_to_message"]["message_id"] == asked.id
    assert "👤 Ann" in result.caption
    first = (await hers.history(result))[0]
    assert "👤 Ann orders and pays" in first["text"]
    assert [m for m in await hers.messages() if m.ephemeral] == []
    assert await world.balance(bob) == (0, 0)
    await hers.send("/luma a pond")
    card = await hers.wait("a pond", button="Confirm")
    await world.tg.faults("drop_after", method="sendMessage")  # nobody knows that the job's message stands there
    await hers.click("Confirm", on=card)
    assert "👤 Ann" in (await delivered(hers, "a pond")).caption
    await hers.wait_gone(card)
    unheard = next(m for m in await hers.messages() if m.button("Cancel"))
    assert "Too late" in (await hers.click("Cancel", on=unheard)).text
    await hers.wait_gone(unheard)
    await hers.send("/luma a sea")
    menu = await hers.wait("a sea", button="Confirm")
    await vanish(world, menu)
    await hers.wait_gone(menu)
    late = await hers.forge(menu.id, menu.button("Confirm")["callback_data"])  # type: ignore[index]
    assert "expired" in late.text
    job = await world.finished()
    assert (job.user_id, job.target.chat_id, job.requester) == (ann.id, group.id, "Ann")


async def test_where_telegram_refuses_the_menu_everybody_sees_it_and_only_its_owners_taps_count(world: World) -> None:
    world.telegram.config.ephemeral = False
    ann, bob = await world.person("Ann", credits=100), await world.person("Bob", credits=100)
    group = await world.tg.group("Club", [ann, bob], kind="group")
    hers, his = ann.in_(group), bob.in_(group)
    asked = await hers.send("/luma a lake")
    card = await hers.wait("👤 Ann orders and pays", button="Confirm")
    assert not card.ephemeral
    assert card.message["reply_to_message"]["message_id"] == asked.id
    assert "belongs to somebody else" in (await his.click("Confirm", on=card)).text
    await hers.click("Confirm", on=card)
    result = await delivered(hers)
    assert result.id == card.id
    assert "belongs to somebody else" in (await his.click("More", on=result)).text
    await his.click("Other model", on=result)
    await his.click("Cancel", on=await his.wait("👤 Bob orders and pays", button="Pika"))
    await his.click("Again", on=result)  # his own order, and his own money
    again = await his.wait("👤 Bob orders and pays", button="Confirm")
    await his.click("Confirm", on=again)
    await world.job(lambda job: job.user_id == bob.id and job.state.finished)
    assert ((await world.balance(ann))[0], (await world.balance(bob))[0]) == (70, 70)
    refused = [c for c in await world.tg.calls("sendMessage") if c["status"] == 400]
    assert len(refused) == 2, "each of them is tried once"
    await hers.send("/luma --model x")
    wrong = await hers.wait("I do not know")
    await hers.send("/luma another lake")
    menu = await hers.wait("another lake", button="Confirm")
    await vanish(world, wrong, menu)
    await world.restart()
    for gone in (wrong, menu):
        await hers.wait_gone(gone)
    assert not (await hers.refresh(result)).deleted
    assert "expired" in (await hers.forge(menu.id, menu.button("Confirm")["callback_data"])).text  # type: ignore[index]


async def test_a_chat_that_telegram_holds_up_keeps_no_other_chats_menu(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(expiring, "LONGEST", 0.5)
    async with easel(sqlite_url) as world:
        world.telegram.config.ephemeral = False
        ann = await world.person("Ann", credits=100)
        slow = ann.in_(await world.tg.group("Slow", [ann]))
        other = ann.in_(await world.tg.group("Other", [ann]))
        await world.tg.faults("hang", method="deleteMessage", chat_id=slow.chat_id, seconds=20)
        await slow.send("/luma@easel_bot a lake")
        await vanish(world, await slow.wait("a lake", button="Confirm"))
        await other.send("/luma@easel_bot a pond")
        menu = await other.wait("a pond", button="Confirm")
        async with asyncio.timeout(15):
            while not await world.tg.calls("deleteMessage"):
                await asyncio.sleep(0.05)
        await vanish(world, menu)
        await other.wait_gone(menu, timeout=8)


async def test_several_members_in_a_topic_at_once_and_each_menu_survives_a_restart(world: World) -> None:
    ann, bob = await world.person("Ann", credits=100), await world.person("Bob", credits=100)
    group = await world.tg.group("Forum", [ann, bob], forum=True)
    topic = await group.topic(ann, "Films")
    views = {ann.name: ann.in_(group, topic), bob.name: bob.in_(group, topic)}
    for name, view in views.items():
        await view.send(f"/luma by {name}")
    for name, view in views.items():
        card = await view.wait(f"by {name}", button="Confirm")
        assert card.ephemeral
        assert [m for m in await view.messages() if m.ephemeral] == [card]
    await world.restart()
    await world.tg.redeliver(4)
    for view in views.values():
        await view.click("Confirm")
    results = {name: await delivered(view, f"by {name}") for name, view in views.items()}
    for name, result in results.items():
        assert result.message["message_thread_id"] == topic
        assert f"👤 {name}" in result.caption
    await world.tg.redeliver(4)
    await views["Ann"].send("/models")
    assert (await views["Ann"].wait("Luma")).ephemeral, "a command listed as such is answered as such"
    assert len(await world.jobs()) == 2
    assert len([m for m in await views["Ann"].messages() if m.kind == "video"]) == 2
    assert not any(m.button("Confirm") for m in await views["Ann"].messages())
    world.telegram.core.store.chats[group.id].topics.pop(topic)
    await views["Bob"].click("Again", on=results["Bob"])
    general = bob.in_(group)
    await general.send("/luma in general")
    card = await general.wait("in general", button="Confirm")
    assert card.ephemeral, "that a topic is gone says nothing of what Telegram lets be told alone"


async def test_an_anonymous_admins_order_is_paid_by_whoever_confirms_it(world: World) -> None:
    ann, bob = await world.person("Ann"), await world.person("Bob", credits=100)
    cid, eve = await world.person("Cid", credits=100), await world.tg.user("Eve", language="en")
    group = await world.tg.group("Club", [ann, bob, cid, eve])
    news = await world.tg.group("News", [ann], kind="channel", bot="left")
    hers, his = ann.in_(group), bob.in_(group)
    for sender in ({"anonymous": True}, {"channel": news.id}, {"channel": news.id, "automatic": True}):
        await hers.send("/luma a lake", **sender)
        card = await his.wait("The person who taps Confirm orders and pays", button="Confirm")
        assert not card.ephemeral
        await his.click("Cancel", on=card)
        await his.wait_gone(card)
    await hers.send("/luma a sea", anonymous=True)
    card = await his.wait("a sea", button="Confirm")
    await hers.click("Confirm", on=card)  # she has not enough: told to her, and the menu stays
    told = await hers.wait("Not enough credits")
    assert told.ephemeral
    await eve.in_(group).click("Confirm", on=card)
    assert (await eve.in_(group).wait("press Start")).ephemeral
    taps = await asyncio.gather(his.click("Confirm", on=card), cid.in_(group).click("Confirm", on=card))
    assert sorted(tap.text[:13] for tap in taps) == ["Ordered!", "This order be"]
    result = await delivered(his)
    payer = bob if taps[0].text == "Ordered!" else cid
    assert (result.id, f"👤 {payer.name}" in result.caption) == (card.id, True)
    await world.finished()
    assert sorted([(await world.balance(bob))[0], (await world.balance(cid))[0]]) == [70, 100]
    await hers.send("/ask why?", anonymous=True)
    await hers.wait("I cannot tell who you are")
    known = await world.easel.db.read(lambda conn: conn.exec_driver_sql("SELECT id FROM users").scalars().all())
    assert set(known) == {ann.id, bob.id, cid.id}


async def test_somebody_without_an_account_finds_the_order_in_private(world: World) -> None:
    ann = await world.person("Ann")
    eve = await world.tg.user("Eve", language="en")
    group = await world.tg.group("Club", [ann, eve])
    there = eve.in_(group)
    await there.send("/luma a lake")
    told = await there.wait("press Start", button="Open the private chat")
    assert told.ephemeral
    url = (await there.click("Open the private chat")).url
    assert url is not None
    address, _, payload = url.partition("?start=")
    assert address == "https://t.me/easel_bot"
    await world.restart(welcome_credits=Decimal(50))
    home = eve.private()
    await home.send(f"/start {payload}")
    card = await home.wait("a lake", button="Confirm")
    assert "Balance after: 20 credits" in card.text
    await ann.private().send(f"/start {payload}")  # nobody else's
    await ann.private().wait("no longer waiting")
    await home.click("Confirm", on=card)
    result = await delivered(home)
    assert result.id == card.id
    assert (await world.finished()).requester == ""


async def test_a_press_whose_time_has_passed_is_answered_to_its_member_alone(world: World) -> None:
    ann, bob = await world.person("Ann", credits=100), await world.person("Bob", credits=100)
    group = await world.tg.group("Club", [ann, bob])
    hers, his = ann.in_(group), bob.in_(group)
    await hers.send("/luma a lake")
    await hers.click("Confirm", on=await hers.wait(button="Confirm"))
    result = await delivered(hers)
    await world.finished()
    world.telegram.config.callback_ttl = 0.0  # as after an outage
    await his.click("Again", on=result, timeout=0)
    assert (await his.wait(button="Confirm")).ephemeral
