"""`make soak`: people order for a while, upstream and Telegram fail at random, the bot is killed at random and started
again. Then everything may settle, and the audit of the crash matrix must find nothing. The seed is printed."""

import argparse
import asyncio
import contextlib
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from bot.storage.migrate import migrate
from sandbox.client import ChatView
from sandbox.services import Services
from tests.crash import audit
from tests.crash.bots import Bots
from tests.crash.matrix import Databases
from tests.crash.people import Customer, Tally
from tests.crash.stage import Stage
from tests.drivers.postgres import server

PEOPLE = 8
FIRST_ID = 6_000_001
WELCOME = 1_000_000
SCALE = 0.02
"""Of AI-Now's minutes: a generation takes one to three seconds, so that kills meet every part of it."""
LEASE = 4.0
LIFE = (0.3, 10.0)
"""Seconds that a process lives."""
TROUBLE = (0.3, 2.0)
"""Seconds between two faults of Telegram."""
TELEGRAM_FAULTS = ("429", "500", "502", "drop_before", "drop_after", "timeout")
DRAIN = 420.0
"""Seconds for the end: what Telegram refused several times is tried again after as much as five minutes."""
SETTINGS = {"welcome_credits": str(WELCOME), "ping_every_seconds": 1, "probe_after_seconds": 1, "ai_now_concurrency": 6}


class Soak:
    """One database's run."""

    def __init__(self, stage: Stage, rng: Random) -> None:
        self._stage = stage
        self._rng = rng
        self._tally = Tally()
        self._kills = 0
        self._chats: list[ChatView] = []

    async def run(self, seconds: float) -> list[str]:
        """Complaints; none is the aim."""
        closing = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for number in range(PEOPLE):
                person = await self._stage.tg.user(f"Person {number}", language="en", id=FIRST_ID + number)
                self._chats.append(person.private())
                customer = Customer(self._stage, self._chats[-1], Random(self._rng.random()), self._tally)
                tasks.create_task(customer.live(closing))
            trouble = tasks.create_task(self._trouble(Random(self._rng.random())))
            await self._kill(Random(self._rng.random()), seconds)
            closing.set()
            trouble.cancel()
        await self._stage.tg.clear_faults()
        return await self._end()

    async def _kill(self, rng: Random, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            bot = await self._stage.start()
            await asyncio.sleep(rng.uniform(*LIFE))
            await bot.kill()
            self._kills += 1
        await self._stage.start()

    async def _trouble(self, rng: Random) -> None:
        while True:
            await asyncio.sleep(rng.uniform(*TROUBLE))
            await self._stage.tg.faults(rng.choice(TELEGRAM_FAULTS), retry_after=1, seconds=0.5)

    async def _end(self) -> list[str]:
        stage, complaints = self._stage, []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                while not await stage.settled():
                    await asyncio.sleep(0.2)
        found = await audit.books(stage.db)
        if not found.settled:
            unfinished = [job for job in found.jobs if not job.state.finished or job.notice_due]
            complaints.append(f"after {DRAIN:g} s {found.waiting} updates and these jobs are left: {unfinished}")
        complaints += [
            *audit.money(found),
            *audit.submits(found, stage.requests),
            *(f"ordered twice: {p}" for p, n in Counter(job.prompt for job in found.jobs).items() if n > 1),
            *(f"never confirmed: {job}" for job in found.jobs if job.prompt not in self._tally.confirmed),
            *stage.violations,
        ]
        for chat in self._chats:
            complaints += audit.truth(found, chat.chat_id, await chat.messages())
            complaints += await audit.balance(stage.db, found, chat.user_id, welcome=WELCOME)
        ends = Counter(job.state.value for job in found.jobs)
        tally = self._tally
        print(
            f"{self._kills} kills, {tally.orders} orders, {len(tally.confirmed)} confirmed, {tally.cancels} cancels: "
            + ", ".join(f"{n} {state}" for state, n in sorted(ends.items())),
            flush=True,
        )
        return complaints


@asynccontextmanager
async def stage_on(bots: Bots, databases: Databases, folder: Path) -> AsyncIterator[Stage]:
    services = Services(scale=SCALE, seed=3)
    async with databases.one(folder) as (url, _):

        async def wait_for_the_lease() -> None:
            """Nobody helps the successor here."""

        async with Stage(
            bots, url, folder, dict(SETTINGS), wait_for_the_lease, services=services, lease=LEASE
        ) as stage:
            yield stage


@contextlib.contextmanager
def databases_of(kind: str, folder: Path) -> Iterator[Databases]:
    if kind == "sqlite":
        migrate(f"sqlite:///{folder}/template.db")
        yield Databases(folder / "template.db", None)
        return
    with server() as postgres:
        migrate(postgres.create("template"))
        yield Databases(None, postgres)


async def soak(databases: dict[str, Databases], seed: int, seconds: float, folder: Path) -> bool:
    """On all of them at once. True when nobody has a complaint."""

    async def one(bots: Bots, kind: str) -> bool:
        home = folder / kind
        home.mkdir()
        async with stage_on(bots, databases[kind], home) as stage:
            complaints = await Soak(stage, Random(f"{seed} {kind}")).run(seconds)
            print(f"{kind}, seed {seed}: {len(complaints)} complaints", flush=True)
            if complaints:
                print("\n".join(complaints), stage.log(), sep="\n", flush=True)
            return not complaints

    async with Bots() as bots:
        return all(await asyncio.gather(*(one(bots, kind) for kind in databases)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.seconds:g} seconds on {options.database}", flush=True)
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        databases = {kind: stack.enter_context(databases_of(kind, folder)) for kind in kinds}
        clean = asyncio.run(soak(databases, options.seed, options.seconds, folder))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
