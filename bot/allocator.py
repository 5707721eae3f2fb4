"""Keeps the C library's allocator from growing with the work done: see decision 26."""

import asyncio
import ctypes
import gc
from typing import Final

ARENA_MAX: Final = (-8, 1)
"""Heaps that threads share. By default eight for each core, and each keeps what its threads once needed; threads mostly
use them under Python's lock, one at a time."""
MMAP_THRESHOLD: Final = (-3, 96 * 1024)
"""Bytes from which a block is mapped by itself, and given back as soon as it is free. Set, it stays: by default each
such block that is freed raises it, up to 32 MB, until films and frames lie in the heaps and leave holes there. More
than the 88 kB that SQLite takes for each table that a query sorts in, twelve times an order."""
TRIM_THRESHOLD: Final = (-1, 256 * 1024)
"""Free bytes at the end of a heap from which they are given back."""

TRIM_EVERY: Final = 30.0
"""Seconds between two times that cycles are collected and whole free pages between blocks in use are given back."""


def spare_memory() -> bool:
    """For a process that is a bot and nothing else, before it starts threads. False where the C library is not glibc:
    then nothing changes."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # musl, macOS, Windows
        return False
    taken = [mallopt(*setting) for setting in (ARENA_MAX, MMAP_THRESHOLD, TRIM_THRESHOLD)]
    return all(taken)


async def give_back_now_and_then() -> None:
    """Until cancelled. Cycles of finished work, which Python collects by the number of new objects and not by time (a
    pause of 12 to 45 ms), and free pages between small blocks that stay: both are given back, the pages in a thread,
    within some milliseconds. Where the C library is not glibc the pages stay."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        trim = None
    while True:
        await asyncio.sleep(TRIM_EVERY)
        gc.collect()
        if trim is not None:
            await asyncio.to_thread(trim, 0)
