"""What the tests of polled services share: hurried time, runs written down, scripted services."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from bot.providers.base import (
    Accepted,
    BadKey,
    Busy,
    ConnectionLost,
    Event,
    NoEndpoint,
    NotPermitted,
    Provider,
    ProviderError,
    ProviderOrder,
    Resume,
    TimedOut,
    UpstreamDown,
)
from bot.providers.kit.polling import Timing, Vanished
from sandbox.kit.server import SimServer
from tests.providers.provider_kit import answer

Script = Callable[[httpx.Request], httpx.Response]


class Hurried:
    """Time that the waits move on; a thousandth of each is really waited, at most a hundredth of a second."""

    def __init__(self, wall: float = 1_000_000.0) -> None:
        self.now = 0.0
        self.begun = wall
        self.waits: list[float] = []
        self.timing = Timing(lambda: self.now, lambda: self.begun + self.now, self.sleep, lambda: 0.5)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waits.append(seconds)
        await asyncio.sleep(min(0.01, seconds / 1000))


async def told(
    provider: Provider, order: ProviderOrder, resume: Resume | None = None
) -> tuple[list[Event], ProviderError | None]:
    """Every event of a run, and the error that ended it."""
    events: list[Event] = []
    try:
        async for event in provider.run(order, job_id="job", resume=resume):
            events.append(event)  # noqa: PERF401 - what came before an error counts
    except ProviderError as error:
        return events, error
    return events, None


async def failure(run: Any) -> ProviderError | None:
    """The ProviderError that awaiting ends in, None for a success."""
    try:
        await run
    except ProviderError as error:
        return error
    return None


class Service:
    """A service that answers orders and looks from two scripts, and remembers what it was asked.

    A script is one answer for ever, or several of which the last stays.
    """

    def __init__(self, orders: object, looks: object) -> None:
        self.seen: list[httpx.Request] = []
        self._orders = _script(orders)
        self._looks = _script(looks)
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.seen if request.method == "POST"]

    @property
    def looks(self) -> list[str]:
        return [str(request.url) for request in self.seen if request.method == "GET"]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return next(self._orders if request.method == "POST" else self._looks)


def _script(given: object) -> Iterator[httpx.Response]:
    answers = given if isinstance(given, list) else [given]
    number = 0
    while True:
        one = answers[min(number, len(answers) - 1)]
        number += 1
        if isinstance(one, Exception):
            raise one
        status, body = one if isinstance(one, tuple) else (200, one)
        if isinstance(body, bytes):
            yield answer(status, body, "text/html")
        else:
            yield answer(status, json.dumps(body), "application/json")


BROKEN_ANSWERS = ("html", "cut_body", "malformed_json", "empty_body", "not_an_object", "reset_after_body")
"""Faults of the simulators that leave nothing to read."""
POLLS: dict[str, type[ProviderError] | None] = {
    "poll_401": BadKey,
    "poll_403": NotPermitted,
    "poll_404": Vanished,
    **dict.fromkeys(("poll_429", "poll_500", "poll_503_html"), TimedOut),
    **{f"poll_{name}": TimedOut for name in (*BROKEN_ANSWERS, "wrong_types", "missing_fields")},
    "poll_extra_fields": None,
    "poll_stall": None,
}
"""Looks that fail for ever, and how the run ends then."""
READS: dict[str, type[ProviderError] | None] = {
    "read_401": BadKey,
    "read_403": NotPermitted,
    "read_404": NoEndpoint,
    "read_429": Busy,
    **dict.fromkeys(("read_500", "read_503_html"), UpstreamDown),
    **{f"read_{name}": UpstreamDown for name in (*BROKEN_ANSWERS, "wrong_types", "missing_fields")},
    "read_reset_after_body": ConnectionLost,
    "read_cut_body": ConnectionLost,
    "read_extra_fields": None,
    "read_stall": None,
}
"""Everything else that is asked, and what fails then."""


class LooksThatFail:
    """Tests of every polled service; the fixtures are its simulator and the service, whose orders are `wanted`."""

    @staticmethod
    def wanted(prompt: str) -> ProviderOrder:
        raise AssertionError(f"nobody said how {prompt} is ordered")

    @pytest.mark.parametrize("name", POLLS)
    async def test_for_ever(self, server: SimServer[Any], provider: Provider, name: str) -> None:
        value = "=0.05" if name == "poll_stall" else ""
        events, error = await told(provider, self.wanted(f"a cat [fault:{name}{value}]"))
        assert isinstance(events[0], Accepted)
        assert type(error) is (POLLS[name] or type(None))
        assert len(server.requests) == 1

    @pytest.mark.parametrize("name", POLLS)
    async def test_once(self, server: SimServer[Any], provider: Provider, name: str) -> None:
        server.faults.add(name, value=0.05 if name == "poll_stall" else None)
        error = (await told(provider, self.wanted("a cat")))[1]
        assert error is None
