"""A restart while people write: nothing is lost, and whoever waits for the next process is told so."""

import asyncio
import os
import signal
import time
from pathlib import Path

import yaml

from bot.app import Easel
from bot.domain.jobs import Job, JobState
from bot.engine.catalog.file import load_catalog
from bot.engine.jobs import queries
from bot.providers import registry
from bot.settings import Settings
from bot.storage.database import open_database
from bot.wiring.catalog import provider_configs
from sandbox.client import ChatView
from tests.drivers.app import World, easel

SOLD = ("ai_now", "neuroapi")
GOODBYES = 60
"""Seconds beyond the drain in which connections, tasks and the database are closed."""
ROOT = Path(__file__).parents[2]


async def _order(chat: ChatView, command: str) -> None:
    await chat.send(command)
    await chat.click("Confirm", on=await chat.wait(button="Confirm"))


async def _stopping(world: World) -> "asyncio.Future[None]":
    """What a SIGTERM begins: the block of the running bot is left."""
    stopping = asyncio.ensure_future(world._stack.aclose())
    await asyncio.sleep(0)
    return stopping


async def test_a_restart_keeps_streams_and_tells_those_who_wait(database_url: str) -> None:
    async with easel(database_url, providers=SOLD, drain_seconds=60.0) as world:
        world.services.ai_now.state.scale = 0.03  # a video takes two to five seconds
        ann, bob = await world.person("Ann", credits=100), await world.person("Bob", credits=100)
        await _order(ann.private(), "/pika --style 4 a lake")
        await world.job(lambda job: job.state is JobState.RUNNING)
        stopping = await _stopping(world)
        chat = bob.private()
        await _order(chat, "/pika --style 4 a late lake")
        waits = await chat.wait("I am restarting", timeout=10)
        assert "Cancel" in waits.buttons
        assert "kept and goes on by itself" in waits.text
        await chat.send("/ask why is the sky blue?")
        await chat.wait_for(lambda m: "I am restarting" in m.text and m.id != waits.id, 10, what="the same of it")
        assert not stopping.done()
        await ann.private().wait_for(lambda m: m.kind == "video", 20, what="the video that was under way")
        await stopping
        late = [job.state for job in await _jobs_of(database_url)]
        assert late == [JobState.DONE, JobState.QUEUED, JobState.QUEUED]
        world.services.ai_now.state.scale = 0.002
        await world.restart(drain_seconds=0.2)
        await chat.wait_for(lambda m: m.kind == "video", 20, what="the video of the next process")
        await chat.wait("Simulated answer: why is the sky blue?", timeout=20)
        told = [m for m in await chat.messages() if "I am restarting" in m.text]
        assert len(told) == 1, "the question's; the order's message is its video"


async def _jobs_of(url: str) -> list[Job]:
    db = await open_database(url, writer=False)
    try:
        return list(reversed(await db.read(lambda conn: queries.everyone(conn, offset=0, limit=9))))
    finally:
        await db.close()


async def test_a_second_signal_ends_the_process_at_once(sqlite_url: str) -> None:
    async with easel(sqlite_url, drain_seconds=60.0) as world:
        world.services.ai_now.state.scale = 1.0
        ann = await world.person("Ann", credits=100)
        await _order(ann.private(), "/pika --style 4 a lake")
        await world.job(lambda job: job.state is JobState.RUNNING)

        async def serve(bot: Easel) -> None:
            await bot.until_stopped()
            await world._stack.aclose()

        serving = asyncio.ensure_future(serve(world.easel))
        await asyncio.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.5)
        assert not serving.done(), "the stream gets its time"
        begun = time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)
        await serving
        assert time.monotonic() - begun < 5.0
        await world.restart(drain_seconds=0.2)
        said = await ann.private().wait("You were not charged", timeout=10)
        assert "I had to restart" in said.text
        assert await world.balance(ann) == (100, 0)


async def _longest_stream() -> float:
    """Of what is sold by services that cannot be asked again for an order after a restart."""
    keys = {f"{name}_api_key": "key" for name in registry.FACTORIES}
    settings = Settings(_env_file=None, bot_token="1:abc", neuroflash_workspace_id="w", **keys)  # type: ignore[arg-type]
    built = registry.build(provider_configs(settings))
    longest = max(m.longest_seconds for m in load_catalog().models if not built[m.provider].resumable)
    await registry.close(built)
    return longest


async def test_the_time_to_drain_fits_the_longest_stream_sold_and_its_watchers_wait_longer() -> None:
    drain = Settings.model_fields["drain_seconds"].default
    assert drain >= max(240, await _longest_stream())
    bot = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["bot"]
    assert int(bot["stop_grace_period"].removesuffix("s")) >= drain + GOODBYES
    unit = (ROOT / "docs" / "operators.md").read_text().partition("TimeoutStopSec=")[2]
    assert int(unit.split()[0]) >= drain + GOODBYES
