"""Drafts of the local Telegram: shown for 30 seconds, ended by a message, stopped by the person who reads."""

import pytest

from sandbox.client import ClientError
from tests.sandbox.telegram_kit import take_updates, telegram


async def test_a_draft_is_shown_changes_and_ends_with_the_message() -> None:
    async with telegram() as world:
        person, chat = await world.person()
        assert await chat.draft() is None
        assert await world.bot.send_message_draft(person.id, 7, text="") is True
        assert await world.bot.send_message_draft(person.id, 7, text="<b>Hel</b>", parse_mode="HTML", can_stop=True)
        shown = await chat.wait_draft("Hel")
        assert shown["changes"] == 2
        assert shown["can_stop"]
        assert shown["entities"][0]["type"] == "bold"
        assert [msg.text for msg in await chat.messages()] == ["/start"]
        await world.bot.send_message(person.id, "Hello")
        assert await chat.draft() is None


async def test_stop_tells_the_bot_and_ends_the_draft() -> None:
    async with telegram() as world:
        person, chat = await world.person()
        await world.bot.send_message_draft(person.id, 7, text="Hel")
        with pytest.raises(ClientError, match="stopped"):
            await chat.stop()
        await world.bot.send_message_draft(person.id, 7, text="Hell", can_stop=True, keep_on_stop=True)
        await take_updates(world)
        await chat.stop()
        (update,) = await take_updates(world)
        stopped = update.stopped_message_generation
        assert stopped is not None
        assert (stopped.chat.id, stopped.draft_id) == (person.id, 7)
        kept = await chat.draft()
        assert kept is not None
        assert not kept["can_stop"]
        await world.bot.send_message_draft(person.id, 7, text="Hello", can_stop=True)
        assert (await chat.wait_draft())["text"] == "Hell"
        with pytest.raises(ClientError):
            await chat.stop()
        await world.bot.send_message_draft(person.id, 8, text="New", can_stop=True)
        await chat.stop()
        assert await chat.draft() is None


async def test_a_draft_goes_after_its_time() -> None:
    async with telegram() as world:
        person, chat = await world.person()
        await world.bot.send_message_draft(person.id, 7, text="Hel")
        shown = world.server.core.drafts.get(person.id)
        assert shown is not None
        shown.at -= 31
        assert await chat.draft() is None


async def test_what_is_no_draft_is_refused() -> None:
    async with telegram() as world:
        person, _ = await world.person()
        group = await world.tg.group("G", [person])
        assert "private" in await world.refusal("sendMessageDraft", chat_id=group.id, draft_id=7, text="a")
        assert "non-zero" in await world.refusal("sendMessageDraft", chat_id=person.id, draft_id=0, text="a")
        assert "non-zero" in await world.refusal("sendMessageDraft", chat_id=person.id, text="a")
        assert "too long" in await world.refusal("sendMessageDraft", chat_id=person.id, draft_id=7, text="a" * 4097)
        broken = {"chat_id": person.id, "draft_id": 7, "text": "<b>a", "parse_mode": "HTML"}
        assert "can't parse entities" in await world.refusal("sendMessageDraft", **broken)
        in_thread = {"chat_id": person.id, "draft_id": 7, "text": "a", "message_thread_id": 5}
        assert "thread" in await world.refusal("sendMessageDraft", **in_thread)
        stranger = await world.tg.user("Bob")
        assert "chat not found" in await world.refusal("sendMessageDraft", chat_id=stranger.id, draft_id=7, text="a")
