"""Members of groups: promoted, restricted, sent away, what the bot hears of it; and groups that move."""

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Update,
)

from sandbox.client import ClientError
from tests.sandbox.telegram_kit import World, take_updates, telegram


async def own(world: World) -> list[ChatMemberUpdated]:
    return [update.my_chat_member for update in await take_updates(world) if update.my_chat_member]


async def test_the_bot_hears_what_becomes_of_it() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        grp = await world.tg.group("Friends", [ann])
        await take_updates(world)
        await grp.set_bot("administrator")
        await grp.set_bot("administrator")
        await grp.set_bot("restricted")
        promoted, restricted = await own(world)
        assert isinstance(promoted.old_chat_member, ChatMemberMember)
        assert isinstance(promoted.new_chat_member, ChatMemberAdministrator)
        assert promoted.from_user.id == ann.id
        muted = restricted.new_chat_member
        assert isinstance(muted, ChatMemberRestricted)
        assert (muted.is_member, muted.can_send_messages) == (True, False)
        with pytest.raises(TelegramBadRequest, match="not enough rights to send text messages to the chat"):
            await world.bot.send_message(grp.id, "hi")
        await ann.in_(grp).send("/seen")
        assert [u.message.text for u in await take_updates(world) if u.message] == ["/seen"]
        await grp.set_bot("kicked")
        (gone,) = await own(world)
        assert isinstance(gone.new_chat_member, ChatMemberBanned)
        with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
            await world.bot.get_chat_member(grp.id, ann.id)


async def test_others_changes_are_told_to_an_administrator_that_asked() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        bob = await world.tg.user("Bob")
        grp = await world.tg.group("Friends", [ann, bob])
        await world.bot.get_updates(allowed_updates=["message", "chat_member", "my_chat_member"])
        await grp.set_member(bob, "administrator")
        await grp.set_bot("administrator")
        await grp.set_member(bob, "restricted")
        told: list[Update] = [update for update in await take_updates(world) if update.chat_member]
        assert [update.chat_member.new_chat_member.status for update in told if update.chat_member] == ["restricted"]
        with pytest.raises(ClientError, match="not enough rights"):
            await bob.in_(grp).send("hi")
        basic = await world.tg.group("Basic", [ann, bob], kind="group")
        with pytest.raises(ClientError, match="only members of supergroups"):
            await basic.set_member(bob, "restricted")


async def test_hidden_members_are_known_to_administrators_alone() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        grp = await world.tg.group("Friends", [ann])
        world.server.core.store.chats[grp.id].members_hidden = True
        with pytest.raises(TelegramBadRequest, match="CHAT_ADMIN_REQUIRED"):
            await world.bot.get_chat_member(grp.id, ann.id)
        assert [each.user.id for each in await world.bot.get_chat_administrators(grp.id)] == [ann.id]
        await grp.set_bot("administrator")
        assert (await world.bot.get_chat_member(grp.id, ann.id)).status == "creator"


async def test_nobody_writes_in_a_group_that_moved_and_its_members_come_along() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        bob = await world.tg.user("Bob")
        grp = await world.tg.group("Friends", [ann, bob], kind="group")
        await grp.set_member(bob, "administrator")
        new = await grp.migrate()
        with pytest.raises(ClientError, match="upgraded"):
            await ann.in_(grp).send("/hello")
        with pytest.raises(ClientError, match="upgraded"):
            await grp.set_bot("kicked")
        assert (await world.bot.get_chat_member(new.id, bob.id)).status == "administrator"
        assert (await world.bot.send_message(new.id, "hi")).message_id == 3
