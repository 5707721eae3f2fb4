"""Orders in the making, without a chat: opened once, priced, answered, given up."""

from dataclasses import replace
from typing import Any

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Target
from bot.domain.limits.groups import Why
from bot.domain.money import Credits
from bot.engine.accounts.personal_settings import PersonalSettings
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts as rows
from bot.engine.dialogs import expiring_messages
from bot.engine.dialogs.confirmations import Confirmations
from bot.engine.groups.settings import GroupSettings
from bot.engine.orders.order_drafts import OrderDrafts
from bot.storage.database import Database
from tests.engine.kit import engine, model

PRIVATE = Target(1, None, 7)
GROUP = Target(-500, None, 7)
PRICE = Credits(10_000_000)


async def test_an_order_is_opened_once_and_priced(database: Database) -> None:
    drafts = OrderDrafts(database)
    async with engine(database) as kit:
        ann = await kit.person(1)
        draft = await drafts.open("job1", 1, PRIVATE, {"prompt": "a lake"})
        assert draft is not None
        assert (draft.chat_id, draft.reply_to, draft.sent) == (1, 7, False)
        again = await drafts.open("job1", 1, PRIVATE, {"prompt": "another"})
        assert again is not None
        assert again.data == {"prompt": "a lake"}
        free = await drafts.price(
            ann, draft, PRICE, lambda job: {"latest": job is not None}, like=Kind.VIDEO, set_aside=kit.asks.set_aside
        )
        assert free == 100_000_000
        kept = await drafts.get("job1")
        assert kept is not None
        assert (kept.quote, kept.data) == (PRICE, {"latest": False})
        assert kept.quoted_at is not None
        shown = await drafts.shown("job1", 1, 12)
        assert shown is not None
        assert shown.sent
        await drafts.mark("job1", "refused", "why")
        marked = await drafts.get("job1")
        assert marked is not None
        assert marked.data == {"latest": False, "refused": "why"}
        await drafts.stands_at(replace(marked, message_id=0, ephemeral_id=3))
        now_there = await drafts.get("job1")
        assert now_there is not None
        assert (now_there.message_id, now_there.ephemeral_id, now_there.data) == (0, 3, marked.data)
        await drafts.give_up("job1")
        assert await drafts.find("job1") == (None, None)
        assert await drafts.shown("job1", 1, 13) is None


async def test_what_improvements_hold_counts_as_the_persons_own(database: Database) -> None:
    drafts = OrderDrafts(database)
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        draft = await drafts.open("job1", 1, PRIVATE, {})
        assert draft is not None

        async def priced(person: User) -> tuple[Credits, dict[str, Any]]:
            free = await drafts.price(
                person,
                draft,
                None,
                lambda job: {"latest": job.id if job is not None else ""},
                like=Kind.VIDEO,
                set_aside=lambda _conn, account, name: Credits(account + len(name)),
            )
            kept = await drafts.get("job1")
            assert kept is not None
            assert (kept.quote, kept.quoted_at) == (None, None)
            return free, kept.data

        assert await priced(ann) == (100_000_000 + ann.account_id + 4, {"latest": ""})
        assert await priced(replace(ann, account_id=0)) == (0, {"latest": ""})
        await kit.order(ann, id="job7")
        assert (await priced(ann))[1] == {"latest": "job7"}
        assert await drafts.awaiting(1, 1, None) is None, "no words were asked for"


async def test_another_purposes_draft_is_no_order(database: Database) -> None:
    drafts = OrderDrafts(database)
    await Confirmations(database).ask("q", asker=1, purpose="ban", data={})
    assert await drafts.get("q") is None
    assert (await drafts.find("q"))[0] is not None


