"""Every fault of the neuroflash simulator, over real sockets, ends as the class of failure that it is."""

from collections.abc import AsyncIterator

import pytest

from bot.providers.base import (
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    NotPermitted,
    NotTaken,
    OutOfFunds,
    ProviderError,
    Running,
    Succeeded,
    TimedOut,
    Unreachable,
    UpstreamDown,
)
from bot.providers.neuroflash.provider import Neuroflash
from sandbox.kit.faults import Stage
from sandbox.neuroflash import CATALOGUE, NeuroflashServer
from tests.providers.neuro_kit import FOX, LOST, flashing, hurried, made, picture, told
from tests.providers.provider_kit import raw_server

REFUSED: dict[str, type[ProviderError]] = {
    "401": BadKey,
    "402": OutOfFunds,
    "403": NotPermitted,
    "429": Busy,
    "500": UpstreamDown,
    "503_html": NotTaken,
    "failed": UpstreamDown,
}
STRANGE: dict[str, type[ProviderError] | None] = {
    **dict.fromkeys(("wrong_types", "missing_fields"), BadResult),
    **dict.fromkeys(("extra_fields", "object_nulls", "object_numbers", "object_texts", "detail", "detail_object")),
    **dict.fromkeys(("absolute_url", "foreign_url", "published_url", "fewer_images", "late_history")),
    **dict.fromkeys(("without_ids", "without_image_id", "without_batch_id", "duplicate_history", "without_history")),
}


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


def test_every_fault_is_here() -> None:
    own = {name for name, kind in CATALOGUE.items() if kind.stage not in (Stage.RESULT, Stage.READ)}
    assert own == {*REFUSED, *LOST, *STRANGE, "break_off_failed", "stall"}


async def test_generate_and_edit_what_was_generated(server: NeuroflashServer, provider: Neuroflash) -> None:
    two = await made(provider, FOX)
    names = [asset.own for asset in two.assets]
    assert len(set(names)) == 2
    edited = await made(provider, picture("nano-banana", "in winter", {"aspect_ratio": "auto"}, *names))
    assert edited.assets[0].own not in names
    assert [request.path.rsplit("/", 1)[1] for request in server.requests] == ["", "edit"]
    again = await made(provider, picture("default", "at night", {}, edited.assets[0].own))
    assert server.violations == []
    await provider.delete(again.assets[0].own)
    await provider.delete(again.assets[0].own)
    assert len(server.state.images) == 3


@pytest.mark.parametrize("name", REFUSED)
async def test_refusals(server: NeuroflashServer, provider: Neuroflash, name: str) -> None:
    server.faults.add(name)
    events, error = await told(provider, FOX)
    assert (events, type(error)) == ([Running()], REFUSED[name])
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", STRANGE)
async def test_strange_answers(server: NeuroflashServer, provider: Neuroflash, name: str) -> None:
    server.faults.add(name, value=0.3 if name == "late_history" else None)
    events, error = await told(provider, FOX)
    assert type(error) is (STRANGE[name] or type(None))
    if error is not None:
        return
    assert isinstance(events[-1], Succeeded)
    known = {image.path for image in server.state.images.values()}
    names = [asset.own for asset in events[-1].assets]
    assert len(names) == (1 if name == "fewer_images" else 2)
    assert all(asset.url.startswith("http") for asset in events[-1].assets)
    if name == "without_history":
        assert names == ["", ""]
    else:
        assert set(names) <= known
    assert ("warning" in events[-1].facts) is name.startswith(("detail", "object_texts"))


async def test_silence_ends_with_the_total_time(server: NeuroflashServer, provider: Neuroflash) -> None:
    server.faults.add("stall")
    assert type((await told(provider, picture("default", longest=0.4)))[1]) is TimedOut


async def test_nothing_listens() -> None:
    async with NeuroflashServer(scale=0) as gone:
        base_url = gone.base_url
    provider = flashing(base_url)
    assert type((await told(provider, FOX))[1]) is Unreachable
    with pytest.raises(Unreachable):
        await provider.ping()
    await provider.aclose()


@pytest.mark.parametrize("said", [b"", b"\x00\xff\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"])
async def test_whatever_listens_there(said: bytes) -> None:
    async with raw_server(said) as base_url:
        provider = flashing(base_url)
        assert type((await told(provider, FOX))[1]) is ConnectionLost
        await provider.aclose()
