"""Signed links over real HTTP: one picture for a short while, and nothing else, for nobody else."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.http.media import KEY, LONGEST, SignedMedia, derived_secret
from bot.http.server import WebServer

SECRET = b"a secret of the operator's own"
KEY_A, KEY_B = "0123456789abcdef", "job.1"


@dataclass
class Shelf:
    """Two pictures, and a clock that the test turns."""

    objects: dict[str, tuple[str, bytes]] = field(
        default_factory=lambda: {KEY_A: ("image/png", b"\x89PNG a"), KEY_B: ("image/jpeg", b"\xff\xd8 b")}
    )
    time: float = 1_000_000.0
    asked: list[str] = field(default_factory=list)
    media: SignedMedia = field(init=False)
    base: str = ""

    def __post_init__(self) -> None:
        self.media = SignedMedia("https://pictures.example/", SECRET, self.find, now=lambda: self.time)

    async def find(self, key: str) -> tuple[str, bytes] | None:
        self.asked.append(key)
        return self.objects.get(key)

    def here(self, key: str, seconds: float = 60.0) -> str:
        """The link of an object as this machine reaches it."""
        return self.media.link(key, seconds).replace("https://pictures.example", self.base)


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    made = Shelf()

    async def metrics() -> bytes:
        return b""

    server = WebServer(host="127.0.0.1", port=0, checks={}, metrics=metrics, media=made.media)
    made.base = f"http://127.0.0.1:{await server.start()}"
    yield made
    await server.stop()


async def ask(url: str, method: str = "GET") -> tuple[int, bytes, dict[str, str]]:
    async with aiohttp.ClientSession() as session, session.request(method, url) as response:
        return response.status, await response.read(), dict(response.headers)


async def test_a_link_gives_its_picture(shelf: Shelf) -> None:
    status, data, headers = await ask(shelf.here(KEY_A))
    assert (status, data, headers["Content-Type"]) == (200, b"\x89PNG a", "image/png")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    status, data, headers = await ask(shelf.here(KEY_B), "HEAD")
    assert (status, data, headers["Content-Type"], headers["Content-Length"]) == (200, b"", "image/jpeg", "4")


async def test_what_is_no_picture_is_never_shown_as_a_page(shelf: Shelf) -> None:
    shelf.objects[KEY_A] = ("text/html", b"<script>")
    assert (await ask(shelf.here(KEY_A)))[2]["Content-Type"] == "application/octet-stream"


async def test_everything_wrong_is_not_there_alike(shelf: Shelf) -> None:
    good = shelf.here(KEY_A)
    query = {name: values[0] for name, values in parse_qs(urlsplit(good).query).items()}
    expiry, signature = query["e"], query["s"]
    other = shelf.here(KEY_B)
    wrong = [
        f"{shelf.base}/media/{KEY_A}",
        f"{shelf.base}/media/{KEY_A}?e={expiry}",
        f"{shelf.base}/media/{KEY_A}?s={signature}",
        f"{shelf.base}/media/{KEY_A}?e={expiry}&s=",
        f"{shelf.base}/media/{KEY_A}?e={int(expiry) + 1}&s={signature}",
        f"{shelf.base}/media/{KEY_A}?e=9999999999999999&s={signature}",
        f"{shelf.base}/media/{KEY_B}?e={expiry}&s={signature}",
        f"{shelf.base}/media/{KEY_A}%00?e={expiry}&s={signature}",
        f"{shelf.base}/media/{KEY_A}?e={expiry}&s={signature.upper()}",
        f"{shelf.base}/media/{KEY_A}?e={expiry}&s=%ED%A0%80",
        f"{shelf.base}/media/..%2Fmedia%2F{KEY_A}?e={expiry}&s={signature}",
        f"{shelf.base}/media/",
        f"{shelf.base}/media",
        other.replace("e=", "e=0"),
        shelf.here("nothing-here"),
    ]
    told = {await _told(url) for url in wrong}
    told |= {await _told(good, method) for method in ("POST", "PUT", "DELETE", "OPTIONS")}
    shelf.time += 61
    told.add(await _told(good))
    assert told == {(404, b"404: Not Found", "text/plain; charset=utf-8")}
    assert shelf.asked == ["nothing-here"]  # nobody without a signature learns what there is


async def _told(url: str, method: str = "GET") -> tuple[int, bytes, str]:
    status, data, headers = await ask(url, method)
    return status, data, headers["Content-Type"]


async def test_a_link_lives_no_longer_than_the_bound(shelf: Shelf) -> None:
    link = shelf.here(KEY_A, 10 * LONGEST)
    shelf.time += LONGEST - 1
    assert (await ask(link))[0] == 200
    shelf.time += 1
    assert (await ask(link))[0] == 404


def test_links_are_made_of_harmless_keys_only() -> None:
    media = Shelf().media
    assert media.link(KEY_A, 60).startswith("https://pictures.example/media/0123456789abcdef?e=1000060&s=")
    for strange in ("", "a/b", "a?b", "a b", "a%2Fb", "я", "x" * 101):
        with pytest.raises(ValueError, match="no key"):
            media.link(strange, 60)


@given(st.text(max_size=40), st.text(max_size=12))
def test_a_signature_of_one_object_and_hour_is_that_of_no_other(key: str, expiry: str) -> None:
    media = Shelf().media
    signature = media.link(KEY_A, 60).rpartition("=")[2]
    said = f"{key}\n{expiry}".encode("utf-8", "surrogateescape")
    made = hmac.new(SECRET, said, hashlib.sha256).hexdigest()
    assert (made == signature) == ((key, expiry) == (KEY_A, "1000060"))
    assert KEY.fullmatch("a\n1") is None  # no key can swallow the line between it and the hour


def test_without_a_secret_of_the_operator_one_is_made_of_the_token() -> None:
    assert derived_secret("1:abc") != derived_secret("1:abd")
    assert b"1:abc" not in derived_secret("1:abc")
    with pytest.raises(ValueError, match="signed with an empty key"):
        SignedMedia("https://x", b"", Shelf().find)


async def test_a_link_is_never_good_for_longer_than_the_longest(shelf: Shelf) -> None:
    ahead = 400 * 86_400.0  # the clock was wrong when the link was made
    shelf.time += ahead
    link = shelf.here(KEY_A, LONGEST)
    assert (await ask(link))[0] == 200
    shelf.time -= ahead
    assert (await ask(link))[0] == 404
    shelf.time += ahead - 3600
    assert (await ask(link))[0] == 404
    shelf.time += 3600
    assert (await ask(link))[0] == 200
