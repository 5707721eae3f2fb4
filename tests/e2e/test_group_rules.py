"""What admins of a group set with /group, and what then holds there; and a group that moves or loses the bot."""

import pytest

from bot.domain.jobs import JobState
from bot.sandbox.client import NoSuchButton
from tests.drivers.app import easel


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
        assert "Only admins" in (await theirs.click("Quiet mode on", on=shown)).text
        await group.set_member(bob, "administrator")
        await mine.click("Models")
        await mine.expect("Which models")
        await mine.click("✅ Pika")
        await mine.wait("Which models", button="🚫 Pika")
        await mine.click("Back")
        assert "all but Pika" in (await mine.expect("What holds")).text
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
        await mine.send("/group")
        assert "all but Pika" in (await mine.expect("What holds")).text
        await mine.click("Close")


async def test_a_migration_keeps_everything(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        ann, bob = await world.person(credits=100), await world.person("Bob", credits=100)
        group = await world.tg.group("Friends", [ann, bob], kind="group")
        mine, theirs = ann.in_(group), bob.in_(group)
        await mine.send("/group")
        await mine.expect("What holds")
        await mine.click("Models")
        await mine.click("✅ Luma")
        await theirs.send("/video@easel_bot a fox")
        await theirs.expect("a fox")
        world.ai_now.state.scale = 0.02
        await mine.send("/pika@easel_bot a lake")
        await mine.wait(button="No style")
        await mine.click("No style")
        await mine.wait(button="Confirm")
        await mine.click("Confirm")
        await world.job(lambda job: job.state is JobState.RUNNING)
        new = await group.migrate()
        mine, theirs = ann.in_(new), bob.in_(new)
        await mine.expect("a lake")
        menu = await theirs.expect("a fox")
        assert not any("Luma" in label for row in menu.buttons for label in row)
        done = await world.finished()
        assert (done.state, done.target.chat_id) == (JobState.DONE, new.id)
        shown = [m for m in await mine.messages() if "a lake" in m.words]
        assert [m.kind for m in shown] == ["video"]
        assert await world.balance(ann) == (90, 0)
        await theirs.click("Pika", on=menu)
        await mine.send("/group")
        assert "all but Luma" in (await mine.expect("What holds")).text
