"""Cards whose message is known by name only, without a chat."""

from bot.engine.dialogs import inbox
from bot.engine.orders.cards import Cards
from bot.storage.database import Database
from tests.engine.kit import engine


async def test_a_card_belongs_to_the_message_that_it_was_pressed_in_first(database: Database) -> None:
    cards = Cards(database)
    await cards.offer("card", 1, {"text": "a lake"})
    other = await cards.press("card", 2, "somewhere")
    assert (other.draft is not None, other.here, other.first) == (True, False, True)
    mine = await cards.press("card", 1, "here")
    assert (mine.here, mine.first) == (True, True)
    assert not (await cards.press("card", 1, "elsewhere")).here
    again = await cards.press("card", 1, "here")
    assert (again.here, again.first) == (True, False)
    gone = await cards.press("gone", 1, "here")
    assert (gone.draft, gone.job, gone.here) == (None, None, False)


async def test_only_its_owner_notes_where_an_offered_card_stands(database: Database) -> None:
    cards = Cards(database)
    await cards.offer("card", 1, {})
    await cards.stands_in("card", "theirs", user_id=2)
    await cards.stands_in("card", "mine", user_id=1)
    assert (await cards.press("card", 1, "mine")).here
    await cards.post("guest", 1, {})
    await cards.stands_in("guest", "group")
    assert (await cards.press("guest", 1, "group")).here


async def test_who_types_has_an_account_or_none(database: Database) -> None:
    cards = Cards(database)
    async with engine(database) as kit:
        ann = await kit.person(1)
        typing = await cards.typing(ann, most=5)
        assert (typing.available, typing.recent) == (100_000_000, [])


async def test_a_first_tap_on_cancel_asks_and_its_update_is_handled(database: Database) -> None:
    cards = Cards(database)
    await database.transaction(lambda conn: inbox.put(conn, 1, 7, "{}"))
    with inbox.under_way(inbox.Ticket(1, 7)):
        assert await cards.asks_first("job1", every=30.0)
    assert await database.read(inbox.waiting) == 0
    assert not await cards.asks_first("job1", every=30.0)
