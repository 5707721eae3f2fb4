"""Naive: pictures, up to four of one request, and video. Orders are submitted and asked about, and can be cancelled."""

from asyncio import get_running_loop
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial
from urllib.parse import urlencode

import structlog

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Asset
from bot.providers.base import (
    Accepted,
    BadResult,
    ConnectionLost,
    Event,
    GenerationFailed,
    Listed,
    NoEndpoint,
    NotPermitted,
    NotThere,
    OutOfFunds,
    ProviderError,
    ProviderOrder,
    Resume,
    Running,
    Succeeded,
    UnknownModel,
    UpstreamDown,
)
from bot.providers.kit.json_api import LIST_LIMIT, Said, by_status, failed, inputs
from bot.providers.kit.json_reading import amount, link, member, reference, word
from bot.providers.kit.polled import Polled
from bot.providers.kit.polling import LOOK_SECONDS, Vanished, expected
from bot.providers.naive.models import listings

log = structlog.get_logger(__name__)

READ_SECONDS = 15.0
WITHOUT_VIDEOS = 6 * 3600.0
"""Seconds until it is asked again whether the service has videos."""
ESTIMATE_LIMIT = Decimal(3600)
DEFAULT_MODEL = "fal-ai/flux/schnell"
"""What the document names as the default: its price is the cheapest thing to ask for."""
_PATHS: Mapping[Kind, str] = {Kind.IMAGE: "/v1/images", Kind.VIDEO: "/v1/video"}
_OF_THE_MODEL = (GenerationFailed, NotPermitted, UnknownModel)
_NO_MODEL = ("model_not_found", "unknown_model", "invalid_model")


