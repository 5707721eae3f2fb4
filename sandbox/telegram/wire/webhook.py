"""Delivery of updates by webhook: order kept per chat, retries with backoff, replies in the response body executed."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from sandbox.telegram.chats.model import Json
from sandbox.telegram.control.config import Config
from sandbox.telegram.wire.updates import Update, UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LANES_MAX = 100_000


class Webhook:
    """Pushes pending updates to the bot's URL while one is set; `reply` runs a method named in a response."""

    def __init__(self, config: Config, updates: UpdateQueue) -> None:
        self._config = config
        self._updates = updates
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.session: aiohttp.ClientSession | None = None
        self.reply: Callable[[str, Json], Awaitable[object]] | None = None
        self._last_error: tuple[int, str] | None = None
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(self.max_connections)
        updates.on_push = self._push

    async def set(self, url: str, secret: str, max_connections: int) -> None:
        """Points the webhook elsewhere ("" switches it off) and delivers what is pending."""
        await self.stop()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self._last_error = None
        self._slots = asyncio.Semaphore(max_connections)
        for update in list(self._updates.pending):
            self._push(update)

    async def stop(self) -> None:
        """Ends every delivery under way; undelivered updates stay pending."""
        self.url = ""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()

    def info(self) -> Json:
        """A WebhookInfo object."""
        info: Json = {"url": self.url, "has_custom_certificate": False}
        info["pending_update_count"] = len(self._updates.pending)
        if self.url:
            info["max_connections"] = self.max_connections
        if self._last_error is not None:
            info["last_error_date"], info["last_error_message"] = self._last_error
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return info

    def _push(self, update: Update) -> None:
        if not self.url or len(self._lanes) >= LANES_MAX:
            return
        lane = self._lanes.get(update.lane)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.create_task(self._drain(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, key: int) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                async with self._slots:
                    delivered = await self._deliver(lane[0])
                if not delivered:
                    await self._retry(lane[0])
                self._updates.remove(lane.popleft())
        finally:
            self._lanes.pop(key, None)

    async def _retry(self, update: Update) -> None:
        delay = self._config.webhook_backoff
        delivered = False
        while not delivered:
            await asyncio.sleep(delay)
            delay = min(delay * 2, self._config.webhook_backoff_max)
            async with self._slots:
                delivered = await self._deliver(update)

    async def _deliver(self, update: Update) -> bool:
        if self.session is None:
            return False
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        timeout = aiohttp.ClientTimeout(total=self._config.webhook_timeout)
        try:
            async with self.session.post(self.url, json=update.body(), headers=headers, timeout=timeout) as response:
                body = await response.content.read(1 << 20)
                if not 200 <= response.status < 300:
                    self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                    return False
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return False
        await self._run_reply(body)
        return True

    def _failed(self, message: str) -> None:
        self._last_error = (int(time.time()), message)

    async def _run_reply(self, body: bytes) -> None:
        try:
            answer: Any = json.loads(body)
        except ValueError:
            return
        if not isinstance(answer, dict) or self.reply is None:
            return
        method = str(answer.pop("method", "")).lower()
        if method and not method.startswith("get") and method not in {"setwebhook", "deletewebhook", "close", "logout"}:
            await self.reply(method, answer)
