"""The inbox as two processes write it: what is stored, claimed, marked and handed back, without Telegram."""

from bot.engine.dialogs import inbox
from bot.engine.dialogs.inbox import Begun, Claimed, Ticket
from bot.engine.dialogs.inbox_turns import InHand
from bot.engine.dialogs.process_inbox import Arrived, Inbox, Stored
from bot.storage.database import Database
from tests.engine.kit import engine

BOT = 1
NOBODY: frozenset[int] = frozenset()


def yes() -> bool:
    return True


def no() -> bool:
    return False


async def stored(box: Inbox, *ids: int, at_once: bool = True, person: int = 7) -> Stored:
    updates = [Arrived(update_id, "{}", {}, person) for update_id in ids]
    unknown = frozenset({person})
    return await box.store(updates, InHand(), served=NOBODY, unknown=unknown, at_once=at_once, wanted=yes)


async def test_what_comes_in_is_stored_and_ours_at_once_and_once_only(database: Database) -> None:
    box = Inbox(database, BOT, owner="me")
    first = await stored(box, 1, 2)
    assert first.new == {1, 2}
    assert first.claimed is None
    assert [row.begun for row in first.rows] == [True, False]  # of one person the first begins with it
    again = await stored(box, 2, 3)
    assert again.new == {3}
    assert not (await box.claim(InHand(), wanted=yes)).items


async def test_who_topped_up_comes_before_the_new(database: Database) -> None:
    async with engine(database, start=False) as kit:
        await kit.person(7)
        box = Inbox(database, BOT, owner="me")
        known, new = await stored(box, 1), await stored(box, 2, person=8)
        assert (known.served, new.served) == (frozenset({7}), NOBODY)
        assert known.rows[0].urgency < new.rows[0].urgency


async def test_where_others_wait_it_takes_its_turn_with_them(database: Database) -> None:
    box = Inbox(database, BOT, owner="me")
    await database.transaction(lambda conn: inbox.put(conn, BOT, 1, "{}"))
    found = (await stored(box, 2, at_once=False)).claimed
    assert found is not None
    assert {item.ticket.update_id for item in found.items} == {1, 2}


async def test_a_process_that_stops_claims_nothing(database: Database) -> None:
    box = Inbox(database, BOT, owner="me")
    await database.transaction(lambda conn: inbox.put(conn, BOT, 1, "{}"))
    assert await box.claim(InHand(), wanted=no) == Claimed()
    assert len((await box.claim(InHand(), wanted=yes)).items) == 1


async def test_attempts_are_counted_and_ends_are_marked_again_without_harm(database: Database) -> None:
    box = Inbox(database, BOT, owner="me")
    await stored(box, 1, 2, 3, person=0)
    done, failed, begun = (Ticket(BOT, n) for n in (1, 2, 3))
    for times in (1, 2):
        counts = await box.mark(handled=[done], failed=[failed], begun=[begun])
        assert counts == {begun: Begun(times)}
    assert await database.read(inbox.waiting) == 1


async def test_what_another_process_has_does_not_begin_here(database: Database) -> None:
    await stored(Inbox(database, BOT, owner="me"), 1)
    other = Inbox(database, BOT, owner="other")
    assert await other.mark(handled=[], failed=[], begun=[Ticket(BOT, 1)]) == {}


async def test_what_is_not_in_hand_is_handed_back_without_its_attempt(database: Database) -> None:
    box, held, cut = Inbox(database, BOT, owner="me"), Ticket(BOT, 1), Ticket(BOT, 2)
    await stored(box, 1, 2, person=0)
    await box.mark(handled=[], failed=[], begun=[held, cut])
    assert await box.hand_back(but=[held], uncounted=[cut]) == 1
    again = (await Inbox(database, BOT, owner="other").claim(InHand(), wanted=yes)).items
    assert [(item.ticket, item.attempts) for item in again] == [(cut, 0)]
    assert await Inbox(database, BOT, owner="third").hand_back() == 0
