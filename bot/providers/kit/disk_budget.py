"""The room that results on their way may take up on our disk, all together."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

LOOK = 0.1
"""Seconds between two looks at whether a file is gone: those who remove one need not know of this."""


class Room:
    """`limit` in bytes; the folder is this process's own. A file counts as long as it lies there."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._taken: dict[str, int] = {}
        self._coming: set[str] = set()
        self._turn = asyncio.Lock()

    @property
    def taken(self) -> int:
        """Bytes that lie there, or are kept for files that are coming in."""
        return sum(self._taken.values())

    @asynccontextmanager
    async def place(self, size: int) -> AsyncIterator[str]:
        """The name, without a suffix, of a file of at most `size` bytes. Waits until there is room for it as a whole:
        files that each had a part of theirs would wait for one another. One waits after the other, so that a large one
        gets its turn. What lies there under the name in the end goes on counting, with its own size."""
        size = min(size, self._limit)
        async with self._turn:
            while self.taken + size > self._limit:
                await self._forget_gone()
                if self.taken + size > self._limit:
                    await asyncio.sleep(LOOK)
            name = uuid.uuid4().hex
            self._taken[name] = size
            self._coming.add(name)
        try:
            yield name
        finally:
            self._coming.discard(name)
            self._taken[name] = sum(path.stat().st_size for path in self._folder.glob(f"{name}.*"))
            if not self._taken[name]:
                del self._taken[name]

    async def _forget_gone(self) -> None:
        """The thread only looks: others come and go here meanwhile. What ends while it looks is asked about next
        time, for the thread may have looked before its file was written."""
        ended = [name for name in self._taken if name not in self._coming]
        there = await asyncio.to_thread(self._names)
        for name in ended:
            if name not in there:
                self._taken.pop(name, None)

    def _names(self) -> set[str]:
        return {path.name.partition(".")[0] for path in self._folder.iterdir()}
