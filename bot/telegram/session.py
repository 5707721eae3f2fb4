"""The HTTP side of the bot: JSON bodies where no file goes along, typed errors, no token in any text."""

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Any, Final, cast

import aiohttp
import certifi
import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile

from bot.logs import Redactor

CONNECT_SECONDS: Final = 10.0
TLS_GOODBYE: Final = 0.25
"""Seconds that aiohttp needs to close TLS connections (its "graceful shutdown" notes)."""


class NotSent(TelegramNetworkError):
    """No byte of the request left this machine: trying again is safe for every method."""


class DownloadFailed(Exception):
    """A file could not be fetched from Telegram; the text holds no address, for addresses hold the token."""


class Session(AiohttpSession):
    """aiogram's session, tuned. JSON instead of multipart halves the cost of a call (docs/benchmarks.md)."""

    def __init__(self, *, api_url: str, redactor: Redactor, connections: int = 100) -> None:
        super().__init__(
            limit=connections,
            api=TelegramAPIServer.from_base(api_url),
            json_loads=orjson.loads,
            json_dumps=lambda value: orjson.dumps(value).decode(),  # bytes would become file parts
        )
        self._redactor = redactor
        self._secure = api_url.startswith("https://")
        self._connector_init = {"limit": connections, "ttl_dns_cache": 300}
        if self._secure:
            self._connector_init["ssl"] = ssl.create_default_context(cafile=certifi.where())

    async def close(self) -> None:
        """Closes all connections; waits only where TLS needs it."""
        if self._session is not None and not self._session.closed:
            await self._session.close()
            if self._secure:
                await asyncio.sleep(TLS_GOODBYE)

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """One call. Raises NotSent, TelegramNetworkError (outcome unknown) or what Telegram answered, typed."""
        self._redactor.add(bot.token)
        status, content = await self._post(bot, method, timeout)
        response = self.check_response(bot=bot, method=method, status_code=status, content=content)
        return cast("TelegramType", response.result)

    async def raw_updates(self, bot: Bot, method: GetUpdates, timeout: int) -> list[Any]:
        """The updates as plain JSON: one that the library cannot read must not fail its whole batch."""
        status, content = await self._post(bot, method, timeout)
        found = _loads(content)
        if status == HTTPStatus.OK and isinstance(found, dict) and isinstance(found.get("result"), list):
            return cast("list[Any]", found["result"])
        self.check_response(bot=bot, method=method, status_code=status, content=content)
        raise TelegramServerError(method=method, message="the answer is not a list of updates")

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Adds to aiogram's check the answers of proxies, which are not JSON: they are told by their status alone."""
        if status_code >= HTTPStatus.BAD_REQUEST and not isinstance(_loads(content), dict):
            message = f"HTTP {status_code}"
            if status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                raise TelegramEntityTooLarge(method=method, message=message)
            if status_code == HTTPStatus.TOO_MANY_REQUESTS:
                raise TelegramRetryAfter(method=method, message=message, retry_after=1)
            raise TelegramServerError(method=method, message=message)
        return super().check_response(bot, method, status_code, content)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """A file of Telegram in chunks. Raises DownloadFailed."""
        try:
            async for chunk in super().stream_content(url, headers, timeout, chunk_size, raise_for_status):
                yield chunk
        except aiohttp.ClientResponseError as error:
            raise DownloadFailed(f"HTTP {error.status}") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DownloadFailed(type(error).__name__) from None

    async def _post(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None) -> tuple[int, str]:
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        limit = aiohttp.ClientTimeout(total=self.timeout if timeout is None else timeout, sock_connect=CONNECT_SECONDS)
        body = self._body(bot, method)
        try:
            async with session.post(url, timeout=limit, **body) as answer:
                return answer.status, (await answer.read()).decode("utf-8", "replace")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(method=method, message=self._told(error)) from None
        except TimeoutError:
            raise TelegramNetworkError(method=method, message="no answer in time") from None
        except aiohttp.ClientError as error:
            raise TelegramNetworkError(method=method, message=self._told(error)) from None

    def _body(self, bot: Bot, method: TelegramMethod[Any]) -> dict[str, Any]:
        files: dict[str, InputFile] = {}
        fields: dict[str, Any] = {}
        for name, value in method:  # field by field: most are None, and a dump of the whole visits them all
            if value is None or value == "":
                continue
            plain = isinstance(value, str | int)
            ready = value if plain else self.prepare_value(value, bot=bot, files=files, _dumps_json=False)
            if ready is not None and ready != "":
                fields[name] = ready
        if not files:
            return {"data": orjson.dumps(fields), "headers": {"Content-Type": "application/json"}}
        return {"data": self._form(bot, fields, files)}

    def _form(self, bot: Bot, fields: dict[str, Any], files: dict[str, InputFile]) -> aiohttp.FormData:
        form = aiohttp.FormData(quote_fields=False)
        for name, value in fields.items():
            form.add_field(name, value if isinstance(value, str) else self.json_dumps(value))
        for key, file in files.items():
            form.add_field(key, file.read(bot), filename=file.filename or key)
        return form

    def _told(self, error: Exception) -> str:
        return self._redactor.text(f"{type(error).__name__}: {error}")


def _loads(content: str) -> Any:
    try:
        return orjson.loads(content)
    except ValueError:
        pass
    try:
        return json.loads(content)  # takes lone surrogates, which orjson refuses
    except (ValueError, RecursionError):
        return None
