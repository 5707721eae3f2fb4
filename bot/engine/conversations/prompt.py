"""Questions in: what is held for an answer, what the model is sent, and the Stop that ends an answer as done."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

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
from bot.engine.catalog.shop import Shop
from bot.engine.conversations import memory as conversations
from bot.engine.conversations.create_tool import create_tool, words
from bot.engine.conversations.memory import Ask, Purpose, estimate, estimated
from bot.engine.dialogs import inbox
from bot.engine.jobs import settlement, store
from bot.providers.base import ChatTool, ChatTurn, Succeeded
from bot.storage import job_rows
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.statements import queue_up
from bot.storage.tables import jobs

if TYPE_CHECKING:
    from bot.engine.jobs.submit import Orders, Placed

FREE_IMPROVEMENTS = 20
"""Free improvements of prompts per user and hour."""
HOUR = 3600.0
STOPS = "easel_stops"
"""The channel on which processes are told that somebody pressed Stop."""
STREAMED = "draft"
"""The `media` of an answer that was read in its draft, and whose message could not be sent any more."""
LONGEST_COUNT = 12
"""Digits of a count of tokens that is believed."""
STOPPED = "stopped"
"""The fact of an answer that was ended by Stop."""
OWN_COUNT = "own_count"
"""The fact of an answer whose usage the service did not tell: its tokens are our estimate, which errs upwards. It is
charged at most its hold, and says nothing of what the service took."""
IMPROVING = (
    "Improve the user's prompt for a generator of images, videos or music: keep its subject, its language and every"
    " detail, add what makes the result vivid. Answer with the improved prompt alone: no quotes, no explanation, not"
    " more than three sentences."
)


@dataclass(frozen=True, slots=True)
class Chat:
    """What the operator set."""

    instruction: str = ""
    improve_free: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken. `begun`: it is the first of its conversation."""

    placed: "Placed"
    begun: bool


def instruction(chat: Chat, ask: Ask, moment: float) -> str:
    """The system turn: the operator's words, today's date; for an improvement what that is."""
    if ask.purpose is Purpose.IMPROVE:
        return IMPROVING
    today = f"Today is {datetime.fromtimestamp(moment, UTC):%Y-%m-%d} (UTC)."
    return f"{chat.instruction.strip()}\n\n{today}".strip()


@dataclass(frozen=True, slots=True)
class Answering:
    """What a chat model is sent for one question; `spare` are the tokens of its tools."""

    ask: Ask = field(default_factory=Ask)
    turns: tuple[ChatTurn, ...] = ()
    tools: tuple[ChatTool, ...] = ()
    spare: int = 0

    @property
    def tokens(self) -> int:
        """All of it, estimated."""
        return estimated(self.turns) + self.spare


PLAIN = Answering()


def answering(
    conn: Connection, chat: Chat, model: Model, job: Job | Order, sold: Sequence[Model], ask: Ask | None = None
) -> Answering:
    """The instruction, as much of the memory as fits, the question; tools for what is sold. No `ask`: as noted."""
    ask = conversations.ask_of(conn, job.id) if ask is None else ask
    system = ChatTurn("system", instruction(chat, ask, now(conn)))
    question = ChatTurn("user", job.prompt)
    if model.tokens is None or ask.purpose is Purpose.IMPROVE:
        return Answering(ask, (system, question))
    tool = create_tool(sold) if not job.options.get("json") else None
    spare = estimate(words(tool)) if tool is not None else 0
    room = model.tokens.context - estimated((system, question)) - spare
    memory = conversations.remembered(conn, job.target.chat_id, job.user_id, room=room, without=ask.replaces)
    return Answering(ask, (system, *memory, question), (tool,) if tool is not None else (), spare)


def counted(model: Model, answering: Answering, result: Succeeded) -> Succeeded:
    """The same with the tokens that it used: where the service told none, our own count of what was sent and said."""
    used = [result.facts.get(name, "") for name in ("prompt_tokens", "completion_tokens")]
    if model.tokens is None or all(text.isascii() and text.isdigit() and len(text) < 12 for text in used):
        return result
    said = "".join([*(asset.text for asset in result.assets), result.facts.get("call", "")])
    return replace(result, facts={**result.facts, **_own_count(answering, said)})


def cost(model: Model, ask: Ask, result: Succeeded) -> Decimal | None:
    """What an answer that was `counted` costs in the provider's unit."""
    if model.tokens is None or result.cost is not None:
        return result.cost
    if ask.free:
        return Decimal(0)
    asked, said = (int(result.facts[name]) for name in ("prompt_tokens", "completion_tokens"))
    return pricing.usage_units(model.tokens, asked, said)


