"""One crash from the first message to the audit: sandbox servers that survive, a person who presses each button once,
and bots that die one after the other until the last may live."""

import asyncio
import re
import signal
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, Self

from bot.engine.catalog import overrides
from bot.storage.database import Database, open_database
from sandbox.client import ChatView, Msg, TelegramClient
from sandbox.kit.state import Record
from sandbox.services import WORKSPACE, Services
from sandbox.telegram import Config, Limits, TelegramServer
from tests.crash import audit
from tests.crash.bots import Bot, Bots
from tests.crash.failpoints import EXIT_CODE
from tests.drivers.app import NO_PACE

ANN = 5_000_001
OLGA = 5_000_002
"""The operator, where there is one."""
STAGING = -1_000_004_000_002
"""The first group of a local Telegram: where results for inline messages are put."""
WELCOME = 100
LEASE = 15.0
"""Seconds. Not shorter: on a busy machine a process that lives would count as dead."""
SCALE = 0.002
"""Of the services' seconds and minutes."""
PATIENCE = 60.0
"""Seconds for anything that must happen."""
LOOK = 0.05


@dataclass(frozen=True, slots=True)
class Death:
    """Where one process dies, at which time of passing, and whether it exits by itself or freezes to be killed."""

    at: str
    hit: int = 1
    freeze: bool = False
    thaw: bool = False
    """Whether a frozen one goes on at SIGCONT; else it is killed."""


