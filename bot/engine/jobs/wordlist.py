"""The operator's list of words as a file: read at the start, and again whenever it changed."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import structlog

from bot.domain.catalog.models import Kind
from bot.domain.limits.admission import Blocked
from bot.domain.limits.blocklist import WordListError, WordRules, read_words
from bot.domain.limits.patterns import TookTooLong

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 2.0
"""Seconds between two looks at the file."""
LARGEST: Final = 512 * 1024
"""Bytes of the file."""
Stamp = tuple[int, int, int]


class WordList:
    """Without a path nothing is forbidden. Raises WordListError when the file cannot be used at the start."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._stamp: Stamp | None = None
        self._rules = WordRules()
        self.problem = ""
        """Why the file as it stands now is not used, for /status; the list read before it holds on."""
        self.refused = 0
        """Texts that were refused since the start."""
        if path is not None:
            self._stamp = _stamp(path)
            self._rules = _read(path)

    @property
    def count(self) -> int:
        """Entries in force."""
        return self._rules.count

    def forbids(self, kind: Kind | None, texts: Iterable[str]) -> bool:
        """Whether the operator's rules forbid it; counted. Without a kind only what holds for all kinds is asked."""
        texts = tuple(texts)
        try:
            found = self._rules.forbid(kind, texts)
        except (
            TookTooLong
        ):  # only a text made for it, or hundreds of open ends: what was not checked is not let through
            log.warning("words.too_slow", characters=sum(map(len, texts)))
            found = True
        self.refused += found
        return found

    def check(self, kind: Kind, texts: Iterable[str]) -> None:
        """Raises Blocked."""
        if self.forbids(kind, texts):
            raise Blocked

    async def look(self) -> None:
        """Reads the file again if it changed. A list that cannot be used leaves the one before in force."""
        path = self._path
        if path is None:
            return
        before, self._stamp = self._stamp, None
        try:
            self._stamp = await asyncio.to_thread(_stamp, path)
            if self._stamp == before:
                return
            self._rules = await asyncio.to_thread(_read, path)
        except WordListError as error:
            if self.problem != str(error):
                log.error("words.not_read", path=str(path), problem=str(error))  # noqa: TRY400  # no trace is needed
            self.problem = str(error)
        else:
            self.problem = ""
            log.info("words.read", entries=self.count)

    async def watch(self) -> None:
        """Looks now and then, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look()


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError as error:
        raise WordListError(f"  - {error.strerror or error}") from None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path) -> WordRules:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise WordListError(f"  - {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise WordListError("  - not UTF-8") from None
    if len(data) > LARGEST:
        raise WordListError(f"  - larger than {LARGEST} bytes")
    return read_words(text)
