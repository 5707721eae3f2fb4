"""One writing process per SQLite file, held by a lock that the operating system drops when the process dies."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from bot.storage.errors import DatabaseBusy, DatabaseUnavailable


class WriterLock:
    """Held from creation until `release()`. The file stays: removing it would let two processes hold two locks."""

    def __init__(self, database: Path) -> None:
        """Raises DatabaseBusy when another process (or another Database of this one) holds it, DatabaseUnavailable
        when the file cannot be made."""
        path = _lock_of(database)
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise DatabaseUnavailable(f"cannot write {path}: {error.strerror}") from None
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._fd, 20, 0).decode("ascii", "replace").strip()
            os.close(self._fd)
            raise DatabaseBusy(holder) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Idempotent."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _lock_of(database: Path) -> Path:
    """Beside the file itself, whichever link led to it: a second name must not be a second lock. A hard link has no
    such place, and SQLite would keep a log of its own for each name. Raises DatabaseUnavailable for one."""
    real = database.resolve()
    with suppress(FileNotFoundError):
        if real.is_file() and real.stat().st_nlink > 1:
            raise DatabaseUnavailable(f"{real} has a second name (a hard link): remove one, or SQLite would lose data")
    return real.with_name(real.name + ".lock.pid")
