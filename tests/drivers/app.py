"""A running bot in the sandbox: the real app over real sockets, people to act as, and a ledger that must end clean."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot import ledger
from bot.app import Easel, Wrap
from bot.domain.jobs import Job
from bot.domain.money import CREDIT
from bot.engine.accounts import users
from bot.engine.jobs import queries
from bot.engine.jobs.run.worker import LEASE
from bot.settings import Settings
from bot.telegram.outbox.flood_limits import Rates
from sandbox.ai_now import AiNowServer
from sandbox.client import ChatView, Person, TelegramClient
from sandbox.services import Services
from sandbox.telegram import Config, Limits, TelegramServer
from tests.drivers.catalog import quick_file

ADMIN_ID = 9_000_001
FAST = Rates(scale=1000.0, progress_private=0.05, progress_group=0.1)
"""Limits off, in effect: the sandbox's Telegram has its own switched off too unless a test asks for them."""


@dataclass
class World:
    """Everything of one test. `easel` is the running bot; `restart` ends it and starts the next process's."""

    settings: Settings
    easel: Easel
    telegram: TelegramServer
    services: Services
    tg: TelegramClient
    rates: Rates
    wrap: Wrap
    _stack: AsyncExitStack
    _people: dict[int, Person] = field(default_factory=dict)

    @property
    def ai_now(self) -> AiNowServer:
        return self.services.ai_now

    async def person(
        self, name: str = "Ann", *, language: str = "en", credits: float = 0, id: int | None = None
    ) -> Person:
        """Somebody who has pressed Start, with that many credits on top of the welcome."""
        person = await self.tg.user(name, language=language, username=name.lower(), id=id)
        chat = person.private()
        await chat.send("/start")
        await chat.wait()
        if credits:
            await self.give(person, credits)
        return person

    async def admin(self) -> Person:
        """The operator, in English."""
        return await self.person("Olga", id=ADMIN_ID)

    async def give(self, person: Person, credits: float) -> None:
        """Tops up past the chat."""
        amount = int(Decimal(str(credits)) * CREDIT)

        def top_up(conn: Any) -> None:
            user = users.find(conn, person.id)
            assert user is not None
            ledger.top_up(
                conn,
                key=f"test:{time.monotonic_ns()}",
                account_id=user.account_id,
                amount=amount,  # type: ignore[arg-type]
                actor=None,
                note="test",
            )

        await self.easel.db.transaction(top_up)

    async def balance(self, person: Person) -> tuple[float, float]:
        """Available and held, in credits."""

        def read(conn: Any) -> ledger.Balance:
            user = users.find(conn, person.id)
            assert user is not None
            return ledger.balance(conn, user.account_id)

        found = await self.easel.db.read(read)
        return found.available / CREDIT, found.held / CREDIT

    async def jobs(self) -> list[Job]:
        """All jobs, oldest first."""
        found = await self.easel.db.read(lambda conn: queries.everyone(conn, offset=0, limit=1000))
        return list(reversed(found))

    async def job(self, wanted: Callable[[Job], bool] = lambda job: True, timeout: float = 15.0) -> Job:
        """The newest job, once it is as wanted."""
        deadline = time.monotonic() + timeout
        while True:
            found = await self.jobs()
            if found and wanted(found[-1]):
                return found[-1]
            assert time.monotonic() < deadline, f"waited in vain; the newest job is {found[-1] if found else None}"
            await asyncio.sleep(0.02)

    async def finished(self, timeout: float = 20.0) -> Job:
        """The newest job once its last word was said."""
        return await self.job(lambda job: job.state.finished and not job.notice_due, timeout)

    async def clean(self) -> None:
        """The ledger verifies, the simulators saw nothing outside the documents, no press is unanswered."""
        assert await self.easel.db.read(ledger.verify) == []
        assert self.services.violations == []

    async def restart(self, **changes: Any) -> None:
        """Stops the bot gracefully and starts it again, with changed settings if any."""
        await self._stack.aclose()
        self.settings = self.settings.model_copy(update=changes)
        self.easel = await self._stack.enter_async_context(Easel(self.settings, wrap=self.wrap, rates=self.rates))

    async def http(self, path: str) -> tuple[int, str]:
        """GET on the bot's own web server."""
        async with aiohttp.ClientSession() as session, session.get(self.easel.http_url + path) as response:
            return response.status, await response.text()

    def private(self, person: Person) -> ChatView:
        return person.private()


ONLY_AI_NOW = ("ai_now",)
EVERYBODY = ("ai_now", "neuroartist", "naive", "neuroapi", "neuroflash")


NO_PACE = dict.fromkeys(
    ("orders_per_minute", "all_orders_per_minute", "new_user_orders_per_day", "updates_per_minute", "welcome_per_hour"),
    0,
)
"""People in tests are faster than people."""


def sandbox_settings(
    telegram: TelegramServer, services: Services, database_url: str, providers: Collection[str], **changes: Any
) -> Settings:
    """Settings of a bot in the sandbox: no welcome credits unless asked for, one admin, everything on loopback, typical
    times that are the simulators' (`catalog_file=None`: the services'). Models are sold that the catalogue has and no
    others, unless a test asks for `adopt_models`."""
    values: dict[str, Any] = {
        "bot_token": SecretStr(telegram.token),
        "telegram_api_url": telegram.base_url,
        "admin_ids": (ADMIN_ID,),
        "database_url": database_url,
        **services.settings(),
        **{f"{name}_api_key": SecretStr(key) if name in providers else None for name, key in services.keys.items()},
        "http_port": 0,
        "drain_seconds": 0.2,
        "topup_contact": "@operator",
        "catalog_file": quick_file(),
        "adopt_models": False,
        "work_dir": Path(tempfile.gettempdir()) / "easel-work",
        **NO_PACE,
    }
    return Settings(_env_file=None, **{**values, **changes})


async def _priced(bot: Easel) -> None:
    """Waits a little for the first prices of today: models that are not sold without are off until then."""
    for _ in range(150):
        await bot.shop.refresh()
        dear = [m for m in bot.shop.models if not bot.shop.catalog.terms[m.provider].fallback]
        if not any(bot.shop.approximate(model) for model in dear):
            return
        await asyncio.sleep(0.02)


@asynccontextmanager
async def easel(
    database_url: str,
    *,
    scale: float = 0.002,
    limits: bool = False,
    providers: Collection[str] = ONLY_AI_NOW,
    rates: Rates = FAST,
    wrap: Wrap | None = None,
    lease: float = LEASE,
    **settings: Any,
) -> AsyncIterator[World]:
    """A bot in its sandbox on a migrated database. `scale`: of the services' documented times; `limits`: Telegram's
    flood limits; `providers`: those with a key (EVERYBODY: all five).

    Leaving checks that the ledger is clean and that the simulator was only asked what is documented.
    """
    telegram = TelegramServer(Config(limits=Limits(enabled=limits)))
    services = Services(scale=scale, seed=3)
    async with AsyncExitStack() as servers:
        await telegram.start()
        servers.push_async_callback(telegram.stop)
        servers.push_async_callback(services.stop)
        await services.start()
        made = sandbox_settings(telegram, services, database_url, providers, **settings)
        tg = await servers.enter_async_context(TelegramClient(telegram.base_url))
        running = AsyncExitStack()
        servers.push_async_callback(running.aclose)
        reached = wrap or Wrap()
        bot = await running.enter_async_context(Easel(made, wrap=reached, rates=rates, lease=lease))
        world = World(made, bot, telegram, services, tg, rates, reached, running)
        await _priced(bot)
        yield world
        await world.clean()
