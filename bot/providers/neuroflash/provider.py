"""neuroflash: images, and edits of images made there. One blocking request; what it made is found in the history."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping

import httpx

from bot.domain.jobs import Asset
from bot.network.proxy import Proxy
from bot.providers.base import (
    BadResult,
    Busy,
    ConnectionLost,
    Event,
    Listed,
    Lost,
    ProviderError,
    ProviderOrder,
    Resume,
    Running,
    Succeeded,
    Unreachable,
    UpstreamDown,
)
from bot.providers.kit import http
from bot.providers.kit.json_reading import reference
from bot.providers.neuroflash import models as neuroflash_models
from bot.providers.neuroflash.client import Wire
from bot.providers.neuroflash.history import DEFAULT, SKEW, HistoryEntry, id_in, matches

IDLE_SECONDS = 900.0
"""The answer is silent until the images are there; the order's own time ends it first."""
NAMING_SECONDS = 4.0
"""How much later a result may arrive for being looked up in the history, which edits of it need: what is not found
by then is delivered without a name, and cannot be edited."""
NAMING_PAUSE = 0.5
LOOK_FIRST, LOOK_LONGEST = 1.0, 10.0
"""Seconds between two looks for what a lost order made, growing."""
SETTLED_SECONDS = 20.0
"""Fewer images than ordered are taken for all there will be when no more have come for so long."""
_AGAIN = (Unreachable, UpstreamDown, ConnectionLost, Busy)


