"""NeuroAPI's simulator and its adapter, which talk over a real socket."""

from collections.abc import AsyncIterator

import pytest

from bot.providers.neuroapi.provider import NeuroApi
from sandbox.neuroapi import NeuroApiServer
from tests.providers.provider_kit import QUICK

KEY = "sk-neuroapi-sandbox"


@pytest.fixture
async def server() -> AsyncIterator[NeuroApiServer]:
    async with NeuroApiServer(scale=0) as running:
        yield running


@pytest.fixture
async def provider(server: NeuroApiServer) -> AsyncIterator[NeuroApi]:
    built = NeuroApi(base_url=server.base_url, key=KEY, backoff=QUICK)
    yield built
    await built.aclose()
