"""What admins of a group set with /group, and what then holds there; and a group that moves or loses the bot."""

from dataclasses import replace

import pytest

from bot.domain.jobs import Cause, JobState
from bot.domain.limits.groups import Presence
from bot.engine.accounts import groups, preferences
from sandbox.client import ChatView, Group, Msg, NoSuchButton
from sandbox.telegram.chats.store import migrate
from sandbox.telegram.people.acts import write
from tests.drivers.app import easel

SLOW, QUICK = 0.1, 0.002
SCOPES = ("all_group_chats", "all_chat_administrators")
PIKA = "/pika@easel_bot a lake --style anime"


async def test_only_admins_change_what_holds_in_a_group(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
        group = await world.tg.group("Friends", [ann, bob])
        mine, theirs = ann.in_(group), bob.in_(group)
        await ann.private().send("/group")
        await ann.private().expect("works in groups")
        await theirs.send("/group")
        await theirs.expect("Only admins of this group")
        await mine.send("/group")
        shown = await mine.expect("Who may order: everyone")
        assert "Only admins" in (await theirs.click("Turn quiet mode on", on=shown)).text
        await group.set_member(bob, "administrator")
        await mine.click("Models")
        await mine.expect("Which models")
        await mine.click("✅ Pika")
        await mine.wait("Which models", button="🚫 Pika")
        await mine.click("Back")
        assert "all except Pika" in (await mine.expect("Rules of this group")).text
        await mine.click("Kinds")
        await mine.click("✅ 🎵 Music")
        await mine.click("Back")
        await theirs.send("/video@easel_bot a lake")
        menu = await theirs.expect("a lake")
        assert not any("Pika" in label for row in menu.buttons for label in row)
        assert (await theirs.forge(menu.id, "d:x:ok")).text
        await theirs.send("/pika@easel_bot a lake")
        assert "Nothing was charged" in (await theirs.expect("do not allow Pika here")).text
        await theirs.send("/music@easel_bot a song")
        await theirs.expect("do not allow this here: 🎵 Music")
        await bob.private().send("/pika a lake")
        await bob.private().expect("Pika")
        with pytest.raises(NoSuchButton):
            await theirs.click("🚫 Nothing")
        await world.restart()
        await mine.send("/group", anonymous=True)
        assert "all except Pika" in (await mine.expect("Rules of this group")).text
        await mine.click("Close")
        known = world.telegram.core.commands
        names = {scope: [c["command"] for c in known[scope, "en"]] for scope in SCOPES}
        assert ["group" in names[scope] for scope in SCOPES] == [False, True]


async def test_a_migration_keeps_everything(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
        group = await world.tg.group("Friends", [ann, bob], kind="group")
        mine, theirs = ann.in_(group), bob.in_(group)
        await mine.send("/group")
        await mine.expect("Rules of this group")
        await mine.click("Models")
        await mine.click("✅ Luma")
        await theirs.send("/video@easel_bot a fox")
        old = await theirs.expect("a fox")
        world.ai_now.state.scale = SLOW
        await mine.send("/pika@easel_bot a lake")
        await mine.wait(button="Confirm")
        await mine.click("Confirm")
        await world.job(lambda job: job.state is JobState.RUNNING)
        new = await group.migrate()
        assert "out of date" in (await theirs.click("Cancel", on=old)).text
        mine, theirs = ann.in_(new), bob.in_(new)
        await mine.expect("a lake")
        menu = await theirs.expect("a fox")
        await theirs.click("Other model", on=menu)
        menu = await theirs.wait("a fox", button="Run")
        assert not any("Luma" in label for label in menu.buttons)
        world.ai_now.state.scale = QUICK
        done = await world.finished()
        assert (done.state, done.target.chat_id) == (JobState.DONE, new.id)
        shown = [m for m in await mine.messages() if "a lake" in m.words]
        assert [m.kind for m in shown] == ["video"]
        assert await world.balance(ann) == (90, 0)
        await theirs.click("Pika", on=menu)
        await mine.send("/group")
        assert "all except Luma" in (await mine.expect("Rules of this group")).text


async def order(chat: ChatView, command: str) -> None:
    """Up to the menu's Confirm."""
    await chat.send(command)
    await chat.wait(button="Confirm")
    await chat.click("Confirm")


async def test_who_may_order_how_often_and_in_which_language(sqlite_url: str) -> None:
    async with easel(sqlite_url, ready_after_seconds=0, providers=("ai_now", "neuroapi")) as world:
        ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
        group = await world.tg.group("Friends", [ann, bob])
        mine, theirs = ann.in_(group), bob.in_(group)
        world.telegram.core.store.chats[group.id].members_hidden = True
        await theirs.send(PIKA)
        menu = await theirs.wait(button="Confirm")
        await setting(mine, "Who may order", "admins only")
        assert "Only admins" in (await refused(theirs, "Confirm", menu)).replace("only", "Only")
        await theirs.send(PIKA)
        await theirs.expect("Only admins may order")
        await mine.send(PIKA, anonymous=True)
        await mine.wait(button="Confirm")
        await setting(mine, "Who may order", "everyone")
        await setting(mine, "Pause between orders", "5 min")
        await mine.click("Turn quiet mode on")
        await mine.expect("Quiet mode: on")
        await setting(mine, "Language", "Русский")
        await mine.expect("Тихий режим: включён")
        await theirs.send(PIKA)
        await theirs.wait("Цена", button="Подтвердить")
        await theirs.click("Подтвердить")
        done = await world.finished()
        assert (done.locale, done.user_id, done.state) == ("ru", bob.id, JobState.DONE)
        assert [m.kind for m in await theirs.messages() if m.from_bot and "Готово" in m.words] == []
        await world.restart()
        await theirs.send(PIKA)
        await theirs.expect("между заказами пауза")
        await mine.send(PIKA)
        await mine.wait(button="Подтвердить")
        await setting(mine, "Кто может заказывать", "заказы отключены")
        await mine.send(PIKA)
        await mine.expect("отключили здесь заказы")
        await mine.send("/ask why?")
        await mine.expect("отключили здесь заказы")
        assert await world.balance(bob) == (90, 0)


async def setting(chat: ChatView, page: str, value: str) -> None:
    """Sets one value with /group."""
    await chat.send("/group")
    await chat.wait(button=page)
    await chat.click(page)
    await chat.wait(button=value)
    await chat.click(value)


async def refused(chat: ChatView, label: str, on: Msg) -> str:
    """What a press leads to: the menu says it."""
    await chat.click(label, on=on)
    return (await chat.expect("Nothing was charged")).text


async def test_an_order_is_lost_with_its_group_and_its_requester_hears_of_it(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
        group = await world.tg.group("Friends", [ann, bob])
        theirs = bob.in_(group)
        world.ai_now.state.scale = SLOW
        await order(theirs, PIKA)
        await world.job(lambda job: job.state is JobState.RUNNING)
        await group.set_bot("kicked")
        world.ai_now.state.scale = QUICK
        ended = await world.finished()
        assert (ended.state, ended.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        lost = await bob.private().wait_for(lambda m: "can no longer write" in m.words)
        assert "a lake" in lost.text
        assert await world.balance(bob) == (100, 0)
        await group.set_bot("restricted")
        await theirs.send(PIKA)
        await bob.private().send("/balance")
        await bob.private().expect("100")
        presence = await world.easel.db.read(lambda conn: groups.of(conn, group.id).presence)
        assert presence is Presence.MUTED
        await group.set_bot("member")
        await theirs.send(PIKA)
        assert (await theirs.wait(button="Confirm")).ephemeral, "being silenced says nothing of what it may tell alone"


async def test_a_migration_that_only_a_refusal_tells(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=100)
        group = await world.tg.group("Friends", [ann], kind="group")
        mine = ann.in_(group)
        await setting(mine, "Pause between orders", "1 h")
        world.ai_now.state.scale = SLOW
        await order(mine, PIKA)
        await world.job(lambda job: job.state is JobState.RUNNING)
        new, _ = migrate(world.telegram.core.store, world.telegram.core.store.chats[group.id])
        world.ai_now.state.scale = QUICK
        done = await world.finished()
        assert (done.state, done.target.chat_id) == (JobState.DONE, new.id)
        mine = ann.in_(Group(world.tg, new.id, "Friends"))
        assert [m.kind for m in await mine.messages() if "a lake" in m.words] == ["video"]
        await mine.send(PIKA)
        await mine.expect("pauses between orders")
        assert await world.balance(ann) == (90, 0)


async def test_an_order_confirmed_in_a_group_that_has_moved_stands_in_the_new_one_once(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=100)
        group = await world.tg.group("Friends", [ann], kind="group")
        mine = ann.in_(group)
        await mine.send(PIKA)
        menu = await mine.wait(button="Confirm")
        new, _ = migrate(world.telegram.core.store, world.telegram.core.store.chats[group.id])
        assert (await mine.click("Confirm", on=menu)).text == "Ordered!"
        done = await world.finished()
        assert (done.state, done.target.chat_id) == (JobState.DONE, new.id)
        mine = ann.in_(Group(world.tg, new.id, "Friends"))
        assert [m.kind for m in await mine.messages() if m.from_bot] == ["video"]


async def test_a_usual_model_that_a_group_does_not_allow_leaves_the_choice(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann = await world.person(credits=100)
        group = await world.tg.group("Friends", [ann])
        here = ann.in_(group)
        usual = {"video": "pika"}
        await world.easel.db.transaction(
            lambda conn: preferences.change(conn, ann.id, lambda own: replace(own, models=usual))
        )
        await here.send("/video@easel_bot a lake")
        await here.click("Cancel", on=await here.wait("Pika", button="Confirm"))
        await setting(here, "Models", "✅ Pika")
        await here.send("/video@easel_bot a pond")
        await here.click("Other model", on=await here.wait("a pond", button="Confirm"))
        menu = await here.wait("a pond", button="Luma")
        assert not any("Pika" in label for label in menu.buttons)


@pytest.mark.parametrize("alone", [True, False])
async def test_commands_that_waited_while_their_group_moved_are_orders_in_the_new_one(
    sqlite_url: str, alone: bool
) -> None:
    async with easel(sqlite_url) as world:
        core = world.telegram.core
        core.config.ephemeral = alone
        ann = await world.person(credits=100)
        group = await world.tg.group("Friends", [ann], kind="group")
        for words in ("a lake", "a pond"):  # the second when it is known already that the group moved
            write(core, core.store.chats[group.id], ann.id, text=f"/pika {words} --style anime")
        new, _ = migrate(core.store, core.store.chats[group.id])
        mine = ann.in_(Group(world.tg, new.id, "Friends"))
        await mine.wait("a pond", button="Confirm")
        for menu in [m for m in await mine.messages() if m.button("Confirm")]:
            await mine.click("Confirm", on=menu)
            await mine.wait_for(lambda m: m.kind == "video")
        await world.finished()
        assert [m.kind for m in await mine.messages() if m.from_bot] == ["video", "video"]
        assert {job.target.chat_id for job in await world.jobs()} == {new.id}
