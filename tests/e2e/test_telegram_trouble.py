"""A Telegram that refuses, fails and drops answers: every result arrives, none twice, and "Ready" is said once."""

import asyncio

import pytest

from bot.domain.jobs import JobState
from bot.telegram.api import retry
from tests.drivers.app import easel


async def test_results_get_through_a_telegram_in_trouble_and_nobody_is_told_twice(sqlite_url: str) -> None:
    async with easel(sqlite_url, ready_after_seconds=0, scale=0.004) as world:
        ann = await world.person(credits=200)
        group = await world.tg.group("Friends", [ann])
        chats = {ann.id: (ann.private(), 2), group.id: (ann.in_(group), 1)}
        for kind in ("drop_after", "429", "502"):
            await world.tg.faults(kind, method="editMessageMedia")
        for chat, count in chats.values():
            for number in range(count):
                await chat.send(f"/luma lake {number}")
                await chat.click("Confirm", on=await chat.wait(f"lake {number}", button="Confirm"))
        async with asyncio.timeout(45):
            while [job for job in await world.jobs() if job.notice_due or not job.state.finished]:
                await asyncio.sleep(0.05)
        jobs = await world.jobs()
        assert [job.state for job in jobs] == [JobState.DONE] * 3
        for chat_id, (chat, count) in chats.items():
            said = [m for m in await chat.messages() if m.from_bot]
            videos = {m.id: m.caption for m in said if m.kind == "video"}
            own = [job for job in jobs if job.target.chat_id == chat_id]
            assert sorted(videos) == sorted(job.target.message_id for job in own)
            assert all(job.prompt in videos[job.target.message_id] for job in own)
            assert len([m for m in said if "Ready!" in m.text]) == count


async def test_commands_typed_during_a_long_penalty_are_answered_after_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than one call waits by itself: minutes are common."""
    monkeypatch.setattr(retry, "LONGEST_WAIT", 0.5)
    async with easel(database_url) as world:
        ann = await world.person(credits=50)
        chat = ann.private()
        menu = await chat.last()
        await world.tg.faults("429", method="sendMessage", times=1, retry_after=4, chat_id=ann.id)
        await chat.send("/luma the first lake")
        await asyncio.sleep(0.3)
        await chat.send("/luma the second lake")
        tapped = await chat.forge(menu.id, "old:button")
        assert tapped.text == "This button is no longer valid.", "taps go on meanwhile"
        await chat.wait("the second lake", button="Confirm", timeout=12)
        said = [m.text for m in await chat.messages() if m.from_bot and "lake" in m.text]
        assert sorted("first" in text for text in said) == [False, True]
        assert not [m for m in await chat.messages() if "Something broke on my side" in m.text]


async def test_an_operators_command_is_answered_after_a_long_penalty(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "LONGEST_WAIT", 0.5)
    async with easel(sqlite_url) as world:
        olga = await world.admin()
        await world.tg.faults("429", method="sendMessage", times=1, retry_after=2, chat_id=olga.id)
        await olga.private().send("/status")
        await olga.private().wait("running for", timeout=12)
