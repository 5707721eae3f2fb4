"""Orders in: quote, hold and job in one transaction (T1), and the two ways a person takes an order back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot import ledger
from bot.domain.catalog.models import Kind, Model
from bot.domain.catalog.options import results, valid
from bot.domain.errors import InputsGone, KeyReused, NotOnSale, QueueFull, Refusal, TooManyActiveJobs
from bot.domain.jobs import Input, Job, Order, Target
from bot.domain.money import Credits
from bot.domain.orders.inputs import suits
from bot.engine.accounts import groups
from bot.engine.accounts.users import User
from bot.engine.catalog import pauses
from bot.engine.catalog.shop import Shop
from bot.engine.dialogs import drafts, inbox
from bot.engine.jobs import costly_ends, queries, settlement, store
from bot.engine.jobs.admission import NO_LIMITS, Pace, admit
from bot.engine.jobs.wordlist import WordList
from bot.engine.media import blobs, ownership
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.statements import queue_up

QUOTE_LIFETIME = 600.0
"""Seconds for which a shown price stands."""


class QuoteStale(Refusal):
    """The quote is older than ten minutes or the price changed: `quote` is the present one. Nothing was held."""

    def __init__(self, quote: Credits) -> None:
        super().__init__(str(quote))
        self.quote = quote


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants made and where it is to stand, in plain values. `id` becomes the job's."""

    id: str
    model: str
    """Its slug."""
    target: Target
    locale: str
    prompt: str
    options: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    source: str = ""
    """The job whose words these are, as in Order; of use to music only."""
    requester: str = ""
    opening: float = 0.0
    """As in Order."""


def payer_of(person: User, chat_id: int) -> int:
    """The account that pays for what this person orders in that chat (0: a chat that the bot does not know). Each
    person pays for themselves, in groups too."""
    return person.account_id


def order_of(person: User, wanted: Wanted, model: Model, quote: Credits) -> Order:
    """What is submitted: whose it is, who pays, and of what was wanted no more than the model takes."""
    return Order(
        id=wanted.id,
        account_id=payer_of(person, wanted.target.chat_id),
        user_id=person.id,
        model=model.slug,
        prompt=wanted.prompt if model.prompt_limit else "",
        options=dict(wanted.options),
        quote=quote,
        locale=wanted.locale,
        target=wanted.target,
        requester=wanted.requester,
        opening=wanted.opening,
        results=results(model, wanted.options),
        inputs=wanted.inputs,
        source=wanted.source if model.kind is Kind.MUSIC else "",
    )


@dataclass(frozen=True, slots=True)
class OrderLimits:
    """The operator's bounds on orders."""

    active_jobs_per_user: int = 5
    running_cancels_per_hour: int = 5
    queue_length: int = 1000
    pace: Pace = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Placed:
    """An order taken. `existed`: it had been before, by a second tap or a redelivered update."""

    job: Job
    position: int
    existed: bool


