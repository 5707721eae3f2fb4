"""Reads the words of a PDF that people send: in a process of its own, bounded in memory and time, one at a time."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import structlog

from bot.engine.media import pdf_words

log = structlog.get_logger(__name__)

SECONDS: Final = 12.0
"""After which the process is ended; the pages that it has told by then count."""
PDF_MARK: Final = b"%PDF-"
HEAD: Final = 1024
"""Bytes within which a PDF says that it is one, as its readers have it."""

_thread = ThreadPoolExecutor(1, thread_name_prefix="papers")
# One at a time on purpose: each may take 400 MB. A chat's messages come one after another, so that one waits for few.


class PaperFlaw(StrEnum):
    """Why a PDF is not read."""

    DAMAGED = "damaged"
    LOCKED = "locked"
    """It opens with a password only, or with a cipher that is not known here."""
    WORDLESS = "wordless"
    """Scans and pictures of pages."""
    HEAVY = "heavy"
    """It takes more time or memory than there is for it."""


class BadPaper(Exception):
    def __init__(self, flaw: PaperFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Paper:
    """What was read of it, and what share of its pages that is."""

    words: str
    share: float = 1.0


async def paper_words(data: bytes, enough: int) -> Paper:
    """The words of a PDF: of the pages that have `enough` characters, or as many as there is time for. Raises
    BadPaper."""
    if PDF_MARK not in data[:HEAD]:
        raise BadPaper(PaperFlaw.DAMAGED)
    return await asyncio.get_running_loop().run_in_executor(_thread, _read, data, enough)


def _read(data: bytes, enough: int) -> Paper:
    # -I: neither the folder nor the environment of the bot, whose keys are none of a PDF's business.
    command = [sys.executable, "-I", "-W", "ignore", str(Path(pdf_words.__file__)), str(enough)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False, env={})  # noqa: S603
    except subprocess.TimeoutExpired as late:
        return _told(late.stdout or b"", broke_off=True)
    except OSError as error:  # no memory for another process
        log.warning("paper.no_process", error=str(error)[:200])
        raise BadPaper(PaperFlaw.HEAVY) from None
    if done.returncode:
        log.info("paper.broke_off", code=done.returncode, error=done.stderr[-200:].decode(errors="replace"))
    return _told(done.stdout, broke_off=done.returncode != 0)


def _told(output: bytes, *, broke_off: bool) -> Paper:
    """What the process said, as far as it came. Raises BadPaper."""
    lines: list[Any] = [json.loads(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]
    head: dict[str, Any] = lines[0] if lines else {"flaw": PaperFlaw.HEAVY}
    if "flaw" in head:
        raise BadPaper(PaperFlaw(head["flaw"]))
    pages = [page for page in lines[1:] if page is not None]
    words = "\n".join(pages).encode(errors="replace").decode()  # halves of characters are in some
    if words.strip():
        return Paper(words, min(1.0, len(pages) / max(1, head["pages"])))
    if broke_off or (head["pages"] and len(lines) == 1):
        raise BadPaper(PaperFlaw.HEAVY)
    raise BadPaper(PaperFlaw.DAMAGED if not pages else PaperFlaw.WORDLESS)
