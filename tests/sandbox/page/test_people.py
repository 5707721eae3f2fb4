"""Who is there from the start, and people whom scripts ask for twice."""

import pytest

from sandbox.client import ClientError
from tests.sandbox.page.page_kit import Page


async def test_three_people_and_a_chat_of_each_kind_are_there(shown: Page) -> None:
    world = await shown.get("world")
    chats = {chat["title"]: chat for chat in world["chats"]}
    assert list(chats) == ["Olga", "Ann", "Bob", "Friends", "Studio", "Book club"]
    assert [chats[title]["bot"] for title in ("Ann", "Friends", "Studio", "Book club")] == [*["member"] * 3, "left"]
    assert (chats["Studio"]["is_forum"], list(chats["Studio"]["topics"].values())) == (True, ["Pictures", "Videos"])
    assert str(shown.people.ann.id) in chats["Book club"]["members"]
    kinds = [next(iter(update.keys() - {"update_id"})) for update in await shown.world.updates()]
    assert kinds.count("my_chat_member") == 2


async def test_a_name_may_be_had_twice_and_a_username_means_its_holder(shown: Page) -> None:
    tg = shown.world.tg
    assert (await tg.user("Zoe")).id != (await tg.user("Zoe")).id
    assert (await tg.user("Ann", username="ann")).id == (await tg.user("Ann", username="Ann")).id == shown.people.ann.id
    with pytest.raises(ClientError, match=r"the username ann is taken by Ann \(\d+\)"):
        await tg.user("Anna", username="ann")