class Naive(Polled):
    """A resumable Provider, HealthCheck, HasBalance, LivePrices, Discovers and CancelsUpstream."""

    name: str = "naive"
    _without_videos_until = 0.0

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        """The service's own estimate for the order tells, beside the learned time, when to
        ask and how the bar moves."""
        told = None
        if resume is None:
            ref, told = await self._submit(order)
        elif (stored := reference(resume.ref)) is not None:
            ref = stored
        else:
            raise Vanished("the stored reference is none")
        end = expected(order.typical_seconds, told)
        looks = self._looks(order, resume, end)
        look = partial(self._look, ref, max(order.results, 1))
        if resume is None:
            yield Accepted(ref, end if told else None)
        del order, resume  # thousands wait below
        while True:
            event = await looks.next(look)
            if isinstance(event, Running):
                looks.heard(event.progress)
            yield event
            if isinstance(event, Succeeded):
                return

    async def cancel(self, ref: str) -> None:
        if reference(ref) is not None:
            await self._service.get(
                f"/v1/jobs/{ref}", self._cancelled, seconds=READ_SECONDS, method="DELETE", silent=True
            )

    async def ping(self) -> None:
        """An answer that the default model is gone counts as healthy: the service answered."""
        with suppress(UnknownModel):
            await self._price(Kind.IMAGE, DEFAULT_MODEL, 1)

    async def balance(self) -> Decimal:
        """The balance, in credits of the service."""
        said = await self._service.get("/v1/usage", self._refusal, seconds=READ_SECONDS)
        left = amount(said.get("balance"))
        if left is None:
            raise UpstreamDown("usage without a balance")
        return left

    async def prices(self, wanted: Mapping[str, Sequence[int]]) -> Mapping[tuple[str, int], Decimal]:
        """Prices in credits, a request for each number of results. What is refused for one model says nothing
        of the others."""
        videos = {listed.upstream_id for listed in await self._videos()}
        found: dict[tuple[str, int], Decimal] = {}
        refused: ProviderError | None = None
        for model, count in ((model, count) for model, counts in wanted.items() for count in counts):
            try:
                price = await self._price(Kind.VIDEO if model in videos else Kind.IMAGE, model, count)
            except _OF_THE_MODEL as error:
                refused = error
            except ProviderError as error:  # it does not answer: nor would it for the next
                refused = error
                break
            else:
                found |= {(model, count): price} if price is not None else {}
        if refused is not None and not isinstance(refused, UnknownModel) and not found:
            raise refused
        return found

    async def models(self) -> tuple[Listed, ...]:
        """Videos are left out where the service does not list them."""
        return (*await self._listed(Kind.IMAGE), *await self._videos())

    async def details(self, listed: Listed) -> Listed:
        """A model with its price, which costs a request for each model."""
        kind = Kind.VIDEO if listed.kind is Kind.VIDEO else Kind.IMAGE
        return replace(listed, units=await self._price(kind, listed.upstream_id, 1))

    async def _submit(self, order: ProviderOrder) -> tuple[str, float | None]:
        """The job's id, and the seconds that the service expects it to take."""
        deadline = get_running_loop().time() + order.longest_seconds
        body = {"model": order.model, "input": inputs(order)}
        path = f"{_PATHS[Kind.VIDEO if order.kind is Kind.VIDEO else Kind.IMAGE]}/generate"
        said = await self._service.post(path, body, self._ordered, deadline=deadline)
        ref = reference(said.get("job_id"))
        if ref is None:
            raise ConnectionLost("accepted without a usable job_id")
        told = amount(said.get("estimated_seconds"))
        return ref, float(told) if told is not None and told <= ESTIMATE_LIMIT else None

    async def _look(self, ref: str, results: int) -> Event:
        said = await self._service.get(f"/v1/jobs/{ref}", self._told, seconds=LOOK_SECONDS, once=True)
        match word(said.get("status")):
            case "completed":
                return self._outcome(said, results)
            case "failed":
                raise failed(self._words(said) or "the service reported a failure")
            case "cancelled":
                raise GenerationFailed("cancelled upstream")
            case _:
                percent = amount(said.get("progress"))
                return Running(None if percent is None or percent > 100 else float(percent) / 100)

    def _outcome(self, said: Said, results: int) -> Succeeded:
        """Results with a usable address, as many as were ordered. Raises BadResult where there is none, NotThere where
        there is none yet."""
        result = said.get("result")
        assets: list[Asset] = []
        wrong: BadResult = NotThere("completed without a url")
        for address in _addresses(result):
            try:
                assets.append(Asset(link(address, self._service.base_url)))
            except NotThere:
                pass
            except BadResult as error:
                wrong = error
        if not assets:
            raise wrong
        seed = member(result, "seed")
        whole = isinstance(seed, int) and not isinstance(seed, bool) and abs(seed) < 2**64
        return Succeeded(
            tuple(assets[:results]), amount(said.get("credits_used")), {"seed": str(seed)} if whole else {}
        )

    async def _price(self, kind: Kind, model: str, count: int) -> Decimal | None:
        """The price of an order; several videos are several orders."""
        asked = {"model": model, **({"num_images": str(count)} if kind is Kind.IMAGE else {})}
        address = f"{_PATHS[kind]}/pricing?{urlencode(asked)}"
        said = await self._service.get(address, self._ordered, seconds=READ_SECONDS)
        if not isinstance(said.data, dict):
            raise UpstreamDown("a price that is no JSON object")
        price = amount(said.get("estimated_credits"))
        return price if price is None or kind is Kind.IMAGE else price * count

    async def _videos(self) -> tuple[Listed, ...]:
        """Empty where the service does not list them, however it says so: they are in no document. That it has no such
        address is remembered for a while: prices and models both ask."""
        if self._timing.clock() < self._without_videos_until:
            return ()
        try:
            return await self._listed(Kind.VIDEO)
        except NoEndpoint:
            self._without_videos_until = self._timing.clock() + WITHOUT_VIDEOS
        except ProviderError as error:
            log.info("provider.no_videos", provider=self.name, why=f"{type(error).__name__}: {error}"[:200])
        return ()

    async def _listed(self, kind: Kind) -> tuple[Listed, ...]:
        address = f"{_PATHS[kind]}/models"
        said = await self._service.get(address, self._refusal, seconds=READ_SECONDS, limit=LIST_LIMIT)
        return listings(said, kind)

    def _told(self, said: Said) -> ProviderError | None:
        """What an answer to a look means."""
        if said.status in (404, 410) and isinstance(said.data, dict):
            return Vanished("the service does not know the job")
        return None if said.good else self._refusal(said)

    def _cancelled(self, said: Said) -> ProviderError | None:
        """A job that is over or unknown is no error, nor is a service that cannot cancel."""
        return None if said.status in (404, 405, 409, 410) else self._refusal(said)

    def _ordered(self, said: Said) -> ProviderError | None:
        """What an answer means where a model was named."""
        unknown = said.status == 404 and isinstance(said.data, dict)
        if not said.good and (unknown or self._error(said)[0] in _NO_MODEL):
            return UnknownModel(f"HTTP {said.status} {self._words(said)}")
        return self._refusal(said)

    def _refusal(self, said: Said) -> ProviderError | None:
        """What an answer means, a job's own failure apart."""
        if said.good:
            return None
        words = self._words(said)
        if self._error(said)[0] == "insufficient_credits":
            return OutOfFunds(f"HTTP {said.status} {words}")
        return UpstreamDown(f"HTTP 404 {words}") if said.status == 404 else by_status(said, words)

    def _words(self, said: Said) -> str:
        return " ".join(filter(None, self._error(said)))

    def _error(self, said: Said) -> tuple[str, str]:
        """The error's code and its message, each perhaps empty: `error` is a text or an object of both."""
        error, message = said.get("error"), said.get("message")
        if isinstance(error, dict):
            error, message = member(error, "code"), member(error, "message")
        return self._service.text(error), self._service.text(message)


def _addresses(result: object) -> Iterator[object]:
    """Where the results of a job are: images are documented, a video's form is not."""
    for name in ("images", "videos", "image", "video"):
        found = member(result, name)
        several = found if isinstance(found, list) else [found]
        yield from (member(each, "url") or each for each in several)
    yield member(result, "url")
