"""What the tests of NeuroAPI and neuroflash share: orders of theirs, and answers for the openai client's transport."""

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx
import httpx2
import pytest

from bot.domain.catalog.models import Kind, Scalar
from bot.providers.base import (
    ChatTool,
    ChatTurn,
    Event,
    Partial,
    Picture,
    Provider,
    ProviderError,
    ProviderOrder,
    Succeeded,
)
from bot.providers.neuroapi.provider import NeuroApi
from bot.providers.neuroflash import provider as neuroflash
from bot.providers.neuroflash.provider import Neuroflash
from tests.providers.provider_kit import QUICK
from tests.providers.provider_kit import answer as said

CREATE = ChatTool(
    "create",
    "Make a picture, a film or a song",
    {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["image", "video", "music"]},
            "prompt": {"type": "string"},
            "style": {"type": "string"},
        },
        "required": ["kind", "prompt"],
    },
)


def ask(
    words: str = "В чём смысл жизни?",
    parameters: Mapping[str, Scalar] | None = None,
    *turns: ChatTurn,
    tools: tuple[ChatTool, ...] = (),
    longest: float = 20.0,
    model: str = "gpt-5-mini",
) -> ProviderOrder:
    return ProviderOrder(
        model, words, parameters or {}, longest, kind=Kind.ASK, turns=(*turns, ChatTurn("user", words)), tools=tools
    )


def picture(
    model: str,
    prompt: str = "a fox",
    parameters: Mapping[str, Scalar] | None = None,
    *own: str,
    results: int = 1,
    longest: float = 20.0,
) -> ProviderOrder:
    """An order of images, or of an edit of the provider's `own`."""
    kind = Kind.EDIT if own else Kind.IMAGE
    pictures = tuple(Picture(own=each) for each in own)
    return ProviderOrder(model, prompt, parameters or {}, longest, kind=kind, results=results, pictures=pictures)


async def told(provider: Provider, wanted: ProviderOrder) -> tuple[list[Event], ProviderError | None]:
    """Every event of a run, and the error that ended it."""
    events: list[Event] = []
    try:
        async for event in provider.run(wanted, job_id="job"):
            events.append(event)  # noqa: PERF401 - what came before an error counts
    except ProviderError as error:
        return events, error
    return events, None


def text_of(events: list[Event]) -> str:
    """The answer at the end of a conversation's events."""
    assert isinstance(events[-1], Succeeded)
    return events[-1].assets[0].text


def partials(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Partial)]


class Pieces(httpx2.AsyncByteStream):
    """A body that comes in pieces, and may break off."""

    def __init__(self, *pieces: bytes, then: Exception | None = None) -> None:
        self._pieces = pieces
        self._then = then

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if self._then is not None:
            raise self._then


Answering = Callable[[httpx2.Request], httpx2.Response]


def answer(status: int, body: bytes | str | object, content_type: str = "application/json") -> httpx2.Response:
    """A response as a socket would give it: with a body that is still to be read."""
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return httpx2.Response(status, headers={"Content-Type": content_type}, stream=Pieces(raw))


