"""NeuroArtist: pictures, video, sound and solids. Orders are submitted and asked about; each makes one result.

Several results are several requests under one order, whose ids together are its reference. The wire has short keys.
"""

from asyncio import get_running_loop
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial
from urllib.parse import quote

from bot.domain.catalog.models import Kind
from bot.providers.base import (
    Accepted,
    BadResult,
    ConnectionLost,
    Event,
    GenerationFailed,
    Listed,
    NotPermitted,
    NotTaken,
    NotThere,
    ProviderError,
    ProviderOrder,
    Refused,
    Resume,
    Running,
    Succeeded,
    UnknownModel,
    UpstreamDown,
)
from bot.providers.kit.json_api import LIST_LIMIT, Said, by_status, failed, spoken
from bot.providers.kit.json_reading import amount, link, name, reference, word
from bot.providers.kit.polled import Polled
from bot.providers.kit.polling import LOOK_SECONDS, Early, Looks, Vanished, expected
from bot.providers.neuroartist.requests import Made, bodies_of, refs_of

READ_SECONDS = 15.0
MODELS_LIMIT = 5000
PARAMETERS_LIMIT = 100
TURNED_AWAY = (2.0, 4.0)
"""Seconds after which one request of several is sent anew that was answered 503."""
_CATEGORIES: Mapping[str, Kind] = {
    "text-to-image": Kind.IMAGE,
    "image-to-image": Kind.EDIT,
    "text-to-video": Kind.VIDEO,
    "audio": Kind.AUDIO,
    "3d": Kind.SOLID,
}
_GUIDE: Mapping[str, Kind] = {"fal-ai/aura-sr": Kind.UPSCALE, "fal-ai/birefnet": Kind.CUTOUT}
"""What the document's guide says of models whose category says less."""
_OURS = ("invalid json", "missing model", "missing input")
_STATUSES = ("q", "p", "c", "f")
_OWN_FAILURE = (GenerationFailed, Refused, BadResult, Vanished)
"""What concerns one request and says nothing of the others under the same order."""


