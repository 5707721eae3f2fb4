"""Runs cases of the matrix: several at once, each with servers, a database and processes of its own."""

import asyncio
import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from bot.domain.jobs import JobState
from tests.crash import audit
from tests.crash.bots import Bots
from tests.crash.points import EARLIER, LOST, MADE, Point, points
from tests.crash.scenes import SCENES, play
from tests.crash.stage import ANN, LEASE, WELCOME, Death
from tests.drivers.postgres import PostgresServer

T = TypeVar("T")

AT_ONCE = 4
KINDS = ("exit", "sigkill")
OPENED = "UPDATE jobs SET next_at = 0 WHERE message_id = 0 AND state = 'queued'"
"""Nobody is about to send the message of a job any more."""
CLAIMED = "UPDATE waiting_orders SET due_at = 0 WHERE coming_back"
"""No process is about to send the card of an order that waited for credits any more."""
ENDS = {MADE: {JobState.DONE}, LOST: {JobState.FAILED, JobState.CANCELLED}}


@dataclass(frozen=True, slots=True)
class Case:
    """A point of the table and a kind of death."""

    point: Point
    kind: str

    def __str__(self) -> str:
        return f"{self.point} {self.kind}"

    @property
    def deaths(self) -> list[Death]:
        last = Death(self.point.at, self.point.hit, freeze=self.kind == "sigkill")
        earlier = EARLIER.get(self.point.scene)
        return [Death(earlier), last] if earlier else [last]


def cases(dialect: str, *, everything: bool) -> list[Case]:
    """Each point once, the kinds of death taking turns (the other way round on the other database); or all of both."""
    found = list(points(dialect, everything=everything))
    if everything:
        return [Case(point, kind) for point in found for kind in KINDS]
    turn = int(dialect == "sqlite")
    return [Case(point, KINDS[(turn + number) % 2]) for number, point in enumerate(found)]


Bury = Callable[[], Awaitable[None]]


class Databases:
    """Migrated copies, each for one case: `async with databases.one(folder) as (url, bury)`. `bury` passes the time
    that a successor would have to wait for."""

    def __init__(self, template: Path | None, server: PostgresServer | None) -> None:
        self._template = template
        self._server = server
        self._numbers = itertools.count(1)
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def one(self, folder: Path) -> AsyncIterator[tuple[str, Bury]]:
        if self._server is None:
            assert self._template is not None
            path = folder / "easel.db"
            shutil.copyfile(self._template, path)
            yield f"sqlite:///{path}", partial(_unopened, path)
            return
        name = f"crash_{next(self._numbers)}"
        async with self._lock:
            url = await asyncio.to_thread(self._server.create, name, template="template")
        try:
            yield url, partial(self._bury, url)
        finally:
            async with self._lock:
                await asyncio.to_thread(self._server.drop, name)

    @staticmethod
    async def _bury(url: str) -> None:
        conn = await asyncpg.connect(url)
        try:
            await conn.execute("UPDATE workers SET lease_until = lease_until - $1", LEASE)
            await conn.execute(OPENED)
            await conn.execute(CLAIMED)
        finally:
            await conn.close()


async def _unopened(path: Path) -> None:
    """On SQLite the next process frees everything at its start, except what waits for a message that is being sent."""
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(OPENED)
        conn.execute(CLAIMED)


async def run(case: Case, bots: Bots, databases: Databases, folder: Path) -> None:
    """Plays the case's scene with its deaths, then audits. Raises AssertionError with all complaints and the log."""
    scene = SCENES[case.point.scene]
    async with (
        databases.one(folder) as (url, bury),
        scene.on(bots, url, folder, bury) as stage,
    ):
        lives = asyncio.create_task(stage.lives(case.deaths))
        try:
            chat = await unless_failed(play(stage, scene), lives)
            if stage.doomed:  # the failpoint is in the graceful stop
                await stage.terminate()
            await lives
            await stage.until(stage.settled if scene.orders else stage.quiet, "the end")
            assert await stage.stop() == 0, f"the last process did not stop in peace\n{stage.log()}"
            found = await audit.books(stage.db)
            complaints = [
                *audit.money(found),
                *audit.truth(found, chat.chat_id, await chat.messages()),
                *audit.submits(found, stage.requests),
                *await audit.balance(stage.db, found, ANN, welcome=WELCOME + scene.given),
                *audit.by_hand(found, top_ups=int(scene.given > 0), debits=int(scene.given < 0)),
                *stage.violations,
            ]
        finally:
            lives.cancel()
            await asyncio.gather(lives, return_exceptions=True)
        states = {job.state for job in found.jobs}
        if len(found.jobs) != (scene.jobs if scene.orders else 0) or not found.settled:
            complaints.append(f"one order became {found}")
        if scene.refunds and not all(job.refunded for job in found.jobs):
            complaints.append("nothing was refunded")
        if scene.orders and case.point.end in ENDS and not states <= ENDS[case.point.end]:
            complaints.append(f"it ended {states}, and {case.point.end} was due")
        if stage.cards != case.point.cards:
            complaints.append(f"{stage.cards} cards of the order came back, and {case.point.cards} were due")
        if "Traceback" in stage.log() and case.point.scene != "our fault":
            complaints.append("something was raised")
        assert not complaints, "\n".join([*complaints, await chat.transcript(), stage.log()])


async def unless_failed(work: Coroutine[Any, Any, T], lives: asyncio.Task[None]) -> T:
    """What `work` returns; when the processes fail meanwhile, their failure instead of a long wait."""
    playing = asyncio.create_task(work)
    try:
        await asyncio.wait({playing, lives}, return_when=asyncio.FIRST_COMPLETED)
        if lives.done():
            await lives
        return await playing
    finally:
        playing.cancel()