class Neuroflash:
    """A Provider that Recovers, DeletesResults, GuardsResults, Discovers, and a HealthCheck.

    `client` and `now` (Unix seconds) are for tests.
    """

    name: str = "neuroflash"
    resumable: bool = False

    def __init__(
        self,
        *,
        base_url: str,
        key: str,
        workspace: str,
        connections: int = 100,
        backoff: http.Backoff | None = None,
        client: httpx.AsyncClient | None = None,
        now: Callable[[], float] = time.time,
        proxy: Proxy | None = None,
    ) -> None:
        self._now = now
        self._wire = Wire(
            base_url=base_url,
            key=key,
            connections=connections,
            idle_seconds=IDLE_SECONDS,
            backoff=backoff,
            client=client,
            proxy=proxy,
        )
        self._wire.workspace = workspace.strip()

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        """An order is never accepted before it is done: a crash meanwhile is a matter for recover()."""
        if resume is not None:
            raise ConnectionLost("this service gives no reference to ask about")
        deadline = asyncio.get_running_loop().time() + order.longest_seconds
        yield Running()  # one answer in half a minute: nothing else will be heard until then
        said = await self._wire.order("/edit" if order.pictures else "/", _body(order), deadline=deadline)
        images = said.get("images")
        made = [one for one in images if isinstance(one, dict)] if isinstance(images, list) else []
        assets = await self._assets(made[: order.results], said.get("batch_id"))
        if not assets:
            raise BadResult(f"no usable image among {len(made)}")
        warning = self._warning(said.get("detail"))
        yield Succeeded(assets, facts={"warning": warning} if warning else {})

    async def recover(self, order: ProviderOrder, *, job_id: str, lost: Lost) -> AsyncGenerator[Event, None]:
        """Looks in the history for what matches in words, model, parameters, pictures and time."""
        if lost.rivals:
            raise ConnectionLost(f"ambiguous: {lost.rivals} other orders of the same")
        pause, known, since = LOOK_FIRST, 0, self._now()
        while True:
            last = self._now() > lost.submitted_at + order.longest_seconds
            found = await self._candidates(order, lost)
            if len(found) != known:
                known, since = len(found), self._now()
            settled = last or self._now() - since > SETTLED_SECONDS
            if found and (known >= order.results or settled):
                yield Succeeded(self._found(found))
                return
            if last:
                raise ConnectionLost("nothing in the history")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LOOK_LONGEST)

    async def delete(self, own: str) -> None:
        image_id = id_in(own)
        if "://" in own:
            image_id = image_id if self._wire.credentials(own) else None  # another host's images are not here
        elif image_id is None:
            image_id = next((one.id for one in await self._wire.history("", 0.0) if one.path == own), None)
        if image_id is not None:
            await self._wire.delete(image_id)

    def headers_for(self, url: str) -> Mapping[str, str]:
        return self._wire.credentials(url)

    async def models(self) -> tuple[Listed, ...]:
        """The service's models, in its own order."""
        said = await self._wire.long("/models")
        if not isinstance(said.data, list):
            raise UpstreamDown("no list of models")
        return neuroflash_models.models(said.data)

    async def details(self, listed: Listed) -> Listed:
        """No further details: the list has told everything of a model."""
        return listed

    async def ping(self) -> None:
        """A wrong key raises BadKey, a plan or workspace without images NotPermitted."""
        await self.models()

    async def aclose(self) -> None:
        """Closes every connection; runs still under way end with ConnectionLost."""
        await self._wire.aclose()

    async def _assets(self, made: list[dict[str, object]], batch: object) -> tuple[Asset, ...]:
        """The results with their own names, as far as the history tells them in time. It also tells where an image is
        of which the answer has only the id."""
        end = asyncio.get_running_loop().time() + NAMING_SECONDS
        alone = batch if isinstance(batch, str) and len(made) == 1 else ""
        found: list[Asset] = []
        for image in made:
            own = await self._own(image, alone, end)
            if address := self._wire.address(image.get("url")) or self._wire.address(own):
                found.append(Asset(address, own=own))
        return tuple(found)

    async def _own(self, image: dict[str, object], batch: str, end: float) -> str:
        """What an edit needs to know of an image; "" when the history does not tell it by `end` (the loop's time)."""
        image_id = reference(image.get("image_id")) or id_in(image.get("url"))
        clock = asyncio.get_running_loop().time
        while clock() < end and (image_id or batch):
            try:
                async with asyncio.timeout_at(end):
                    found = await (self._wire.entry(image_id) if image_id else self._of_batch(batch))
            except (ProviderError, TimeoutError):
                found = None
            if found is not None:
                return found.path
            await asyncio.sleep(NAMING_PAUSE)
        return ""

    async def _of_batch(self, batch: str) -> HistoryEntry | None:
        """The one image of a batch."""
        found = [one for one in await self._wire.newest() if one.batch == batch]
        return found[0] if len(found) == 1 else None

    async def _candidates(self, order: ProviderOrder, lost: Lost) -> list[HistoryEntry]:
        """Entries that may be of the order and are no other job's. Raises ConnectionLost where they are ambiguous."""
        try:
            pages = await self._wire.history("" if order.model == DEFAULT else order.model, lost.submitted_at - SKEW)
        except _AGAIN:
            return []
        fitting = {one.path: one for one in pages if matches(one, order, lost.submitted_at)}
        free = await lost.free(fitting.keys())
        found = [one for path, one in fitting.items() if path in free and self._wire.address(path)]
        if len(found) > order.results or len({one.batch for one in found if one.batch}) > 1:
            raise ConnectionLost(f"ambiguous: {len(found)} images fit, {order.results} were ordered")
        return found

    def _found(self, found: list[HistoryEntry]) -> tuple[Asset, ...]:
        return tuple(Asset(self._wire.address(one.path), own=one.path) for one in found)

    def _warning(self, detail: object) -> str:
        """What the service says beside a success, for admins: a text or an object."""
        if isinstance(detail, dict | list) and detail:
            return self._wire.text(json.dumps(detail, default=str, ensure_ascii=False))
        return self._wire.text(detail)


def _body(order: ProviderOrder) -> dict[str, object]:
    body: dict[str, object] = {"prompt": order.prompt, **order.parameters}
    if order.model != DEFAULT:
        body["model"] = order.model
    if order.pictures:
        body["image_urls"] = [picture.own for picture in order.pictures]
    if order.results > 1:
        body["limit_generations"] = False  # true is the service's own choice, and makes one image of any number
    return body
