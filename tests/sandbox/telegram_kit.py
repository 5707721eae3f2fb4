"""A running local Telegram with a real aiogram Bot, a person's client and raw HTTP, for its tests."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Update
from PIL import Image

from sandbox.client import ChatView, Person, TelegramClient
from sandbox.telegram import Config, Limits, TelegramServer

Json = dict[str, Any]


@dataclass(slots=True)
class World:
    """Everything a test of the emulator talks to."""

    server: TelegramServer
    base: str
    tg: TelegramClient
    bot: Bot
    http: aiohttp.ClientSession

    def url(self, method: str) -> str:
        return f"{self.base}/bot{self.server.token}/{method}"

    async def call(self, method: str, /, **params: Any) -> tuple[int, Json]:
        """Raw JSON call: HTTP status and body."""
        async with self.http.post(self.url(method), json=params) as response:
            return response.status, json.loads(await response.read())

    async def ok(self, method: str, /, **params: Any) -> Any:
        """The result of a call that must succeed."""
        status, body = await self.call(method, **params)
        assert status == 200, body
        return body["result"]

    async def refusal(self, method: str, /, **params: Any) -> str:
        """The description of a call that must be refused; the status must equal error_code."""
        status, body = await self.call(method, **params)
        assert not body["ok"]
        assert body["error_code"] == status
        return str(body["description"])

    async def person(self, name: str = "Ann", **fields: Any) -> tuple[Person, ChatView]:
        """Somebody who has started the bot."""
        person = await self.tg.user(name, **fields)
        chat = person.private()
        await chat.send("/start")
        return person, chat

    async def updates(self, offset: int = 0) -> list[Json]:
        """What is pending, at once."""
        pending: list[Json] = await self.ok("getUpdates", offset=offset)
        return pending


@asynccontextmanager
async def telegram(*, limits: bool = False, **config: Any) -> AsyncIterator[World]:
    """A fresh server on a free port; flood limits are off unless asked for."""
    server = TelegramServer(Config(limits=Limits(enabled=limits), **config))
    base = await server.start()
    bot = Bot(server.token, session=QuickSession(api=TelegramAPIServer.from_base(base)))
    try:
        async with TelegramClient(base) as tg, aiohttp.ClientSession() as http:
            yield World(server, base, tg, bot, http)
    finally:
        await bot.session.close()
        await server.stop()


class QuickSession(AiohttpSession):
    """aiogram's session without the quarter of a second it waits for TLS after closing."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def png(width: int = 640, height: int = 480, colour: str = "red") -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


async def take_updates(world: World) -> list[Update]:
    """What is pending, parsed by aiogram and confirmed."""
    got = await world.bot.get_updates()
    if got:
        await world.bot.get_updates(offset=got[-1].update_id + 1)
    return got
