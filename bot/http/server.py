"""The bot's own web server: webhook, health and metrics. Knows nothing of Telegram's library: it is given callables."""

import asyncio
import hmac
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web

from bot.http.gate import Gate, OneLine
from bot.http.media import PASSING_SECONDS, PATH, SignedMedia

log = structlog.get_logger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
BODY_MAX: Final = 2 * 1024 * 1024
"""Bytes of one update; Telegram's are far smaller."""
RECEIVED_AT_ONCE: Final = 200
"""Updates that are read and stored at the same time, each of up to BODY_MAX; Telegram sends 40 (see set_webhook)."""
BUSY_SECONDS: Final = 1
"""Seconds after which an update that was refused with 503 may come again."""
TOLD_EVERY: Final = 10.0
"""Seconds between two lines of the log about it."""
HEALTH_SECONDS: Final = 3.0
BACKLOG: Final = 128
"""Connections that the system keeps until we take them."""
BODY_SECONDS: Final = 20.0
"""For the body of an update to come in."""


class BadUpdate(Exception):
    """The body is not an update: sending it again would not help."""


class Busy(Exception):
    """Too much waits to be stored: the update is to be sent again a little later."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """`accept` returns when the update is committed and raises BadUpdate for what is none, Busy for what is too much at
    the moment; `secret` is never empty."""

    path: str
    secret: str
    accept: Callable[[bytes], Awaitable[None]]


Check = Callable[[], Awaitable[bool]]


class WebServer:
    """GET /health and /metrics, POST to the webhook's path and pictures under signed links where there are such."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        checks: Mapping[str, Check],
        metrics: Callable[[], Awaitable[bytes]],
        webhook: Webhook | None = None,
        media: SignedMedia | None = None,
        gate: Gate | None = None,
    ) -> None:
        if webhook is not None and not webhook.secret:
            raise ValueError("a webhook without a secret accepts forged updates")
        self._host = host
        self._port = port
        self._checks = dict(checks)
        self._metrics = metrics
        self._webhook = webhook
        self._media = media
        self._receiving = 0
        self._refused = 0
        self._told_at = -TOLD_EVERY
        self._runner: web.AppRunner | None = None
        self._sockets: list[socket.socket] = []
        self._listening: list[asyncio.Server] = []
        self._gate = gate or Gate(longer=lambda path: PASSING_SECONDS if path.startswith(f"{PATH}/") else None)

    async def bind(self) -> int:
        """Takes the port without listening yet, so that a start that fails for it fails before anything is begun;
        returns it (0 in the settings takes a free one). Raises OSError when it is taken or the host is not ours."""
        if not self._sockets:
            self._sockets = await _bound(self._host, self._port)
        return int(self._sockets[0].getsockname()[1])

    async def start(self) -> int:
        """Listens; returns the port. Raises OSError as `bind` does."""
        port = await self.bind()
        app = web.Application(client_max_size=BODY_MAX, middlewares=[self._gate.watch])
        app.router.add_get("/health", self._health)
        app.router.add_get("/metrics", self._tell_metrics)
        if self._webhook is not None:
            app.router.add_post(self._webhook.path, self._receive)
        if self._media is not None:
            self._media.add_to(app.router)
        logger = OneLine(logging.getLogger("aiohttp.server"), {})
        self._runner = web.AppRunner(app, access_log=None, logger=logger, shutdown_timeout=5.0)
        await self._runner.setup()
        inner = self._runner.server
        assert inner is not None
        loop = asyncio.get_running_loop()
        while self._sockets:
            made = await loop.create_server(self._gate.guarded(inner), sock=self._sockets.pop(0), backlog=BACKLOG)
            self._listening.append(made)
        return port

    async def stop(self) -> None:
        """Stops listening; requests under way end first, within five seconds."""
        while self._listening:
            self._listening.pop().close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        while self._sockets:
            self._sockets.pop().close()

    async def _health(self, _request: web.Request) -> web.Response:
        results = dict(zip(self._checks, await asyncio.gather(*map(_passes, self._checks.values())), strict=True))
        well = all(results.values())
        body = {
            "status": "ok" if well else "failing",
            **{name: "ok" if ok else "failing" for name, ok in results.items()},
        }
        return web.json_response(body, status=200 if well else 503)

    async def _tell_metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=await self._metrics(), content_type="text/plain", charset="utf-8")

    async def _receive(self, request: web.Request) -> web.Response:
        """200 only when the update is on disk; 401 without the secret; 500 and 503 make Telegram send it again."""
        assert self._webhook is not None
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._webhook.secret.encode()):
            return web.Response(status=401)
        if self._receiving >= RECEIVED_AT_ONCE:
            return self._busy()
        self._receiving += 1
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
            return await self._taken(self._webhook, body)
        except TimeoutError:
            return web.Response(status=408)
        finally:
            self._receiving -= 1

    async def _taken(self, webhook: Webhook, body: bytes) -> web.Response:
        try:
            await webhook.accept(body)
        except BadUpdate as error:
            log.warning("webhook.bad_update", error=str(error)[:200], size=len(body))
            return web.Response(status=400)
        except Busy:
            return self._busy()
        except Exception:
            log.exception("webhook.not_stored")
            return web.Response(status=500)
        return web.Response()

    def _busy(self) -> web.Response:
        """One line in a while, not one for each: they come by the thousand."""
        self._refused += 1
        now = asyncio.get_running_loop().time()
        if now - self._told_at >= TOLD_EVERY:
            log.warning("webhook.busy", refused=self._refused)
            self._told_at, self._refused = now, 0
        return web.Response(status=503, headers={"Retry-After": str(BUSY_SECONDS)})


async def _bound(host: str, port: int) -> list[socket.socket]:
    """A socket for each address of the host."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    made: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            made.append(one := socket.socket(family, kind, protocol))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.setblocking(False)
            one.bind(address)
    except OSError:
        for one in made:
            one.close()
        raise
    return made


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(HEALTH_SECONDS):
            return await check()
    except Exception as error:
        log.warning("health.failing", error=f"{type(error).__name__}: {error}"[:200])
        return False
