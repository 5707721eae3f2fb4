"""Results as they come in the real world: cut, huge, empty, lying, redirected; nothing is left on the disk."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Asset
from bot.domain.results import ResultFile, TooLarge
from bot.providers.ai_now import AiNow
from bot.providers.base import (
    BadResult,
    ConnectionLost,
    NotThere,
    ProviderError,
    Succeeded,
    TimedOut,
    Unreachable,
    UpstreamDown,
)
from bot.providers.kit.download import MAX_REDIRECTS, Downloader, discard
from sandbox.ai_now import CATALOGUE, AiNowServer
from sandbox.ai_now.faults import Stage
from tests.providers.files import HTML, coded, film
from tests.providers.provider_kit import KEY, QUICK, Handler, order, raw_server, serving, told, until

PNG = coded("PNG").ljust(5008, b"\0")
FILM = film(first=True)
MEGABYTE = 1024 * 1024


def downloader(folder: Path, max_bytes: int = 2 * MEGABYTE, total: float = 30.0, idle: float = 10.0) -> Downloader:
    return Downloader(
        folder,
        max_bytes=max_bytes,
        allow_private_hosts=True,
        idle_seconds=idle,
        total_seconds=total,
        backoff=QUICK,
    )


@pytest.fixture
async def fetcher(tmp_path: Path) -> AsyncIterator[Downloader]:
    made = downloader(tmp_path)
    yield made
    await made.aclose()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]


async def link(server: AiNowServer, model: str, fault: str | None = None, value: float | None = None) -> str:
    """The link of a finished generation of the simulator."""
    if fault is not None:
        server.faults.add(fault, value=value)
    provider = AiNow(base_url=server.base_url, key=KEY)
    events, _ = await told(provider, order(model))
    await provider.aclose()
    assert isinstance(events[-1], Succeeded)
    return events[-1].assets[0].url


FAULTS: dict[str, tuple[float | None, type[ProviderError | ResultFile | TooLarge], int]] = {
    "dead_result": (None, NotThere, 1),
    "result_late": (None, NotThere, 1),
    "result_html": (None, BadResult, 1),
    "result_lies": (None, BadResult, 1),
    "result_rubbish": (None, BadResult, 1),
    "result_short": (None, BadResult, QUICK.attempts),
    "result_octets": (None, ResultFile, 1),
    "result_empty": (None, NotThere, 1),
    "huge_file": (None, TooLarge, 1),
    "huge_chunked": (None, TooLarge, 1),
    "result_cut": (None, ConnectionLost, QUICK.attempts),
    "result_slow": (0.3, ResultFile, 1),
    "result_redirect_private": (None, BadResult, 1),
}


def test_every_fault_of_a_result_is_here() -> None:
    assert set(FAULTS) == {name for name, kind in CATALOGUE.items() if kind.stage is Stage.RESULT}


@pytest.mark.parametrize("name", FAULTS)
async def test_faults_of_the_simulator(fetcher: Downloader, tmp_path: Path, name: str) -> None:
    value, expected, downloads = FAULTS[name]
    async with AiNowServer(scale=0) as server:
        url = await link(server, "pika", name, value)
        if issubclass(expected, ProviderError):
            with pytest.raises(expected):
                await fetcher.fetch(url, expect=Kind.VIDEO)
            assert files(tmp_path) == []
        else:
            result = await fetcher.fetch(url, expect=Kind.VIDEO)
            assert isinstance(result, expected)
            assert len(files(tmp_path)) == isinstance(result, ResultFile)
        assert server.requests[-1].downloads == downloads


@pytest.mark.parametrize(
    ("model", "kind", "media", "mime", "suffix"),
    [("pika", Kind.VIDEO, "video", "video/mp4", ".mp4"), ("suno", Kind.MUSIC, "audio", "audio/mpeg", ".mp3")],
)
async def test_a_result(fetcher: Downloader, model: str, kind: Kind, media: str, mime: str, suffix: str) -> None:
    async with AiNowServer(scale=0) as server:
        result = await fetcher.fetch(await link(server, model), expect=kind)
        assert isinstance(result, ResultFile)
        assert (result.media, result.mime, result.path.suffix) == (media, mime, suffix)
        assert result.size == result.path.stat().st_size == server.requests[-1].bytes_served
    discard(result)
    assert not result.path.exists()
    discard(result)


async def test_a_huge_file_is_not_downloaded_to_see_that_it_is_huge(tmp_path: Path) -> None:
    async with AiNowServer(scale=0) as server:
        fetcher = downloader(tmp_path, max_bytes=100_000)
        for fault in ("huge_file", "huge_chunked"):
            url = await link(server, "pika", fault)
            assert await fetcher.fetch(url) == TooLarge(Asset(url))
            record = server.requests[-1]
            await asyncio.sleep(0.02)
            served = record.bytes_served
            await asyncio.sleep(0.02)
            assert record.bytes_served == served < 50 * MEGABYTE
        await fetcher.aclose()


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("size", "fits"), [(9999, True), (10_000, True), (10_001, False)])
async def test_the_cap_is_exact(tmp_path: Path, size: int, fits: bool, chunked: bool) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = None if chunked else size
        await response.prepare(request)
        await response.write(PNG.ljust(size, b"\0")[:size])
        return response

    fetcher = downloader(tmp_path, max_bytes=10_000)
    async with serving(handler) as base_url:
        result = await fetcher.fetch(base_url)
    assert isinstance(result, ResultFile if fits else TooLarge)
    await fetcher.aclose()


def failing(times: int, failure: Handler) -> tuple[Handler, list[str]]:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        return await failure(request) if len(seen) <= times else web.Response(body=PNG)

    return handler, seen


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(PNG[:4500])
    assert request.transport is not None
    request.transport.close()
    return response


async def busy(request: web.Request) -> web.StreamResponse:
    return web.Response(status=503)


async def ended_early(request: web.Request) -> web.StreamResponse:
    """Half of a film, as a line that breaks looks where no length was told."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(FILM[: len(FILM) // 2])
    return response


