"""What services that speak small JSON over HTTP have in common: how a request goes out and its answer comes back, and
what an answer means where a service says nothing of its own."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from bot.network.proxy import Proxy
from bot.providers.base import (
    BadKey,
    Busy,
    ConnectionLost,
    GenerationFailed,
    NoEndpoint,
    NotPermitted,
    OptionRefused,
    OutOfFunds,
    ProviderError,
    ProviderOrder,
    Refused,
    UpstreamDown,
)
from bot.providers.kit import http
from bot.providers.kit.json_reading import NAME_LIMIT, TEXT_LIMIT, member, parsed, plain

MODERATION = re.compile(
    r"\bnsfw\b|\bmoderat(ion|ed)\b|content[ _-]polic|safety[ _-](system|filter|polic)|"
    r"violat\w* (our|the|its) \w* ?(polic|guidelines|terms|rules)|(prohibited|inappropriate|forbidden) (content|word)",
    re.IGNORECASE,
)
"""Only wordings that can mean nothing else: a plain failure called a refusal would blame the user's prompt."""
FUNDS = re.compile(
    r"insufficient[\W_]*(user|token|account|wallet)?[\W_]*(quota|balance|funds?|credits?|tokens?|money)(?![a-z])|"
    r"(not enough|no|too few) (balance|funds|credits|money|quota)\b|exceeded your current quota|"
    r"(balance|quota|credits?|funds) (is |are |was |has been )?(too low|insufficient|exhausted|used up|depleted)|"
    r"pre[\W_]?consume[\W_](token|user)?[\W_]?quota[\W_]failed|"
    r"(余额|额度|配额)\s*(不足|已?用尽|已?耗尽)|недостаточно (средств|денег|кредитов|токенов|баланса)|"
    r"недостаточный баланс|(средства|баланс|квота|кредиты) (исчерпан|законч)\w*|пополните (баланс|сч[её]т)",
    re.IGNORECASE,
)
"""What gateways say when the operator's money with them is spent, under any status and by no common code. Only wordings
that can mean nothing else: a limit of requests a minute is no matter of money."""
IDLE_SECONDS = 60.0
"""Without a byte, before the answer to an order and within it."""
LIST_LIMIT = 1024 * 1024
"""Bytes of a list of models."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, read. `data` is the JSON of its body, None where that is none."""

    status: int
    data: object
    content_type: str = ""
    retry_after: float = 0.0

    @property
    def good(self) -> bool:
        """Whether its status says success."""
        return 200 <= self.status < 300

    def get(self, name: str) -> object:
        """A member of the JSON object, None where there is none."""
        return member(self.data, name)


_BY_STATUS: Mapping[int, type[ProviderError]] = {  # a page with 403 is a firewall's, often over one prompt's words
    401: BadKey,
    402: OutOfFunds,
    403: NotPermitted,
    408: UpstreamDown,
    425: UpstreamDown,
}
_WORDS = ("code", "type", "message", "msg", "e")
Meaning = Callable[[Said], ProviderError | None]
"""The error that an answer means, None for a good one."""


