"""A process that freezes for longer than its lease and wakes: what its successor said last stands, and nothing is
painted over it. With real processes on PostgreSQL, where several may work on one database."""

import asyncio
import signal
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage.tables import workers
from sandbox.client import ChatView, Msg
from tests.crash import audit
from tests.crash.bots import Bot, Bots
from tests.crash.matrix import ENDS, Databases, unless_failed
from tests.crash.points import THAWED
from tests.crash.scenes import SCENES, Scene, play
from tests.crash.stage import ANN, PATIENCE, WELCOME, Death, Stage

DIALECT = "postgresql"
pytestmark = [pytest.mark.crash, pytest.mark.asyncio(loop_scope="module")]

LEASE = 3.0
WATCHED = 4.0
"""Seconds after the thaw: the bars of the frozen process are due at once and then every second."""
ORDERS = 4


async def ordered(stage: Stage, chat: ChatView, count: int) -> list[Msg]:
    """Orders whose service says nothing any more, each with its bar."""
    for number in range(count):
        await chat.send(f"/pika --style watercolor lake {number} [fault:stall]")
        label = f"lake {number}"
        card = await stage.met(chat, lambda m, label=label: label in m.text and m.button("Confirm") is not None, label)  # type: ignore[misc]
        assert card is not None
        await chat.click("Confirm", on=card, timeout=0)
    found: list[Msg] = []

    async def all_bars() -> bool:
        found[:] = [m for m in await chat.messages() if m.from_bot and "%" in m.text]
        return len(found) == count

    await stage.until(all_bars, "the bars")
    return found


async def leases(stage: Stage) -> set[str]:
    """The processes that have a lease, expired or not."""
    return await stage.db.read(lambda conn: set(conn.execute(sa.select(workers.c.id)).scalars()))


async def no_burial() -> None:
    """The lease of the frozen process runs out by itself."""


async def test_nothing_is_painted_over_the_last_word_by_a_process_that_wakes(
    bots: Bots, databases: Databases, tmp_path: Path
) -> None:
    changes = {"active_jobs_per_user": ORDERS}
    async with (
        databases.one(tmp_path) as (url, _),
        Stage(bots, url, tmp_path, changes, no_burial, lease=LEASE) as stage,
    ):
        frozen = await stage.start()
        ann = await stage.tg.user("Ann", language="en", username="ann", id=ANN)
        chat = ann.private()
        await chat.send("/start")
        bars = await ordered(stage, chat, ORDERS)
        await asyncio.sleep(1.0)  # somewhere within a round of its ticker
        await frozen.signal(signal.SIGSTOP)
        try:
            await stage.start()
            await stage.until(stage.settled, "the end of what the frozen process had")
            told = [await chat.refresh(bar) for bar in bars]
            assert all(audit.NOT_CHARGED in message.text for message in told)
        finally:
            await frozen.signal(signal.SIGCONT)
        await asyncio.sleep(WATCHED)
        now = [await chat.refresh(bar) for bar in bars]
        assert [m.text for m in now] == [m.text for m in told]
        assert [m.edits for m in now] == [m.edits for m in told], "not even for a moment"
        found = await audit.books(stage.db)
        complaints = [*audit.money(found), *await audit.balance(stage.db, found, ANN, welcome=WELCOME)]
        assert not complaints
        await in_peace(stage, frozen)


async def in_peace(stage: Stage, woken: Bot) -> None:
    """Both processes stop as they should."""
    await woken.signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        assert await asyncio.shield(woken.ended) == 0, f"the woken one\n{stage.log()}"
    assert await stage.stop() == 0, f"its successor\n{stage.log()}"


async def thawed(bots: Bots, databases: Databases, folder: Path, scene: Scene, death: Death, end: str) -> None:
    """Plays the scene with a process that freezes there and wakes, and another that takes over; then audits."""
    async with databases.one(folder) as (url, _), scene.on(bots, url, folder, no_burial) as stage:
        stage.lease = LEASE
        woken = await stage.start(death)

        async def take_over() -> None:
            async with asyncio.timeout(PATIENCE):
                await woken.frozen.wait()
            before = await leases(stage)
            successor = await stage.start()
            async with asyncio.timeout(PATIENCE):
                await successor.ready.wait()

            async def taken() -> bool:
                return not before & await leases(stage)

            try:
                await stage.until(taken, "the end of the frozen process's lease")
            finally:
                await woken.signal(signal.SIGCONT)

        taking = asyncio.create_task(take_over())
        try:
            chat = await unless_failed(play(stage, scene), taking)
            await taking
        finally:
            taking.cancel()
        await asyncio.sleep(WATCHED)  # whatever the woken process would still do
        await stage.until(stage.settled, "the end")
        await in_peace(stage, woken)
        found = await audit.books(stage.db)
        complaints = [
            *audit.money(found),
            *audit.truth(found, chat.chat_id, await chat.messages()),
            *audit.submits(found, stage.requests),
            *await audit.balance(stage.db, found, ANN, welcome=WELCOME),
        ]
        states = {job.state for job in found.jobs}
        if not states <= ENDS[end]:
            complaints.append(f"it ended {states}, and {end} was due")
        assert not complaints, "\n".join([*complaints, await chat.transcript(), stage.log()])


async def test_whatever_a_process_was_about_to_write_when_it_froze(
    bots: Bots, databases: Databases, tmp_path: Path
) -> None:
    async def one(number: int, scene: str, at: str, hit: int, end: str) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            await thawed(bots, databases, folder, SCENES[scene], Death(at, hit, freeze=True, thaw=True), end)
        except (AssertionError, TimeoutError) as error:
            raise AssertionError(f"{scene} {at} #{hit}: {error}") from None

    # All of them come to their end, also beside one that fails: what is left running would outlive its servers.
    ends = await asyncio.gather(*(one(number, *point) for number, point in enumerate(THAWED)), return_exceptions=True)
    failed = [end for end in ends if isinstance(end, BaseException)]
    if failed:
        raise failed[0]
