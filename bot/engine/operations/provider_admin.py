"""What an operator sees and does about providers and models: states, switches, probes, balances."""

import asyncio
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa
import structlog
from sqlalchemy import Connection

from bot.domain.catalog.models import Terms
from bot.domain.jobs import Cause, JobState
from bot.engine.catalog import circuit_breaker, overrides, pauses
from bot.engine.catalog.pauses import Pause
from bot.engine.catalog.shop import Shop
from bot.engine.jobs import queries
from bot.engine.jobs.queries import QueueLine
from bot.engine.operations.discovery import Discovery
from bot.engine.operations.health import Health
from bot.engine.ports import Alerts
from bot.providers.base import HasBalance, HealthCheck, Provider, ProviderError
from bot.storage import cooldowns
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.tables import jobs

log = structlog.get_logger(__name__)

ASK_LIMIT = 8.0
"""Seconds that a balance or a ping may take: a person waits."""
KEPT = 60.0
"""Seconds for which an answer is shown again."""
RECENT = 200
DAY = 24 * 3600.0
"""The success rate is that of at most RECENT jobs of the last day."""
BALANCE_EVERY = 900.0
"""Seconds between two looks at the balances."""
THEIRS = frozenset({*circuit_breaker.FAULTS, *circuit_breaker.ANSWERS, Cause.BUSY})
"""Failures that count against a provider's success rate."""