class Orders:
    """What a confirmed order and a cancel mean for jobs and money."""

    def __init__(self, db: Database, shop: Shop, limits: OrderLimits, words: WordList | None = None) -> None:
        self._db = db
        self._shop = shop
        self._limits = limits
        self._words = words or WordList()

    async def checkout(
        self, person: User, wanted: Wanted, *, quote: Credits, quoted_at: float, admin: bool = False
    ) -> Placed:
        """`submit` of what a person confirmed at the price `quote`, which was shown at `quoted_at` (Unix seconds)."""
        model = self._shop.model(wanted.model)
        if model is None:
            raise NotOnSale(wanted.model)
        order = order_of(person, wanted, model, quote)
        return await self.submit(order, quoted_at=quoted_at, admin=admin)

    async def submit(self, order: Order, *, quoted_at: float, admin: bool = False) -> Placed:
        """Holds the quote and queues the job; idempotent by order.id. The draft of that id is gone with it. `admin`:
        the requester administers the group where the order is made.

        Raises NotOnSale, InputsGone, QuoteStale, TooManyActiveJobs, QueueFull, NotEnoughCredits, GroupRefused,
        TooManyCostlyEnds, and what `pace.admit` raises: then nothing was held.
        """
        ticket = inbox.current()

        def place_order(conn: Connection) -> Placed:
            return self.place(conn, order, quoted_at, ticket, admin=admin)

        return await self._db.transaction(place_order)

    async def cancel(self, job_id: str, *, account_id: int | None) -> Job:
        """Cancels and releases at once. `account_id` None: an admin, without limit.

        Raises UnknownJob, NotCancellable (being delivered, or finished), TooManyCancels.
        """
        ticket = inbox.current()

        def cancel_job(conn: Connection) -> Job:
            per_hour = self._limits.running_cancels_per_hour
            job = settlement.cancelled(conn, job_id, account_id=account_id, per_hour=per_hour)
            inbox.done(conn, ticket)
            self._db.notify(conn, store.WAKE)
            # FENCED: its process stops at once and not only at its next write.
            self._db.notify(conn, store.FENCED)
            return job

        return await self._db.transaction(cancel_job)

    async def cancels_left(self, account_id: int) -> int:
        """How many running jobs this account may still cancel within the hour: asked before a person is."""

        def spent(conn: Connection) -> int:
            return costly_ends.ends(conn, account_id)

        return max(0, self._limits.running_cancels_per_hour - await self._db.read(spent))

    def place(
        self,
        conn: Connection,
        order: Order,
        quoted_at: float | None,
        ticket: inbox.Ticket | None,
        *,
        admin: bool | None = False,
    ) -> Placed:
        """`submit` in the caller's transaction. `quoted_at` None: the price was reckoned in this very transaction;
        `admin` None: it is no order by itself, and a group's settings do not concern it."""
        queue_up(conn, f"orders:{order.account_id}")  # two taps at once meet one after the other
        existing = store.get(conn, order.id)
        if existing is not None and existing.account_id != order.account_id:
            raise KeyReused(order.id)
        if existing is None:
            model = self._check(conn, order, quoted_at, admin=admin)
            if order.quote:  # what is free holds nothing
                ledger.hold(conn, job_id=order.id, account_id=order.account_id, amount=order.quote)
            if not pauses.let_through(conn, model, order.id):  # another order was the probe a moment earlier
                raise NotOnSale(order.model)
            job = store.insert(conn, order, model)
            drafts.delete(conn, order.id)
            self._db.notify(conn, store.WAKE)
        else:
            job = existing
        inbox.done(conn, ticket)
        return Placed(job, queries.position(conn, job), existing is not None)

    def _check(self, conn: Connection, order: Order, quoted_at: float | None, *, admin: bool | None) -> Model:
        model = self._shop.model(order.model)
        if model is None or self._shop.paused(conn, model):
            raise NotOnSale(order.model)
        if not valid(model, order.options):
            raise NotOnSale(order.model)
        admit(conn, order, model, self._limits.pace, self._words)
        if order.user_id not in self._limits.pace.exempt:
            costly_ends.admit(conn, order.account_id, self._limits.running_cancels_per_hour)
        if admin is not None:
            groups.admit(conn, order.target.chat_id, order.account_id, admin=admin, model=model)
        self._check_inputs(conn, order, model)
        if quoted_at is not None:
            price = self._shop.price(model, order.options)
            if price != order.quote or now(conn) - quoted_at > QUOTE_LIFETIME:
                raise QuoteStale(price)
        # Orders of one account come one after the other (`place`): two at once cannot both take the last place.
        live = queries.count_of_account(conn, order.account_id, live_only=True)
        if live >= self._limits.active_jobs_per_user:
            raise TooManyActiveJobs(self._limits.active_jobs_per_user)
        # Orders of several accounts may go a little beyond this one: it keeps the queue bounded, no more.
        if queries.count_waiting(conn, model.provider) >= self._limits.queue_length:
            raise QueueFull(model.provider)
        return model

    @staticmethod
    def _check_inputs(conn: Connection, order: Order, model: Model) -> None:
        """The pictures are as many as the model wants and still here, and what a provider keeps is the person's own;
        from now on they are kept for the order."""
        if not suits(model, order.inputs):
            raise NotOnSale(order.model)
        named = [(i.provider, i.own) for i in order.inputs if i.own]
        if not all(ownership.reached_by(conn, order.account_id, *name) for name in named):
            raise InputsGone(order.id)
        if not blobs.keep(conn, [i.blob for i in order.inputs if i.blob]):
            raise InputsGone(order.id)
