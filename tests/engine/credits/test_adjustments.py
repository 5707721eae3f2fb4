"""Top-ups and debits without a chat: once per key, asked about when repeated, refused above the balance."""

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.errors import KeyReused, NotEnoughCredits
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts.users import User
from bot.engine.credits import notices
from bot.engine.credits.adjustments import Adjustment, AdjustmentKind, Adjustments, Repeated
from bot.engine.dialogs.confirmations import Confirmations
from bot.engine.dialogs.drafts import DraftGone
from bot.engine.privacy import erasure
from bot.storage.database import Database
from tests.engine.credits.people import clean, met, spendable


def top_up(user: User, credits: int, key: str = "k1", note: str = "") -> Adjustment:
    return Adjustment(AdjustmentKind.TOP_UP, key, user, Credits(credits * CREDIT), note)


def debit(user: User, credits: int, key: str = "d1") -> Adjustment:
    return Adjustment(AdjustmentKind.DEBIT, key, user, Credits(credits * CREDIT), "")


async def test_the_same_key_moves_once_and_says_who_did(database: Database) -> None:
    olga, ann = await met(database, 1, "Olga"), await met(database, 2, "Ann")
    adjustments = Adjustments(database)
    assert await adjustments.made_before(top_up(ann, 50)) is None
    made = await adjustments.make(top_up(ann, 50, note="for patience"), actor=olga)
    assert (made.new, made.available) == (True, 50 * CREDIT)
    again = await adjustments.make(top_up(ann, 50), actor=olga)
    assert (again.new, again.available) == (False, 50 * CREDIT)
    with pytest.raises(KeyReused):
        await adjustments.make(top_up(ann, 60), actor=olga)
    before = await adjustments.made_before(top_up(ann, 60))
    assert before is not None
    assert before.actor == olga
    assert (before.entry.amount, before.entry.note) == (50 * CREDIT, "for patience")
    assert await clean(database)


async def test_a_debit_above_the_balance_is_refused(database: Database) -> None:
    olga, ann = await met(database, 1, "Olga"), await met(database, 2, "Ann")
    adjustments = Adjustments(database)
    await adjustments.make(top_up(ann, 50), actor=olga)
    assert await adjustments.available_for(debit(ann, 50)) == 50 * CREDIT
    with pytest.raises(NotEnoughCredits) as refused:
        await adjustments.available_for(debit(ann, 51))
    assert (refused.value.available, refused.value.needed) == (50 * CREDIT, 51 * CREDIT)
    with pytest.raises(NotEnoughCredits):
        await adjustments.make(debit(ann, 51), actor=olga)
    assert (await adjustments.make(debit(ann, 20), actor=olga)).available == 30 * CREDIT
    assert await clean(database)


async def test_a_repetition_moves_only_when_it_is_meant(database: Database) -> None:
    olga, boss, ann = [await met(database, i, name) for i, name in enumerate(("Olga", "Boss", "Ann"), 1)]
    adjustments = Adjustments(database)
    await adjustments.make(top_up(ann, 5), actor=olga)
    with pytest.raises(Repeated) as repeated:
        await adjustments.make(top_up(ann, 5, "k2"), actor=olga)
    with pytest.raises(Repeated):
        await adjustments.make(top_up(ann, 5, "k2"), actor=olga, meant="another")
    assert await spendable(database, ann) == 5
    await adjustments.make(top_up(ann, 5, "k2"), actor=olga, meant=repeated.value.same.id)
    await adjustments.make(top_up(ann, 5, "k3"), actor=boss)
    database.shift_clock(601)
    await adjustments.make(top_up(ann, 5, "k4"), actor=olga)
    assert await spendable(database, ann) == 20
    assert await clean(database)


async def test_of_two_equal_top_ups_at_once_the_second_is_a_repetition(database: Database) -> None:
    ann = await met(database, 2, "Ann")
    both = [Adjustments(database).make(top_up(ann, 5, key), actor=None) for key in ("k1", "k2")]
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["Adjusted", "Repeated"]
    assert await spendable(database, ann) == 5


async def test_the_question_is_decided_with_the_credits(database: Database) -> None:
    olga, ann = await met(database, 1, "Olga"), await met(database, 2, "Ann")
    adjustments, confirmations = Adjustments(database), Confirmations(database)
    with pytest.raises(DraftGone):
        await adjustments.make(top_up(ann, 5), actor=olga, draft_id="k1")
    asked = top_up(ann, 5)
    draft = await confirmations.ask("k1", asker=1, purpose=asked.kind.value, data=asked.to_data())
    assert await adjustments.of_data(AdjustmentKind(draft.purpose), draft.data) == asked
    assert await adjustments.of_data(asked.kind, {**draft.data, "user": 4711}) is None
    assert (await adjustments.make(asked, actor=olga, draft_id="k1")).new
    assert not await confirmations.call_off("k1"), "what moved is not called off"
    assert not (await adjustments.make(asked, actor=olga, draft_id="k1")).new
    assert await spendable(database, ann) == 5


async def test_who_is_erased_at_the_same_moment_is_given_nothing(database: Database) -> None:
    ann = await met(database, 2, "Ann")
    erased = asyncio.Event()

    def erase(conn: Connection) -> None:
        erasure.forget(conn, ann, key=b"a key", agreed=Credits(0))
        if conn.dialect.name == "postgresql":  # others write meanwhile
            erased.set()
            conn.execute(sa.select(sa.func.pg_sleep(0.3)))

    erasing = asyncio.create_task(database.transaction(erase))
    if database.dialect == "postgresql":
        await erased.wait()
    else:
        await erasing
    with pytest.raises(DraftGone):
        await Adjustments(database).make(top_up(ann, 5), actor=None, notice=True)
    await erasing
    assert await spendable(database, ann) == 0
    assert not await database.read(notices.due)


async def test_a_notice_is_left_once(database: Database) -> None:
    ann = await met(database, 2, "Ann")
    adjustments, due = Adjustments(database), notices.DueNotices(database)
    assert await due.claim(9) == []
    for _ in range(2):
        await adjustments.make(top_up(ann, 5), actor=None, notice=True)
    (notice,) = await due.claim(9)
    assert (notice.user_id, notice.amount) == (ann.id, 5 * CREDIT)
    assert await due.about(notice) == (ann, 5 * CREDIT)
    assert await due.about(replace(notice, user_id=4711)) is None
    await due.refused(notice)
    database.shift_clock(notices.LATER + 1)
    assert await due.claim(9) == [notice]
    await due.told(notice)
    database.shift_clock(notices.LATER + 1)
    assert await due.claim(9) == []
