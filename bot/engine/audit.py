"""Proves the ledger once in a while in the running bot: the books are not only checked when somebody asks."""

import asyncio
from collections.abc import Callable

import structlog

from bot import ledger
from bot.engine.ports import Alerts
from bot.storage.database import Database

log = structlog.get_logger(__name__)

EVERY = 600.0


class Audit:
    """`serve` runs for ever; `told` hears the number of broken rules after each check."""

    def __init__(self, db: Database, alerts: Alerts, told: Callable[[int], None]) -> None:
        self._db = db
        self._alerts = alerts
        self._told = told

    async def serve(self) -> None:
        while True:
            await self.check()
            await asyncio.sleep(EVERY)

    async def check(self) -> int:
        """Verifies once; returns the number of broken rules, and tells the admins when there is any."""
        problems = await self._db.read(ledger.verify)
        self._told(len(problems))
        if problems:
            first = problems[0]
            log.error("ledger.problems", count=len(problems), first=f"{first.rule}: {first.subject}: {first.detail}")
            await self._alerts.alert("ledger", "alert-ledger", count=str(len(problems)))
        return len(problems)
