"""The ledger against a dictionary: hypothesis makes up histories of movements, and after each step the two agree."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import KeyReused, NotEnoughCredits, NotRefundable
from bot.domain.money import CENT, Credits
from bot.storage.database import Database, open_database
from tests.ledger.books import done, failed, place, refunded

T = TypeVar("T")
AMOUNTS = st.integers(1, 300).map(lambda cents: Credits(cents * CENT))
WHICH = st.integers(0, 7)


@dataclass
class Order:
    account: int
    quote: Credits
    state: str = "live"
    charged: int = 0
    refunded: bool = False


@dataclass
class Model:
    """What the books must say."""

    available: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    gifts: dict[str, tuple[int, int]] = field(default_factory=dict)
    welcomed: set[int] = field(default_factory=set)


class Machine(RuleBasedStateMachine):
    runner: ClassVar[asyncio.Runner]
    database: ClassVar[Database]
    examples: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).examples += 1
        self.run_number = self.examples
        self.model = Model()

    def do(self, fn: Callable[[Connection], T]) -> T:
        return self.runner.run(self.database.transaction(fn))

    def refused(self, error: type[Exception], fn: Callable[[Connection], Any]) -> Any:
        """The operation is refused, and the transaction around it goes on."""

        def attempt(conn: Connection) -> Any:
            with pytest.raises(error) as caught:
                fn(conn)
            conn.exec_driver_sql("SELECT 1")
            return caught.value

        return self.do(attempt)

    def account(self, which: int) -> int:
        return sorted(self.model.available)[which % len(self.model.available)]

    def key(self, which: int) -> str:
        return f"{self.run_number}-{which}"

    @initialize()
    def people(self) -> None:
        for _ in range(2):
            account = self.do(ledger.open_account)
            self.model.available[account], self.model.held[account] = 0, 0

    @rule(which=WHICH, key=WHICH, amount=AMOUNTS)
    def top_up(self, which: int, key: int, amount: Credits) -> None:
        account, name = self.account(which), self.key(key)

        def move(conn: Connection) -> bool:
            return ledger.top_up(conn, key=name, account_id=account, amount=amount, actor=None, note="n")

        if name not in self.model.gifts:
            assert self.do(move)
            self.model.gifts[name] = (account, amount)
            self.model.available[account] += amount
        elif self.model.gifts[name] == (account, amount):
            assert not self.do(move)
        else:
            self.refused(KeyReused, move)

    @rule(which=WHICH, amount=AMOUNTS)
    def welcome(self, which: int, amount: Credits) -> None:
        account = self.account(which)
        given = self.do(lambda conn: ledger.welcome(conn, account_id=account, amount=amount))
        assert given == (account not in self.model.welcomed)
        if given:
            self.model.welcomed.add(account)
            self.model.available[account] += amount

    @rule(which=WHICH, amount=AMOUNTS, serial=st.integers(0, 10**6))
    def debit(self, which: int, amount: Credits, serial: int) -> None:
        account, name = self.account(which), f"{self.run_number}-d{serial}"
        if f"d{serial}" in self.model.gifts:
            return
        if amount > self.model.available[account]:
            error = self.refused(
                NotEnoughCredits,
                lambda conn: ledger.debit(conn, key=name, account_id=account, amount=amount, actor=None),
            )
            assert (error.available, error.needed) == (self.model.available[account], amount)
            return
        assert self.do(lambda conn: ledger.debit(conn, key=name, account_id=account, amount=amount, actor=None))
        self.model.gifts[f"d{serial}"] = (account, amount)
        self.model.available[account] -= amount

    @rule(which=WHICH, job=WHICH, amount=AMOUNTS)
    def order(self, which: int, job: int, amount: Credits) -> None:
        account, name = self.account(which), self.key(job)
        before = self.model.orders.get(name)
        if before is not None:
            same = (before.account, before.quote) == (account, amount)

            def again(conn: Connection) -> bool:
                return ledger.hold(conn, job_id=name, account_id=account, amount=amount)

            if same:
                assert not self.do(again)
            else:
                self.refused(KeyReused, again)
        elif amount > self.model.available[account]:
            self.refused(NotEnoughCredits, lambda conn: place(conn, name, account, amount))
        else:
            self.do(lambda conn: place(conn, name, account, amount))
            self.model.orders[name] = Order(account, amount)
            self.model.available[account] -= amount
            self.model.held[account] += amount

    @rule(job=WHICH, part=st.integers(0, 100))
    def finish(self, job: int, part: int) -> None:
        name = self.key(job)
        order = self.model.orders.get(name)
        amount = Credits(order.quote * part // 100 // CENT * CENT) if order is not None else Credits(CENT)
        match order:
            case Order(state="live"):
                self.refused(
                    ledger.BrokenRule,
                    lambda conn: ledger.capture(conn, job_id=name, amount=Credits(order.quote + CENT)),
                )
                self.do(lambda conn: done(conn, name, amount))
                order.state, order.charged = "done", amount
                self.model.held[order.account] -= order.quote
                self.model.available[order.account] += order.quote - amount
            case Order(state="done", charged=charged) if charged == amount:
                assert not self.do(lambda conn: ledger.capture(conn, job_id=name, amount=amount))
            case Order(state="done"):
                self.refused(KeyReused, lambda conn: ledger.capture(conn, job_id=name, amount=amount))
            case _:  # released, or never held
                self.refused(ledger.BrokenRule, lambda conn: ledger.capture(conn, job_id=name, amount=amount))

    @rule(job=WHICH)
    def fail(self, job: int) -> None:
        name = self.key(job)
        match self.model.orders.get(name):
            case Order(state="live") as order:
                self.do(lambda conn: failed(conn, name))
                order.state = "failed"
                self.model.held[order.account] -= order.quote
                self.model.available[order.account] += order.quote
            case Order(state="failed"):
                assert not self.do(lambda conn: ledger.release(conn, job_id=name))
            case _:
                self.refused(ledger.BrokenRule, lambda conn: ledger.release(conn, job_id=name))

    @rule(job=WHICH)
    def refund(self, job: int) -> None:
        name = self.key(job)
        order = self.model.orders.get(name)
        if order is None or not order.charged or order.refunded:
            self.refused(NotRefundable, lambda conn: ledger.refund(conn, job_id=name, actor=None))
            return
        assert self.do(lambda conn: refunded(conn, name)) == order.charged
        order.refunded = True
        self.model.available[order.account] += order.charged

    @invariant()
    def the_books_say_the_same(self) -> None:
        def look(conn: Connection) -> tuple[dict[int, tuple[int, int, int]], list[ledger.Problem]]:
            said: dict[int, tuple[int, int, int]] = {}
            for account in self.model.available:
                balance = ledger.balance(conn, account)
                lines = ledger.statement(conn, account, limit=1000)
                said[account] = (balance.available, balance.held, sum(line.amount for line in lines))
            return said, ledger.verify(conn)

        said, problems = self.runner.run(self.database.read(look))
        available, held = self.model.available, self.model.held
        assert said == {account: (available[account], held[account], available[account]) for account in available}
        assert problems == []


def test_any_history_keeps_the_books_right(database_url: str) -> None:
    with asyncio.Runner() as runner:
        opened = runner.run(open_database(database_url))
        machine = type("Machine", (Machine,), {"runner": runner, "database": opened, "examples": 0})
        chosen = settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        try:
            run_state_machine_as_test(machine, settings=chosen)
        finally:
            runner.run(opened.close())
