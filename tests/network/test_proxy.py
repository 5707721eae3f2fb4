"""Everything through a proxy: an order from chat to result, all services, and the guard of addresses behind it."""

import asyncio
import inspect
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram.methods import GetMe, SendMessage
from aiohttp.abc import AbstractResolver, ResolveResult
from pydantic import SecretStr

from bot import logs
from bot.engine.supervisor import Supervisor
from bot.logs import Redactor
from bot.network.proxy import Proxy, ProxyConnector
from bot.providers import registry
from bot.providers.base import BadResult, HealthCheck, Unreachable
from bot.providers.kit import http
from bot.providers.kit.download import Downloader
from bot.providers.registry import ProviderConfig
from bot.settings import Settings
from bot.telegram.api.session import NotSent, Session
from bot.telegram.outbox.bot import EaselBot
from bot.wiring.parts import configure_logs
from sandbox.services import WORKSPACE, Services
from tests.drivers.app import easel
from tests.drivers.proxies import PASSWORD, ProxyServer
from tests.providers.provider_kit import QUICK

PEM = Path(__file__).parent / "localhost.pem"


@pytest.fixture(params=["http", "socks5"])
async def proxy(request: pytest.FixtureRequest) -> AsyncIterator[ProxyServer]:
    async with ProxyServer(request.param) as server:
        yield server


async def test_an_order_goes_to_telegram_and_the_services_through_their_proxies(
    sqlite_url: str, proxy: ProxyServer
) -> None:
    async with ProxyServer(proxy.scheme) as theirs:
        ways: dict[str, Any] = {"telegram_proxy": SecretStr(proxy.url), "providers_proxy": SecretStr(theirs.url)}
        async with easel(sqlite_url, **ways) as world:
            ann = await world.person("Ann", credits=100)
            chat = ann.private()
            await chat.send("/pika --style 4 a lake")
            await chat.click("Confirm", on=await chat.wait(button="Confirm"))
            await chat.wait_for(lambda m: m.kind == "video", 20, what="the video")
            await world.finished()
            telegram = int(world.telegram.base_url.rpartition(":")[2])
            ai_now = int(world.ai_now.base_url.rpartition(":")[2])
        assert {port for _, port in proxy.asked} == {telegram}, "answers, polls and uploads"
        assert {port for _, port in theirs.asked} == {ai_now}, "orders and results"


async def test_every_service_is_reached_through_it(proxy: ProxyServer) -> None:
    async with Services(scale=0.0) as services:
        way = Proxy.parse(proxy.url)
        configs = [
            ProviderConfig(name, service.base_url, services.keys[name], workspace=WORKSPACE, proxy=way)
            for name, service in services.all.items()
        ]
        built = registry.build(configs)
        try:
            for name, provider in built.items():
                assert isinstance(provider, HealthCheck)
                await provider.ping()
                host, _, port = services.all[name].base_url.split("://")[1].partition("/")[0].partition(":")
                assert proxy.asked[-1] == (host, int(port)), name
        finally:
            await registry.close(built)


