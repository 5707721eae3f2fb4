"""The bot's side of the chat against a running local Telegram: real sockets, the real session, a supervisor."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bot.domain.catalog.models import Catalog, Choice, Kind, Model, Option, Terms, Translations
from bot.domain.catalog.pricing import quote
from bot.domain.jobs import Asset, Cause, Delivered, Job, JobState, Target
from bot.domain.money import CREDIT, Credits
from bot.engine.catalog.shop import Offer
from bot.engine.supervisor import Supervisor
from bot.logs import Redactor
from bot.telegram.api.session import Session
from bot.telegram.context.context import BotOptions
from bot.telegram.i18n.texts import Texts
from bot.telegram.jobs.message.media_view import JobMessages
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.outbox.flood_limits import Rates
from sandbox.client import ChatView, Person, TelegramClient
from sandbox.telegram import Config, Limits, TelegramServer

MEGABYTE = 1024 * 1024
FAST = Rates(scale=50.0)


@dataclass(slots=True)
class World:
    """A local Telegram, the bot in it and somebody to talk to."""

    server: TelegramServer
    tg: TelegramClient
    bot: EaselBot
    supervisor: Supervisor

    async def person(self, name: str = "Ann", **fields: Any) -> tuple[Person, ChatView]:
        """Somebody who has started the bot."""
        person = await self.tg.user(name, **fields)
        chat = person.private()
        await chat.send("/start")
        return person, chat

    async def statuses(self, method: str) -> list[int]:
        """What the bot's calls of a method were answered with."""
        return [call["status"] for call in await self.tg.calls(method)]


@asynccontextmanager
async def telegram(
    *, limits: bool = False, rates: Rates | None = FAST, jitter: Callable[[], float] = lambda: 0.0, **config: Any
) -> AsyncIterator[World]:
    """Flood limits are off on the server, and fast on the bot's side, unless asked for."""
    server = TelegramServer(Config(limits=Limits(enabled=limits), **config))
    base = await server.start()
    supervisor = Supervisor()
    session = Session(api_url=base, redactor=Redactor())
    bot = EaselBot(server.token, session=session, spawn=supervisor.spawn, rates=rates, jitter=jitter)
    try:
        async with TelegramClient(base) as tg:
            yield World(server, tg, bot, supervisor)
    finally:
        await supervisor.stop()
        await session.close()
        await server.stop()


def options(**changes: Any) -> BotOptions:
    """Settings as a small bot has them."""
    base = BotOptions(
        admin_ids=frozenset(),
        welcome=Credits(0),
        topup_contact="",
        max_topup=Credits(1000 * CREDIT),
        confirm_topup_above=Credits(100 * CREDIT),
        default_language="en",
        active_jobs_per_user=5,
        ready_after_seconds=30.0,
        upload_limit=50 * MEGABYTE,
    )
    return replace(base, **changes)


def words(en: str, ru: str | None = None) -> Translations:
    return Translations({"en": en, "ru": ru or en})


def model(slug: str, kind: Kind = Kind.VIDEO, *, unsteady: bool = False, styles: bool = False) -> Model:
    style = Option(
        "style", words("Style", "Стиль"), (Choice("4", words("Watercolor", "Акварель")),), param="style", step=True
    )
    title = words(slug.capitalize())
    return Model(
        slug, "toy", slug, kind, title, title, Decimal(10), 100.0, 600.0, 500, (style,) if styles else (), unsteady
    )


CATALOG = Catalog(
    {"toy": Terms("toy", "Toy", Decimal(1), Decimal(1), 4)},
    (model("suno", Kind.MUSIC), model("luma", unsteady=True), model("pika", styles=True), model("run", styles=True)),
)


class Stall:
    """A shop without a database."""

    def __init__(self, *, sold_out: tuple[str, ...] = ()) -> None:
        self.catalog = CATALOG
        self._sold_out = sold_out

    def price(self, model: Model, options: Mapping[str, str] | None = None) -> Credits:
        return quote(model, self.catalog.terms[model.provider], options)

    async def offers(self, kind: Kind | None = None, *, chat_id: int = 0) -> tuple[Offer, ...]:
        models = [m for m in self.catalog.models if kind in (None, m.kind)]
        terms = self.catalog.terms["toy"]
        return tuple(Offer(m, quote(m, terms), m.typical_seconds, m.slug not in self._sold_out) for m in models)

    async def offer(self, slug: str) -> Offer | None:
        return next((offer for offer in await self.offers() if offer.model.slug == slug), None)


def job(chat_id: int, message_id: int = 0, **changes: Any) -> Job:
    """A queued Pika job with a style."""
    base = Job(
        id="abcdefghijkl2",
        account_id=7,
        user_id=chat_id,
        provider="toy",
        model="pika",
        kind=Kind.VIDEO,
        prompt="a serene lake",
        options={"style": "4"},
        quote=Credits(10 * CREDIT),
        locale="en",
        target=Target(chat_id, None, message_id),
        state=JobState.QUEUED,
        owner="me",
        epoch=1,
        attempt=0,
        tries=0,
        created_at=1000.0,
        submitted_at=None,
        deadline=None,
        delivering_at=None,
        finished_at=None,
        upstream_ref=None,
        assets=(Asset("https://cdn.example/a.mp4?sig=1&x=2"),),
        cost=None,
        delivered=(),
        charged=None,
        refunded=False,
        cause=None,
        detail="upstream's own words",
        notice_due=False,
        ready_sent=False,
    )
    return replace(base, **changes)


def failed(chat_id: int, message_id: int, cause: Cause, **changes: Any) -> Job:
    return job(chat_id, message_id, state=JobState.FAILED, cause=cause, finished_at=1050.0, **changes)


def done(chat_id: int, message_id: int, *, took: float, **changes: Any) -> Job:
    delivered = (Delivered("file", "video"),)
    fields = {"state": JobState.DONE, "finished_at": 1000.0 + took, "delivered": delivered, **changes}
    return job(chat_id, message_id, **fields)


TEXTS = Texts(strict=True)


def view(world: World, **changes: object) -> JobMessages:
    return JobMessages(world.bot, TEXTS, Stall(sold_out=("run",)), options(**changes))
