"""Recordings become words at NeuroAPI, over real sockets."""

import base64

import pytest

from bot.domain.catalog.models import Kind
from bot.providers.base import (
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    GenerationFailed,
    NotPermitted,
    NoWords,
    Picture,
    ProviderError,
    ProviderOrder,
    Succeeded,
    UpstreamDown,
)
from bot.providers.neuroapi.provider import NeuroApi
from sandbox.neuroapi import NeuroApiServer
from tests.drivers.recordings import recording
from tests.providers.neuro_kit import told

FAULTS: dict[str, type[ProviderError]] = {
    "no_endpoint": NotPermitted,
    "404": NotPermitted,
    "silence": NoWords,
    "wrong_types": BadResult,
    "missing_fields": BadResult,
    "malformed_json": ConnectionLost,
    "reset_after_body": ConnectionLost,
    "html": ConnectionLost,
    "401": BadKey,
    "429": Busy,
    "500": UpstreamDown,
}


def spoken(data: bytes) -> ProviderOrder:
    url = f"data:audio/ogg;base64,{base64.b64encode(data).decode()}"
    return ProviderOrder("whisper-1", "", {}, longest_seconds=10.0, kind=Kind.ASK, pictures=(Picture(url),), hears=True)


async def test_words_come_back(server: NeuroApiServer, provider: NeuroApi) -> None:
    server.heard.append("  hello\x00 there ")
    events, error = await told(provider, spoken(recording(1)))
    assert error is None
    assert isinstance(events[-1], Succeeded)
    assert events[-1].assets[0].text == "hello there"
    assert server.violations == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", FAULTS)
async def test_faults(server: NeuroApiServer, provider: NeuroApi, name: str) -> None:
    server.faults.add(name)
    _, error = await told(provider, spoken(recording(1)))
    assert type(error) is FAULTS[name]
    assert len(server.requests) == 1


@pytest.mark.parametrize("data", [b"", b"no recording", b"\x89PNG\r\n\x1a\n"])
async def test_what_is_no_recording_is_not_sent(server: NeuroApiServer, provider: NeuroApi, data: bytes) -> None:
    _, error = await told(provider, spoken(data))
    assert type(error) is GenerationFailed
    assert server.requests == []
