"""Orders that wait for credits, without a chat: who waits, what brings them back, and what ends the wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot import ledger
from bot.domain.jobs import Target
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import bans
from bot.engine.accounts.users import User
from bot.engine.credits import notices
from bot.engine.dialogs.drafts import Draft
from bot.engine.orders import waiting_orders
from bot.engine.orders.order_drafts import OrderDrafts
from bot.engine.orders.waiting_orders import AGAIN, KEPT, SETTLED, WaitingOrders
from bot.engine.privacy import erasure, export
from bot.storage.database import Database
from tests.engine.kit import Kit, engine

PRICE = Credits(150 * CREDIT)
"""More than the 100 credits that people have."""


@dataclass
class Stage:
    db: Database
    kit: Kit
    drafts: OrderDrafts
    waiting: WaitingOrders
    ann: User

    async def lacks(self, name: str = "lake", *, chat_id: int = 1, quote: Credits = PRICE) -> Draft:
        """A card of that order with a price above the balance, on the screen."""
        draft = await self.drafts.open(name, 1, Target(chat_id, None, 7), {"prompt": name})
        assert draft is not None
        await self.price(draft, quote)
        shown = await self.drafts.shown(name, chat_id, 12)
        assert shown is not None
        return shown

    async def price(self, draft: Draft, quote: Credits | None) -> Credits:
        words = {"prompt": draft.data["prompt"]}
        return await self.drafts.price(self.ann, draft, quote, lambda _: words, set_aside=lambda *_: Credits(0))

    async def give(self, credits: int = 50, key: str = "t") -> None:
        account, amount = self.ann.account_id, Credits(credits * CREDIT)
        await self.db.transaction(
            lambda conn: ledger.top_up(conn, key=key, account_id=account, amount=amount, actor=None, note="")
        )
        self.db.shift_clock(SETTLED + 1)

    async def claimed(self) -> list[str]:
        return [order.draft_id for order in await self.waiting.claim(5)]


@asynccontextmanager
async def stage(database: Database) -> AsyncIterator[Stage]:
    async with engine(database) as kit:
        ann = await kit.person(1)
        yield Stage(database, kit, OrderDrafts(database), WaitingOrders(database), ann)
        assert await database.read(ledger.verify) == []


async def test_an_order_that_cannot_be_paid_comes_back_with_credits(database: Database) -> None:
    async with stage(database) as s:
        card = await s.lacks()
        assert await s.claimed() == []
        await s.give(49, "t1")
        assert await s.claimed() == [], "a credit is missing"
        await s.give(1, "t2")
        (order,) = await s.waiting.claim(5)
        assert (order.draft_id, order.quote, order.data) == ("lake", PRICE, {"prompt": "lake"})
        back = await s.waiting.reopen(order)
        assert back is not None
        assert (back.person.id, back.draft.id, back.draft.sent) == (1, "lake", False)
        assert back.earlier is not None
        assert back.earlier.message_id == card.message_id
        assert await s.price(back.draft, PRICE) == PRICE
        await s.drafts.shown("lake", 1, 20)
        s.db.shift_clock(AGAIN + 1)
        assert await s.claimed() == [], "it stands: the wait is over"
        assert await s.kit.balance(s.ann) == (150, 0), "nothing is charged or held"


async def test_who_just_got_credits_hears_of_them_first(database: Database) -> None:
    async with stage(database) as s:
        await s.lacks()
        await s.give()
        s.db.shift_clock(-SETTLED)
        assert await s.claimed() == []
        s.db.shift_clock(SETTLED)
        await database.transaction(lambda conn: notices.leave(conn, "n", user_id=1, amount=PRICE))
        assert await s.claimed() == []
        for notice in await notices.DueNotices(database).claim(5):
            await notices.DueNotices(database).told(notice)
        assert await s.claimed() == ["lake"]


async def test_a_process_that_dies_is_followed_by_another_and_two_share_nothing(
    two: tuple[Database, Database],
) -> None:
    async with stage(two[0]) as s:
        await s.lacks()
        await s.give()
        other = WaitingOrders(two[1])
        found = await asyncio.gather(*(each.claim(5) for each in (s.waiting, other, s.waiting, other)))
        assert [order.draft_id for orders in found for order in orders] == ["lake"]
        assert await other.claim(5) == []
        two[1].shift_clock(AGAIN + SETTLED + 2)
        (order,) = await other.claim(5)
        assert await other.reopen(order) is not None
        two[1].shift_clock(AGAIN + 1)  # it died before the card was sent
        (order,) = await other.claim(5)
        again = await other.reopen(order)
        assert again is not None
        assert again.draft.id == "lake", "the same order: two cards of it are one"


async def test_the_latest_of_a_person_waits(database: Database) -> None:
    async with stage(database) as s:
        await s.lacks("lake")
        await s.lacks("sea")
        await s.give()
        assert await s.claimed() == ["sea"]


async def test_what_ends_the_wait(database: Database) -> None:
    async with stage(database) as s:
        card = await s.lacks("paid otherwise")
        await s.price(card, Credits(90 * CREDIT))
        await s.lacks("cancelled")
        await s.drafts.give_up("cancelled")
        await s.give()
        assert await s.claimed() == []
        await s.lacks("cancelled late", quote=Credits(160 * CREDIT))
        await s.give(key="t2")
        (order,) = await s.waiting.claim(5)
        await s.drafts.give_up("cancelled late")
        assert await s.waiting.reopen(order) is None


async def test_an_order_that_became_a_job_does_not_come_back(database: Database) -> None:
    async with stage(database) as s:
        await s.lacks("job1")
        await s.give()
        await s.kit.order(s.ann)
        await s.kit.finished("job1")
        await s.give(key="t2")
        (order,) = await s.waiting.claim(5)
        assert await s.waiting.reopen(order) is None
        s.db.shift_clock(AGAIN + 1)
        assert await s.claimed() == []


async def test_after_a_day_it_is_forgotten(database: Database) -> None:
    async with stage(database) as s:
        await s.lacks()
        s.db.shift_clock(KEPT + 1)
        await s.give()
        assert await s.claimed() == []
        assert not await database.read(waiting_orders.due)


async def test_at_a_higher_price_it_goes_on_waiting(database: Database) -> None:
    async with stage(database) as s:
        await s.lacks()
        await s.give()
        (order,) = await s.waiting.claim(5)
        back = await s.waiting.reopen(order)
        assert back is not None
        await s.price(back.draft, Credits(170 * CREDIT))
        await s.drafts.shown("lake", 1, 20)
        s.db.shift_clock(AGAIN + 1)
        assert await s.claimed() == []
        await s.give(20, "t2")
        assert await s.claimed() == ["lake"]


async def test_an_order_of_a_group_comes_back_in_private_also_without_its_menu(database: Database) -> None:
    async with stage(database) as s:
        await s.lacks("hike", chat_id=-500)
        await s.give()
        (order,) = await s.waiting.claim(5)
        back = await s.waiting.reopen(order)
        assert back is not None
        assert (back.draft.chat_id, back.draft.data, back.earlier) == (1, {"prompt": "hike"}, None)
        assert await s.drafts.get("hike") is None, "the menu in the group ends"
        s.db.shift_clock(AGAIN + 1)
        (order,) = await s.waiting.claim(5)
        again = await s.waiting.reopen(order)
        assert again is not None
        assert again.draft.id == back.draft.id


async def test_who_cannot_be_written_to_is_tried_later_and_who_is_banned_is_not(database: Database) -> None:
    async with stage(database) as s:
        await s.lacks()
        await s.give()
        (order,) = await s.waiting.claim(5)
        await s.waiting.refused(order)
        s.db.shift_clock(AGAIN + 1)
        assert await s.claimed() == []
        s.db.shift_clock(notices.LATER)
        await database.transaction(lambda conn: bans.ban(conn, 1, reason="", actor=1))
        assert await s.claimed() == []
        await database.transaction(lambda conn: bans.unban(conn, 1))
        assert await s.claimed() == ["lake"]


async def test_it_is_exported_and_erased(database: Database) -> None:
    async with stage(database) as s:
        await s.lacks()
        found = await database.read(lambda conn: export.gather(conn, s.ann, lambda job, index: ""))
        assert [order["prompt"] for order in found["waiting_for_credits"]] == ["lake"]
        agreed = Credits(100 * CREDIT)
        await database.transaction(lambda conn: erasure.forget(conn, s.ann, key=b"k", agreed=agreed))
        s.db.shift_clock(KEPT + 1)
        assert not await database.read(waiting_orders.due), "nothing is left to be forgotten"
