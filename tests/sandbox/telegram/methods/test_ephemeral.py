"""Ephemeral messages: one member and the bot see them; and messages that are sent as a chat."""

import asyncio
from typing import Any

import pytest

from sandbox.client import ClientError
from tests.sandbox.telegram_kit import World, take_updates, telegram

MENU = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


def to(user_id: int, **more: Any) -> dict[str, Any]:
    return {"receiver_user_id": user_id, **more}


async def test_only_the_receiver_sees_it_presses_it_and_it_has_an_id_of_its_own() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        bob, _ = await world.person("Bob")
        grp = await world.tg.group("Friends", [ann, bob])
        await take_updates(world)
        send = {"chat_id": grp.id, "text": "Psst", "reply_markup": MENU, "ephemeral_message_parameters": to(ann.id)}
        sent = await world.ok("sendMessage", **send)
        assert (sent["message_id"], sent["receiver_user"]["id"]) == (0, ann.id)
        id = {"chat_id": grp.id, "ephemeral_message_id": sent["ephemeral_message_id"]}  # noqa: A001
        shown = await ann.in_(grp).wait("Psst")
        assert shown.ephemeral
        assert [m.text for m in await bob.in_(grp).messages() if m.from_bot] == []
        assert "Psst" not in await bob.in_(grp).transcript()
        with pytest.raises(ClientError):
            await bob.in_(grp).press(shown, "go", timeout=0)
        await ann.in_(grp).press(shown, "go", timeout=0)
        query = (await take_updates(world))[0].callback_query
        assert query is not None
        assert query.message is not None
        assert query.message.message_id == 0
        assert query.message.ephemeral_message_id == sent["ephemeral_message_id"]  # type: ignore[union-attr]
        second = to(ann.id, callback_query_id=query.id)
        await world.ok("sendMessage", chat_id=grp.id, text="Two", ephemeral_message_parameters=second)
        assert await world.ok("editEphemeralMessageText", receiver_user_id=ann.id, text="Pssst", **id) is True
        assert (await ann.in_(grp).refresh(shown)).text == "Pssst"
        wrong = await world.refusal("editEphemeralMessageText", receiver_user_id=bob.id, text="no", **id)
        assert "message to edit not found" in wrong
        assert "to delete not found" in await world.refusal("deleteEphemeralMessage", receiver_user_id=bob.id, **id)
        assert "not found" in await world.refusal("editMessageText", chat_id=grp.id, message_id=0, text="no")
        assert await world.ok("deleteEphemeralMessage", receiver_user_id=ann.id, **id) is True
        assert (await ann.in_(grp).refresh(shown)).deleted
        gone = await world.refusal("editEphemeralMessageText", receiver_user_id=ann.id, text="late", **id)
        assert "message to edit not found" in gone


async def test_what_cannot_be_ephemeral_is_refused() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        eve, _ = await world.person("Eve")
        grp = await world.tg.group("Friends", [ann])

        async def refused(chat: int, **parameters: Any) -> str:
            return await world.refusal("sendMessage", chat_id=chat, text="x", ephemeral_message_parameters=parameters)

        assert "can't be sent to the chat" in await refused(ann.id, **to(ann.id))
        assert "USER_NOT_PARTICIPANT" in await refused(grp.id, **to(eve.id))
        assert "USER_NOT_PARTICIPANT" in await refused(grp.id, **to(world.server.core.store.bot.id))
        assert "receiver_user_id" in await refused(grp.id)
        assert "QUERY_ID_INVALID" in await refused(grp.id, **to(ann.id, callback_query_id="7"))
        world.server.config.ephemeral = False
        assert "can't be sent to the chat" in await refused(grp.id, **to(ann.id))


async def test_a_listed_command_and_an_answer_to_the_bot_are_ephemeral_themselves() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        bob, _ = await world.person("Bob")
        grp = await world.tg.group("Friends", [ann, bob])
        commands = [{"command": "help", "description": "Help", "is_ephemeral": True}]
        await world.ok("setMyCommands", commands=commands, scope={"type": "all_group_chats"})
        await take_updates(world)
        here = ann.in_(grp)
        await here.send("/help")
        asked = (await take_updates(world))[0].message
        assert asked is not None
        assert asked.from_user is not None
        assert (asked.message_id, asked.from_user.id) == (0, ann.id)
        assert asked.ephemeral_message_id
        assert [m for m in await bob.in_(grp).messages() if m.text == "/help"] == []
        answer = {"chat_id": grp.id, "text": "So", "reply_parameters": {"ephemeral_message_id": 1}}
        assert "not found" in await world.refusal("sendMessage", **answer)
        await world.ok("sendMessage", ephemeral_message_parameters=to(ann.id), **answer)
        await here.send("thanks", reply_to=await here.wait("So"))
        thanks = (await take_updates(world))[0].message
        assert thanks is not None
        assert thanks.ephemeral_message_id
        assert thanks.reply_to_message is None


async def as_chat(world: World) -> list[tuple[int, int, bool]]:
    found = [update.message for update in await take_updates(world) if update.message]
    return [
        (m.from_user.id, m.sender_chat.id, bool(m.is_automatic_forward)) for m in found if m.from_user and m.sender_chat
    ]


async def test_messages_sent_as_the_group_and_as_a_channel() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        grp = await world.tg.group("Friends", [ann])
        news = await world.tg.group("News", [ann], kind="channel", bot="left")
        await take_updates(world)
        here = ann.in_(grp)
        await here.send("/image a", anonymous=True)
        await here.send("/image b", channel=news.id)
        await here.send("/image c", channel=news.id, automatic=True)
        await asyncio.sleep(0)
        seen = await as_chat(world)
        assert seen == [(1087968824, grp.id, False), (136817688, news.id, False), (777000, news.id, True)]
