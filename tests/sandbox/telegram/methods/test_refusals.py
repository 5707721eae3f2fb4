"""What the Bot API refuses, with its error codes and words."""

import json

import pytest

from tests.sandbox.telegram_kit import World, telegram

KEYBOARD = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


async def test_a_wrong_token_and_an_unknown_method() -> None:
    async with telegram() as world:
        async with world.http.get(f"{world.base}/bot1:wrong/getMe") as response:
            assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")
        assert await world.refusal("makeCoffee") == "Not Found: method not found"
        assert (await world.ok("GETME"))["username"] == "easel_bot"


async def test_every_encoding_of_a_request_is_understood() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        fields = {"chat_id": str(ann.id), "text": "hi", "reply_markup": json.dumps(KEYBOARD)}
        async with world.http.get(world.url("sendMessage"), params=fields) as response:
            by_query = (await response.json())["result"]
        async with world.http.post(world.url("sendMessage"), data=fields) as response:
            by_form = (await response.json())["result"]
        by_json = await world.ok("sendMessage", chat_id=ann.id, text="hi", reply_markup=KEYBOARD)
        for message in (by_query, by_form, by_json):
            assert (message["text"], message["reply_markup"]) == ("hi", KEYBOARD)
        async with world.http.post(
            world.url("sendMessage"), data=b"{", headers={"Content-Type": "application/json"}
        ) as r:
            assert r.status == 400


async def test_a_field_that_is_gone_from_the_bot_api() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        said = await world.refusal("sendMessage", chat_id=ann.id, text="hi", disable_web_page_preview=True)
        assert "disable_web_page_preview is no field" in said


