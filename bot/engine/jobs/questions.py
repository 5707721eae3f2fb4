"""Questions to a chat model as jobs: what one costs at most, what is held for it, and how it is stopped."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog import pricing
from bot.domain.catalog.models import Kind, Model, Terms
from bot.domain.errors import (
    NotCancellable,
    NotOnSale,
    QuestionTooLong,
    StillAnswering,
    TooManyImprovements,
    UnknownJob,
)
from bot.domain.jobs import UPSTREAM, Asset, Delivered, Job, JobState, Order
from bot.domain.money import Credits
from bot.domain.visible import visible
from bot.engine.accounts.users import User
from bot.engine.catalog.shop import Shop
from bot.engine.conversations import memory as conversations
from bot.engine.conversations import waiting
from bot.engine.conversations.memory import Ask, Purpose, estimate, estimated
from bot.engine.conversations.prompt import LONGEST_COUNT, STOPPED, STREAMED, Chat, answering, instruction
from bot.engine.conversations.waiting import WaitingQuestion
from bot.engine.dialogs import inbox
from bot.engine.jobs import settlement, store
from bot.engine.jobs.submit import Orders, Placed, Wanted, order_of
from bot.engine.media import blobs
from bot.providers.base import ChatTurn
from bot.storage import job_rows
from bot.storage.database import Database
from bot.storage.statements import queue_up
from bot.storage.tables import jobs

FREE_IMPROVEMENTS = 20
"""Free improvements of prompts per user and hour."""
HOUR = 3600.0
STOPS = "easel_stops"
"""The channel on which processes are told that a user pressed Stop."""


@dataclass(frozen=True, slots=True)
class PlacedQuestion:
    """A question taken. `begun`: it is the first of its conversation."""

    placed: Placed
    begun: bool


def as_read(conn: Connection, job: Job, model: Model | None, text: str) -> Job | None:
    """The delivering answer as its person read it while it was streamed, before they blocked the bot or left: that
    stood in their chat, and its use is what they pay, as after Stop. None: fenced off."""
    if job.shown or not visible(text):
        return job
    whole = "".join(asset.text for asset in job.assets)
    changes: dict[str, Any] = {"delivered": job_rows.delivered_json([Delivered("", STREAMED)])}
    if len(text.strip()) < len(whole.strip()):
        used = job.facts.get("prompt_tokens", "")
        known = used.isascii() and used.isdigit() and len(used) < LONGEST_COUNT
        facts = {**job.facts, STOPPED: "1", "completion_tokens": str(estimate(text))}
        changes |= {"assets": job_rows.assets_json([Asset(text=text)]), "facts": facts}
        if model is not None and model.tokens is not None and known and job.cost is not None:
            part = pricing.usage_units(model.tokens, int(used), estimate(text))
            changes["cost"] = str(min(part, Decimal(job.cost)))
    return store.change(conn, job, states=[JobState.DELIVERING], **changes)


def _waiting(order: Order, ask: Ask) -> WaitingQuestion:
    at = replace(order.target, message_id=ask.question_id)
    return WaitingQuestion(order.id, at, order.prompt, order.model, order.options, order.locale, order.requester)


def _with_waiting(conn: Connection, order: Order) -> Order:
    """The order with what waited for the end of an answer, which waits no more."""
    before = waiting.look(conn, order.target.chat_id, order.user_id)
    if before is None:
        return order
    waiting.drop(conn, order.target.chat_id, order.user_id)
    return order if before.id == order.id else replace(order, prompt=waiting.joined(before, order.prompt))


def _with_picture(conn: Connection, order: Order, model: Model) -> Order:
    """The order with the picture that the conversation is about, if its last question was and it is still kept: who
    asks on does not show it again."""
    if order.inputs or not model.sees:
        return order
    last = conversations.last(conn, order.target.chat_id, order.user_id, order.account_id)
    if last is None or last.state is not JobState.DONE or not last.inputs:
        return order
    kept = blobs.keep(conn, [each.blob for each in last.inputs])
    return replace(order, inputs=last.inputs) if kept else order


class Asks:
    """What a question and a Stop mean for jobs and money."""

    def __init__(self, db: Database, shop: Shop, orders: Orders, chat: Chat) -> None:
        self._db = db
        self._shop = shop
        self._orders = orders
        self.chat = chat

    async def checkout(self, person: User, wanted: Wanted, ask: Ask, *, admin: bool = False) -> PlacedQuestion | None:
        """`ask` what a person wants to know, or a better wording of their order's prompt. None: an answer is under way,
        at whose end the question is asked with what else is written meanwhile; until then nothing is held for it.

        An answer anew in place of another, and a question about a picture, do not wait: raises StillAnswering.
        """
        model = self._shop.model(wanted.model)
        if model is None:
            raise NotOnSale(wanted.model)
        order = order_of(person, wanted, model, Credits(0))
        try:
            return await self.ask(order, ask, admin=admin)
        except StillAnswering:
            if ask.replaces or order.inputs:
                raise
            if await self._waits(order, ask, model):
                return None
        return await self.ask(order, ask, admin=admin)  # the answer ended at this moment

    async def _waits(self, order: Order, ask: Ask, model: Model) -> bool:
        """Keeps the question until the answer under way has ended. False: it has by now. Raises QuestionTooLong."""
        ticket = inbox.current()

        def keep_waiting(conn: Connection) -> bool:
            queue_up(conn, f"orders:{order.account_id}")  # as in place: two messages meet one after the other
            chat_id = order.target.chat_id
            current = conversations.under_way(conn, chat_id, order.account_id)
            # Locked: an answer that ends at this moment would look for what waits before this is committed.
            current = store.get(conn, current.id, lock=True) if current is not None else None
            if current is None or current.state.finished:
                return False
            before = waiting.look(conn, chat_id, order.user_id)
            if len(waiting.joined(before, order.prompt)) > model.prompt_limit:
                raise QuestionTooLong(order.model)
            waiting.add(conn, order.user_id, _waiting(order, ask))
            inbox.done(conn, ticket)
            return True

        return await self._db.transaction(keep_waiting)

    async def ask_waiting(self, person: User, chat_id: int, *, admin: bool = False) -> PlacedQuestion | None:
        """Asks what waits for the end of an answer in that chat; None: nothing does, or another answer is under way.
        Idempotent. Raises as `ask`: then it waits on, until the caller has told why and drops it."""

        def place_waiting(conn: Connection) -> PlacedQuestion | None:
            queue_up(conn, f"orders:{person.account_id}")
            found = waiting.look(conn, chat_id, person.id)
            if found is None or conversations.under_way(conn, chat_id, person.account_id) is not None:
                return None
            model = self._shop.model(found.model)
            if model is None:
                raise NotOnSale(found.model)
            where = replace(found.at, message_id=0)
            wanted = Wanted(
                found.id, found.model, where, found.locale, found.text, found.options, requester=found.requester
            )
            order = order_of(person, wanted, model, Credits(0))
            return self._place(conn, order, Ask(question_id=found.at.message_id), None, admin=admin)

        return await self._db.transaction(place_waiting)

    async def ask(self, order: Order, ask: Ask, *, admin: bool = False) -> PlacedQuestion:
        """Holds the most that the answer can cost and queues the job; idempotent by order.id. The order's quote is
        reckoned here. `admin`: the asker administers the group where it is asked.

        Raises NotOnSale, StillAnswering, QuestionTooLong, TooManyImprovements, TooManyActiveJobs, QueueFull,
        GroupRefused and NotEnoughCredits: then nothing was held.
        """
        ticket = inbox.current()

        def place_ask(conn: Connection) -> PlacedQuestion:
            return self._place(conn, order, ask, ticket, admin=admin)

        return await self._db.transaction(place_ask)

    async def stop(self, job_id: str, *, account_id: int) -> Job:
        """Ends an answer: one that began is done with what is there, one that waits is cancelled and released.

        Reaches the worker in whatever process it is; pressing twice is no error. Raises UnknownJob, and NotCancellable
        for what is no answer or has ended.
        """
        ticket = inbox.current()

        def stop_answer(conn: Connection) -> Job:
            job = store.get(conn, job_id, lock=True)
            if job is None or job.account_id != account_id:
                raise UnknownJob(job_id)
            if job.kind is not Kind.ASK or (job.state is not JobState.QUEUED and job.state not in UPSTREAM):
                raise NotCancellable(job_id)
            inbox.done(conn, ticket)
            if job.state is JobState.QUEUED:
                job = settlement.cancelled(conn, job_id, account_id=None, per_hour=0)
                self._db.notify(conn, store.WAKE)
                self._db.notify(conn, store.FENCED)
                return job
            conn.execute(sa.update(jobs).where(jobs.c.id == job_id).values(stopping=True))
            self._db.notify(conn, STOPS)
            return job

        return await self._db.transaction(stop_answer)

    def set_aside(self, conn: Connection, account_id: int, draft_id: str) -> Credits:
        """What the improvements under way of that order's prompt hold beyond what they will be charged: a balance shown
        beside the order counts it in. Of one that waits for its answer it is the whole hold."""
        total = 0
        for job in conversations.improving(conn, account_id, draft_id):
            answered = job.state is JobState.DELIVERING
            terms = self._shop.catalog.terms.get(job.provider)
            total += job.quote - (settlement.charge(job, terms, delivered=1) if answered else 0)
        return Credits(total)

    def bound(self, model: Model) -> Credits:
        """The most that one answer of this model costs."""
        return self._shop.price(model)

    def hearing_price(self, model: Model, seconds: float) -> Credits:
        """What the words of so many seconds of speech cost."""
        return pricing.price_of_units(model.units * Decimal(str(round(seconds, 1))) / 60, self._terms(model))

    def improve_price(self, model: Model, prompt: str) -> Credits:
        """What an improvement costs at most; 0 where it is free."""
        if self.chat.improve_free or model.tokens is None:
            return Credits(0)
        sent = (ChatTurn("system", instruction(self.chat, Ask(Purpose.IMPROVE), 0.0)), ChatTurn("user", prompt))
        return pricing.answer_bound(model.tokens, self._terms(model), estimated(sent))

    def _place(
        self, conn: Connection, order: Order, ask: Ask, ticket: inbox.Ticket | None, *, admin: bool
    ) -> PlacedQuestion:
        queue_up(conn, f"orders:{order.account_id}")  # two questions at once meet one after the other
        begun = False
        if store.get(conn, order.id) is None:
            model = self._shop.model(order.model)
            if model is None or (not model.hears if ask.purpose is Purpose.HEAR else model.tokens is None):
                raise NotOnSale(order.model)
            if ask.purpose is Purpose.CHAT:
                waiting = conversations.under_way(conn, order.target.chat_id, order.account_id)
                if waiting is not None:
                    raise StillAnswering(waiting.id)
                order = order if ask.replaces else _with_picture(conn, _with_waiting(conn, order), model)
                begun = conversations.begin(conn, order.target.chat_id, order.user_id)
            elif ask.free and conversations.improvements(conn, order.account_id, within=HOUR) >= FREE_IMPROVEMENTS:
                raise TooManyImprovements(FREE_IMPROVEMENTS)
            order = replace(order, quote=self._quote(conn, model, order, ask))
            concerns = admin if ask.purpose in (Purpose.CHAT, Purpose.DESCRIBE) else None
            placed = self._orders.place(conn, order, None, ticket, admin=concerns)
            conversations.note(conn, order.id, ask)
        else:
            placed = self._orders.place(conn, order, None, ticket)
        return PlacedQuestion(placed, begun)

    def _quote(self, conn: Connection, model: Model, order: Order, ask: Ask) -> Credits:
        if ask.free:
            return Credits(0)
        if model.tokens is None:
            return self.hearing_price(model, ask.seconds)
        sent = answering(conn, self.chat, model, order, self._shop.models, ask).tokens
        if sent > model.tokens.context:
            raise QuestionTooLong(order.model)
        return pricing.answer_bound(model.tokens, self._terms(model), sent)

    def _terms(self, model: Model) -> Terms:
        return self._shop.catalog.terms[model.provider]
