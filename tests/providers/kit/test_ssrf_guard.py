"""A link from outside opens nothing of our own network, by whatever name, redirect or change of mind."""

import socket
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.domain.results import ResultFile
from bot.providers.base import BadResult, ProviderError, Unreachable
from bot.providers.kit.download import Downloader
from bot.providers.kit.http import Backoff, new_client
from bot.providers.kit.json_reading import link
from bot.providers.kit.ssrf_guard import NotPublic, checked, guarded_socket, is_public, usable
from tests.providers.files import coded
from tests.providers.provider_kit import QUICK, serving

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.128.0.1",
    "172.32.0.1",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with pytest.raises(NotPublic):
        guarded_socket((family, socket.SOCK_STREAM, 6, "", (address, 443)))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    guarded_socket((family, socket.SOCK_STREAM, 6, "", (address, 443))).close()


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "1.1.1.1.", "0177.0.0.1"])
def test_what_is_no_address(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://dl.ai-now.space/a.mp4", "not https"),
        ("ftp://dl.ai-now.space/a.mp4", "not https"),
        ("file:///etc/passwd", "not https"),
        ("data:text/plain,x", "not https"),
        ("/a.mp4", "relative"),
        ("", "relative"),
        ("https://user:secret@dl.ai-now.space/a.mp4", "credentials"),
        ("https://user@dl.ai-now.space/a.mp4", "credentials"),
        ("https:///a.mp4", "host"),
        ("https://[::1/a.mp4", "no address"),
        ("https://host:99999/", "no port"),
        ("https://host:0/", "no port"),
        ("https://[", "no host"),
        ("https://a%00b/", "no host"),
        ("https://dl.ai-now.space/\n", "unprintable"),
        ("https://dl.ai-now.space/" + "a" * 5000, "too long"),
        ("https://127.0.0.1/a.mp4", "not public"),
        ("https://[::1]/a.mp4", "not public"),
        ("https://[::ffff:192.168.0.1]/a.mp4", "not public"),
        ("https://169.254.169.254/latest/meta-data/", "not public"),
    ],
)
def test_links_that_are_refused_unseen(url: str, said: str) -> None:
    with pytest.raises(BadResult, match=said) as caught:
        checked(url, allow_private=False)
    assert "secret" not in caught.value.detail


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://h/a.png", "https://h/a.png"),
        (" https://h/a.png \n", "https://h/a.png"),
        ("https://h/a b.png?x=c d", "https://h/a%20b.png?x=c%20d"),
        ("https://h/a\r\n  b.png", "https://h/a%20%20b.png"),
        ("\ufeffhttps://h/a.png\u200b", "https://h/a.png"),
        ("\t/dl/a b.png", "https://base/dl/a%20b.png"),
    ],
)
def test_blanks_in_links_are_read_as_browsers_do(said: str, meant: str) -> None:
    assert link(said, "https://base/v1") == meant
    assert usable(meant)


def test_links_that_are_allowed() -> None:
    assert checked("https://dl.ai-now.space/a.mp4?sig=1", allow_private=False).host == "dl.ai-now.space"
    assert checked("http://127.0.0.1:8080/a.mp4", allow_private=True).port == 8080
    for url in ("ftp://127.0.0.1/", "http://user@127.0.0.1/"):
        with pytest.raises(BadResult):
            checked(url, allow_private=True)


class FakeNames(AbstractResolver):
    """Names that resolve as told, a new answer each time; the last one stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=6,
                flags=socket.AI_NUMERICHOST,
            )
            for address in answer
        ]

    async def close(self) -> None:
        return None


@pytest.fixture
async def inside() -> AsyncIterator[tuple[str, list[str]]]:
    """A server of our own network: its port and what was asked of it."""
    seen: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        return web.Response(body=coded("PNG"))

    async with serving(handler) as base_url:
        yield base_url.rsplit(":", 1)[1], seen


async def refused(fetcher: Downloader, url: str) -> ProviderError:
    try:
        with pytest.raises(ProviderError) as caught:
            await fetcher.fetch(url)
    finally:
        await fetcher.aclose()
    return caught.value


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["127.0.0.1", "::1"], ["10.0.0.1", "169.254.169.254"]])
async def test_a_name_for_a_private_address(tmp_path: Path, inside: tuple[str, list[str]], answers: list[str]) -> None:
    names = FakeNames(answers)
    fetcher = Downloader(tmp_path, max_bytes=1000, backoff=QUICK, resolver=names)
    error = await refused(fetcher, f"https://innocent.example:{inside[0]}/")
    assert isinstance(error, BadResult)
    assert names.asked == 1
    assert inside[1] == []


async def test_a_name_that_changes_its_mind(tmp_path: Path, inside: tuple[str, list[str]]) -> None:
    """First a public address where nobody answers, then a private one: the check is made on the one connected to."""
    names = FakeNames(["0.0.0.0"], ["127.0.0.1"])
    client = new_client(resolver=names, socket_factory=guarded_socket)
    fetcher = Downloader(tmp_path, max_bytes=1000, backoff=Backoff(1), client=client)
    for _ in range(2):
        with pytest.raises(BadResult, match="not public"):
            await fetcher.fetch(f"https://rebinding.example:{inside[0]}/")
    await fetcher.aclose()
    assert names.asked == 2
    assert inside[1] == []


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "2130706433", "0x7f000001", "017700000001", "[::]", "127.0.0.1."]
)
async def test_other_spellings(tmp_path: Path, inside: tuple[str, list[str]], host: str) -> None:
    fetcher = Downloader(tmp_path, max_bytes=1000, backoff=Backoff(1))
    error = await refused(fetcher, f"https://{host}:{inside[0]}/")
    assert isinstance(error, BadResult | Unreachable)
    assert inside[1] == []


async def test_a_redirect_into_our_network(tmp_path: Path, inside: tuple[str, list[str]]) -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(302, headers={"Location": f"https://127.0.0.1:{inside[0]}/private"})

    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    error = await refused(Downloader(tmp_path, max_bytes=1000, client=client), "https://dl.ai-now.space/a.mp4")
    assert isinstance(error, BadResult)
    assert (seen, inside[1]) == (["dl.ai-now.space"], [])


async def test_the_setting_for_the_sandbox_lifts_it(tmp_path: Path, inside: tuple[str, list[str]]) -> None:
    fetcher = Downloader(tmp_path, max_bytes=1000, allow_private_hosts=True)
    assert isinstance(await fetcher.fetch(f"http://127.0.0.1:{inside[0]}/a"), ResultFile)
    assert inside[1] == ["/a"]
    await fetcher.aclose()
