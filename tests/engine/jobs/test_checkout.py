"""The one way to an order: who pays, what the model takes of what was wanted, and the update that asked for it."""

import pytest

from bot.domain.errors import NotEnoughCredits, NotOnSale
from bot.domain.jobs import Target
from bot.domain.money import Credits
from bot.engine.conversations.memory import Ask
from bot.engine.dialogs import inbox
from bot.engine.jobs.submit import Wanted, payer_of
from bot.storage.clock import now
from bot.storage.database import Database
from tests.engine.chat_kit import chatting
from tests.engine.kit import engine

GROUP = Target(-500, None, 9)
PRICE = Credits(10_000_000)


def wanted(name: str = "job1", *, model: str = "pika", at: Target = GROUP) -> Wanted:
    return Wanted(name, model, at, "en", prompt="a lake", source="elsewhere", requester="Ann")


async def test_each_person_pays_in_groups_too(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        assert payer_of(ann, GROUP.chat_id) == ann.account_id
        moment = await database.read(now)
        placed = await kit.orders.checkout(ann, wanted(), quote=PRICE, quoted_at=moment)
        job = placed.job
        assert (job.account_id, job.user_id, job.requester) == (ann.account_id, 1, "Ann")
        assert await kit.balance(ann) == (90, 10)
        again = await kit.orders.checkout(ann, wanted(), quote=PRICE, quoted_at=moment)
        assert again.existed
        await kit.finished("job1")


async def test_what_cannot_be_had_holds_nothing(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1, 5)
        moment = await database.read(now)
        with pytest.raises(NotOnSale):
            await kit.orders.checkout(ann, wanted(model="gone"), quote=PRICE, quoted_at=moment)
        with pytest.raises(NotEnoughCredits):
            await kit.orders.checkout(ann, wanted(), quote=PRICE, quoted_at=moment)
        assert await kit.balance(ann) == (5, 0)


async def test_a_question_goes_the_same_way(database: Database) -> None:
    async with chatting(database) as (kit, _):
        ann = await kit.person(1, 10)
        asked = await kit.asks.checkout(ann, wanted("question", model="gpt", at=Target(1, None, 0)), Ask())
        assert asked is not None
        assert asked.begun
        assert asked.placed.job.account_id == ann.account_id
        await kit.finished("question")
        with pytest.raises(NotOnSale):
            await kit.asks.checkout(ann, wanted("other", model="gone"), Ask())


async def test_the_update_is_handled_with_the_order(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        await database.transaction(lambda conn: inbox.put(conn, 1, 7, "{}"))
        moment = await database.read(now)
        with inbox.under_way(inbox.Ticket(1, 7)), pytest.raises(NotOnSale):
            await kit.orders.checkout(ann, wanted(model="gone"), quote=PRICE, quoted_at=moment)
        assert await database.read(inbox.waiting) == 1
        with inbox.under_way(inbox.Ticket(1, 7)):
            await kit.orders.checkout(ann, wanted(), quote=PRICE, quoted_at=moment)
        assert await database.read(inbox.waiting) == 0
        await kit.finished("job1")
