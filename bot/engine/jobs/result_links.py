"""Where people may fetch a result that Telegram does not take: its own address, or ours where that wants credentials.

A link of ours ends after a day, is good for one result, and brings the bytes through this process: what a provider
gives to the operator alone is never shown as an address of theirs.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from typing import Final

from bot.domain.jobs import BLOB, Asset, Job
from bot.engine.jobs import store
from bot.engine.media.job_inputs import Link
from bot.providers.base import GuardsResults, Provider, ProviderError
from bot.providers.kit.download import Body
from bot.storage.database import Database

LINK_SECONDS: Final = 24 * 3600.0
KEY: Final = re.compile(r"result\.([a-z0-9]{1,32})\.([0-9]{1,2})", re.ASCII)
Open = Callable[[str, Mapping[str, str]], AbstractAsyncContextManager[Body]]
"""Brings what is at an address, with these headers; raises ProviderError."""


def plain_address(_job: Job, asset: Asset, _index: int) -> str:
    """The result's own address, "" where its bytes came without one."""
    return "" if asset.url.startswith(BLOB) else asset.url


class ResultLinks:
    """`link` None: no outside host can reach us (PUBLIC_URL is not set), so that such results have no address."""

    def __init__(self, db: Database, providers: Mapping[str, Provider], link: Link | None, fetch: Open) -> None:
        self._db = db
        self._providers = providers
        self._link = link
        self._fetch = fetch

    def address(self, job: Job, asset: Asset, index: int) -> str:
        """What people may open; "" for nothing."""
        if asset.url.startswith(BLOB):
            return self._link(asset.url.removeprefix(BLOB), LINK_SECONDS) if self._link is not None else ""
        if asset.own and job.provider not in self._providers:
            return ""  # its provider is gone, and with it the knowledge whether it wants credentials
        if not self._headers(job, asset):
            return asset.url
        return self._link(f"result.{job.id}.{index}", LINK_SECONDS) if self._link is not None else ""

    @asynccontextmanager
    async def open(self, key: str) -> AsyncIterator[Body | None]:
        """What is behind a link of ours: None where nothing is, or its provider does not give it (any more)."""
        named = KEY.fullmatch(key)
        job = await self._db.read(lambda conn: store.get(conn, named[1])) if named is not None else None
        index = int(named[2]) if named is not None else 0
        if job is None or index >= len(job.assets) or not (headers := self._headers(job, job.assets[index])):
            yield None
            return
        async with AsyncExitStack() as stack:
            body: Body | None = None
            with suppress(ProviderError):
                body = await stack.enter_async_context(self._fetch(job.assets[index].url, headers))
            yield body

    def _headers(self, job: Job, asset: Asset) -> Mapping[str, str]:
        provider: object = self._providers.get(job.provider)
        return provider.headers_for(asset.url) if isinstance(provider, GuardsResults) else {}
