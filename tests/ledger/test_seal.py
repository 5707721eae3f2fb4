"""What moved since the seal is proved with all that it touches; rows edited by hand are found by the whole proof."""

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.ledger import Mark, Problem, Proof, digests
from bot.storage.database import Database
from bot.storage.tables import seals
from tests.ledger.books import account_with, done, failed, place, refunded, set_job, worth
from tests.ledger.test_verify import unlock


class Prover:
    """Proves and seals as the running bot does."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.mark: Mark | None = None

    async def prove(self) -> Proof:
        oldest = await self.database.read(ledger.open_since)
        proof = await self.database.read(lambda conn: ledger.prove_new(conn, self.mark, oldest))
        self.mark = proof.mark
        await self.database.transaction(lambda conn: ledger.seal(conn, proof))
        return proof

    async def settle(self) -> None:
        """Until all that moved is under the seal: on PostgreSQL that takes the next proof."""
        for _ in range(2):
            assert (await self.prove()).problems == ()
        assert await self.sealed() == await self.newest()

    async def sealed(self) -> int:
        return await self.database.read(lambda conn: conn.scalar(sa.select(sa.func.max(seals.c.seq))) or 0)

    async def newest(self) -> int:
        query = sa.text("SELECT coalesce(max(seq), 0) FROM transfers")
        return await self.database.read(lambda conn: conn.execute(query).scalar_one())

    async def tamper(self, statement: str) -> None:
        """Edits the books past their rules, for good."""

        def edit(conn: Connection) -> None:
            unlock(conn)
            assert conn.exec_driver_sql(statement).rowcount >= 1

        await self.database.transaction(edit)

    async def broken(self) -> set[tuple[str, str]]:
        return told((await self.prove()).problems)

    async def broken_at_night(self) -> set[tuple[str, str]]:
        return told(await self.database.read(ledger.verify))


def told(problems: list[Problem] | tuple[Problem, ...]) -> set[tuple[str, str]]:
    return {(problem.rule, problem.subject) for problem in problems}


@pytest.fixture
async def prover(database: Database) -> Prover:
    """Clean books of two accounts under a seal: jobs live, done, failed and refunded."""
    for amount in (100, 50):
        await account_with(database, amount)

    def fn(conn: Connection) -> None:
        for job_id in ("live", "late", "done", "gone", "back"):
            place(conn, job_id, 1, worth(10))
        done(conn, "done", worth(10))
        failed(conn, "gone")
        done(conn, "back", worth(10))
        refunded(conn, "back")

    await database.transaction(fn)
    made = Prover(database)
    await made.settle()
    return made


MOVES: dict[str, Callable[[Connection], object]] = {
    "nothing": lambda conn: None,
    "an order": lambda conn: place(conn, "next", 2, worth(5)),
    "the end of an old order": lambda conn: done(conn, "late", worth(4)),
    "a failure of an old order": lambda conn: failed(conn, "late"),
    "a refund of an old job": lambda conn: refunded(conn, "done"),
    "a top-up": lambda conn: ledger.top_up(conn, key="k", account_id=2, amount=worth(1), actor=None),
    "a debit": lambda conn: ledger.debit(conn, key="k", account_id=1, amount=worth(1), actor=1),
    "a new account": lambda conn: ledger.welcome(conn, account_id=ledger.open_account(conn), amount=worth(1)),
}


@pytest.mark.parametrize("move", MOVES)
async def test_what_moved_is_proved_and_sealed(prover: Prover, move: str) -> None:
    await prover.database.transaction(MOVES[move])
    await prover.settle()
    await prover.settle()
    assert await prover.broken_at_night() == set()


FOUND = {
    "a balance of a touched account": (
        "balance",
        "1",
        "UPDATE accounts SET credits_posted = credits_posted + 10000 WHERE id = 1",
    ),
    "a refund not told of an old job": ("refunded", "done", "UPDATE jobs SET refunded = false WHERE id = 'done'"),
    "a charge of a touched job": ("charged", "done", "UPDATE jobs SET charged = 20000 WHERE id = 'done'"),
    "an amount of today": ("refund", "done", "UPDATE transfers SET amount = 90000000 WHERE id = 'refund:done'"),
    "a fraction of today": ("cents", "refund:done", "UPDATE transfers SET amount = 1 WHERE id = 'refund:done'"),
    "a lost row of today": ("balance", "1", "DELETE FROM transfers WHERE id = 'refund:done'"),
    "an old order that ended without its money": ("held", "1", "UPDATE jobs SET state = 'failed' WHERE id = 'late'"),
    "an unfinished job with another price": ("live_hold", "live", "UPDATE jobs SET quote = 20000 WHERE id = 'live'"),
}


@pytest.mark.parametrize("case", FOUND)
async def test_what_is_wrong_with_what_moved_is_found_and_not_sealed(prover: Prover, case: str) -> None:
    rule, subject, statement = FOUND[case]

    def move(conn: Connection) -> None:
        refunded(conn, "done")
        ledger.top_up(conn, key="same", account_id=1, amount=worth(1), actor=None)  # touches it though a row is lost

    await prover.database.transaction(move)
    before = await prover.sealed()
    await prover.tamper(statement)
    for _ in range(2):
        assert (rule, subject) in await prover.broken()
    assert await prover.sealed() == before


EDITS = {
    "when it moved": "UPDATE transfers SET created_at = created_at - 60 WHERE id = 'topup:start2'",
    "who moved it": "UPDATE transfers SET actor = 1 WHERE id = 'topup:start2'",
    "its key": "UPDATE transfers SET id = 'topup:other' WHERE id = 'topup:start2'",
}


@pytest.mark.parametrize("case", EDITS)
async def test_an_old_row_edited_by_hand_is_found_by_the_whole_proof(prover: Prover, case: str) -> None:
    await prover.tamper(EDITS[case])
    assert await prover.broken() == set()
    ((rule, subject),) = await prover.broken_at_night()
    assert rule == "seal"
    assert subject.startswith("transfers ")


async def test_a_lost_old_row_is_found_by_the_whole_proof(prover: Prover) -> None:
    await prover.tamper("DELETE FROM transfers WHERE id = 'topup:start2'")
    found = await prover.broken_at_night()
    assert ("balance", "2") in found
    assert any(rule == "seal" for rule, _ in found)


async def test_long_books_have_many_digests(prover: Prover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "STRETCH", 3)

    def many(conn: Connection) -> None:
        for n in range(8):
            ledger.top_up(conn, key=f"n{n}", account_id=2, amount=worth(1), actor=None)

    await prover.database.transaction(many)
    await prover.settle()
    assert await prover.broken_at_night() == set()
    await prover.tamper("UPDATE transfers SET created_at = 1 WHERE id = 'topup:n7'")
    ((_, subject),) = await prover.broken_at_night()
    first, last = (int(number) for number in subject.removeprefix("transfers ").split("–"))
    assert last - first < 3


async def test_of_two_processes_one_seals(prover: Prover) -> None:
    await prover.database.transaction(lambda conn: place(conn, "next", 2, worth(5)))

    def prove(conn: Connection) -> Proof:
        newest = conn.exec_driver_sql("SELECT max(seq) FROM transfers").scalar_one()
        return ledger.prove_new(conn, Mark(newest, 0.0), None)

    proof = await prover.database.read(prove)
    written = [await prover.database.transaction(lambda conn: ledger.seal(conn, proof)) for _ in range(2)]
    assert written == [True, False]
    await prover.settle()
    assert await prover.broken_at_night() == set()


async def test_the_seal_stays_behind_the_oldest_open_transaction(prover: Prover) -> None:
    database = prover.database
    if database.dialect == "sqlite":
        return  # one writer: there is no other transaction to stay behind
    before = await prover.sealed()
    drawn, finish = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def slow() -> None:
        """Draws a number, and commits long after."""
        async with database._engine.begin() as conn:  # type: ignore[attr-defined]  # a connection to hold open
            await conn.run_sync(lambda sync: ledger.top_up(sync, key="slow", account_id=1, amount=worth(1), actor=None))
            loop.call_soon(drawn.set)
            await finish.wait()

    writing = asyncio.create_task(slow())
    await drawn.wait()
    for n in range(3):
        await database.transaction(
            lambda conn, n=n: ledger.top_up(conn, key=f"fast{n}", account_id=2, amount=worth(1), actor=None)  # type: ignore[misc]
        )
        assert (await prover.prove()).problems == ()
    assert await prover.sealed() == before  # nothing after the open transaction's number, for it may come yet
    finish.set()
    await writing
    assert (await prover.prove()).problems == ()
    await prover.settle()
    assert await prover.broken_at_night() == set()


async def test_what_goes_on_meanwhile_is_no_problem(prover: Prover) -> None:
    """The proof is of one moment: what other transactions do meanwhile is either all in it or not at all."""

    async def busy() -> None:
        for n in range(30):
            await prover.database.transaction(lambda conn, n=n: place(conn, f"b{n}", 1, worth(1)))  # type: ignore[misc]
            await prover.database.transaction(lambda conn, n=n: done(conn, f"b{n}", worth(1)))  # type: ignore[misc]

    working = asyncio.create_task(busy())
    while not working.done():
        assert (await prover.prove()).problems == ()
    await working
    await prover.settle()
    assert await prover.broken_at_night() == set()
    await prover.database.transaction(lambda conn: set_job(conn, "live", prompt="another"))
    assert await prover.broken() == set()
