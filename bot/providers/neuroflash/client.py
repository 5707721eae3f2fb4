"""neuroflash's wire: requests behind the operator's key and workspace, what its errors mean, its history by pages."""

from collections.abc import Mapping
from urllib.parse import urlencode, urljoin, urlsplit

from bot.providers.base import NotPermitted, ProviderError
from bot.providers.kit.json_api import Said, Service, by_status
from bot.providers.kit.json_reading import plain
from bot.providers.kit.ssrf_guard import tidied, usable
from bot.providers.neuroflash.history import HistoryEntry, entries, entry, newest_first

READ_SECONDS = 15.0
PAGE, PAGES = 200, 25
"""Entries of the history read at once, and how far back: more images than a workspace makes in the time of an order."""
PAGE_LIMIT = 4 * 1024 * 1024
"""Bytes of a list."""


class Wire(Service):
    """`workspace` goes with every request."""

    workspace = ""

    async def order(self, path: str, body: Mapping[str, object], *, deadline: float) -> Said:
        """The answer to an order of images; see Service.post."""
        return await self.post(path, body, self._meaning, deadline=deadline)

    async def long(self, path: str, *, once: bool = False) -> Said:
        """An answer that may be long."""
        return await self.get(path, self._meaning, seconds=READ_SECONDS, limit=PAGE_LIMIT, once=once)

    async def entry(self, image_id: str) -> HistoryEntry | None:
        """The history's entry of an image, asked for once. Raises ProviderError when there is none."""
        said = await self.get(f"/history/{image_id}", self._meaning, seconds=READ_SECONDS, once=True)
        found = entry(said.data)
        return found if found is not None and found.id == image_id else None

    async def newest(self) -> tuple[HistoryEntry, ...]:
        """The history's first page, asked for once."""
        return entries((await self.long(_page("", 0), once=True)).data)

    async def history(self, model: str, since: float) -> list[HistoryEntry]:
        """The history of a model ("": of all) back to `since` (Unix seconds), as far as PAGES go."""
        found: list[HistoryEntry] = []
        for number in range(PAGES):
            said = await self.long(_page(model, number * PAGE))
            listed = entries(said.data)
            found += listed
            if not isinstance(said.data, list) or len(said.data) < PAGE:
                break
            if newest_first(listed) and (listed[-1].created_at or since) < since:
                break
        return found

    async def delete(self, image_id: str) -> None:
        """Deletes an image; one that is gone already is deleted."""
        await self.get(f"/history/{image_id}", self._gone, seconds=READ_SECONDS, method="DELETE")

    def address(self, url: object) -> str:
        """Where a result is fetched, on the service's own host when it names none; "" for what is no address."""
        if not isinstance(url, str) or not url.strip() or plain(url) != url:
            return ""
        try:
            address = urljoin(self.base_url, tidied(url))
        except ValueError:
            return ""
        return address if usable(address) else ""

    def credentials(self, url: str) -> Mapping[str, str]:
        """What makes a request for an image the operator's, for addresses on the service's own host alone."""
        try:
            same = _origin(url) == _origin(self.base_url)
        except ValueError:
            return {}
        return {**self._headers(), "Accept": "image/*"} if same else {}

    def _headers(self) -> dict[str, str]:
        if not (self.workspace.isascii() and self.workspace.isprintable()):
            raise NotPermitted("the workspace id holds characters that no header can carry")
        return {**super()._headers(), "x-workspace-id": self.workspace}

    def _meaning(self, said: Said) -> ProviderError | None:
        return by_status(said, self.text(_words(said.get("detail"))))

    def _gone(self, said: Said) -> ProviderError | None:
        return None if said.status == 404 and isinstance(said.data, dict) else self._meaning(said)


def _page(model: str, offset: int) -> str:
    asked = {"model": model} if model else {}
    return f"/history?{urlencode({**asked, 'limit': PAGE, 'offset': offset})}"


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _words(detail: object) -> str:
    """An error's own words: a text, or the messages of a list of them."""
    if isinstance(detail, list):
        said = [one.get("msg") for one in detail if isinstance(one, dict)]
        return "; ".join(word for word in said if isinstance(word, str))
    return detail if isinstance(detail, str) else ""
