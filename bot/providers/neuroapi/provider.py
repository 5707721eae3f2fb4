"""NeuroAPI: chat as a stream of tokens, and images in one answer, in OpenAI's forms. Nothing can be resumed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from bot.domain.catalog.models import Makes
from bot.domain.jobs import Asset
from bot.network.proxy import Proxy
from bot.providers.base import (
    Accepted,
    BadKey,
    ConnectionLost,
    Event,
    Listed,
    Partial,
    ProviderError,
    ProviderOrder,
    Resume,
    Running,
    UpstreamDown,
)
from bot.providers.kit import http
from bot.providers.kit.json_reading import plain
from bot.providers.neuroapi import chat, hearing, images
from bot.providers.neuroapi.answer import DONE, Answer
from bot.providers.neuroapi.errors import ParameterRefused, error_in, failure

if TYPE_CHECKING:
    import httpx2

    from bot.providers.neuroapi.body import Body
    from bot.providers.neuroapi.client import Wire

IDLE_SECONDS = 120.0
"""A model may think for a minute before its first word: more than this is a stall."""
LIST_SECONDS = 15.0
MODELS_LIMIT = 2000
PARTIAL_EVERY = 0.25
"""Seconds between two Partials: people read them, and each is the whole text so far."""


class NeuroApi:
    """A Provider, a HealthCheck, and Discovers. `transport` is for tests. See aclose."""

    name: str = "neuroapi"
    resumable: bool = False

    def __init__(
        self,
        *,
        base_url: str,
        key: str,
        connections: int = 100,
        idle_seconds: float = IDLE_SECONDS,
        backoff: http.Backoff | None = None,
        transport: "httpx2.AsyncBaseTransport | None" = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key.strip()
        self._connections = connections
        self._idle = idle_seconds
        self._backoff = backoff or http.Backoff()
        self._transport = transport
        self._proxy = proxy
        self._wire: Wire | None = None
        self._making = asyncio.Lock()
        self._without: dict[str, set[str]] = {}
        """By model, as many as are sold: which of OURS it does not take."""

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        """A conversation is accepted when its stream is open; an image is not before it is there."""
        if resume is not None:
            raise ConnectionLost("this service gives no reference to ask about")
        deadline = asyncio.get_running_loop().time() + order.longest_seconds
        wire = await self._ready()
        way = self._chat if order.kind.makes is Makes.TEXT else self._images
        try:
            async with aclosing((self._hearing if order.hears else way)(wire, order, deadline)) as events:
                async for event in events:
                    yield event
        except ParameterRefused as error:
            raise chat.refused(error, order) from None

    async def models(self) -> tuple[Listed, ...]:
        """Names only: the service tells nothing else of its models."""
        data = await (await self._ready()).models(LIST_SECONDS)
        if (error := error_in(data)) is not None:
            raise failure(error, self._key)
        listed = data.get("data") if isinstance(data, dict) else None
        if not isinstance(listed, list):
            raise UpstreamDown("no list of models")
        names = [one.get("id") for one in listed[:MODELS_LIMIT] if isinstance(one, dict)]
        found = tuple(Listed(name) for name in names if isinstance(name, str) and name and plain(name) == name)
        if listed and not found:
            raise UpstreamDown("a list of nothing with a name")
        return found

    async def details(self, listed: Listed) -> Listed:
        """No details: the service tells none of its models."""
        return listed

    async def ping(self) -> None:
        """A wrong key raises BadKey."""
        await self.models()

    async def aclose(self) -> None:
        """Closes every connection; runs still under way end with ConnectionLost."""
        if self._wire is not None:
            await self._wire.aclose()

    async def _ready(self) -> "Wire":
        """The client, imported at the first request and in a thread: it takes most of a second."""
        if not (self._key.isascii() and self._key.isprintable()):
            raise BadKey("the key holds characters that no header can carry")
        async with self._making:
            if self._wire is None:
                self._wire = await asyncio.to_thread(self._make)
        return self._wire

    def _make(self) -> "Wire":
        wire: Wire = import_module("bot.providers.neuroapi.client").Wire(
            base_url=self._base_url,
            key=self._key,
            connections=self._connections,
            idle_seconds=self._idle,
            backoff=self._backoff,
            transport=self._transport,
            proxy=self._proxy,
        )
        return wire.warm()

    async def _images(self, wire: "Wire", order: ProviderOrder, deadline: float) -> AsyncGenerator[Event, None]:
        yield Running()  # one answer in a minute: nothing else will be heard until then
        more = images.parameters(order)
        singly = 1 if "n" in more else order.results  # several results are several requests, or one with their number
        each = order if singly == 1 else replace(order, results=1)

        async def one() -> tuple[Asset, ...]:
            data = await wire.images(order.model, order.prompt, more, deadline=deadline)
            self._check(data)
            return images.assets(data, each, self._base_url)

        yield images.together(await asyncio.gather(*(one() for _ in range(singly)), return_exceptions=True))

    async def _hearing(self, wire: "Wire", order: ProviderOrder, deadline: float) -> AsyncGenerator[Event, None]:
        yield Running()
        name, data, mime = hearing.recording(order)
        answer = await wire.transcription(order.model, name, data, mime, deadline=deadline)
        self._check(answer)
        yield hearing.words(answer)

    async def _chat(self, wire: "Wire", order: ProviderOrder, deadline: float) -> AsyncGenerator[Event, None]:
        response = await self._asked(wire, order, deadline)
        answer = Answer(tools=[tool.name for tool in order.tools])
        try:
            labelled = wire.streams(response)
            if labelled:  # it is taken, though its first word may be a minute away
                yield Accepted(None)
            body = await wire.opened(response, deadline)
            if not body.is_stream:
                for data in await wire.whole(body, deadline) or (None,):
                    self._check(data)
                    answer.hear(data, whole=True)
            else:
                if not labelled:
                    yield Accepted(None)
                async with aclosing(self._pieces(wire, body, answer, deadline)) as pieces:
                    async for piece in pieces:
                        yield piece
        finally:
            await wire.close(response)
        yield answer.result()

    async def _asked(self, wire: "Wire", order: ProviderOrder, deadline: float) -> "httpx2.Response":
        """The open answer. A model that does not take what we send of our own accord is asked without it: it refused,
        so nothing was made, and it is remembered as long as this process runs."""
        said, more = chat.messages(order), chat.parameters(order)
        without = self._without.setdefault(order.model, set())
        while True:
            sent = {name: value for name, value in more.items() if name not in without}
            try:
                return await wire.chat(
                    order.model, said, sent, deadline=deadline, usage="stream_options" not in without
                )
            except ParameterRefused as error:
                ours = [name for name in error.named if name in chat.OURS and name not in without]
                if not ours:
                    raise
                without |= {"tools", "tool_choice"} if ours[0] in ("tools", "tool_choice") else {ours[0]}

    async def _pieces(
        self, wire: "Wire", body: "Body", answer: Answer, deadline: float
    ) -> AsyncGenerator[Partial, None]:
        """The text as it grows. Once the model has finished, a break costs no more than the usage."""
        clock = asyncio.get_running_loop().time
        due = clock()
        try:
            async with aclosing(wire.events(body, deadline)) as events:
                async for data in events:
                    if (error := error_in(data, event=True)) is not None:
                        raise failure(error, self._key)
                    if answer.hear(data) and clock() >= due and (text := answer.so_far):
                        due = clock() + PARTIAL_EVERY
                        yield Partial(text)
                    if data is DONE:
                        break
            answer.close(measured=body.measured)
        except ProviderError:
            if not answer.ended:
                raise

    def _check(self, data: object) -> None:
        """Raises what an answer means that is no success although its status says so."""
        if (error := error_in(data)) is not None:
            raise failure(error, self._key)
        if not isinstance(data, dict):
            raise ConnectionLost("HTTP 200, and no JSON object: it may have been made")
