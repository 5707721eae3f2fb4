"""The event stream: each person gets what happens in their chats, drafts come and go, a changed world is told."""

from tests.sandbox.page.page_kit import Page


async def say(shown: Page, chat_id: int, user_id: int, text: str) -> None:
    status, answer = await shown.post("client/send", {"chat_id": chat_id, "user_id": user_id, "text": text})
    assert status == 200, answer


async def test_two_people_see_the_group_and_only_their_own_private_chat(shown: Page) -> None:
    ann, bob, group = shown.people.ann.id, shown.people.bob.id, shown.people.group.id
    async with shown.stream(ann) as anns, shown.stream(bob) as bobs:
        await say(shown, ann, ann, "/start")
        await say(shown, bob, bob, "/start")
        await say(shown, group, ann, "hello")
        for events, own in (
            (await anns.until("new", chat_id=group), ann),
            (await bobs.until("new", chat_id=group), bob),
        ):
            told = [event for event in events if event["type"] != "world"]
            assert [event["chat_id"] for event in told] == [own, group]
            assert told[-1]["view"]["message"]["text"] == "hello"


async def test_an_ephemeral_message_reaches_its_person_only(shown: Page) -> None:
    core, ann, bob, group = shown.world.server.core, shown.people.ann.id, shown.people.bob.id, shown.people.group
    async with shown.stream(ann) as anns, shown.stream(bob) as bobs:
        core.publish(core.store.new_ephemeral(group, core.store.bot.id, ann, text="for Ann"))
        await say(shown, group.id, ann, "for all")
        texts = [
            [event["view"]["message"]["text"] for event in events if event["type"] == "new"]
            for events in [
                (await anns.until("new") + await anns.until("new")),
                await bobs.until("new"),
            ]
        ]
    assert texts == [["for Ann", "for all"], ["for all"]]


async def test_it_goes_on_where_it_broke_off(shown: Page) -> None:
    ann = shown.people.ann.id
    before = (await shown.get("world"))["last_event"]
    await say(shown, ann, ann, "one")
    await say(shown, ann, ann, "two")
    async with shown.stream(ann, after=before) as stream:
        first, second = [(await stream.until("new"))[-1] for _ in range(2)]
        assert [event["view"]["message"]["text"] for event in (first, second)] == ["one", "two"]
    async with shown.stream(ann, after=first["seq"]) as stream:
        assert (await stream.until("new"))[-1] == second


async def test_a_draft_is_shown_grows_and_goes_with_the_message(shown: Page) -> None:
    ann, world = shown.people.ann.id, shown.world
    await say(shown, ann, ann, "/start")
    async with shown.stream(ann) as stream:
        for text in ("Once", "Once upon"):
            await world.ok("sendMessageDraft", chat_id=ann, draft_id=5, text=text, can_stop=True)
            event = (await stream.until("draft"))[-1]
            assert event["draft"] == await world.tg.call("GET", "draft", chat_id=ann)
            assert (event["draft"]["text"], event["draft"]["can_stop"]) == (text, True)
        await world.ok("sendMessage", chat_id=ann, text="Once upon a time")
        assert (await stream.until("draft"))[-1]["draft"] is None


async def test_a_stopped_draft_goes_or_stays_without_its_button(shown: Page) -> None:
    ann, world = shown.people.ann.id, shown.world
    await say(shown, ann, ann, "/start")
    async with shown.stream(ann) as stream:
        for number, keep in ((1, False), (2, True)):
            draft = {"draft_id": number, "text": "a", "can_stop": True, "keep_on_stop": keep}
            await world.ok("sendMessageDraft", chat_id=ann, **draft)
            await shown.post("client/stop", {"chat_id": ann, "user_id": ann})
            await stream.until("stopped")
            left = (await stream.until("draft"))[-1]["draft"]
            assert (left["can_stop"] is False) if keep else (left is None)


async def test_a_draft_whose_time_is_over_goes(shown: Page) -> None:
    ann, world = shown.people.ann.id, shown.world
    await say(shown, ann, ann, "/start")
    async with shown.stream(ann) as stream:
        await world.ok("sendMessageDraft", chat_id=ann, draft_id=5, text="a")
        await stream.until("draft")
        world.server.core.drafts._ttl = 0
        assert (await stream.until("draft"))[-1]["draft"] is None


async def test_a_changed_world_is_told(shown: Page) -> None:
    ann, forum = shown.people.ann.id, shown.people.forum.id
    async with shown.stream(ann) as stream:
        await stream.until("world")  # who opens a stream may have missed a change
        await shown.world.ok("setMyCommands", commands=[{"command": "menu", "description": "Menu"}])
        await stream.until("world")
        await shown.post("client/users", {"first_name": "Zoe"})
        await stream.until("world")
        await shown.post("client/topics", {"chat_id": forum, "user_id": ann, "name": "Songs"})
        await stream.until("world")
        await shown.post("client/member", {"chat_id": forum, "user_id": 0, "status": "left"})
        await stream.until("world")
    world = await shown.get("world")
    there = next(chat for chat in world["chats"] if chat["id"] == forum)
    assert world["bot"]["commands"][0]["commands"][0]["command"] == "menu"
    assert [person["first_name"] for person in world["people"]] == ["Olga", "Ann", "Bob", "Zoe"]
    assert sorted(there["topics"].values()) == ["Pictures", "Songs", "Videos"]
    assert there["bot"] == "left"


async def test_a_stream_is_for_a_person(shown: Page) -> None:
    for wrong in ("", "?user_id=x", "?user_id=7", f"?user_id={shown.people.group.id}"):
        async with shown.http.get(f"{shown.link}stream{wrong}") as response:
            assert response.status == 400