async def test_what_became_a_job_is_opened_no_more(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        await kit.order(ann, "a lake")
        await kit.finished("job1")
        drafts = OrderDrafts(database)
        assert await drafts.open("job1", 1, PRIVATE, {}) is None
        await drafts.open("open", 1, PRIVATE, {})
        again = await drafts.tapped("open", "tap", every=60.0)
        assert again == (await drafts.get("open"), False)
        assert await drafts.tapped("job1", "tap", every=60.0) == (None, False)
        assert await drafts.tapped("job2", "tap", every=60.0) == (None, False)
        assert await drafts.tapped("job3", "tap", every=60.0) == (None, True)


async def test_an_order_waits_for_words(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        drafts = OrderDrafts(database)
        draft = await drafts.open("job1", 1, PRIVATE, {})
        assert draft is not None
        await drafts.price(ann, draft, None, lambda _: {}, awaits_text=True, set_aside=kit.asks.set_aside)
        found = await drafts.awaiting(1, 1, None)
        assert found is not None
        assert found.id == "job1"
        assert await drafts.awaiting(1, -500, None) is None
        assert await drafts.awaiting(2, 1, None) is None
        await drafts.answered(1)
        assert await drafts.awaiting(1, 1, None) is None


async def test_an_order_that_is_anybodys_waits_for_everybodys_reply(database: Database) -> None:
    drafts = OrderDrafts(database)
    for name, owner, message in (("anybodys", -500, 12), ("anns", 1, 13)):
        await drafts.open(name, owner, GROUP, {})
        await drafts.shown(name, -500, message)
    found = await drafts.awaiting(2, -500, 12)
    assert found is not None
    assert found.id == "anybodys"
    assert await drafts.awaiting(2, -500, 13) is None
    assert await drafts.awaiting(2, -500, None) is None


async def test_a_menu_in_a_group_expires_until_it_is_closed(database: Database) -> None:
    drafts = OrderDrafts(database)
    await drafts.open("job1", 1, GROUP, {})
    shown = await drafts.shown("job1", -500, 12)
    assert shown is not None
    database.shift_clock(expiring_messages.SHOWN + 1)
    assert await database.read(expiring_messages.due)
    await drafts.closed(shown)
    assert not await database.read(expiring_messages.due)


async def test_a_menu_in_a_group_stands_longer_when_it_is_used(database: Database) -> None:
    drafts = OrderDrafts(database)
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        await drafts.open("job1", 1, GROUP, {})
        shown = await drafts.shown("job1", -500, 12)
        assert shown is not None
        database.shift_clock(expiring_messages.SHOWN - 1)
        await drafts.price(ann, shown, None, lambda _: {}, set_aside=kit.asks.set_aside)
        database.shift_clock(2)
        assert not await database.read(expiring_messages.due)
        moved = await drafts.shown("job1", -1_000_500, 3)
        assert moved is not None
        assert (moved.chat_id, moved.message_id, moved.reply_to) == (-1_000_500, 3, 0)
        assert await drafts.get("job1") == moved


async def test_the_first_words_of_an_album_take_its_order(database: Database) -> None:
    drafts = OrderDrafts(database)
    await drafts.open("album", 1, PRIVATE, {})
    assert await drafts.take_wordless("album", every=60.0) is None  # it is not shown yet
    await drafts.shown("album", 1, 12)
    assert await drafts.take_wordless("album", every=60.0) is not None
    assert await drafts.take_wordless("album", every=60.0) is None


async def test_an_album_that_is_a_job_takes_no_words(database: Database) -> None:
    drafts = OrderDrafts(database)
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        await drafts.open("album", 1, PRIVATE, {})
        await drafts.shown("album", 1, 12)
        await kit.order(ann, id="album")
        await database.transaction(  # the menu comes back with an update that was late
            lambda conn: rows.create(
                conn, id="album", user_id=1, purpose="order", chat_id=1, thread_id=None, data={}, message_id=12
            )
        )
        assert await drafts.take_wordless("album", every=60.0) is None


async def test_what_admins_do_not_allow_is_known_before_an_order(database: Database) -> None:
    drafts = OrderDrafts(database)
    await GroupSettings(database).allow_model(-500, "pika", allowed=False)
    refused = await drafts.refused(-500, 5, admin=False, model=model("pika"), kind=None)
    assert refused is not None
    assert refused.why is Why.MODEL
    assert await drafts.refused(1, 5, admin=False, model=model("pika"), kind=None) is None


async def test_a_kind_tapped_in_the_menu_is_remembered(database: Database) -> None:
    await PersonalSettings(database).choose_kind(1, Kind.VIDEO)
    assert await OrderDrafts(database).chosen_kind(1) is Kind.VIDEO
