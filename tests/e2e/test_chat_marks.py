"""The marks of a model's Markdown are never seen: in drafts, after Stop, and in groups."""

import asyncio
import re

from tests.drivers.app import easel

CHAT = ("ai_now", "neuroapi")
ESSAY = "a long essay with code and a list"
MARKS = re.compile(r"\*\*|```|^\s*#{1,6}\s|^#|`(?=\w)", re.MULTILINE)


async def test_no_draft_shows_a_mark(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        world.services.neuroapi.state.scale = 0.3
        await chat.send(f"/ask {ESSAY}")
        seen: set[str] = set()
        await chat.wait_draft("Simulated answer", timeout=20)
        while (draft := await chat.draft()) is not None:
            seen.add(draft["text"])
            await asyncio.sleep(0.05)
        answer = await chat.wait("Simulated answer", timeout=30)
        await world.finished()
        assert len(seen) >= 3
        assert not [text[-80:] for text in (*seen, answer.text) if MARKS.search(text)]


async def test_what_stop_leaves_shows_no_mark(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        world.services.neuroapi.state.scale = 1.0
        await chat.send(f"/ask {ESSAY}")
        shown = await chat.wait("Simulated answer", timeout=20, button="Stop")
        await chat.click("Stop", on=shown)
        stopped = await chat.wait("⏹ Stopped.")
        assert not MARKS.search(stopped.text)
        await world.finished()
        versions = [str(each.get("text", "")) for each in await chat.history(stopped)]
        assert len(versions) >= 2
        assert not [text[-80:] for text in versions if MARKS.search(text)]
