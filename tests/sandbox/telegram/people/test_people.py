"""People in private chats: starting, pressing buttons, waiting, files, blocking; and the bot's own profile."""

import asyncio

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, CopyTextButton, DisabledButton, InputMediaPhoto
from aiogram.types import InlineKeyboardButton as Button
from aiogram.types import InlineKeyboardMarkup as Keyboard

from sandbox.client import ChatView, ClientError, NoSuchButton, Unmet
from tests.sandbox.telegram_kit import World, png, take_updates, telegram

MENU = Keyboard(
    inline_keyboard=[
        [Button(text="Pika · 10", callback_data="pika"), Button(text="Pika Pro", callback_data="pro")],
        [Button(text="Site", url="https://e.org"), Button(text="Wait", disabled=DisabledButton())],
    ]
)


async def press(world: World, chat: ChatView, label: str, toast: str | None) -> tuple[str, str]:
    """Presses as a person and answers as the bot; returns the callback's data and the toast seen."""
    click = asyncio.create_task(chat.click(label))
    async with asyncio.timeout(10):
        while not (got := [update.callback_query for update in await take_updates(world) if update.callback_query]):
            await asyncio.sleep(0.01)
    await world.bot.answer_callback_query(got[0].id, text=toast)
    answer = await click
    assert answer.answered
    return got[0].data or "", answer.text


async def test_a_person_writes_and_the_bot_sees_who_and_what() -> None:
    async with telegram() as world:
        ann = await world.tg.user("Ann", language="ru", username="ann", id=77, premium=True)
        await ann.private().send("/video@easel_bot a lake")
        message = (await take_updates(world))[0].message
        assert message
        assert message.from_user
        assert (message.from_user.id, message.from_user.language_code, message.from_user.is_premium) == (77, "ru", True)
        assert message.entities
        assert (message.entities[0].type, message.entities[0].length) == ("bot_command", 16)
        renamed = await world.tg.user("Anna", username="ann", id=77)
        assert renamed.id == 77
        with pytest.raises(ClientError, match="is taken"):
            await world.tg.user("Other", username="ANN")


async def test_a_press_brings_a_callback_and_its_answer_once() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        await world.bot.send_message(ann.id, "Choose", reply_markup=MENU)
        assert await press(world, chat, "Pika · 10", "Good choice") == ("pika", "Good choice")
        assert await press(world, chat, "pro", None) == ("pro", "")
        await asyncio.gather(chat.click("Pika", timeout=0.01), chat.click("Pika", timeout=0.01))
        query = (await take_updates(world))[0].callback_query
        assert query
        assert query.data == "pro"  # the shortest text containing the label
        await world.bot.answer_callback_query(query.id)
        for query_id in (query.id, "12345"):
            with pytest.raises(TelegramBadRequest, match="query is too old and response timeout expired or query ID"):
                await world.bot.answer_callback_query(query_id)
        assert len((await world.tg.bot())["unanswered"]) == 1


async def test_a_query_grows_too_old() -> None:
    async with telegram(callback_ttl=0.0) as world:
        ann, chat = await world.person()
        await world.bot.send_message(ann.id, "Choose", reply_markup=MENU)
        assert not (await chat.click("Pika", timeout=0.01)).answered
        query = (await take_updates(world))[-1].callback_query
        assert query
        with pytest.raises(TelegramBadRequest, match="query is too old"):
            await world.bot.answer_callback_query(query.id)


async def test_buttons_that_are_not_callbacks() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        await world.bot.send_message(ann.id, "Choose", reply_markup=MENU)
        assert (await chat.click("Site")).url == "https://e.org"
        with pytest.raises(ClientError, match="disabled"):
            await chat.click("Wait")
        with pytest.raises(NoSuchButton, match=r"no button 'Luma'.*Pika · 10"):
            await chat.click("Luma")
        copy = Keyboard(inline_keyboard=[[Button(text="Copy", copy_text=CopyTextButton(text="a lake"))]])
        await world.bot.send_message(ann.id, "Prompt", reply_markup=copy)
        assert (await chat.click("Copy")).copied == "a lake"
        assert [update for update in await take_updates(world) if update.callback_query] == []


async def test_only_the_current_version_can_be_pressed_unless_forged() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        sent = await world.bot.send_message(ann.id, "Choose", reply_markup=MENU)
        await world.bot.edit_message_text("Done", chat_id=ann.id, message_id=sent.message_id)
        with pytest.raises(ClientError, match="no such button"):
            await chat.press(await chat.last(), "pika")
        await world.bot.delete_message(ann.id, sent.message_id)
        await take_updates(world)
        await chat.forge(sent.message_id, "pika", timeout=0)
        query = (await take_updates(world))[0].callback_query
        assert query
        assert query.message
        assert (query.data, query.message.date) == ("pika", 0)


