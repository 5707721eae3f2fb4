"""A program of its own: reads a PDF from its input, and writes what pages there are and the words of each.

It imports nothing of the bot's and is given nothing of its environment, so that a file that breaks it breaks nothing
else. The first line is {"pages": n} or {"flaw": "…"}; then there is one line for each page that was looked at: its
words, or null where it could not be read. It ends with the page after which there are as many characters as its
argument says.
"""

import json
import logging
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

BYTES = 400 * 1024 * 1024
"""Memory of this process: ten times what papers of hundreds of pages need."""
CPU_SECONDS = 12
SECONDS = 8.0
"""After which no further page is begun."""
PAGES = 300
CHARACTERS = 400_000
"""Of one page at most."""


def main() -> None:
    _bound()
    logging.disable()  # a damaged file may be complained of without end
    for line in _lines(sys.stdin.buffer.read(), int(sys.argv[1])):
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()  # what is read so far is of use when the next page takes too long


def _bound() -> None:
    for what, limit in (
        (resource.RLIMIT_AS, BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(OSError, ValueError):  # some systems know no such bound; the one of time is kept outside, too
            resource.setrlimit(what, (limit, limit))
    with suppress(OSError):
        os.nice(5)  # the bot itself goes first


def _lines(data: bytes, enough: int) -> "Iterator[dict[str, object] | str | None]":
    from pypdf import PdfReader  # noqa: PLC0415  # within the bounds
    from pypdf.errors import DependencyError  # noqa: PLC0415

    started = time.monotonic()
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            yield {"flaw": "locked"}
            return
        pages = len(reader.pages)
    except DependencyError:  # a cipher that is not here
        yield {"flaw": "locked"}
        return
    except MemoryError:
        yield {"flaw": "heavy"}
        return
    except Exception:  # hostile bytes may make it fail in any way
        yield {"flaw": "damaged"}
        return
    yield {"pages": pages}
    for index in range(min(pages, PAGES)):
        if enough <= 0 or time.monotonic() - started > SECONDS:
            return
        try:
            words = reader.pages[index].extract_text()[:CHARACTERS]
        except MemoryError:
            raise  # the pages before it are told
        except Exception:
            yield None
        else:
            enough -= len(words)
            yield words


if __name__ == "__main__":
    main()
