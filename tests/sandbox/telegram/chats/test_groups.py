"""Groups: privacy mode, members and their rights, forum topics, threads of replies."""

import asyncio

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton as Button
from aiogram.types import InlineKeyboardMarkup as Keyboard

from sandbox.client import ClientError
from tests.sandbox.telegram_kit import World, take_updates, telegram

MENU = Keyboard(inline_keyboard=[[Button(text="Pika · 10", callback_data="pika")]])


async def seen(world: World) -> list[str | None]:
    return [update.message.text for update in await take_updates(world) if update.message]


async def test_privacy_mode_shows_commands_mentions_and_replies_only() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        bob = await world.tg.user("Bob")
        grp = await world.tg.group("Friends", [ann, bob])
        here = bob.in_(grp)
        await take_updates(world)
        sent = await world.bot.send_message(grp.id, "Hello")
        for text in ("chatter", "/image a fox", "/image@other_bot x", "@somebody"):
            await here.send(text)
        for text in ("/image@Easel_Bot x", "hey @easel_bot"):
            await here.send(text)
        await here.send("yes", reply_to=(await here.last()))
        assert (await here.last()).id == sent.message_id
        assert await seen(world) == ["/image a fox", "/image@Easel_Bot x", "hey @easel_bot", "yes"]
        await grp.set_bot("administrator")
        await here.send("chatter")
        assert await seen(world) == ["chatter"]


async def test_members_only_and_presses_of_anyone_in_the_group() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        bob, carl = await world.tg.user("Bob"), await world.tg.user("Carl")
        grp = await world.tg.group("Friends", [ann, bob])
        await world.bot.send_message(grp.id, "Choose", reply_markup=MENU)
        await take_updates(world)
        click = asyncio.create_task(bob.in_(grp).click("Pika · 10"))
        async with asyncio.timeout(10):
            while not (got := await take_updates(world)):
                await asyncio.sleep(0.01)
        query = got[0].callback_query
        assert query
        assert query.message
        assert (query.from_user.id, query.message.chat.id) == (bob.id, grp.id)
        await world.bot.answer_callback_query(query.id, "Not yours", show_alert=True)
        answer = await click
        assert (answer.text, answer.show_alert) == ("Not yours", True)
        for attempt in (carl.in_(grp).send("hi"), carl.in_(grp).click("Pika"), bob.in_(grp).send(" ")):
            with pytest.raises(ClientError):
                await attempt


async def test_members_and_administrators_as_the_bot_reads_them() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        bob, carl = await world.tg.user("Bob"), await world.tg.user("Carl")
        grp = await world.tg.group("Friends", [ann, bob], bot="administrator")
        await grp.set_member(bob, "administrator")
        statuses = [(await world.bot.get_chat_member(grp.id, who.id)).status for who in (ann, bob, carl)]
        assert statuses == ["creator", "administrator", "left"]
        admins = {admin.user.id for admin in await world.bot.get_chat_administrators(grp.id)}
        assert admins == {ann.id, bob.id, world.bot.id}
        chat = await world.bot.get_chat(grp.id)
        assert (chat.title, chat.type) == ("Friends", "supergroup")
        assert (await world.bot.get_chat(ann.id)).first_name == "Ann"
        assert await world.bot.get_chat_member_count(grp.id) == 3
        await ann.in_(grp).send("/rules", anonymous=True)
        message = (await take_updates(world))[-1].message
        assert message
        assert message.from_user
        assert message.sender_chat
        assert (message.from_user.username, message.sender_chat.id) == ("GroupAnonymousBot", grp.id)


async def test_forum_topics_keep_their_thread() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        grp = await world.tg.group("Forum", [ann], forum=True)
        thread = await grp.topic(ann, "Videos")
        await take_updates(world)
        await ann.in_(grp, thread).send("/video a lake")
        await ann.in_(grp).send("/general")
        topic, general = [update.message for update in await take_updates(world)]
        assert topic
        assert general
        assert (topic.message_thread_id, topic.is_topic_message, topic.chat.is_forum) == (thread, True, True)
        assert topic.reply_to_message
        assert topic.reply_to_message.forum_topic_created
        assert general.message_thread_id is None
        answer = await topic.answer("on it")
        assert (answer.message_thread_id, answer.is_topic_message) == (thread, True)
        assert (await topic.reply("here")).message_thread_id == thread
        for wrong in (1, 999):
            with pytest.raises(TelegramBadRequest, match="message thread not found"):
                await world.bot.send_message(grp.id, "x", message_thread_id=wrong)


async def test_threads_of_replies_in_a_supergroup_are_no_topics() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        grp = await world.tg.group("Friends", [ann])
        asked = await ann.in_(grp).send("/one")
        reply = await world.bot.send_message(grp.id, "two", reply_to_message_id=asked.id)
        assert (reply.message_thread_id, reply.is_topic_message) == (asked.id, None)


async def test_a_closed_topic_takes_edits_and_no_messages_and_a_deleted_one_is_gone() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        bob = await world.tg.user("Bob")
        grp = await world.tg.group("Forum", [ann, bob], forum=True, bot="administrator")
        topic, general = await grp.topic(ann, "Videos"), 1
        here = ann.in_(grp, topic)
        sent = await world.bot.send_message(grp.id, "Soon", message_thread_id=topic)
        for act, thread in (("close", topic), ("close", general)):
            with pytest.raises(ClientError, match="not enough rights"):
                await grp.rule_topic(bob, thread, act)
            await grp.rule_topic(ann, thread, act)
            with pytest.raises(ClientError, match="NOT_MODIFIED"):
                await grp.rule_topic(ann, thread, act)
        answer = {"chat_id": grp.id, "text": "x", "reply_parameters": {"message_id": sent.message_id}}
        for place in ({"message_thread_id": topic}, {}):
            assert "TOPIC_CLOSED" in await world.refusal("sendMessage", **{**answer, **place})
        assert "TOPIC_CLOSED" in await world.refusal("sendMessage", chat_id=grp.id, text="x")
        for theirs in (bob.in_(grp, topic), bob.in_(grp)):
            with pytest.raises(ClientError, match="TOPIC_CLOSED"):
                await theirs.send("hi")
        await here.send("the creator may")
        await world.bot.edit_message_text("Done", chat_id=grp.id, message_id=sent.message_id)
        assert (await here.last()).text == "Done"
        await grp.rule_topic(ann, topic, "reopen")
        await bob.in_(grp, topic).send("hi")
        seen = [update.message for update in await take_updates(world) if update.message]
        assert sum(m.forum_topic_closed is not None for m in seen) == 2
        assert [m.message_thread_id for m in seen if m.forum_topic_reopened is not None] == [topic]
        with pytest.raises(ClientError, match="TOPIC_ID_INVALID"):
            await grp.rule_topic(ann, general, "delete")
        await grp.rule_topic(ann, topic, "delete")
        gone = {"chat_id": grp.id, "message_id": sent.message_id, "text": "late"}
        assert "message to edit not found" in await world.refusal("editMessageText", **gone)
        late = await world.refusal("sendMessage", chat_id=grp.id, text="x", message_thread_id=topic)
        assert "message thread not found" in late