def stream(*events: object, done: bool = True) -> httpx2.Response:
    """A stream of these events, JSON or text as it is."""
    lines = [f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n" for event in events]
    return answer(200, "".join([*lines, *(["data: [DONE]\n\n"] if done else [])]), "text/event-stream")


def neuroapi(answers: Answering | httpx2.Response, key: str = "YOUR_API_KEY") -> NeuroApi:
    handler = answers if callable(answers) else lambda _: answers
    transport = httpx2.MockTransport(handler)
    return NeuroApi(base_url="https://neuroapi.host/v1/", key=key, backoff=QUICK, transport=transport)


def noting(seen: list[httpx2.Request], response: Callable[[], httpx2.Response]) -> Answering:
    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return response()

    return handle


def body(request: httpx2.Request) -> Any:
    return json.loads(request.content)


def chunk(content: object = None, finish: str | None = None, **delta: object) -> dict[str, object]:
    """One event of a conversation."""
    said = delta if content is None else {"content": content, **delta}
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": said, "finish_reason": finish}]}


Answers = Callable[[httpx.Request], httpx.Response]
BASE = "https://app.neuroflash.com/api/ds-prototypes"
HOST = "https://app.neuroflash.com"
VIEW = "/api/ds-prototypes/image_generation/{}/view"


def flash(
    handler: Answers,
    key: str = "YOUR_ACCESS_TOKEN",
    workspace: str = "YOUR_WORKSPACE_ID",
    now: Callable[[], float] = time.time,
) -> Neuroflash:
    """neuroflash, answered by `handler`."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return Neuroflash(base_url=f"{BASE}/", key=key, workspace=workspace, backoff=QUICK, client=client, now=now)


def logged(seen: list[httpx.Request], handler: Answers) -> Answers:
    """The same, written down."""

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return handler(request)

    return handle


MADE = {
    "images": [
        {
            "url": "/api/ds-prototypes/image_generation/a-1/view",
            "content_type": "image/png",
            "file_name": {},
            "file_size": {},
            "width": {},
            "height": {},
            "image_id": "a-1",
        }
    ],
    "description": "string",
    "prompt": "string",
    "detail": {},
    "batch_id": {},
}
LIST = [
    {
        "id": "string",
        "name": "string",
        "provider": "string",
        "description": "string",
        "capabilities": ["string"],
        "max_images": 0,
        "aspect_ratios": ["string"],
        "output_formats": ["string"],
        "allowed": False,
        "order": 0,
    }
]


def entry(image_id: str = "a-1", **more: object) -> dict[str, Any]:
    """The document's entry of the history."""
    return {
        "output_image_id": image_id,
        "batch_id": "string",
        "user_id": 0,
        "workspace_id": "string",
        "prompt": "string",
        "model": "string",
        "parameters": {},
        "input_images": {},
        "output_image_url": f"/api/ds-prototypes/image_generation/{image_id}/view",
        "output_image_width": {},
        "output_image_height": {},
        "output_image_size": {},
        "created_at": "2024-01-15T10:30:00Z",
        **more,
    }


def service(
    made: object = None, status: int = 200, entries: object = None
) -> Callable[[httpx.Request], httpx.Response]:
    """Answers every order with `made`, and the history with `entries` or the images made."""

    def handle(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/ds-prototypes")
        if request.method == "POST":
            body = MADE if made is None else made
            return said(status, body if isinstance(body, str | bytes) else json.dumps(body), "application/json")
        if path == "/history":
            return said(200, json.dumps(entries if entries is not None else [entry()]), "application/json")
        if path.startswith("/history/"):
            return said(200, json.dumps(entry(path.removeprefix("/history/"))), "application/json")
        return said(200, json.dumps(LIST), "application/json")

    return handle


FOX = picture("default", "a fox", {"num_images": 2}, results=2)
LOST = frozenset({"html", "reset_after_body", "cut_body", "malformed_json", "empty_body", "not_an_object", "break_off"})
"""Faults of neuroflash's simulator whose answers nobody could read: what was made is in the history."""


def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """neuroflash's waits for its history, shorter."""
    monkeypatch.setattr(neuroflash, "NAMING_SECONDS", 1.0)
    monkeypatch.setattr(neuroflash, "NAMING_PAUSE", 0.05)
    monkeypatch.setattr(neuroflash, "LOOK_FIRST", 0.05)
    monkeypatch.setattr(neuroflash, "LOOK_LONGEST", 0.2)
    monkeypatch.setattr(neuroflash, "SETTLED_SECONDS", 0.6)


def flashing(base_url: str) -> Neuroflash:
    """As its simulator wants it."""
    return Neuroflash(base_url=base_url, key="nf-sandbox", workspace="ws-sandbox", backoff=QUICK)


async def made(provider: Neuroflash, wanted: ProviderOrder) -> Succeeded:
    """The success of an order."""
    events, error = await told(provider, wanted)
    assert error is None
    assert isinstance(events[-1], Succeeded)
    return events[-1]