async def test_waiting_sees_only_what_came_after_the_last_action() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        first = await world.bot.send_message(ann.id, "Choose a model")
        assert (await chat.wait("Choose")).id == first.message_id
        await chat.send("again")
        with pytest.raises(Unmet, match=r"(?s)'Choose' did not come within 0.05 s.*Ann: again"):
            await chat.wait("Choose", timeout=0.05)
        await chat.silent(0.05)
        waiting = asyncio.create_task(chat.expect("Choose a style", timeout=3))
        await asyncio.sleep(0.05)
        await world.bot.edit_message_text("Choose a style", chat_id=ann.id, message_id=first.message_id)
        assert (await waiting).edits == 1
        with pytest.raises(Unmet, match="not silent"):
            await chat.silent(0)


async def test_a_transcript_reads_like_the_chat() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        sent = await world.bot.send_message(ann.id, "Choose\na model", reply_markup=MENU)
        await press(world, chat, "Pika Pro", "On it")
        media = InputMediaPhoto(media=(await photo_id(world, ann.id)), caption="Ready")
        await world.bot.edit_message_media(media, chat_id=ann.id, message_id=sent.message_id)
        await chat.delete(await chat.last())
        assert (await chat.transcript()).splitlines() == [
            "Ann: /start",
            "Easel: Choose",
            "    a model",
            "    [Pika · 10]  [Pika Pro]",
            "    [Site]  [Wait]",
            "Ann taps [Pika Pro]",
            "(toast: On it)",
            "Easel: (photo · 640x480)",
            f"Easel (edits #{sent.message_id}): (photo · 640x480)",
            "    Ready",
            f"(message #{sent.message_id + 1} is deleted)",
        ]


async def photo_id(world: World, chat_id: int) -> str:
    message = await world.bot.send_photo(chat_id, BufferedInputFile(png(), "x.png"))
    assert message.photo
    return message.photo[-1].file_id


async def test_people_send_photos_and_edit_their_words() -> None:
    async with telegram() as world:
        _, chat = await world.person()
        msg = await chat.photo(png(), caption="/edit@easel_bot make it blue")
        said = await chat.send("helo")
        edit = {"chat_id": chat.chat_id, "user_id": chat.user_id, "message_id": said.id, "text": "hello"}
        await world.tg.call("POST", "edit", edit)
        await chat.reply(msg, "this one")
        _, photo, _, edited, reply = await take_updates(world)
        assert photo.message
        assert photo.message.photo
        assert photo.message.caption_entities
        assert edited.edited_message
        assert edited.edited_message.text == "hello"
        assert reply.message
        assert reply.message.reply_to_message
        assert reply.message.reply_to_message.caption == msg.caption
        assert await chat.media(msg) == png()


async def test_blocking_is_told_and_undone() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        await ann.block()
        await ann.block()
        with pytest.raises(ClientError, match="blocked"):
            await chat.send("hi")
        await ann.unblock()
        changes = [update.my_chat_member for update in await take_updates(world) if update.my_chat_member]
        assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_a_cleared_private_chat_is_empty_for_both() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        sent = await world.bot.send_message(ann.id, "hi")
        await chat.clear()
        assert await chat.messages() == []
        with pytest.raises(TelegramBadRequest, match="message to edit not found"):
            await world.bot.edit_message_text("x", chat_id=ann.id, message_id=sent.message_id)
        await world.bot.send_message(ann.id, "again")
        assert [msg.text for msg in await chat.messages()] == ["again"]


async def test_the_bots_own_profile() -> None:
    async with telegram() as world:
        me = await world.bot.me()
        assert (me.username, me.can_read_all_group_messages) == ("easel_bot", False)
        commands = [{"command": "start", "description": "Begin"}]
        scope = {"type": "all_private_chats"}
        await world.ok("setMyCommands", commands=commands, scope=scope, language_code="ru")
        assert await world.ok("getMyCommands", scope=scope, language_code="ru") == commands
        assert await world.ok("getMyCommands", scope=scope) == []
        await world.ok("deleteMyCommands", scope=scope, language_code="ru")
        assert await world.ok("getMyCommands", scope=scope, language_code="ru") == []
        for wrong, complaint in (("Start", "BOT_COMMAND_INVALID"), ("x" * 33, "BOT_COMMAND_INVALID")):
            assert complaint in await world.refusal("setMyCommands", commands=[{"command": wrong, "description": "x"}])
        assert "Unsupported type" in await world.refusal("setMyCommands", commands=commands, scope={"type": "moon"})
        await world.bot.set_my_description("Pictures", language_code="en")
        await world.bot.set_my_description("Default")
        assert (await world.bot.get_my_description(language_code="en")).description == "Pictures"
        assert (await world.bot.get_my_description(language_code="ru")).description == "Default"
        assert "too long" in await world.refusal("setMyShortDescription", short_description="x" * 121)
        await world.ok("setChatMenuButton", menu_button={"type": "commands"})
        assert await world.ok("getChatMenuButton") == {"type": "commands"}


async def test_chats_forget_their_oldest_messages() -> None:
    async with telegram(messages_kept=3) as world:
        ann, chat = await world.person()
        for number in range(4):
            await world.bot.send_message(ann.id, str(number))
        assert [msg.text for msg in await chat.messages()] == ["1", "2", "3"]
