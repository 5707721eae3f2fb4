"""Inline mode and guest mode of the local Telegram: what it lets a bot answer, post and edit, and what it refuses."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile as File
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InputMediaPhoto,
    InputTextMessageContent,
)

from sandbox.client import ChatView, ClientError, Person
from sandbox.client_views import InlineAnswer
from tests.sandbox.telegram_kit import World, png, take_updates, telegram

KEYS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go")]])


def article(name: str = "a", *, keys: InlineKeyboardMarkup | None = KEYS, **fields: Any) -> InlineQueryResultArticle:
    content = InputTextMessageContent(message_text="<b>Card</b>", parse_mode="HTML")
    return InlineQueryResultArticle(id=name, title="Card", input_message_content=content, reply_markup=keys, **fields)


async def strangers(world: World) -> tuple[Person, ChatView, ChatView]:
    """Two people in a group in which the bot is not."""
    ann, bob = await world.tg.user("Ann"), await world.tg.user("Bob")
    group = await world.tg.group("Friends", [ann, bob], bot="left")
    await take_updates(world)
    return ann, ann.in_(group), bob.in_(group)


async def ask(world: World, chat: ChatView, text: str, *results: Any, **fields: Any) -> InlineAnswer:
    """Types, and answers as the bot."""
    asking = asyncio.create_task(chat.inline(text))
    while not (updates := await take_updates(world)):
        await asyncio.sleep(0.01)
    query = updates[-1].inline_query
    assert query is not None
    fields = {"cache_time": 0, "is_personal": True, **fields}
    await world.bot.answer_inline_query(query.id, list(results), **fields)
    return await asking


async def test_a_chosen_result_is_pressed_and_edited_by_its_inline_name_alone() -> None:
    async with telegram() as world:
        ann, chat, bobs = await strangers(world)
        answer = await ask(world, chat, "x" * 300, article())
        assert answer.titles == ["Card"]
        card = await chat.choose(answer, "Card")
        assert (card.text, card.message["via_bot"]["is_bot"], card.raw["from_id"]) == ("Card", True, ann.id)
        (update,) = await take_updates(world)
        chosen = update.chosen_inline_result
        assert chosen is not None
        assert (chosen.result_id, len(chosen.query)) == ("a", 256)
        name = chosen.inline_message_id
        assert name is not None

        pressing = asyncio.create_task(bobs.click("Go"))
        while not (updates := await take_updates(world)):
            await asyncio.sleep(0.01)
        query = updates[0].callback_query
        assert query is not None
        assert (query.message, query.inline_message_id, query.data) == (None, name, "go")
        await world.bot.answer_callback_query(query.id, "Hi")
        assert (await pressing).text == "Hi"

        assert await world.bot.edit_message_text("Working", inline_message_id=name) is True
        with pytest.raises(TelegramBadRequest, match="not modified"):
            await world.bot.edit_message_text("Working", inline_message_id=name)
        upload = InputMediaPhoto(media=File(png(), "a.png"))
        with pytest.raises(TelegramBadRequest, match="upload"):
            await world.bot.edit_message_media(upload, inline_message_id=name)
        await ann.private().send("/start")
        sent = await world.bot.send_photo(ann.id, File(png(), "a.png"))
        assert sent.photo is not None
        known = InputMediaPhoto(media=sent.photo[-1].file_id)
        assert await world.bot.edit_message_media(known, inline_message_id=name) is True
        assert (await chat.refresh(card)).kind == "photo"
        await chat.delete(card)
        with pytest.raises(TelegramBadRequest, match="MESSAGE_ID_INVALID"):
            await world.bot.edit_message_media(known, inline_message_id=name)


async def test_a_result_without_buttons_has_no_name_and_files_are_shared_by_file_id() -> None:
    async with telegram() as world:
        ann, chat, _ = await strangers(world)
        private = ann.private()
        await private.send("/start")
        sent = await world.bot.send_photo(ann.id, File(png(), "a.png"))
        assert sent.photo is not None
        await take_updates(world)
        photo = InlineQueryResultCachedPhoto(id="p", photo_file_id=sent.photo[-1].file_id, caption="Mine")
        answer = await ask(world, chat, "", photo)
        shared = await chat.choose(answer, "photo")
        assert (shared.kind, shared.caption) == ("photo", "Mine")
        (update,) = await take_updates(world)
        assert update.chosen_inline_result is not None
        assert update.chosen_inline_result.inline_message_id is None
        at_home = await ask(world, private, "", article())
        await private.choose(at_home, "Card")  # the bot hears of what is posted where it is
        kinds = {update.event_type for update in await take_updates(world)}
        assert kinds == {"message", "chosen_inline_result"}


async def test_answers_may_be_cached_unless_the_bot_says_no() -> None:
    async with telegram() as world:
        _, chat, _ = await strangers(world)
        await ask(world, chat, "a", article(), cache_time=300)
        assert (await chat.inline("a")).titles == ["Card"]
        assert await take_updates(world) == []
        await ask(world, chat, "b", article())
        assert not (await chat.inline("b", timeout=0)).answered


async def test_what_is_no_answer_is_refused() -> None:
    async with telegram() as world:
        _, chat, _ = await strangers(world)
        await chat.inline("a", timeout=0)
        (update,) = await take_updates(world)
        assert update.inline_query is not None
        query = update.inline_query.id
        content = {"message_text": "Card"}
        good = {"type": "article", "id": "a", "title": "Card", "input_message_content": content}

        async def refused(results: Any, **fields: Any) -> str:
            return await world.refusal("answerInlineQuery", **{"inline_query_id": query, "results": results, **fields})

        assert "RESULTS_TOO_MUCH" in await refused([{**good, "id": str(i)} for i in range(51)])
        assert "RESULT_ID_DUPLICATE" in await refused([good, good])
        assert "RESULT_ID_INVALID" in await refused([{**good, "id": "я" * 33}])
        assert "TITLE_EMPTY" in await refused([{**good, "title": " "}])
        assert "text is empty" in await refused([{**good, "input_message_content": {"message_text": ""}}])
        assert "unsupported" in await refused([{**good, "type": "game"}])
        assert "wrong file" in await refused([{"id": "p", "type": "photo", "photo_file_id": "none"}])
        assert "START_PARAM_INVALID" in await refused([], button={"text": "Start", "start_parameter": "a b"})
        assert "exactly one" in await refused([], button={"text": "Start"})
        assert "NEXT_OFFSET" in await refused([], next_offset="x" * 65)
        assert "query is too old" in await refused([], inline_query_id="1")
        world.server.core.inline._queries[query].born -= 31
        assert "query is too old" in await refused([good])


async def test_a_guest_answers_once_and_edits_what_it_said() -> None:
    async with telegram(guest=True) as world:
        ann, chat, _ = await strangers(world)
        assert (await world.bot.get_me()).supports_guest_queries
        await chat.send("no bot is meant")
        await chat.send("@easel_bot a fox")
        (update,) = await take_updates(world)
        guest = update.guest_message
        assert guest is not None
        assert guest.from_user is not None
        assert (guest.text, guest.from_user.id) == ("@easel_bot a fox", ann.id)
        assert guest.guest_query_id is not None
        sent = await world.bot.answer_guest_query(guest.guest_query_id, article())
        card = await chat.wait("Card")
        assert card.message["guest_bot_caller_user"]["id"] == ann.id
        await world.bot.edit_message_text("Working", inline_message_id=sent.inline_message_id)
        assert (await chat.refresh(card)).text == "Working"
        with pytest.raises(TelegramBadRequest, match="GUEST_QUERY_ID_INVALID"):
            await world.bot.answer_guest_query(guest.guest_query_id, article())
        assert "not a member" in await world.refusal("sendMessage", chat_id=guest.chat.id, text="a")


async def test_a_bot_without_these_modes_hears_nothing() -> None:
    async with telegram(inline=False) as world:
        _, chat, _ = await strangers(world)
        await chat.send("@easel_bot a fox")
        assert await take_updates(world) == []
        with pytest.raises(ClientError, match="no inline mode"):
            await chat.inline("a")
