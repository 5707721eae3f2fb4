"""Proves the ledger in the running bot: every ten minutes what moved since the seal, once a night all of it."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import ledger
from bot.engine.ports import Alerts
from bot.storage.clock import now
from bot.storage.cooldowns import acquire_cooldown, clear, said
from bot.storage.database import Database

log = structlog.get_logger(__name__)

EVERY: Final = 600.0
DAY: Final = 24 * 3600.0
NIGHT: Final = 2 * 3600.0
"""Seconds after midnight, UTC, from which on all of it is proved, by the first process that comes to it."""
BEGUN: Final = 3600.0
"""Seconds after which a process that began a whole proof and told no end of it counts as gone."""


class Audit:
    """`serve` runs for ever; `told` hears the number of broken rules after each check."""

    def __init__(self, db: Database, alerts: Alerts, told: Callable[[int], None]) -> None:
        self._db = db
        self._alerts = alerts
        self._told = told
        self._mark: ledger.Mark | None = None

    async def serve(self) -> None:
        while True:
            await self.check()
            await asyncio.sleep(EVERY)

    async def check(self) -> int:
        """Proves what moved since the seal, and all of it when it is time; returns the number of broken rules, and
        tells the admins when there is any."""
        problems = await self._new() or await self._all()
        self._told(len(problems))
        if problems:
            first = problems[0]
            log.error("ledger.problems", count=len(problems), first=f"{first.rule}: {first.subject}: {first.detail}")
            await self._alerts.alert("ledger", "alert-ledger", count=str(len(problems)))
        return len(problems)

    async def _new(self) -> list[ledger.Problem]:
        """What moved since the seal; where that is in order, the seal moves on."""
        oldest = await self._db.read(ledger.open_since)
        proof = await self._db.read(lambda conn: ledger.prove_new(conn, self._mark, oldest))
        self._mark = proof.mark
        await self._db.transaction(lambda conn: ledger.seal(conn, proof))
        return list(proof.problems)

    async def _all(self) -> list[ledger.Problem]:
        """Everything, until a proof of this night has found nothing. Noted at its end: a proof that is cut off by a
        restart is made again, and what it finds is told by each process until it is mended."""
        night = await self._db.transaction(_tonight)
        if not night:
            return []
        problems = await self._db.read(ledger.verify)

        def note_proof(conn: Connection) -> None:
            if problems:
                clear(conn, _begun(night))
            else:
                acquire_cooldown(conn, night, every=DAY)

        await self._db.transaction(note_proof)
        return problems


def _tonight(conn: Connection) -> str:
    """The key of this night, when its whole proof is due and no other process is at it; else ""."""
    night = f"ledger-night:{(now(conn) - NIGHT) // DAY:.0f}"
    return night if not said(conn, night) and acquire_cooldown(conn, _begun(night), every=BEGUN) else ""


def _begun(night: str) -> str:
    return f"{night}:begun"
