"""What one person can bring about at no cost shuts no service for the others."""

from bot.domain.jobs import Cause, Job
from tests.drivers.app import World, easel

CHAT = ("ai_now", "neuroapi")


async def ended(world: World, prompt: str) -> Job:
    """The order with that prompt, once its end is told."""
    return await world.job(lambda job: job.prompt == prompt and job.state.finished and not job.notice_due)


async def test_answers_without_words_shut_the_chat_for_none(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        bob = await world.person("Bob", credits=10, language="ru")
        chat = ann.private()
        faults = ("thought_only", "empty_answer", "null_content", "thought_only", "empty_answer", "thought_only")
        for number, fault in enumerate(faults):
            world.services.neuroapi.faults.add(fault)
            await chat.send(f"/ask number {number}?")
            assert (await ended(world, f"number {number}?")).cause is Cause.NO_WORDS
        assert "You were not charged" in (await chat.wait("gave no words", button="Try again")).text
        world.services.neuroapi.faults.add("empty_answer")
        await bob.private().send("/ask почему?")
        await bob.private().wait("не ответила ни слова")
        await world.finished()
        await bob.private().send("/ask а теперь?")
        await bob.private().wait("Симуляция ответа")
        await world.finished()
        assert await world.balance(ann) == (10, 0)


async def test_one_persons_outages_shut_the_service_for_none(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        bob = await world.person("Bob", credits=10)
        world.services.neuroapi.faults.add("500", times=6)
        for number in range(6):
            await ann.private().send(f"/ask number {number}?")
            job = await ended(world, f"number {number}?")
            assert job.cause is Cause.UPSTREAM_DOWN
        await bob.private().send("/ask why?")
        await bob.private().wait("Simulated answer")
        await world.finished()