class Service:
    """One service behind a bearer key. `client` is for tests; without it clients of its own are made (see aclose).

    What may be repeated goes over kept connections: looks are many, and a fresh one each costs two more trips.
    """

    def __init__(
        self,
        *,
        base_url: str,
        key: str,
        connections: int = 100,
        idle_seconds: float = IDLE_SECONDS,
        backoff: http.Backoff | None = None,
        client: httpx.AsyncClient | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._key = key.strip()
        self._idle = idle_seconds
        self._backoff = backoff or http.Backoff()
        self._client = client or http.new_client(connections=connections, proxy=proxy)
        self._reads = client or http.new_client(connections=connections, keep_alive=True, proxy=proxy)

    async def post(self, path: str, body: Mapping[str, object], meaning: Meaning, *, deadline: float) -> Said:
        """The good answer to an order, which is sent at most once; `deadline` is the event loop's time.

        Raises what `meaning` says, and ConnectionLost where a success cannot be read: the order may have been taken.
        """
        request = self._client.build_request(
            "POST",
            self.base_url + path,
            headers={**self._headers(), "Content-Type": "application/json"},
            content=json.dumps(body).encode(),
            timeout=http.timeout(self._idle),
        )
        response = await http.submit(self._client, request, deadline=deadline, backoff=self._backoff)
        try:
            if not 200 <= response.status_code < 300:
                said = self._said(await http.read_refusal(response))
                meant = meaning(said) or UpstreamDown(f"HTTP {said.status}")
                raise http.turned_away(said.status, meant, said.retry_after)
            async with http.within(deadline):
                said = self._said(await http.read(response))
        finally:
            await http.close(response)
        if error := meaning(said):
            raise error
        if not isinstance(said.data, dict):
            raise ConnectionLost(f"HTTP {said.status} with {said.content_type or 'no content type'}, no JSON object")
        return said

    async def get(
        self,
        path: str,
        meaning: Meaning,
        *,
        seconds: float,
        limit: int = http.BODY_LIMIT,
        method: str = "GET",
        once: bool = False,
        silent: bool = False,
    ) -> Said:
        """The good answer to a request that may be repeated, and is unless `once`; `seconds` bounds each attempt.

        Raises what `meaning` says, and UpstreamDown for an answer that is no JSON unless it may be `silent`.
        """
        kept: list[Said] = []

        def check(answer: http.Answer) -> None:
            said = self._said(answer)
            if error := meaning(said):
                if type(error) is UpstreamDown and said.status in (404, 405, 501):
                    raise NoEndpoint(f"{http.place_of(method, self.base_url + path)}: {error.detail}")
                raise error
            if said.data is None and not silent:
                raise UpstreamDown(f"HTTP {said.status} with {said.content_type or 'no content type'}, no JSON")
            kept.append(said)

        await http.get(
            self._reads,
            self.base_url + path,
            headers=self._headers(),
            seconds=seconds,
            backoff=http.Backoff(attempts=1) if once else self._backoff,
            check=check,
            method=method,
            limit=limit,
        )
        return kept[-1]

    def text(self, value: object) -> str:
        """What the service says in words, for the log: without the key, and storable. "" for anything else."""
        if not isinstance(value, str):
            return ""
        said = plain(value)
        return (said.replace(self._key, "[key]") if self._key else said)[:TEXT_LIMIT]

    async def aclose(self) -> None:
        """Closes every connection; runs still under way end with ConnectionLost."""
        await self._client.aclose()
        await self._reads.aclose()

    def _headers(self) -> dict[str, str]:
        if not (self._key.isascii() and self._key.isprintable()):
            raise BadKey("the key holds characters that no header can carry")
        return {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}

    @staticmethod
    def _said(answer: http.Answer) -> Said:
        return Said(answer.status, parsed(answer.body), answer.content_type, answer.retry_after)


def inputs(order: ProviderOrder) -> dict[str, object]:
    """The order as the parameters of its model: the prompt if it takes one, what was set, the pictures."""
    given: dict[str, object] = {"prompt": order.prompt} if order.prompt else {}
    given |= order.parameters
    if order.pictures:
        urls = [picture.url for picture in order.pictures]
        given[order.picture_param] = urls if order.picture_param.endswith("s") else urls[0]
    return given


def spoken(data: object) -> str:
    """Every word that an error has in one of the usual places, whichever form the gateway before a service gives it."""
    places = (data, member(data, "error"), member(data, "detail"))
    named = [member(place, name) for place in places for name in _WORDS]
    return " ".join(one[:TEXT_LIMIT] for one in (*places, *named) if isinstance(one, str))


def by_status(said: Said, detail: str) -> ProviderError | None:
    """The error that a status means where nothing else says more; None for a success."""
    if said.good:
        return None
    words = f"HTTP {said.status} {detail}".rstrip()
    if FUNDS.search(detail) or FUNDS.search(spoken(said.data)):
        return OutOfFunds(words)
    if said.status == 429:
        return Busy(words, said.retry_after)
    if MODERATION.search(detail) and 400 <= said.status < 500:
        return Refused(words)
    return _of_status(said, words)


def _of_status(said: Said, words: str) -> ProviderError:
    firewall = said.status == 403 and said.data is None and said.content_type == "text/html"
    if said.status in _BY_STATUS and not firewall:  # whose page is no word of the service
        return _BY_STATUS[said.status](words)
    if 400 <= said.status < 500 and isinstance(said.data, dict):
        param = _refused_parameter(said.data) if said.status in (400, 422) else ""
        return OptionRefused(words, param) if param else GenerationFailed(words)
    return UpstreamDown(f"{words}, {said.content_type or 'no content type'}")


def _refused_parameter(data: Mapping[str, object]) -> str:
    """The one parameter of an order that a refusal names: {"error": {"param"}} as OpenAI has it, or the place of the
    first fault as FastAPI lists them, such as ["body", "input", "seed"]. "" where there is none."""
    error, faults = data.get("error"), data.get("detail")
    first = faults[0] if isinstance(faults, list) and faults else None
    place = first.get("loc") if isinstance(first, dict) else None
    named = place[-1] if isinstance(place, list) and len(place) > 1 else member(error, "param") or data.get("param")
    return named if isinstance(named, str) and len(named) <= NAME_LIMIT else ""


def failed(detail: str) -> ProviderError:
    """The failure that the service reports in these words: one of the operator's money, or moderation's, where they
    can mean nothing else."""
    if FUNDS.search(detail):
        return OutOfFunds(detail)
    return Refused(detail) if MODERATION.search(detail) else GenerationFailed(detail)