async def test_a_film_that_ends_early_is_fetched_again(fetcher: Downloader, tmp_path: Path) -> None:
    async def whole(request: web.Request) -> web.StreamResponse:
        return await ended_early(request) if len(seen) == 1 else web.Response(body=FILM)

    handler, seen = failing(99, whole)
    async with serving(handler) as base_url:
        result = await fetcher.fetch(base_url, expect=Kind.VIDEO)
    assert isinstance(result, ResultFile)
    assert (result.size, len(seen)) == (len(FILM), 2)
    assert files(tmp_path) == [result.path]


async def test_a_short_film_whose_length_was_told_is_not_fetched_again(fetcher: Downloader, tmp_path: Path) -> None:
    async def short(request: web.Request) -> web.StreamResponse:
        return web.Response(body=FILM[: len(FILM) // 2])

    handler, seen = failing(99, short)
    async with serving(handler) as base_url:
        with pytest.raises(BadResult):
            await fetcher.fetch(base_url, expect=Kind.VIDEO)
    assert len(seen) == 1
    assert files(tmp_path) == []


@pytest.mark.parametrize("data", [PNG[:8] + HTML, PNG[:60], b"", HTML])
async def test_rubbish_that_came_as_bytes_leaves_nothing(fetcher: Downloader, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadResult):
        await fetcher.store(data, expect=Kind.IMAGE)
    assert files(tmp_path) == []


async def stalled(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(PNG[:4500])
    await asyncio.sleep(5)
    return response


@pytest.mark.parametrize("failure", [cut, busy, stalled])
async def test_what_fails_once_is_tried_again(tmp_path: Path, failure: Handler) -> None:
    fetcher = downloader(tmp_path, idle=0.15)
    handler, seen = failing(1, failure)
    async with serving(handler) as base_url:
        result = await fetcher.fetch(base_url)
    assert isinstance(result, ResultFile)
    assert (result.size, len(seen)) == (len(PNG), 2)
    assert files(tmp_path) == [result.path]
    await fetcher.aclose()


@pytest.mark.parametrize(("failure", "error"), [(cut, ConnectionLost), (busy, UpstreamDown), (stalled, ConnectionLost)])
async def test_what_fails_always(tmp_path: Path, failure: Handler, error: type[ProviderError]) -> None:
    fetcher = downloader(tmp_path, idle=0.1)
    handler, seen = failing(99, failure)
    async with serving(handler) as base_url:
        with pytest.raises(error):
            await fetcher.fetch(base_url)
    assert len(seen) == QUICK.attempts
    assert files(tmp_path) == []
    await fetcher.aclose()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
async def test_a_dead_link(fetcher: Downloader, status: int) -> None:
    async def gone(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    handler, seen = failing(99, gone)
    async with serving(handler) as base_url:
        with pytest.raises(BadResult, match=str(status)):
            await fetcher.fetch(base_url)
    assert len(seen) == 1


async def test_a_short_body_is_noticed(fetcher: Downloader) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"
    for body in (b"", b"\x89PN", PNG[:3000], PNG):
        async with raw_server(head + body) as base_url:
            with pytest.raises(ConnectionLost):
                await fetcher.fetch(base_url)


async def test_nobody_is_there(fetcher: Downloader) -> None:
    async with serving(busy) as gone:
        pass
    with pytest.raises(Unreachable):
        await fetcher.fetch(gone)


async def test_the_total_time(tmp_path: Path) -> None:
    fetcher = downloader(tmp_path, total=0.3)
    async with raw_server(b"HTTP/1.1 200 OK\r\n\r\n" + PNG[:8], *[b"\0"] * 100, pause=0.02) as base_url:
        with pytest.raises(TimedOut):
            await fetcher.fetch(base_url)
    assert files(tmp_path) == []
    await fetcher.aclose()


async def test_a_cancelled_fetch_leaves_nothing(fetcher: Downloader, tmp_path: Path) -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\n\r\n" + PNG, *[b"\0"] * 20, pause=0.02) as base_url:
        task = asyncio.create_task(fetcher.fetch(base_url))
        await until(lambda: bool(files(tmp_path)))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert files(tmp_path) == []


async def test_redirects_are_followed_so_far(fetcher: Downloader) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        left = int(request.query["left"])
        return (
            web.Response(body=PNG) if left == 0 else web.Response(status=307, headers={"Location": f"?left={left - 1}"})
        )

    async with serving(handler) as base_url:
        assert isinstance(await fetcher.fetch(f"{base_url}/a?left={MAX_REDIRECTS}"), ResultFile)
        with pytest.raises(BadResult, match="redirects"):
            await fetcher.fetch(f"{base_url}/a?left={MAX_REDIRECTS + 1}")


@pytest.mark.parametrize("location", [None, "", "ftp://host/file", "https://user:pass@host/file", "https://[", "//"])
async def test_redirects_to_nowhere(fetcher: Downloader, location: str | None) -> None:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        return web.Response(status=302, headers={} if location is None else {"Location": location})

    async with serving(handler) as base_url:
        with pytest.raises(BadResult):
            await fetcher.fetch(base_url)
    assert len(seen) <= MAX_REDIRECTS + 1


def packed(coding: str, body: bytes) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Encoding": coding})

    return handler


@pytest.mark.parametrize(
    ("coding", "body"),
    [("gzip", gzip.compress(PNG)), ("X-GZIP ", gzip.compress(PNG)), ("deflate", zlib.compress(PNG)), ("gzip", PNG)],
    ids=["gzip", "x-gzip", "deflate", "only said to be"],
)
async def test_what_comes_packed_is_unpacked(fetcher: Downloader, coding: str, body: bytes) -> None:
    async with serving(packed(coding, body)) as base_url:
        result = await fetcher.fetch(base_url, expect=Kind.IMAGE)
        async with fetcher.passing(base_url, {}) as through:
            assert b"".join([chunk async for chunk in through.chunks]) == PNG
            assert (through.mime, through.size) == ("image/png", None), "the length told is another one"
    assert isinstance(result, ResultFile)
    assert (result.size, result.path.read_bytes()) == (len(PNG), PNG)


async def test_a_packed_result_that_breaks_off_is_fetched_again(fetcher: Downloader, tmp_path: Path) -> None:
    handler, seen = failing(99, packed("gzip", gzip.compress(PNG)[:-20]))
    async with serving(handler) as base_url:
        with pytest.raises(ConnectionLost):
            await fetcher.fetch(base_url)
    assert len(seen) == QUICK.attempts
    assert files(tmp_path) == []


async def test_a_packed_result_is_too_large_by_what_comes_out(fetcher: Downloader, tmp_path: Path) -> None:
    async with serving(packed("gzip", gzip.compress(PNG + bytes(3 * MEGABYTE)))) as base_url:
        assert await fetcher.fetch(base_url) == TooLarge(Asset(base_url))
    assert files(tmp_path) == []


async def test_what_nothing_here_unpacks_is_no_result(fetcher: Downloader) -> None:
    async with serving(packed("br", PNG)) as base_url:
        with pytest.raises(BadResult):
            await fetcher.fetch(base_url)


async def test_a_length_that_lies_without_a_socket_to_tell(tmp_path: Path) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Length": "9000"}, content=iter_of(PNG))

    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    fetcher = Downloader(tmp_path, max_bytes=MEGABYTE, backoff=QUICK, client=client)
    with pytest.raises(ConnectionLost, match=f"{len(PNG)} of 9000"):
        await fetcher.fetch("https://dl.ai-now.space/a.png")
    await fetcher.aclose()


async def iter_of(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def test_what_dead_processes_left_is_swept_and_what_living_ones_use_is_not(tmp_path: Path) -> None:
    dead = tmp_path / "results-dead"
    dead.mkdir()
    (dead / "old.mp4").write_bytes(b"x")
    (tmp_path / "unrelated.txt").write_text("mine")
    alive = downloader(tmp_path)
    async with serving(failing(0, busy)[0]) as base_url:
        result = await alive.fetch(base_url)
        assert isinstance(result, ResultFile)
        other = downloader(tmp_path)
        assert not dead.exists()
        assert result.path.exists()
        await other.aclose()
    await alive.aclose()
    assert files(tmp_path) == [tmp_path / "unrelated.txt"]
