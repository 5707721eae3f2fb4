"""Use cases find the update that asked for them, and only inside its handling."""

import asyncio

from bot.engine.dialogs import inbox
from bot.engine.dialogs.inbox import Ticket


async def test_a_use_case_finds_the_update_that_asked_for_it() -> None:
    assert inbox.current() is None
    with inbox.under_way(Ticket(1, 7)):
        assert inbox.current() == Ticket(1, 7)
        assert await asyncio.create_task(_asked()) == Ticket(1, 7)
    assert inbox.current() is None


async def test_updates_that_are_handled_at_once_do_not_see_each_other() -> None:
    async def handle(number: int) -> Ticket | None:
        with inbox.under_way(Ticket(1, number)):
            await asyncio.sleep(0)
            return inbox.current()

    assert tuple(await asyncio.gather(handle(1), handle(2))) == (Ticket(1, 1), Ticket(1, 2))


async def _asked() -> Ticket | None:
    return inbox.current()
