"""Drafts of cards in chats that nobody names: how long they stay, and to which message each belongs."""

import asyncio
import time
from typing import Any, Final

from sqlalchemy import Connection

from bot.engine.dialogs import drafts, inline_cards
from bot.storage.database import Database

ROUNDS: Final = 3


async def test_the_newest_of_what_was_offered_stays_and_what_was_posted_in_any_case(database: Database) -> None:
    def type_on(conn: Connection) -> None:
        posted = inline_cards.offer(conn, id="posted", user_id=1, data={"text": "a"})
        assert inline_cards.bind(conn, posted, "m1")
        for number in range(inline_cards.KEPT + 5):
            inline_cards.offer(conn, id=f"d{number:04}", user_id=1, data={})
        inline_cards.offer(conn, id="others", user_id=2, data={})

    await database.transaction(type_on)
    found = await database.read(lambda conn: [inline_cards.find(conn, n) for n in ("posted", "d0104", "others")])
    assert all(found)

    def left(conn: Connection) -> int:
        return sum(inline_cards.find(conn, f"d{number:04}") is not None for number in range(inline_cards.KEPT + 5))

    assert await database.read(left) == inline_cards.KEPT


async def test_a_card_is_one_message_and_no_message_two_cards(database: Database) -> None:
    def play(conn: Connection) -> list[Any]:
        mine = inline_cards.offer(conn, id="mine", user_id=1, data={})
        theirs = inline_cards.offer(conn, id="theirs", user_id=2, data={})
        first = inline_cards.bind(conn, mine, "m1")
        stored = inline_cards.find(conn, "mine")
        assert stored is not None
        taken = inline_cards.bind(conn, theirs, "m1")
        again = inline_cards.post(
            conn, id="again", user_id=1, data={}, inline_id="m1"
        )  # after a failure, in the same message
        return [first, stored.inline_id, inline_cards.bind(conn, stored, "m2"), taken, again.inline_id]

    assert await database.transaction(play) == [True, "m1", False, False, "m1"]


async def test_other_drafts_are_no_cards(database: Database) -> None:
    def play(conn: Connection) -> bool:
        drafts.create(conn, id="order", user_id=1, purpose="order", chat_id=1, thread_id=None, data={})
        return inline_cards.find(conn, "order") is None

    assert await database.transaction(play)


async def test_two_processes_at_once_bind_a_message_to_one_card(two: tuple[Database, Database]) -> None:
    """A press that is forged under a message at the moment in which Telegram tells whose card it is."""
    first, second = two

    def offer(conn: Connection) -> None:
        for number in range(ROUNDS):
            inline_cards.offer(conn, id=f"mine{number}", user_id=1, data={})
            inline_cards.offer(conn, id=f"theirs{number}", user_id=2, data={})

    await first.transaction(offer)

    async def bind(database: Database, name: str, message: str) -> bool:
        def told(conn: Connection) -> bool:
            draft = inline_cards.find(conn, name)
            assert draft is not None
            bound = inline_cards.bind(conn, draft, message)
            time.sleep(0.05)  # not committed yet
            return bound

        return await database.transaction(told)

    async def both(mine: tuple[str, str], theirs: tuple[str, str]) -> list[bool]:
        return sorted(await asyncio.gather(bind(first, *mine), bind(second, *theirs)))

    assert await both(("mine0", "m0"), ("mine0", "m0")) == [True, True]  # chosen, and pressed
    for n in range(1, ROUNDS):
        assert await both((f"mine{n}", f"m{n}"), (f"theirs{n}", f"m{n}")) == [False, True]
    assert await both(("theirs0", "a"), ("theirs0", "b")) == [False, True]
