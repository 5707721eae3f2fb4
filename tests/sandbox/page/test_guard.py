"""Only a browser that opened the link gets an answer, and every answer forbids what the page does not need."""

import pytest

from sandbox.page.guard import HEADERS
from sandbox.page.server import PageServer
from tests.sandbox.page.page_kit import Page

PATHS = ("", "world", "panels", "panels/telegram", "static/index.html", "client/bot")
NOT_THERE = (
    "nothing",
    "static/%2e%2e%2fserver.py",
    "panels/nothing",
    "client/nothing",
    "client/media?chat_id=1&message_id=1",
)


async def test_without_the_token_nothing_is_there(shown: Page) -> None:
    for path in ("/", "/world", "/client/bot", "/wrong/", "/wrong/world", "/%FF/world", "//world"):
        async with shown.http.get(shown.server.origin + path) as response:
            assert response.status == 404, path
            assert response.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


async def test_every_answer_has_the_headers(shown: Page) -> None:
    for path in (*PATHS, *NOT_THERE):
        async with shown.http.get(shown.link + path) as response:
            assert (response.status == 200) is (path in PATHS), path
            assert HEADERS.items() <= dict(response.headers).items()
    async with shown.http.get(f"{shown.link}stream", params={"user_id": shown.people.ann.id}) as response:
        assert HEADERS.items() <= dict(response.headers).items()


async def test_the_link_without_its_slash_leads_to_the_page(shown: Page) -> None:
    async with shown.http.get(shown.link.rstrip("/")) as response:
        assert (response.status, str(response.url), response.content_type) == (200, shown.link, "text/html")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_sites_are_refused(shown: Page, headers: dict[str, str]) -> None:
    for path in ("world", "client/bot", "stream"):
        async with shown.http.get(shown.link + path, headers=headers) as response:
            assert response.status == 403
    async with shown.http.post(f"{shown.link}client/users", json={"first_name": "Eve"}, headers=headers) as response:
        assert response.status == 403


async def test_the_page_itself_is_answered_under_both_names(shown: Page) -> None:
    port = shown.server.origin.rsplit(":", 1)[1]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        async with shown.http.get(f"{shown.link}world", headers=headers) as response:
            assert response.status == 200


async def test_it_listens_on_this_machine_only(shown: Page) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        await PageServer(shown.world.server.core).start("0.0.0.0")
