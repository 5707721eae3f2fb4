"""Cards whose message is known by name only, without a chat."""

from dataclasses import replace

import sqlalchemy as sa

from bot.engine.accounts.personal_settings import PersonalSettings
from bot.engine.accounts.preferences import Preferences
from bot.engine.dialogs import inbox
from bot.engine.orders.cards import Cards
from bot.storage.database import Database
from bot.storage.tables import jobs
from tests.engine.credits.people import met
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
    await database.transaction(lambda conn: inbox.put(conn, 1, 8, "{}"))
    with inbox.under_way(inbox.Ticket(1, 8)):
        assert not await cards.asks_first("job1", every=30.0)
    assert await database.read(inbox.waiting) == 1, "the cancel that follows is what handles it"


async def test_a_card_begins_with_what_its_owner_chose_and_anybodys_with_nothing(database: Database) -> None:
    cards, settings = Cards(database), PersonalSettings(database)
    await met(database, 1, "Ann")
    own = await settings.chat_model(1, "clever")
    assert await cards.post("mine", 1, {}) == own != Preferences()
    assert (await cards.press("mine", 1, "here")).own == own
    await cards.post("anybodys", -500, {})
    press = await cards.press("anybodys", 1, "there")
    assert (press.here, press.own) == (True, Preferences())


async def test_a_price_that_was_told_again_is_new(database: Database) -> None:
    cards = Cards(database)
    await cards.offer("card", 1, {})
    draft = (await cards.press("card", 1, "here")).draft
    assert draft is not None
    assert draft.quoted_at is not None
    before = draft.quoted_at
    database.shift_clock(100)
    await cards.requote(draft)
    now = (await cards.press("card", 1, "here")).draft
    assert now is not None
    assert now.quoted_at is not None
    assert now.quoted_at >= before + 100


async def test_another_try_takes_the_place_of_a_failed_job_until_it_is_one(database: Database) -> None:
    async with engine(database) as kit:
        ann, cards = await kit.person(1), Cards(database)
        await kit.order(ann)
        done = await kit.finished("job1")
        unread = sa.update(jobs).values(inline_id="here", notice_due=True, next_at=1e12)  # no worker says it here
        await database.transaction(lambda conn: conn.execute(unread.where(jobs.c.id == "job1")).rowcount)
        failed = replace(done, target=replace(done.target, inline_id="here"))
        first = await cards.retry(failed, "again", {"text": "a lake"})
        assert first is not None
        assert (first.user_id, first.inline_id, first.data) == (1, "here", {"text": "a lake"})
        assert first.quoted_at is not None
        assert not (await kit.job("job1")).notice_due, "its last word would cover the card"
        database.shift_clock(100)
        once_more = await cards.retry(failed, "again", {})
        assert once_more is not None
        assert once_more.quoted_at is not None
        assert once_more.quoted_at >= first.quoted_at + 100
        await kit.order(ann, id="again")
        assert await cards.retry(failed, "again", {}) is None
