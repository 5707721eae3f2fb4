"""An engine with a chat model: a toy that remembers what it was told, and people who ask."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from bot.domain.catalog.models import Catalog, Kind, Model, Terms, TokenPrices
from bot.domain.jobs import Asset, Order, Target
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.conversations.memory import Ask
from bot.engine.jobs.questions import PlacedQuestion
from bot.providers.base import Accepted, Event, Partial, ProviderOrder, Resume, Succeeded
from bot.storage.database import Database
from tests.engine.kit import Kit, Step, ToyProvider, engine, model, words

TOKENS = TokenPrices(Decimal(1_000), Decimal(10_000), context=400, answer=100)
"""In credits for a million tokens: the longest conversation with the longest answer costs 0.4 + 1 = 1.4 credits."""


def chat_model(slug: str = "gpt", tokens: TokenPrices = TOKENS) -> Model:
    return Model(slug, "toy", slug, Kind.ASK, words(slug), words(slug), Decimal("0.3"), 2.0, 60.0, 8_000, tokens=tokens)


def answer(text: str, **facts: str) -> tuple[Step, ...]:
    """A streamed answer."""
    return (Accepted(None), Partial(text[: len(text) // 2]), Partial(text), Succeeded((Asset(text=text),), facts=facts))


class Chatty(ToyProvider):
    """Keeps every order that it got."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[ProviderOrder] = []

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        self.orders.append(order)
        self.scripts.setdefault(order.prompt, answer(f"about {order.prompt}"))
        async for event in super().run(order, job_id=job_id, resume=resume):
            yield event

    def said(self) -> list[tuple[str, str]]:
        """The turns of the last order, without the instruction."""
        return [(turn.role, turn.content) for turn in self.orders[-1].turns if turn.role != "system"]


@asynccontextmanager
async def chatting(db: Database, *models: Model) -> AsyncIterator[tuple[Kit, Chatty]]:
    """An engine that sells a chat model beside a video."""
    toy = Chatty()
    terms = Terms("toy", "Toy", Decimal(1), Decimal(1), 4)
    async with engine(db, provider=toy, what=Catalog({"toy": terms}, models or (chat_model(), model("pika")))) as kit:
        yield kit, toy


async def ask(
    kit: Kit, user: users.User, prompt: str, *, what: Ask | None = None, id: str = "", chat: int = 0
) -> PlacedQuestion:
    """One question, in the private chat unless `chat` names another."""
    kit.orders_made += 1
    order = Order(
        id=id or f"ask{kit.orders_made}",
        account_id=user.account_id,
        user_id=user.id,
        model="gpt",
        prompt=prompt,
        options={},
        quote=Credits(0),
        locale="en",
        target=Target(chat or user.id, None, 7),
    )
    return await kit.asks.ask(order, what or Ask())


async def answered(kit: Kit, user: users.User, prompt: str, *, what: Ask | None = None) -> str:
    """Asks and waits for the end; returns the job's id."""
    asked = await ask(kit, user, prompt, what=what)
    await kit.finished(asked.placed.job.id)
    return asked.placed.job.id


async def speaking(kit: Kit, job_id: str) -> None:
    """Returns when the answer has begun."""
    async with asyncio.timeout(5):
        while not any(shown == job_id and progress.text for shown, progress in kit.view.shown):
            await asyncio.sleep(0.01)
