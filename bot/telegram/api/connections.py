"""Connections to the Bot API: what a call may still do when it has one, and whether a failed call had one at all."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

import aiohttp
from aiohttp import ClientRequest, ClientTimeout
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from bot.network.proxy import ProxyConnector


class NotWanted(Exception):
    """The call has a connection, but may not be sent any more."""


@dataclass(slots=True)
class Attempt:
    """One call, on its way to a connection."""

    still: Callable[[], bool] | None = None
    """Whether the call may still be sent; None: it may."""
    connected: bool = False
    """Whether the call was given a connection. Until then no byte of it was sent."""


attempt: Final[ContextVar[Attempt | None]] = ContextVar("attempt", default=None)
"""The call that the running task makes: aiohttp hands nothing of it to the connector."""


class Connector(aiohttp.TCPConnector):
    """aiohttp's connector, which looks once more before it hands out a connection."""

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout) -> Connection:
        """Raises NotWanted, and what aiohttp's raises."""
        while True:
            try:
                connection = await super().connect(req, traces, timeout)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if self.closed and task is not None and not task.cancelling():
                    # Who waits for a free connection when aiohttp closes them is cancelled, but not by its own caller.
                    raise aiohttp.ClientConnectionError("the connections were closed") from None
                raise
            # Bytes that came while no request was under way would be read as the answer to the next one.
            if connection.protocol is not None and not connection.protocol.should_close:
                break
            connection.close()
        current = attempt.get()
        if current is not None:
            # To get a connection takes time, in which another process may have taken the job over.
            if current.still is not None and not current.still():
                connection.release()
                raise NotWanted("the request is not wanted any more")
            current.connected = True
        return connection


class ProxiedConnector(Connector, ProxyConnector):
    """A Connector whose connections go through a proxy."""