@dataclass(frozen=True, slots=True)
class Record:
    """How a provider's jobs ended lately. `median`: seconds upstream of those that came to something."""

    done: int
    failed: int
    median: float | None


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What a provider told just now; None where it cannot be asked or did not answer."""

    balance: Decimal | None = None
    ping: float | None = None
    """Seconds."""
    error: str = ""


@dataclass(frozen=True, slots=True)
class ProviderState:
    """Everything about one provider at one moment."""

    terms: Terms
    has_key: bool
    off: bool
    pauses: tuple[Pause, ...]
    queue: QueueLine
    record: Record
    models: int
    asked: ProviderAnswer = field(default_factory=ProviderAnswer)

    @property
    def circuit(self) -> Pause | None:
        return circuit_breaker.of(self.pauses, self.terms.provider)


class ProviderAdmin:
    """`low_balance`: admins are alerted below this many units of a provider; 0: never."""

    def __init__(
        self,
        db: Database,
        shop: Shop,
        providers: Mapping[str, Provider],
        alerts: Alerts,
        *,
        discovery: Discovery,
        low_balance: Decimal = Decimal(0),
    ) -> None:
        self.db = db
        self.shop = shop
        self.providers = providers
        self.discovery = discovery
        self._alerts = alerts
        self._low = low_balance
        self._asked: dict[str, tuple[float, ProviderAnswer]] = {}

    async def states(self) -> tuple[float, tuple[ProviderState, ...]]:
        """The moment, and every provider of the catalogue in its order, with what those with a key told just now."""
        asked = dict(zip(self.providers, await asyncio.gather(*(self._ask(n) for n in self.providers)), strict=True))

        def read(conn: Connection) -> tuple[float, tuple[ProviderState, ...]]:
            self.shop.sync(conn)
            moment, found = now(conn), pauses.everything(conn)
            queues = {line.provider: line for line in queries.queue_overview(conn)}
            return moment, tuple(
                self._state(conn, terms, found, queues, asked.get(name, ProviderAnswer()), moment)
                for name, terms in self.shop.catalog.terms.items()
            )

        return await self.db.read(read)

    def _state(
        self,
        conn: Connection,
        terms: Terms,
        found: tuple[Pause, ...],
        queues: Mapping[str, QueueLine],
        asked: ProviderAnswer,
        moment: float,
    ) -> ProviderState:
        name = terms.provider
        return ProviderState(
            terms,
            name in self.providers,
            self.shop.provider_off(name),
            tuple(p for p in found if p.provider == name),
            queues.get(name) or QueueLine(name, 0, 0, 0),
            record(conn, name, moment),
            sum(m.provider == name for m in self.shop.models),
            asked,
        )

    async def switch(self, scope: str, name: str, *, on: bool, actor: int) -> bool:
        """Switches a model or provider off or on, in every process at once; on also ends the pauses of that model.
        False: it was so already."""
        model = self.shop.catalog.get(name) if scope == overrides.MODEL else None

        def change(conn: Connection) -> bool:
            done = overrides.switch(conn, scope, name, on=on, actor=actor)
            if on and model is not None:
                done = pauses.lift_model(conn, model) or done
            self.db.notify(conn, overrides.CHANGED)
            return done

        done = await self.db.transaction(change)
        await self.shop.refresh()
        return done

    async def probe(self, name: str) -> bool:
        """An admin's tap: a provider with a bad key is pinged now, elsewhere the next order is let through now. False:
        nothing waits for it, or the ping failed."""
        found = [p for p in await self.shop.pauses() if p.provider == name]
        back = False
        if any(p.kind == pauses.BAD_KEY for p in found):
            back = await Health.ping(self.providers.get(name))
            if back:
                await self.db.transaction(lambda conn: pauses.lift(conn, name, pauses.BAD_KEY))
        return await self.shop.allow_probe(name) or back

    async def _ask(self, name: str) -> ProviderAnswer:
        """Balance and ping, at the same time, each within its bound; kept for a minute."""
        kept = self._asked.get(name)
        if kept is not None and time.monotonic() - kept[0] < KEPT:
            return kept[1]
        provider: object = self.providers[name]
        balance, ping = await asyncio.gather(self._balance(name, provider), _ping(provider))
        asked = ProviderAnswer(
            balance, ping if isinstance(ping, float) else None, ping if isinstance(ping, str) else ""
        )
        self._asked[name] = (time.monotonic(), asked)
        return asked

    @staticmethod
    async def _balance(name: str, provider: object) -> Decimal | None:
        if not isinstance(provider, HasBalance):
            return None
        try:
            async with asyncio.timeout(ASK_LIMIT):
                return await provider.balance()
        except (ProviderError, TimeoutError) as error:
            log.info("provider.no_balance", provider=name, why=f"{type(error).__name__}: {error}"[:200])
            return None

    async def serve(self) -> None:
        """Runs for ever: watches the balances."""
        while True:
            await self.watch_balances()
            await asyncio.sleep(60.0)

    async def watch_balances(self) -> None:
        """One round: asks each provider unless some process did lately; a low balance alerts the admins."""
        if not self._low:
            return
        for name, provider in self.providers.items():
            if isinstance(provider, HasBalance):
                await self._watch_balance(name, provider)

    async def _watch_balance(self, name: str, provider: HasBalance) -> None:
        if not await self.db.transaction(
            lambda conn: cooldowns.acquire_cooldown(conn, f"balance:{name}", every=BALANCE_EVERY)
        ):
            return
        left = await self._balance(name, provider)
        if left is not None and left < self._low:
            terms = self.shop.catalog.terms[name]
            told = {"provider": terms.title, "balance": f"{left.normalize():f}", "unit": terms.unit}
            await self._alerts.alert(f"low_balance:{name}", "alert-low-balance", **told)


async def _ping(provider: object) -> float | str | None:
    """Seconds that a health check took; why it failed; None where there is none."""
    if not isinstance(provider, HealthCheck):
        return None
    begun = time.monotonic()
    try:
        async with asyncio.timeout(ASK_LIMIT):
            await provider.ping()
    except (ProviderError, TimeoutError) as error:
        return f"{type(error).__name__} {error}".strip()[:200]
    return time.monotonic() - begun


def record(conn: Connection, provider: str, moment: float) -> Record:
    """The latest ends of a provider's jobs, at most RECENT of the last day. Ends of our own making do not count."""
    latest = (
        sa.select(jobs.c.state, jobs.c.cause, jobs.c.delivering_at - jobs.c.submitted_at)
        .where(jobs.c.provider == provider, sa.text("finished_at IS NOT NULL"), jobs.c.finished_at > moment - DAY)
        .order_by(jobs.c.finished_at.desc())
        .limit(RECENT)
    )
    took: list[float] = []
    done = failed = 0
    for state, cause, seconds in conn.execute(latest):
        done += state == JobState.DONE.value
        failed += cause in THEIRS
        if state == JobState.DONE.value and seconds is not None:
            took.append(float(seconds))
    return Record(done, failed, statistics.median(took) if took else None)
