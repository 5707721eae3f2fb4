"""How long a person who has topped up waits for an answer while strangers flood the bot: 900 messages of one of them,
and 2,000 made-up people who press Start. Default settings, and the flood limits that Telegram has.

    python -m benchmarks.strangers [--seconds 20] [--runs 3]
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import uvloop
from sqlalchemy import Connection

from benchmarks import report
from benchmarks.process import folder, measured
from benchmarks.telegram import SECRET_HEADER, NullTelegram, message, place
from benchmarks.wire import Connection as Wire
from bot import ledger
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.storage.database import open_database
from bot.storage.migrate import migrate

KNOWN = 40
FIRST_KNOWN = 10_000
STRANGER = 500_000
CROWD = 2_000
MESSAGES = 900
PER_SECOND = 4.0
"""Questions of all known people together, so that one of them asks every ten seconds."""
GRACE = 10.0
"""Seconds after the last question; what has no answer then counts as waiting until then."""
LINES = 8


@dataclass
class Questions:
    """When each known person asked, and how long the answers took."""

    asked: dict[int, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    unanswered: int = 0

    def sent(self, chat: int, _message: int, _body: bytes) -> None:
        began = self.asked.pop(chat, None)
        if began is not None:
            self.took.append(time.monotonic() - began)

    def close(self) -> None:
        """Those that were not answered count with what they waited so far."""
        self.unanswered = len(self.asked)
        self.took += [time.monotonic() - began for began in self.asked.values()]
        self.asked.clear()


@dataclass(frozen=True, slots=True)
class Run:
    p50: float
    p99: float
    unanswered: float


async def prepare(path: Path) -> str:
    """A database in which the known people have topped up."""
    url = f"sqlite:///{path}"
    migrate(url)
    db = await open_database(url)

    def meet(conn: Connection) -> None:
        for n in range(KNOWN):
            person, _ = users.seen(conn, user_id=FIRST_KNOWN + n, username=None, name="Known", language_code="en")
            amount = Credits(10 * CREDIT)
            ledger.top_up(
                conn, key=f"bench:{n}", account_id=person.account_id, amount=amount, actor=None, note="benchmark"
            )

    await db.transaction(meet)
    await db.close()
    return url


async def flood(lines: Sequence[Wire], bodies: Sequence[bytes]) -> None:
    """Posts everything as fast as it is taken; what is refused with 503 is sent again, as Telegram does."""
    waiting = list(reversed(bodies))

    async def post(line: Wire) -> None:
        while waiting:
            body = waiting.pop()
            status = await line.post("/telegram", body, SECRET_HEADER)
            if status != 200:
                assert status == 503, status
                waiting.insert(0, body)
                await asyncio.sleep(0.1)

    await asyncio.gather(*(post(line) for line in lines))


async def ask(line: Wire, questions: Questions, seconds: float) -> None:
    """Known people ask for help, one after the other; none asks again before the answer."""
    began, n = time.monotonic(), 0
    while (due := began + n / PER_SECOND) < began + seconds:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        person = FIRST_KNOWN + n % KNOWN
        n += 1
        if person in questions.asked:
            continue
        questions.asked[person] = time.monotonic()
        status = await line.post("/telegram", message(5_000_000 + n, person, "/help"), SECRET_HEADER)
        assert status == 200, status
    deadline = time.monotonic() + GRACE
    while questions.asked and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    questions.close()


async def one_run(bodies: Sequence[bytes], seconds: float) -> Run:
    telegram, questions = NullTelegram(), Questions()
    telegram.sent = questions.sent
    await telegram.start()
    with folder() as made:
        url = await prepare(made / "easel.db")
        async with measured("benchmarks.measured.easel", telegram.url, url, "--updates-per-minute", 90) as bot:
            where = place((await bot.hear("ready"))["url"])
            lines = [await Wire.open(*where) for _ in range(LINES)]
            one = await Wire.open(*where)
            flooding = asyncio.create_task(flood(lines, bodies))
            await asyncio.sleep(0.2)
            await ask(one, questions, seconds)
            flooding.cancel()
            for line in (*lines, one):
                line.close()
    await telegram.stop()
    ordered = sorted(questions.took)
    return Run(ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], questions.unanswered)


async def main(options: argparse.Namespace) -> None:
    floods = {
        f"{MESSAGES} messages of one stranger": [message(1 + n, STRANGER, "/help") for n in range(MESSAGES)],
        f"{CROWD:,} people press Start": [message(1 + n, STRANGER + n, "/start") for n in range(CROWD)],
    }
    lines = []
    for what, bodies in floods.items():
        runs = [await one_run(bodies, options.seconds) for _ in range(options.runs)]
        lines += [
            report.column(runs, f"{what}: known person's wait, p50", "p50", "s"),
            report.column(runs, f"{what}: known person's wait, p99", "p99", "s", goal="≤ 2"),
            report.column(runs, f"{what}: questions without an answer", "unanswered", "", goal="0"),
        ]
    report.show(
        "A known person's answer beside a flood",
        lines,
        notes=[
            f"{KNOWN} people who have topped up ask for help, {PER_SECOND:g} a second in all for {options.seconds:g} s,"
            f" beginning 0.2 s after the flood. What has no answer {GRACE:g} s after the last question counts as"
            " waiting until then."
        ],
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=20.0)
    asked.add_argument("--runs", type=int, default=3)
    uvloop.run(main(asked.parse_args()))