def stopped(answering: Answering, text: str) -> dict[str, str]:
    """The facts of an answer that was stopped: its usage is our own count, for the service told none."""
    return {STOPPED: "1", **_own_count(answering, text)}


def outlasted(answering: Answering, text: str) -> dict[str, str]:
    """The facts of an answer that still grew when its model's longest time passed: it ends with what is there."""
    return {"finish": "length", **_own_count(answering, text)}


def _own_count(answering: Answering, said: str) -> dict[str, str]:
    used = {"prompt_tokens": answering.tokens, "completion_tokens": estimate(said)}
    return {OWN_COUNT: "1", **{name: str(count) for name, count in used.items()}}


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


class Asks:
    """What a question and a Stop mean for jobs and money."""

    def __init__(self, db: Database, shop: Shop, orders: "Orders", chat: Chat) -> None:
        self._db = db
        self._shop = shop
        self._orders = orders
        self.chat = chat

    async def ask(self, order: Order, ask: Ask, *, ticket: inbox.Ticket | None = None, admin: bool = False) -> Asked:
        """Holds the most that the answer can cost and queues the job; idempotent by order.id. The order's quote is
        reckoned here. `admin`: the asker administers the group where it is asked.

        Raises NotOnSale, StillAnswering, QuestionTooLong, TooManyImprovements, TooManyActiveJobs, QueueFull,
        GroupRefused and NotEnoughCredits: then nothing was held.
        """

        def place_ask(conn: Connection) -> Asked:
            return self._place(conn, order, ask, ticket, admin=admin)

        return await self._db.transaction(place_ask)

    async def stop(self, job_id: str, *, account_id: int, ticket: inbox.Ticket | None = None) -> Job:
        """Ends an answer: one that began is done with what is there, one that waits is cancelled and released.

        Reaches the worker in whatever process it is; pressing twice is no error. Raises UnknownJob, and NotCancellable
        for what is no answer or has ended.
        """

        def stop_answer(conn: Connection) -> Job:
            job = store.get(conn, job_id, lock=True)
            if job is None or job.account_id != account_id:
                raise UnknownJob(job_id)
            if job.kind is not Kind.ASK or (job.state is not JobState.QUEUED and job.state not in UPSTREAM):
                raise NotCancellable(job_id)
            if ticket is not None:
                inbox.handled(conn, ticket)
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

    def improve_price(self, model: Model, prompt: str) -> Credits:
        """What an improvement costs at most; 0 where it is free."""
        if self.chat.improve_free or model.tokens is None:
            return Credits(0)
        sent = (ChatTurn("system", instruction(self.chat, Ask(Purpose.IMPROVE), 0.0)), ChatTurn("user", prompt))
        return pricing.answer_bound(model.tokens, self._terms(model), estimated(sent))

    def _place(self, conn: Connection, order: Order, ask: Ask, ticket: inbox.Ticket | None, *, admin: bool) -> Asked:
        queue_up(conn, f"orders:{order.account_id}")  # two questions at once meet one after the other
        begun = False
        if store.get(conn, order.id) is None:
            model = self._shop.model(order.model)
            if model is None or model.tokens is None:
                raise NotOnSale(order.model)
            if ask.purpose is Purpose.CHAT:
                waiting = conversations.under_way(conn, order.target.chat_id, order.account_id)
                if waiting is not None:
                    raise StillAnswering(waiting.id)
                begun = conversations.begin(conn, order.target.chat_id, order.user_id)
            elif ask.free and conversations.improvements(conn, order.account_id, within=HOUR) >= FREE_IMPROVEMENTS:
                raise TooManyImprovements(FREE_IMPROVEMENTS)
            order = replace(order, quote=self._quote(conn, model, order, ask))
            concerns = admin if ask.purpose is Purpose.CHAT else None
            placed = self._orders.place(conn, order, None, ticket, admin=concerns)
            conversations.note(conn, order.id, ask)
        else:
            placed = self._orders.place(conn, order, None, ticket)
        return Asked(placed, begun)

    def _quote(self, conn: Connection, model: Model, order: Order, ask: Ask) -> Credits:
        assert model.tokens is not None
        if ask.free:
            return Credits(0)
        sent = answering(conn, self.chat, model, order, self._shop.models, ask).tokens
        if sent > model.tokens.context:
            raise QuestionTooLong(order.model)
        return pricing.answer_bound(model.tokens, self._terms(model), sent)

    def _terms(self, model: Model) -> Terms:
        return self._shop.catalog.terms[model.provider]
