"""Whether a file is what its first bytes claim: eight right bytes with rubbish behind them are no result.

Films and sounds must open in PyAV, have the stream that was ordered and give a first frame; pictures must be decoded by
Pillow; drawings, solids and archives are read by their own form; none may be shorter than it says itself. All of that
happens in threads that the database and the event loop do not need, one file of each sort at a time, so that memory is
bounded by the largest picture and the largest index that are let in.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.domain.catalog.models import Kind, Makes
from bot.providers.base import BadResult
from bot.providers.kit.media_type import Sniffed
from bot.providers.proof import drawings, lengths, solids, stills
from bot.providers.proof.boxes import BOXED, check_boxes, first_box
from bot.providers.proof.films import check_film
from bot.providers.proof.flaws import Cut, Rubbish

__all__ = ("Cut", "Rubbish", "proved")

PIECE = 1024 * 1024
_pictures = ThreadPoolExecutor(1, thread_name_prefix="proof-pictures")
_media = ThreadPoolExecutor(1, thread_name_prefix="proof-media")
"""One file at a time in each: a picture may take 200 MB, and a slow film must not hold up the pictures."""


async def proved(path: Path, found: Sniffed, expect: Kind | None) -> Sniffed:
    """`found`, as the file at `path` is to be shown: what moves although a photo does not is a document.

    Raises Cut for a file that is shorter than it says, Rubbish for one that cannot be opened or is not what was
    ordered: both are BadResult. Anything else that goes wrong while hostile bytes are read counts as Rubbish."""
    lane = _pictures if found.mime.startswith("image/") else _media
    work = partial(_prove, path, found, expect.makes if expect is not None else None)
    return await asyncio.get_running_loop().run_in_executor(lane, work)


def _prove(path: Path, found: Sniffed, makes: Makes | None) -> Sniffed:
    try:
        return _checked(path, found, makes)
    except BadResult:
        before = first_box(path, path.stat().st_size) if found.mime in BOXED else 0
        if not before:
            raise
        _drop(path, before)
        return _checked(path, found, makes)


def _drop(path: Path, before: int) -> None:
    """Takes away what a careless writer put in front of a film: its index tells places as if that were not there, so
    that nothing could play it. In its place: a copy would take room that nothing reckoned with, and would stay behind
    where the fetch was given up meanwhile, which removes the file under this thread's hands."""
    at = 0
    with path.open("r+b") as file:
        while True:
            file.seek(before + at)
            piece = file.read(PIECE)
            if not piece:
                break
            file.seek(at)
            file.write(piece)
            at += len(piece)
        file.truncate(at)


def _checked(path: Path, found: Sniffed, makes: Makes | None) -> Sniffed:
    try:
        size = path.stat().st_size
        if found.mime in BOXED:
            check_boxes(path, size)
        elif lengths.ends_early(path, found.mime, size):
            raise Cut("the file is shorter than it says")
        return _opened(path, size, found, makes)
    except BadResult:
        raise
    except Exception as error:  # a decoder may fail in any way on hostile bytes
        raise Rubbish(f"the {found.mime} cannot be opened: {type(error).__name__}") from error


def _opened(path: Path, size: int, found: Sniffed, makes: Makes | None) -> Sniffed:
    if found.mime == "image/svg+xml":
        drawings.check_drawing(path)
    elif found.mime.startswith("image/"):
        moves = stills.check_picture(path, found.mime)
        return replace(found, media="document") if moves else found
    elif found.mime == "model/gltf-binary":
        solids.check_glb(path, size)
    elif found.mime == "application/zip":
        solids.check_zip(path, size)
    else:
        sound = makes is Makes.SOUND or (makes is None and found.mime.startswith("audio/"))
        check_film(path, found.mime, size, sound=sound)
    return found
