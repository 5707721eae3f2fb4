"""Whether there is room on the disks that we write to: a full one fails every order, and nothing else tells in time."""

import asyncio
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

LEAST: Final = 32 * 1024 * 1024
"""Bytes that must be free: SQLite's log alone may grow by as much between two of its checkpoints."""


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


async def has_room(folders: Collection[Path], free: Callable[[Path], int] = _free) -> bool:
    """Whether each of the folders lies on a disk with LEAST bytes left. Raises OSError for a folder that is gone."""
    left = await asyncio.gather(*(asyncio.to_thread(free, folder) for folder in folders))
    return all(bytes_free >= LEAST for bytes_free in left)
