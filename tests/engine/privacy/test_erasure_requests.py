"""Erasure asked for, agreed to and done, without a chat."""

from contextlib import suppress
from typing import Any, cast

import pytest
import sqlalchemy as sa

from bot import ledger
from bot.domain.jobs import Job
from bot.domain.limits.admission import BalanceMoved, StillWorking
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.dialogs import inbox
from bot.engine.dialogs.confirmations import Confirmations
from bot.engine.dialogs.inbox import Ticket
from bot.engine.privacy.erasure_requests import ErasureRequests
from bot.engine.privacy.export import Exports
from bot.engine.results.originals import Originals
from bot.storage.database import Database
from bot.storage.tables import own_results
from tests.engine.kit import FakeFetcher, engine
from tests.engine.listening import told
from tests.engine.results.test_history import put

ANN, BOB, BOT = 11, 12, 1
KEY = b"a key"


async def met(db: Database, user_id: int, credits: int = 0) -> User:
    person, _ = await db.transaction(
        lambda conn: users.seen(conn, user_id=user_id, username=None, name="Ann", language_code="en")
    )
    if credits:
        await given(db, person, credits, "first")
    return person


async def given(db: Database, person: User, credits: int, key: str) -> None:
    amount, account = Credits(credits * CREDIT), person.account_id
    await db.transaction(
        lambda conn: ledger.top_up(conn, key=key, account_id=account, amount=amount, actor=None, note="")
    )


def originals(db: Database) -> Originals:
    return Originals(db, FakeFetcher([]), cast("Any", {}))


async def test_who_agrees_is_erased_and_the_update_is_handled_with_it(database: Database) -> None:
    requests, ann = ErasureRequests(database), await met(database, ANN, 3)
    agreed = await requests.ask(ann, "q")
    assert agreed == Credits(3 * CREDIT)
    assert await requests.pending(ann, "q") == agreed
    await database.transaction(lambda conn: inbox.put(conn, BOT, 1, "{}"))
    with inbox.under_way(Ticket(BOT, 1)):
        async with told(database, users.CHANGED):
            await requests.carry_out(ann, "q", agreed=agreed, originals=originals(database), key=KEY)
    assert await database.read(lambda conn: users.find(conn, ANN)) is None
    assert await database.read(inbox.waiting) == 0
    assert await requests.pending(ann, "q") is None
    assert not await database.read(ledger.verify)


async def test_a_balance_that_moved_is_asked_about_again(database: Database) -> None:
    requests, ann = ErasureRequests(database), await met(database, ANN, 3)
    agreed = await requests.ask(ann, "q")
    await given(database, ann, 4, "second")
    await database.transaction(lambda conn: inbox.put(conn, BOT, 1, "{}"))
    with inbox.under_way(Ticket(BOT, 1)), pytest.raises(BalanceMoved):
        await requests.carry_out(ann, "q", agreed=agreed, originals=originals(database), key=KEY)
    assert await database.read(inbox.waiting) == 1, "the update waits for the question that is asked anew"
    assert await requests.pending(ann, "q") == Credits(7 * CREDIT)
    assert await database.read(lambda conn: users.find(conn, ANN)) is not None


async def test_a_request_is_its_persons_alone_until_it_is_withdrawn(database: Database) -> None:
    requests, ann, bob = ErasureRequests(database), await met(database, ANN), await met(database, BOB)
    assert await requests.ask(ann, "q") == Credits(0)
    assert await requests.pending(bob, "q") is None
    for _ in range(2):
        await requests.withdraw("q")
        assert await requests.pending(ann, "q") is None


async def test_another_purposes_draft_agrees_to_nothing(database: Database) -> None:
    ann = await met(database, ANN)
    await Confirmations(database).ask("q", asker=ANN, purpose="ban", data={"balance": 0})
    assert await ErasureRequests(database).pending(ann, "q") is None


async def test_results_are_deleted_upstream_only_for_who_still_agrees(database: Database) -> None:
    class Deleting:
        def __init__(self) -> None:
            self.deleted: list[str] = []

        async def delete(self, job: Job) -> None:
            self.deleted.append(job.id)

    async with engine(database) as kit:
        user, requests, upstream = await kit.person(ANN), ErasureRequests(database), Deleting()
        await kit.order(user)
        await kit.finished("job1")
        kept = sa.insert(own_results).values(provider="toy", own="a", job_id="job1", position=0)
        await database.transaction(lambda conn: conn.execute(kept).rowcount)
        agreed = await requests.ask(user, "q")
        for amount, deleted in ((Credits(agreed - 1), []), (agreed, ["job1"])):
            with suppress(BalanceMoved):
                await requests.carry_out(user, "q", agreed=amount, originals=cast("Any", upstream), key=KEY)
            assert upstream.deleted == deleted


async def test_none_is_opened_while_an_order_is_under_way(database: Database) -> None:
    async with engine(database, start=False) as kit:
        user = await kit.person(ANN)
        await kit.order(user)
        requests = ErasureRequests(database)
        with pytest.raises(StillWorking):
            await requests.ask(user, "q")
        assert await requests.pending(user, "q") is None


async def test_an_export_is_of_one_person(database: Database) -> None:
    ann = await met(database, ANN, 3)
    bob = await met(database, BOB)
    for user, job in ((ann, "j1"), (ann, "j2"), (bob, "j3")):
        await put(database, user, job)
    data, jobs = await Exports(database).gather(ann, lambda _job, _index: "", jobs=10)
    assert (data["profile"]["telegram_id"], data["balance"]["available"]) == (ANN, "3")
    assert [job.id for job in jobs] == ["j2", "j1"]
    _, newest = await Exports(database).gather(ann, lambda _job, _index: "", jobs=1)
    assert [job.id for job in newest] == ["j2"]
