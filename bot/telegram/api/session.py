"""The HTTP side of the bot: JSON bodies where no file goes along, typed errors, no token in any text."""

import asyncio
import json
from collections.abc import AsyncGenerator
from functools import cache
from http import HTTPStatus
from types import UnionType
from typing import Any, Final, Union, cast, get_args, get_origin

import aiohttp
import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from pydantic import BaseModel, ValidationError

from bot.logs import Redactor
from bot.network.proxy import Proxy
from bot.telegram.api.connections import Attempt, Connector, NotWanted, ProxiedConnector, attempt
from bot.telegram.api.lease_fence import Fence, fenced
from bot.telegram.api.plain_times import refused, without_times
from bot.telegram.api.serialise import Files, fields_of

JSON: Final = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
"""To unpack an answer of a few hundred bytes costs more than to receive it whole."""
CONNECT_SECONDS: Final = 10.0
CLOSED: Final = "the bot stops"
TLS_GOODBYE: Final = 0.25
"""Seconds that aiohttp needs to close TLS connections (its "graceful shutdown" notes)."""


class NotSent(TelegramNetworkError):
    """No byte of the request left this machine: trying again is safe for every method."""


class DownloadFailed(Exception):
    """A file could not be fetched from Telegram; the text holds no address, for addresses hold the token."""


class Session(AiohttpSession):
    """aiogram's session, tuned. JSON instead of multipart halves the cost of a call (docs/benchmarks.md)."""

    def __init__(self, *, api_url: str, redactor: Redactor, connections: int = 100, proxy: Proxy | None = None) -> None:
        super().__init__(
            limit=connections,
            api=TelegramAPIServer.from_base(api_url),
            json_loads=orjson.loads,
            json_dumps=lambda value: orjson.dumps(value).decode(),  # bytes would become file parts
        )
        self._redactor = redactor
        self.fence: Fence | None = None
        """Outbox.fence, looked at once more where a call has its connection, for to get one takes time."""
        self._closed = False
        self._plain_times = False
        """The server does not know <tg-time>; so it stays until the process ends."""
        self._secure = api_url.startswith("https://")
        self._connector_init["ttl_dns_cache"] = 300
        if not self._secure:
            del self._connector_init["ssl"]
        self._should_reset_connector = False  # else aiogram closes everything at the first call
        self._connector_type = Connector
        if proxy is not None:
            self._connector_type = ProxiedConnector
            self._connector_init["proxy"] = proxy

    async def close(self) -> None:
        """Closes all connections for good; waits only where TLS needs it. A call that comes later is NotSent."""
        self._closed = True
        if self._session is not None and not self._session.closed:
            await self._session.close()
            if self._secure:
                await asyncio.sleep(TLS_GOODBYE)

    async def create_session(self) -> aiohttp.ClientSession:
        """aiogram's, but never again after `close`: a task that outlives the bot's stop by a moment would open
        connections that nothing closes. Raises aiohttp.ClientConnectionError then."""
        if self._closed:
            raise aiohttp.ClientConnectionError(CLOSED)
        return await super().create_session()

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """One call. Raises NotSent, TelegramNetworkError (outcome unknown) or what Telegram answered, typed."""
        self._redactor.add(bot.token)
        status, content = await self._post(bot, method, timeout)
        if status == HTTPStatus.BAD_REQUEST and not self._plain_times and refused(content):
            self._plain_times = True
            status, content = await self._post(bot, method, timeout)
        found = _loads(content)
        if status == HTTPStatus.OK and isinstance(found, dict) and found.get("ok") is True:
            return cast("TelegramType", self._read(bot, method, found.get("result"), content))
        response = self.check_response(bot=bot, method=method, status_code=status, content=_text(content))
        return cast("TelegramType", response.result)

    async def __call__(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        if not self.middleware:
            return await self.make_request(bot, method, timeout)
        return await super().__call__(bot, method, timeout)

    def _read(self, bot: Bot, method: TelegramMethod[Any], result: Any, content: bytes) -> Any:
        """What a call that went well returns; the usual kinds directly, without aiogram's envelope around them."""
        kind = method.__returning__
        if isinstance(result, bool) and (kind is bool or bool in get_args(kind)):
            return result
        if isinstance(result, dict) and (model := _model(kind)) is not None:
            try:
                return model.model_validate(result, context={"bot": bot})
            except ValidationError as error:
                raise ClientDecodeError("Failed to deserialize object", error, result) from error
        return self.check_response(bot=bot, method=method, status_code=200, content=_text(content)).result

    async def raw_updates(self, bot: Bot, method: GetUpdates, timeout: int) -> list[Any]:
        """The updates as plain JSON: one that the library cannot read must not fail its whole batch."""
        status, content = await self._post(bot, method, timeout)
        found = _loads(content)
        if status == HTTPStatus.OK and isinstance(found, dict) and isinstance(found.get("result"), list):
            return cast("list[Any]", found["result"])
        self.check_response(bot=bot, method=method, status_code=status, content=_text(content))
        raise TelegramServerError(method=method, message="the answer is not a list of updates")

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Adds to aiogram's check the answers of proxies, which are not JSON: they are told by their status alone."""
        if status_code >= HTTPStatus.BAD_REQUEST and not isinstance(_loads(content.encode()), dict):
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

    async def _post(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None) -> tuple[int, bytes]:
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        seconds = self.timeout if timeout is None else timeout
        files: Files = {}
        fields = fields_of(method, bot, files)
        if self._plain_times:
            fields = without_times(fields)
        body = self._form(bot, fields, files) if files else orjson.dumps(fields)
        current = Attempt(self.fence.sure if self.fence is not None and fenced(method) else None)
        before = attempt.set(current)
        try:
            return await self._send(url, body, seconds)
        except (NotWanted, aiohttp.ClientError, TimeoutError) as error:
            if not current.connected:
                raise NotSent(method=method, message=self._told(error)) from None
            if isinstance(error, TimeoutError):
                raise TelegramNetworkError(method=method, message="no answer in time") from None
            raise TelegramNetworkError(method=method, message=self._told(error)) from None
        finally:
            attempt.reset(before)

    async def _send(self, url: str, body: bytes | aiohttp.FormData, seconds: float) -> tuple[int, bytes]:
        session = await self.create_session()
        limit = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        headers = JSON if isinstance(body, bytes) else None
        async with session.post(url, timeout=limit, data=body, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.read()

    def _form(self, bot: Bot, fields: dict[str, Any], files: Files) -> aiohttp.FormData:
        form = aiohttp.FormData(quote_fields=False)
        for name, value in fields.items():
            form.add_field(name, value if isinstance(value, str) else self.json_dumps(value))
        for key, file in files.items():
            form.add_field(key, file.read(bot), filename=file.filename or key)
        return form

    def _told(self, error: Exception) -> str:
        return self._redactor.text(f"{type(error).__name__}: {error}")


@cache
def _model(kind: Any) -> type[BaseModel] | None:
    """The model of a method's result, where there is exactly one: of Message, and of Message or True."""
    models = [one for one in get_args(kind) or (kind,) if isinstance(one, type) and issubclass(one, BaseModel)]
    return models[0] if len(models) == 1 and get_origin(kind) in (None, Union, UnionType) else None


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _loads(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except ValueError:
        pass
    try:
        return json.loads(_text(content))  # takes lone surrogates, which orjson refuses
    except (ValueError, RecursionError):
        return None