@dataclass
class Stage:
    """`bot` is the process of the moment."""

    bots: Bots
    url: str
    folder: Path
    changes: dict[str, Any]
    bury: Callable[[], Awaitable[None]]
    """After a death: lets the lease of the dead run out at once."""
    telegram: TelegramServer = field(default_factory=lambda: TelegramServer(Config(limits=Limits(enabled=False))))
    services: Services = field(default_factory=lambda: Services(scale=SCALE, seed=3))
    sells: Collection[str] = ("ai_now",)
    """The services that run and are sold."""
    longest: Mapping[str, float] = field(default_factory=dict)
    """Models by slug whose longest time is another than the catalogue's."""
    lease: float = LEASE
    bot: Bot | None = None
    doomed: bool = False
    """Whether the process of the moment has a failpoint that it has not met."""
    cards: int = 0
    """How many cards of the order that waited for credits stood there when they were pressed."""
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    tg: TelegramClient = field(init=False)
    db: Database = field(init=False)

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:  # also where the case is cancelled: what is left open would be found in another test
            await self._stack.aclose()
            raise
        return self

    async def _open(self) -> None:
        self._stack.push_async_callback(self.telegram.stop)
        await self.telegram.start()
        for name in self.sells:
            self._stack.push_async_callback(self.services.all[name].stop)
            await self.services.all[name].start()
        self.tg = await self._stack.enter_async_context(TelegramClient(self.telegram.base_url))
        await self._priced()
        self.db = await open_database(self.url, writer=False)
        self._stack.push_async_callback(self.db.close)
        self._stack.push_async_callback(self._kill)
        if "staging_chat_id" in self.changes:
            self.telegram.config.guest = True
            ann = await self.tg.user("Ann", language="en", username="ann", id=ANN)
            assert (await self.tg.group("Staging", [ann])).id == STAGING

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _priced(self) -> None:
        """Today's price is known from an earlier process where a service is not sold without."""
        if "naive" in self.sells:
            db = await open_database(self.url)
            prices = {("fal-ai/flux/schnell", count): Decimal("0.006") * count for count in range(1, 5)}
            await db.transaction(lambda conn: overrides.note_prices(conn, "naive", prices))
            await db.close()

    async def start(self, death: Death | None = None, *, record: bool = False) -> Bot:
        """The next process."""
        at = {"at": death.at, "hit": death.hit, "freeze": death.freeze, "thaw": death.thaw} if death is not None else {}
        self.bot = await self.bots.start(
            settings=self._settings(), folder=str(self.folder), lease=self.lease, record=record, **at
        )
        return self.bot

    async def lives(self, deaths: list[Death]) -> None:
        """Starts one process after the other; returns when the last, which has no failpoint, is up."""
        for death in deaths:
            self.doomed = True
            bot = await self.start(death)
            frozen = asyncio.create_task(bot.frozen.wait())
            ends: set[asyncio.Future[Any]] = {frozen, bot.ended}
            try:
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            finally:
                frozen.cancel()
            self.doomed = False
            code = await bot.kill() if bot.frozen.is_set() else bot.ended.result()
            await self.bury()
            assert code == (-signal.SIGKILL if death.freeze else EXIT_CODE), f"{death} was not met: ended with {code}"
        bot = await self.start()
        async with asyncio.timeout(PATIENCE):
            await bot.ready.wait()

    async def terminate(self) -> None:
        """SIGTERM to the process of the moment."""
        assert self.bot is not None
        await self.bot.signal(signal.SIGTERM)

    async def stop(self) -> int:
        """SIGTERM, and the exit code."""
        await self.terminate()
        assert self.bot is not None
        async with asyncio.timeout(PATIENCE):
            return await asyncio.shield(self.bot.ended)

    async def until(self, done: Callable[[], Awaitable[bool]], what: str) -> None:
        """Waits for it, looking often; fails with the bots' log."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await done():
                    await asyncio.sleep(LOOK)
        except TimeoutError:
            raise AssertionError(f"{what} did not come\n{self.log()}") from None

    async def settled(self) -> bool:
        """There is a job, and nothing is left to do: no job, no last word, no update here or still at Telegram's."""
        if (await self.tg.bot())["pending_updates"]:  # asked first: what is confirmed there is in the inbox here
            return False
        jobs, left = await audit.standing(self.db)
        return jobs > 0 and left == 0

    async def quiet(self) -> bool:
        """Nothing is left to do, with a job or without."""
        pending = (await self.tg.bot())["pending_updates"]  # first, as above
        return not pending and (await audit.standing(self.db))[1] == 0

    async def ordered(self) -> bool:
        """The press arrived: there is a job."""
        return (await audit.standing(self.db))[0] > 0

    async def met(
        self,
        chat: ChatView,
        wanted: Callable[[Msg], bool],
        what: str,
        *,
        at_rest: Callable[[], Awaitable[bool]] | None = None,
    ) -> Msg | None:
        """The first message that is wanted; None when everything settles (or is `at_rest`) without one."""
        found: list[Msg] = []

        async def look() -> bool:
            over = await (at_rest or self.settled)()  # asked first: a message may come between
            found.extend(m for m in await chat.messages() if m.from_bot and wanted(m))
            return bool(found) or over

        await self.until(look, what)
        return found[0] if found else None

    @property
    def requests(self) -> list[Record]:
        """What the services were asked to make."""
        return [record for name in self.sells for record in self.services.all[name].requests]

    @property
    def violations(self) -> list[str]:
        return self.services.violations

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace")[-6000:] if path.exists() else "no log"

    def _settings(self) -> dict[str, Any]:
        return {
            "bot_token": self.telegram.token,
            "telegram_api_url": self.telegram.base_url,
            "database_url": self.url,
            **{f"{name}_api_key": self.services.keys[name] for name in self.sells},
            **{f"{name}_base_url": self.services.all[name].base_url for name in self.sells},
            "neuroflash_workspace_id": WORKSPACE,
            "catalog_file": self._catalog(),
            "allow_private_result_hosts": True,
            "http_port": 0,
            "drain_seconds": 0.2,
            "welcome_credits": str(WELCOME),
            **NO_PACE,
            "ready_after_seconds": 0,
            **self.changes,
        }

    def _catalog(self) -> str | None:
        """The catalogue with those longest times; None: as it is."""
        if not self.longest:
            return None
        text = resources.files("bot").joinpath("catalog.toml").read_text(encoding="utf-8")
        for slug, seconds in self.longest.items():
            times = rf'(slug = "{slug}"\n(?:.*\n)*?typical_seconds = )[\d.]+\nlongest_seconds = [\d.]+'
            text, changed = re.subn(times, rf"\g<1>1\nlongest_seconds = {seconds}", text, count=1)
            assert changed, slug
        path = self.folder / "catalog.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    async def _kill(self) -> None:
        if self.bot is not None:
            await self.bot.kill()
