"""Keeps the C library's allocator from growing with the work done: see decision 26."""

import asyncio
import ctypes
from typing import Final

ARENA_MAX: Final = (-8, 2)
"""Heaps that threads share. By default eight for each core, and each keeps what its threads once needed."""
MMAP_THRESHOLD: Final = (-3, 128 * 1024)
"""Bytes from which a block is mapped by itself, and given back as soon as it is free. Set, it stays: by default each
such block that is freed raises it, up to 32 MB, until films and frames lie in the heaps and leave holes there."""
TRIM_THRESHOLD: Final = (-1, 256 * 1024)
"""Free bytes at the end of a heap from which they are given back."""

TRIM_EVERY: Final = 30.0
"""Seconds between two times that whole free pages between blocks in use are given back."""


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
    """Until cancelled. What threads needed for a moment leaves free pages between small blocks that stay; they are
    given back, in a thread, within some milliseconds. Where the C library is not glibc it only waits."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        await asyncio.Event().wait()
        return
    while True:
        await asyncio.sleep(TRIM_EVERY)
        await asyncio.to_thread(trim, 0)
