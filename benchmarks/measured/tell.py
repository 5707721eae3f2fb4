"""How a measured process speaks to its driver, and stops when told."""

import asyncio
import signal
import sys
from typing import Any

import orjson


def tell(event: str, **facts: Any) -> None:
    """One line on stdout."""
    sys.stdout.buffer.write(orjson.dumps({"event": event, **facts}) + b"\n")
    sys.stdout.buffer.flush()


async def until_terminated() -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
