"""A folder of this process alone for files on their way; what processes that are gone left is removed."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def move_in(folder: Path) -> tuple[Path, BinaryIO]:
    """A folder for this process alone, and the open file whose lock says that the process lives."""
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / ".lock"):
        for left in folder.glob("results-*"):
            _sweep(left)
        home = Path(tempfile.mkdtemp(prefix="results-", dir=folder))
        lock = (home / ".lock").open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return home, lock


def _sweep(left: Path) -> None:
    """Removes the folder of a process that is gone: no process holds its lock any more."""
    with suppress(OSError), (left / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
