"""What an answer that nobody heard was about is found in neuroflash's history, and nothing that may be another's."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection

import pytest

from bot.providers.base import (
    BadKey,
    ConnectionLost,
    Lost,
    ProviderError,
    ProviderOrder,
    Succeeded,
)
from bot.providers.neuroflash.provider import Neuroflash
from sandbox.neuroflash import NeuroflashServer
from tests.providers.neuro_kit import FOX, LOST, flashing, hurried, made, picture, told
from tests.providers.provider_kit import until


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)


@pytest.fixture
async def server() -> AsyncIterator[NeuroflashServer]:
    async with NeuroflashServer(scale=0) as running:
        yield running


@pytest.fixture
async def provider(server: NeuroflashServer) -> AsyncIterator[Neuroflash]:
    built = flashing(server.base_url)
    yield built
    await built.aclose()


class Shop:
    """Who owns what."""

    def __init__(self, *taken: str) -> None:
        self.taken = set(taken)

    async def free(self, names: Collection[str]) -> frozenset[str]:
        return frozenset(names) - self.taken


async def recovered(
    provider: Neuroflash, wanted: ProviderOrder, since: float, shop: Shop | None = None, rivals: int = 0
) -> Succeeded | ProviderError:
    try:
        async for event in provider.recover(wanted, job_id="j", lost=Lost(since, (shop or Shop()).free, rivals)):
            if isinstance(event, Succeeded):
                return event
    except ProviderError as error:
        return error
    raise AssertionError("neither a result nor an error")


@pytest.mark.parametrize("name", sorted(LOST))
async def test_what_nobody_heard_of_is_in_the_history(
    server: NeuroflashServer, provider: Neuroflash, name: str
) -> None:
    since = time.time()
    server.faults.add(name)
    assert type((await told(provider, FOX))[1]) is ConnectionLost
    found = await recovered(provider, FOX, since)
    assert isinstance(found, Succeeded)
    assert {asset.own for asset in found.assets} == {image.path for image in server.state.images.values()}
    assert len(found.assets) == 2
    assert len(server.requests) == 1


async def test_nothing_was_made(server: NeuroflashServer, provider: Neuroflash) -> None:
    since = time.time()
    server.faults.add("break_off_failed")
    short = picture("default", "a fox", longest=0.6)
    assert type((await told(provider, short))[1]) is ConnectionLost
    error = await recovered(provider, short, since)
    assert isinstance(error, ConnectionLost)
    assert time.time() - since > 0.6


async def test_somebody_elses_is_not_taken(server: NeuroflashServer, provider: Neuroflash) -> None:
    since = time.time()
    one = picture("default", "a fox", longest=0.4)
    theirs = await made(provider, one)
    assert isinstance(await recovered(provider, one, since, Shop(theirs.assets[0].own)), ConnectionLost)
    found = await recovered(provider, one, since)
    assert isinstance(found, Succeeded)
    assert isinstance(await recovered(provider, one, since, rivals=1), ConnectionLost)
    assert isinstance(await recovered(provider, one, since - 3600), ConnectionLost)  # made at another time


@pytest.mark.parametrize(
    "other",
    [
        picture("default", "an owl"),
        picture("seedream", "a fox"),
        picture("nano-banana", "a fox", {"aspect_ratio": "16:9"}),
    ],
    ids=["words", "model", "parameters"],
)
async def test_what_differs_is_not_ours(server: NeuroflashServer, provider: Neuroflash, other: ProviderOrder) -> None:
    since = time.time()
    await made(provider, other)
    mine = picture("nano-banana", "a fox", {"aspect_ratio": "1:1"}, longest=0.4)
    assert isinstance(await recovered(provider, mine, since), ConnectionLost)
    found = await recovered(provider, other, since)
    assert isinstance(found, Succeeded)


async def test_edits_are_told_apart_by_their_pictures(server: NeuroflashServer, provider: Neuroflash) -> None:
    sources = [asset.own for asset in (await made(provider, FOX)).assets]
    since = time.time()
    edited = await made(provider, picture("default", "in winter", {}, sources[0]))
    other = picture("default", "in winter", {}, sources[1], longest=0.4)
    assert isinstance(await recovered(provider, other, since), ConnectionLost)
    plain = picture("default", "in winter", longest=0.4)
    assert isinstance(await recovered(provider, plain, since), ConnectionLost)
    short = sources[0].removeprefix("/api/ds-prototypes")
    found = await recovered(provider, picture("default", "in winter", {}, short), since)
    assert isinstance(found, Succeeded)
    assert found.assets[0].own == edited.assets[0].own


async def test_duplicates_are_ambiguous(server: NeuroflashServer, provider: Neuroflash) -> None:
    since = time.time()
    server.faults.add("duplicate_history")
    await made(provider, picture("default", "a fox"))
    error = await recovered(provider, picture("default", "a fox"), since)
    assert isinstance(error, ConnectionLost)
    assert "ambiguous" in error.detail
    both = await recovered(provider, picture("default", "a fox", results=2), since)  # two, but of two batches
    assert isinstance(both, ConnectionLost)
    assert "ambiguous" in both.detail


async def test_fewer_than_ordered_are_taken_once_no_more_come(server: NeuroflashServer, provider: Neuroflash) -> None:
    since = time.time()
    server.faults.add("fewer_images")
    await made(provider, FOX)
    found = await recovered(provider, FOX, since)
    assert isinstance(found, Succeeded)
    assert len(found.assets) == 1
    assert time.time() - since > 0.6


@pytest.mark.parametrize("name", ["read_500", "read_429", "read_html", "read_reset_after_body", "read_missing_fields"])
async def test_a_history_in_trouble_is_asked_again(server: NeuroflashServer, provider: Neuroflash, name: str) -> None:
    since = time.time()
    await made(provider, FOX)
    server.faults.add(name, "history", times=4)
    assert isinstance(await recovered(provider, FOX, since), Succeeded)


@pytest.mark.parametrize(("name", "works"), [("read_nulls", False), ("read_texts", True), ("read_wrong_types", False)])
async def test_a_history_of_strange_types(
    server: NeuroflashServer, provider: Neuroflash, name: str, works: bool
) -> None:
    (source,) = (await made(provider, picture("default", "a fox"))).assets
    since = time.time()
    await made(provider, picture("default", "in winter", {}, source.own))
    server.faults.add(name, "history", times=1000)
    short = picture("default", "in winter", {}, source.own, longest=20.0 if works else 0.5)
    assert isinstance(await recovered(provider, short, since), Succeeded) is works


async def test_a_history_that_may_not_be_read(server: NeuroflashServer, provider: Neuroflash) -> None:
    server.faults.add("read_401", "history")
    assert isinstance(await recovered(provider, FOX, time.time()), BadKey)


async def test_late_results_are_waited_for(server: NeuroflashServer, provider: Neuroflash) -> None:
    since = time.time()
    server.state.scale = 0.1  # 0.6 to 1.1 s
    task = asyncio.create_task(told(provider, FOX))
    await until(lambda: bool(server.requests))
    task.cancel()
    assert isinstance(await recovered(provider, FOX, since), Succeeded)
