"""What may happen once in a while, and again at once where it failed."""

from bot.engine.dialogs.cooldowns import Cooldowns
from bot.storage.database import Database


async def failing(cooldowns: Cooldowns, key: str) -> bool:
    """Whether it was due; what was to be done failed."""
    seen = False
    try:
        async with cooldowns.attempt(key, every=20) as seen:
            raise RuntimeError("Telegram is away")
    except RuntimeError:
        return seen


async def test_a_key_is_acquired_once_in_its_time(database: Database) -> None:
    cooldowns = Cooldowns(database)
    assert await cooldowns.acquire("file:a", every=20)
    assert not await cooldowns.acquire("file:a", every=20)
    assert await cooldowns.acquire("file:b", every=20)
    database.shift_clock(21)
    assert await cooldowns.acquire("file:a", every=20)


async def test_what_failed_may_be_tried_again_at_once(database: Database) -> None:
    cooldowns = Cooldowns(database)
    assert await failing(cooldowns, "send:a")
    async with cooldowns.attempt("send:a", every=20) as due:
        assert due
    async with cooldowns.attempt("send:a", every=20) as due:
        assert not due


async def test_what_was_put_off_gives_nothing_free_when_it_fails(database: Database) -> None:
    cooldowns = Cooldowns(database)
    await cooldowns.acquire("send:a", every=20)
    assert not await failing(cooldowns, "send:a")
    assert not await cooldowns.acquire("send:a", every=20)


async def test_turns_run_out(database: Database) -> None:
    cooldowns = Cooldowns(database)
    assert [await cooldowns.take_turn("photo:1", 2, every=60.0) for _ in range(3)] == [True, True, False]
