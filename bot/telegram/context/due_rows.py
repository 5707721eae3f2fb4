"""The loop of what is due as a row: notices, orders that come back, messages whose time is over."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

BATCH: Final = 20
"""Rows that one look takes at most: a process that dies leaves no more claimed than that."""


async def serve_due(look: Callable[[], Awaitable[int]], *, every: float) -> None:
    """Runs until cancelled. `look` serves what is due now, at most BATCH, and returns how many there were; fewer than
    that mean a rest of `every` seconds. Any process may look beside others: rows are claimed."""
    while True:
        if await look() < BATCH:
            await asyncio.sleep(every)