class Names(AbstractResolver):
    """What names lead to."""

    def __init__(self, **hosts: str) -> None:
        self._hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self._hosts[host.partition(".")[0]]
        return [ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


async def test_a_link_to_a_private_address_is_not_followed_behind_a_proxy_either(
    proxy: ProxyServer, tmp_path: Path
) -> None:
    names = Names(inside="10.0.0.7", metadata="169.254.169.254", outside="93.184.216.34")
    loader = Downloader(
        tmp_path, max_bytes=1000, backoff=QUICK, resolver=names, proxy=Proxy.parse(proxy.url), total_seconds=10.0
    )
    try:
        for link in (
            "https://inside.example/a.png",
            "https://metadata.example/a",
            "https://127.0.0.1/a",
            "https://[::1]/",
        ):
            with pytest.raises(BadResult, match="not public"):
                await loader.fetch(link)
        assert proxy.asked == [], "the proxy was never asked"
        proxy.elsewhere = ("127.0.0.1", 9)  # nothing listens there
        with pytest.raises(Unreachable):
            await loader.fetch("https://outside.example/a.png")
        assert set(proxy.asked) == {("93.184.216.34", 443)}, "the very address that was looked at, not the name"
    finally:
        await loader.aclose()


@asynccontextmanager
async def telegram(url: str, way: Proxy) -> AsyncIterator[EaselBot]:
    supervisor = Supervisor()
    session = Session(api_url=url, redactor=Redactor(), proxy=way)
    try:
        yield EaselBot("1:abc", session=session, spawn=supervisor.spawn)
    finally:
        await session.close()
        await supervisor.stop()


async def test_tls_is_spoken_with_the_other_side_under_its_name(proxy: ProxyServer) -> None:
    async def answer(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"ok":true,"result":{"id":7,"is_bot":true,"first_name":"x"}}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        await writer.drain()
        writer.close()

    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(PEM)
    trusting = ssl.create_default_context(cafile=PEM)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server_tls)
    port = server.sockets[0].getsockname()[1]
    way = Proxy.parse(proxy.url)
    async with telegram(f"https://localhost:{port}", way) as bot:
        with pytest.raises(NotSent, match="SSL"):
            await bot.direct(GetMe())
    async with telegram(f"https://localhost:{port}", way) as bot:
        bot.http._connector_init["ssl"] = trusting
        assert (await bot.direct(GetMe())).id == 7
    connector = ProxyConnector(proxy=way, ssl=trusting)
    async with aiohttp.ClientSession(connector=connector) as session, session.get(f"https://localhost:{port}/") as got:
        assert got.status == 200
    async with aiohttp.ClientSession(connector=ProxyConnector(proxy=way)) as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"https://localhost:{port}/")
    assert proxy.asked == [("localhost", port)] * 4, "names are looked up by the proxy"
    server.close()


@pytest.mark.parametrize("trouble", ["wrong password", "nothing listens"])
async def test_a_proxy_that_gives_no_connection_means_that_nothing_was_sent(proxy: ProxyServer, trouble: str) -> None:
    url = (
        proxy.url.replace("p%40ss", "hush-hush")
        if trouble == "wrong password"
        else f"{proxy.scheme}://o:hush-hush@127.0.0.1:9"
    )
    way = Proxy.parse(url)
    async with telegram("http://api.example", way) as bot:
        with pytest.raises(NotSent) as refused:
            await bot.direct(SendMessage(chat_id=5, text="x"))
    assert "the proxy" in str(refused.value)
    client = http.new_client(proxy=way)
    request = client.build_request("POST", "http://api.example/orders", content=b"{}")
    try:
        with pytest.raises(Unreachable) as lost:
            await http.submit(client, request, deadline=9e9, backoff=QUICK)
    finally:
        await client.aclose()
    for error in (refused.value, lost.value):
        assert "hush" not in str(error) + repr(error)
    assert "hush" not in repr(way) + str(way)
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://proxy.example", Proxy("http", "proxy.example", 3128)),
        ("socks5://a:b%40c@10.0.0.1:9050", Proxy("socks5", "10.0.0.1", 9050, "a", "b@c")),
        ("socks5h://[::1]:1080/", Proxy("socks5h", "::1", 1080)),
        ("ftp://x", None),
        ("proxy:3128", None),
        ("http://", None),
        ("http://x:99999", None),
        ("http://x/path", None),
    ],
)
def test_addresses_of_proxies(url: str, wanted: Proxy | None) -> None:
    if wanted is None:
        with pytest.raises(ValueError, match="it "):
            Proxy.parse(url)
    else:
        assert Proxy.parse(url) == wanted


def test_credentials_of_a_proxy_are_in_no_log() -> None:
    url = "socks5://olga:p%40ss%2Fword@proxy.example:1080"
    settings = Settings(_env_file=None, bot_token=SecretStr("1:abc"), telegram_proxy=SecretStr(url))
    redactor = configure_logs(settings)
    logs.configure_logs(level="info", style="console")
    assert redactor.text(f"{url} {PASSWORD}") == f"{logs.REDACTED} {logs.REDACTED}"
    assert "p%40ss" not in repr(settings)


def test_aiohttp_makes_its_connections_where_ours_are_made() -> None:
    """The one private name that ProxyConnector relies on."""
    theirs = inspect.signature(aiohttp.TCPConnector._wrap_create_connection).parameters
    assert {"args", "addr_infos", "req", "timeout", "client_error", "kwargs"} <= set(theirs)
    source = inspect.getsource(aiohttp.TCPConnector)
    assert source.count("await self._wrap_create_connection(") == 1