async def test_text_that_cannot_be_sent() -> None:
    async with telegram() as world:
        ann, _ = await world.person()

        async def say(text: str, **more: object) -> str:
            return await world.refusal("sendMessage", chat_id=ann.id, text=text, **more)

        assert await say("") == "Bad Request: message text is empty"
        assert await say(" \n ") == "Bad Request: message text is empty"
        assert await say("<b></b>", parse_mode="HTML") == "Bad Request: message text is empty"
        assert await say("x" * 4097) == "Bad Request: message is too long"
        assert "can't parse entities" in await say("<b>", parse_mode="html")
        sent = await world.ok("sendMessage", chat_id=ann.id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
        assert len(sent["text"]) == 4096
        edit = {"chat_id": ann.id, "message_id": sent["message_id"]}
        assert await world.refusal("editMessageText", text="x" * 4097, **edit) == "Bad Request: MESSAGE_TOO_LONG"


async def test_people_the_bot_may_not_write_to() -> None:
    async with telegram() as world:
        stranger = await world.tg.user("Stranger")
        met = await world.tg.user("Met")
        ann, _ = await world.person()
        await world.tg.group("Friends", [ann, met])

        async def say(chat_id: object) -> str:
            return await world.refusal("sendMessage", chat_id=chat_id, text="hi")

        assert await say("") == "Bad Request: chat_id is empty"
        assert await say(4711) == "Bad Request: chat not found"
        assert await say("@nobody") == "Bad Request: chat not found"
        assert await say(stranger.id) == "Bad Request: chat not found"
        assert await say(met.id) == "Forbidden: bot can't initiate conversation with a user"
        await ann.block()
        assert await say(ann.id) == "Forbidden: bot was blocked by the user"
        await ann.unblock()
        await world.ok("sendMessage", chat_id=ann.id, text="hi")


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_groups_the_bot_may_not_write_to(kind: str) -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        group = await world.tg.group("Friends", [ann], kind=kind)
        await group.set_bot("kicked")
        say = {"chat_id": group.id, "text": "hi"}
        assert await world.refusal("sendMessage", **say) == f"Forbidden: bot was kicked from the {kind} chat"
        await group.set_bot("left")
        assert await world.refusal("sendMessage", **say) == f"Forbidden: bot is not a member of the {kind} chat"
        await group.set_bot("member")
        await world.ok("sendMessage", **say)
        await group.delete()
        assert await world.refusal("sendMessage", **say) == "Forbidden: the group chat was deleted"


async def test_a_migrated_group_names_its_successor() -> None:
    async with telegram() as world:
        ann, _ = await world.person()
        group = await world.tg.group("Friends", [ann], kind="group")
        new = await group.migrate()
        status, body = await world.call("sendMessage", chat_id=group.id, text="hi")
        assert (status, body["description"]) == (400, "Bad Request: group chat was upgraded to a supergroup chat")
        assert body["parameters"] == {"migrate_to_chat_id": new.id}
        await world.ok("sendMessage", chat_id=new.id, text="hi")
        notes = [update["message"] for update in await world.updates() if "message" in update]
        assert [note.get("migrate_to_chat_id") or note.get("migrate_from_chat_id") for note in notes[-2:]] == [
            new.id,
            group.id,
        ]


async def test_replies_to_what_is_not_there() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        start = (await chat.messages())[0]
        say = {"chat_id": ann.id, "text": "hi"}
        gone = {"message_id": 999}
        assert (
            await world.refusal("sendMessage", reply_parameters=gone, **say)
            == "Bad Request: message to be replied not found"
        )
        lenient = await world.ok("sendMessage", reply_parameters={**gone, "allow_sending_without_reply": True}, **say)
        assert "reply_to_message" not in lenient
        reply = await world.ok("sendMessage", reply_parameters={"message_id": start.id}, **say)
        assert reply["reply_to_message"]["text"] == "/start"


async def send(world: World, chat_id: int, text: str = "hi", **more: object) -> int:
    return int((await world.ok("sendMessage", chat_id=chat_id, text=text, **more))["message_id"])


async def test_edits_that_are_refused() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        sent = await send(world, ann.id, "<b>hi</b>", parse_mode="HTML", reply_markup=KEYBOARD)
        edit = {"chat_id": ann.id, "message_id": sent}
        same = await world.refusal(
            "editMessageText", text="<b>hi</b> ", parse_mode="HTML", reply_markup=KEYBOARD, **edit
        )
        assert same == (
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
        assert "not modified" in await world.refusal("editMessageReplyMarkup", reply_markup=KEYBOARD, **edit)
        assert (
            await world.refusal("editMessageCaption", caption="x", **edit)
            == "Bad Request: there is no caption in the message to edit"
        )
        missing = await world.refusal("editMessageText", chat_id=ann.id, message_id=999, text="x")
        assert missing == "Bad Request: message to edit not found"
        theirs = (await chat.messages())[0].id
        refused = await world.refusal("editMessageText", chat_id=ann.id, message_id=theirs, text="x")
        assert refused == "Bad Request: message can't be edited"
        assert (await chat.refresh((await chat.messages())[1])).edits == 0


async def test_an_edit_without_keyboard_removes_it_and_keeps_history() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        sent = await send(world, ann.id, "one", reply_markup=KEYBOARD)
        edited = await world.ok("editMessageText", chat_id=ann.id, message_id=sent, text="two")
        assert "reply_markup" not in edited
        assert edited["edit_date"] >= edited["date"]
        await world.ok("editMessageReplyMarkup", chat_id=ann.id, message_id=sent, reply_markup=KEYBOARD)
        msg = await chat.last()
        assert (msg.text, msg.buttons, msg.edits) == ("two", ["Go"], 2)
        assert [version["text"] for version in await chat.history(msg)] == ["one", "two"]


async def test_deleting() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        bob = await world.tg.user("Bob")
        first = await send(world, ann.id)
        delete = {"chat_id": ann.id, "message_id": first}
        assert await world.ok("deleteMessage", **delete) is True
        assert await world.refusal("deleteMessage", **delete) == "Bad Request: message to delete not found"
        assert await world.refusal("editMessageText", text="x", **delete) == "Bad Request: message to edit not found"
        assert [msg.text for msg in await chat.messages()] == ["/start"]
        group = await world.tg.group("Friends", [ann, bob])
        theirs = await ann.in_(group).send("/hi")
        assert (
            await world.refusal("deleteMessage", chat_id=group.id, message_id=theirs.id)
            == "Bad Request: message can't be deleted"
        )
        await group.set_bot("administrator")
        assert await world.ok("deleteMessages", chat_id=group.id, message_ids=[theirs.id, 999]) is True
        assert await ann.in_(group).messages() == []


async def test_reactions_and_actions() -> None:
    async with telegram() as world:
        ann, chat = await world.person()
        start = (await chat.messages())[0]
        react = {"chat_id": ann.id, "message_id": start.id}
        await world.ok("setMessageReaction", reaction=[{"type": "emoji", "emoji": "👀"}], **react)
        assert (await chat.refresh(start)).raw["reactions"] == [{"type": "emoji", "emoji": "👀"}]
        two = [{"type": "emoji", "emoji": "👀"}] * 2
        assert await world.refusal("setMessageReaction", reaction=two, **react) == "Bad Request: REACTIONS_TOO_MANY"
        await world.ok("sendChatAction", chat_id=ann.id, action="upload_video")
        assert [event["action"] for event in await chat.events() if event["type"] == "action"] == ["upload_video"]
        assert "wrong parameter action" in await world.refusal("sendChatAction", chat_id=ann.id, action="dance")
