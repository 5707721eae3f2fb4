"""The demo's folder: whatever it makes there is noted in a file of its own, and nothing else is ever removed."""

import fcntl
from pathlib import Path
from typing import BinaryIO, Final

MARKER: Final = ".easel-demo"
"""Holds the names of the files that the demo made, one a line. `make clean` reads it too."""


class NotOurs(Exception):
    """The folder is another's; the text says what to do."""


class DemoFolder:
    """`begin` makes the folder, or empties one that an earlier demo made; `file` notes what is made in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._marker = path / MARKER
        self._lock: BinaryIO | None = None

    def begin(self) -> None:
        """Removes what the demo made before. Raises NotOurs for a folder (or link, or file) that no demo made, and for
        one in which a demo runs."""
        there = self.path.is_symlink() or self.path.exists()
        if there and (self.path.is_symlink() or not self._marker.is_file()):
            raise NotOurs(
                f"{self.path} was not made by the demo, so it is left alone: move it away, or run the demo in"
                " another folder."
            )
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock = self._marker.open("ab")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.end()
            raise NotOurs(f"a demo runs in {self.path}: end that one first.") from None
        if there:
            for name in self._marker.read_text(encoding="utf-8").splitlines():
                made = self.path / name
                if made.parent == self.path and name != MARKER and (made.is_file() or made.is_symlink()):
                    made.unlink()
        self._lock.truncate(0)

    def end(self) -> None:
        """The next demo may have the folder."""
        if self._lock is not None:
            self._lock.close()

    def file(self, name: str) -> Path:
        """Where a file of the demo's goes. Noted before it is made: a demo that is killed leaves nothing unnoted."""
        with self._marker.open("a", encoding="utf-8") as noted:
            noted.write(name + "\n")
        return self.path / name
