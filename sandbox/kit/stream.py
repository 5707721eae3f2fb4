"""Event streams: what is written when, and the legal but unusual forms in which it may come."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Beat:
    """`gap` is the silence before the bytes (seconds before scaling), `hold` one after them (real seconds)."""

    gap: float
    data: bytes
    hold: float = 0.0
    split: bool = False


def disguised(beats: Sequence[Beat], form: str) -> tuple[Beat, ...]:
    """The same events in another, legal form; any other word changes nothing."""
    match form:
        case "keepalive":
            pause = Beat(0.0, b": keep-alive\n\n")
            return tuple(beat for pair in zip([pause] * len(beats), beats, strict=True) for beat in pair)
        case "crlf":
            return tuple(replace(beat, data=beat.data.replace(b"\n", b"\r\n")) for beat in beats)
        case "multiline":
            return tuple(replace(beat, data=beat.data.replace(b", ", b",\ndata: ")) for beat in beats)
        case "dribble":
            return tuple(replace(beat, split=True) for beat in beats)
        case _:
            return tuple(beats)


async def open_stream(
    request: web.Request, label: str = "text/event-stream", *, coding: str = ""
) -> web.StreamResponse:
    """The head of an event stream, which may call itself something else, or nothing."""
    headers = {"Content-Type": label, "Cache-Control": "no-cache"} | ({"Content-Encoding": coding} if coding else {})
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    return response


async def write(response: web.StreamResponse, beat: Beat) -> None:
    """The bytes of one beat, one by one if they are to be split; then its silence."""
    size = 1 if beat.split else max(1, len(beat.data))
    for position in range(0, len(beat.data), size):
        await response.write(beat.data[position : position + size])
        if beat.split:
            await asyncio.sleep(0)
    if beat.hold:
        await asyncio.sleep(beat.hold)