class NeuroArtist(Polled):
    """A resumable Provider, HealthCheck, HasBalance, LivePrices and Discovers."""

    name: str = "neuroartist"

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        """Accepted comes after each of several requests, with all ids so far.

        Requests that fail leave the others alone: what was made is delivered, and an error is raised only when nothing
        was. Past the order's longest time what is there is taken without waiting for the rest.
        """
        looks = self._looks(order, resume, expected(order.typical_seconds))
        made = Made() if resume is None else Made(refs_of(resume.ref))
        if resume is None:
            deadline = get_running_loop().time() + order.longest_seconds
            bodies = bodies_of(order)
            while await self._submit(bodies, made, deadline):
                yield Accepted(",".join(made.refs))
            del bodies
        look = partial(self._look, made, looks, order.longest_seconds)
        del order, resume  # with whole pictures in it, perhaps, and thousands wait below
        while made.pending():
            event = await looks.next(look)
            yield event
            if isinstance(event, Succeeded):
                return
        yield made.outcome()

    async def ping(self) -> None:
        await self.balance()

    async def balance(self) -> Decimal:
        """The balance, in RUB."""
        said = await self._service.get("/balance", self._refusal, seconds=READ_SECONDS)
        rubles = amount(said.get("b"))
        if rubles is None:
            raise UpstreamDown("a balance without a number")
        return rubles

    async def prices(self, wanted: Mapping[str, Sequence[int]]) -> Mapping[tuple[str, int], Decimal]:
        """Prices in RUB; each result is a request of its own."""
        rubles = {model: price for model, price in await self._rows() if price is not None}
        return {
            (model, count): rubles[model] * count
            for model, counts in wanted.items()
            if model in rubles
            for count in counts
        }

    async def models(self) -> tuple[Listed, ...]:
        """Kinds come from the categories; a model of none of them, or of one that is refused, has no
        kind."""
        kinds: dict[str, Kind] = {}
        for category, kind in _CATEGORIES.items():
            with suppress(GenerationFailed, NotPermitted, UnknownModel):
                kinds |= {model: kind for model, _ in await self._rows(f"?category={category}")}
        kinds |= _GUIDE
        return tuple(Listed(model, kind=kinds.get(model), units=price) for model, price in await self._rows())

    async def details(self, listed: Listed) -> Listed:
        path = f"/models/{quote(listed.upstream_id, safe='')}/schema"
        said = await self._service.get(path, self._refusal, seconds=READ_SECONDS, limit=LIST_LIMIT)
        names, types = said.get("r"), said.get("p")
        if not isinstance(names, list) or not isinstance(types, dict):
            raise UpstreamDown("a schema without r and p")
        required = tuple(each for each in names[:PARAMETERS_LIMIT] if name(each))
        if len(required) < len(names):  # a model whose needs are unknown cannot be sold
            raise UpstreamDown("a schema whose r cannot be read")
        known = list(types.items())[:PARAMETERS_LIMIT]
        return replace(listed, required=required, parameters={each: word(kind) for each, kind in known if name(each)})

    async def _submit(self, bodies: Iterator[Mapping[str, object]], made: Made, deadline: float) -> bool:
        """Sends the next of the order's requests that is taken; False: all are sent, or the rest is better not."""
        for body in bodies:
            try:
                ref = await self._ordered(body, made, deadline)
            except _OWN_FAILURE as error:
                made.errors.append(error.with_traceback(None))
            except ProviderError as error:
                made.errors.append(error.with_traceback(None))
                return False
            else:
                made.refs = (*made.refs, ref)
                return True
        return False

    async def _ordered(self, body: Mapping[str, object], made: Made, deadline: float) -> str:
        """The id of one request. One that is turned away is sent anew where others of the order were taken: the order
        as a whole can not be made anew then."""
        for pause in (*TURNED_AWAY, None):
            try:
                said = await self._service.post("/generate", body, self._refusal, deadline=deadline)
            except NotTaken as error:
                if pause is None or not made.refs:
                    raise
                await self._timing.sleep(max(pause, min(error.seconds, TURNED_AWAY[-1])))
                continue
            ref = reference(said.get("id"))
            if ref is None or ref in made.refs:
                raise ConnectionLost("accepted without a usable id")
            return ref
        raise NotTaken("no attempt was made")

    async def _look(self, made: Made, looks: Looks, longest: float) -> Event:
        """Asks about every request that is not over. Raises what made a look fail, when the others were asked."""
        missed: ProviderError | None = None
        for ref in made.pending():
            try:
                if url := await self._url(ref):
                    made.urls[ref] = url
            except _OWN_FAILURE as error:
                if isinstance(error, Vanished | NotThere) and looks.passes(error):
                    missed = Early(error.with_traceback(None))
                    continue
                made.errors.append(error.with_traceback(None))
                made.lost |= {ref}
            except ProviderError as error:
                missed = error
        if not made.pending() or (made.urls and looks.waited >= longest):
            return made.outcome()
        if missed is not None:
            raise missed
        return Running()

    async def _url(self, ref: str) -> str | None:
        """Where a request's result is, None while it is worked on."""
        said = await self._service.get(f"/requests/{ref}", self._told, seconds=LOOK_SECONDS, once=True)
        match word(said.get("s")):
            case "c":
                return link(said.get("url"), self._service.base_url)
            case "f":
                raise failed(self._service.text(said.get("e")) or "the service reported a failure")
            case _:
                return None

    def _told(self, said: Said) -> ProviderError | None:
        """What an answer to a look means: a status counts more than words beside it."""
        if said.good and word(said.get("s")) in _STATUSES:
            return None
        e = word(said.get("e"))
        if e == "not found" or (said.status in (404, 410) and not e and isinstance(said.data, dict)):
            return Vanished("the service does not know the request")
        return self._refusal(said)

    def _refusal(self, said: Said) -> ProviderError | None:
        """What an answer means: by its `e` first, then by its status."""
        detail = self._service.text(said.get("e")) or self._service.text(spoken(said.data))
        match word(said.get("e")):
            case "":
                return by_status(said, detail)
            case e if e in _OURS:
                return GenerationFailed(f"our own request was wrong: {e}")
            case "unknown model":
                return UnknownModel(detail)
            case "not found":
                return UpstreamDown(f"HTTP {said.status} {detail}")
            case "provider error":
                return GenerationFailed(detail)
            case _:
                return by_status(said, detail) or failed(detail)

    async def _rows(self, query: str = "") -> list[tuple[str, Decimal | None]]:
        """The models with their prices; rows of another form are left out."""
        said = await self._service.get(f"/models{query}", self._refusal, seconds=READ_SECONDS, limit=LIST_LIMIT)
        rows = said.get("m")
        if not isinstance(rows, list):
            raise UpstreamDown("a list of models without m")
        pairs = [row for row in rows[:MODELS_LIMIT] if isinstance(row, list) and row and name(row[0])]
        if rows and not pairs:  # or every model would seem gone
            raise UpstreamDown("a list of models that cannot be read")
        return [(row[0], amount(row[1]) if len(row) > 1 else None) for row in pairs]
