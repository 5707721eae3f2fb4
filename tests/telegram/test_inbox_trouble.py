"""A database in trouble loses no command: what was claimed and neither marked nor handed back is taken again."""

import pytest
from aiogram.types import Message

from bot.storage.database import Database
from tests.engine.kit import Troubled
from tests.telegram.line import running


@pytest.mark.parametrize("refused", [{"InboxPump._one", "InboxPump._hand_back"}, {"InboxPump._one"}])
async def test_what_could_not_be_marked_is_handled_again(database: Database, refused: set[str]) -> None:
    left = set(refused)
    seen: list[str] = []

    async def trouble(name: str) -> None:
        if (function := name.partition(".<locals>")[0]) in left:
            left.remove(function)
            raise OSError("the database is away")

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with running(Troubled(database, trouble), message=note) as line:
        ann = await line.world.tg.user("Ann")
        await ann.private().send("one")
        assert await line.settled(1) == [(True, False)]
        assert seen == ["one", "one"]
    assert left == set()


async def test_a_claim_that_nobody_heard_of_is_made_again(database: Database) -> None:
    stored = unheard = False
    seen: list[str] = []

    async def trouble(name: str) -> None:
        nonlocal stored, unheard
        stored = stored or name.endswith(".put_all")
        if stored and not unheard and name.startswith("InboxPump._take"):
            unheard = True
            raise OSError("the connection broke after the COMMIT")

    async def note(message: Message) -> None:
        seen.append(message.text or "")

    async with running(Troubled(database, after=trouble), message=note) as line:
        ann = await line.world.tg.user("Ann")
        await ann.private().send("one")
        assert await line.settled(1) == [(True, False)]
    assert (seen, unheard) == (["one"], True)
