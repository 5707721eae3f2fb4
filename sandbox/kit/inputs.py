"""Pictures that clients hand in, as data URIs or links: fetched as a service would, and looked at."""

import asyncio
import base64
import binascii

import aiohttp

from sandbox import media
from sandbox.kit.check import Refused

BYTES_MAX = 25 * 1024 * 1024
PATIENCE = 10.0  # seconds


async def picture(url: str, code: str = "") -> bytes:
    """The picture's bytes. Raises Refused with `code` for anything that is none, cannot be had, or is too large."""
    try:
        data = _inline(url) if url.startswith("data:") else await _fetch(url)
        await asyncio.to_thread(media.decode, data)
    except media.NotAnImage as broken:
        raise Refused(f"the picture of {url[:60]!r} cannot be read: {broken}", code) from broken
    except Refused as refused:
        raise Refused(f"{url[:60]!r}: {refused}", code) from refused
    return data


def _inline(url: str) -> bytes:
    head, comma, body = url.partition(",")
    if not comma or not head.startswith("data:image/") or not head.endswith(";base64"):
        raise Refused("not a data URI of a picture in base64")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as broken:
        raise Refused(f"broken base64: {broken}") from broken


async def _fetch(url: str) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise Refused("neither a link nor a data URI")
    if "/file/bot" in url:
        raise Refused("a file link of Telegram holds the bot's token")
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.get(url) as response,
        ):
            if response.status != 200:
                raise Refused(f"the link answers {response.status}")
            data = bytearray()
            async for chunk in response.content.iter_chunked(64 * 1024):
                data += chunk
                if len(data) > BYTES_MAX:
                    raise Refused("the picture is too large")
            return bytes(data)
    except (aiohttp.ClientError, TimeoutError, ValueError) as broken:
        raise Refused(f"the link cannot be fetched: {type(broken).__name__}") from broken
