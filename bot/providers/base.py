"""The seam between the engine and a generation service: what it is given, the events it tells, the errors it raises.

Polling, streams and blocking calls look the same to the engine: an async iterator of events. What not every provider
can do is a small capability protocol of its own, asked for with isinstance.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Protocol, runtime_checkable

from bot.domain.catalog.models import Kind, Scalar
from bot.domain.jobs import Asset, Cause


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to work on. `url` is a data URI or a signed https address that expires; never one of Telegram's."""

    url: str = ""
    own: str = ""
    """The provider's own name of it, where the model works on nothing else."""


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One message of a conversation, oldest first; the last is the user's question."""

    role: str
    """system, user or assistant."""
    content: str


@dataclass(frozen=True, slots=True)
class ChatTool:
    """A function that a chat model may call instead of (or beside) answering. Nothing is ever sent back for a call."""

    name: str
    description: str
    parameters: Mapping[str, object]
    """JSON Schema of its arguments."""


@dataclass(frozen=True, slots=True)
class ProviderOrder:
    """What a provider needs to know of a job."""

    model: str
    """The upstream model id."""
    prompt: str
    parameters: Mapping[str, Scalar]
    """Under their upstream names: what the user set and the catalogue fixes, nothing else."""
    longest_seconds: float
    """Bounds the whole run."""
    kind: Kind = Kind.VIDEO
    results: int = 1
    """How many are ordered; the parameters hold it too where one request can ask for several."""
    pictures: tuple[Picture, ...] = ()
    picture_param: str = "image_url"
    typical_seconds: float = 0.0
    """As learned from finished jobs: how soon it makes sense to ask. 0: unknown."""
    turns: tuple[ChatTurn, ...] = ()
    """The conversation, for chat models; empty otherwise."""
    tools: tuple[ChatTool, ...] = ()
    """What a chat model may call; empty: send none."""
    hears: bool = False
    """The words of a voice message are wanted, which is the only one of `pictures`, as a data URI."""


@dataclass(frozen=True, slots=True)
class Resume:
    """What is known of an earlier run of the same job: upstream reference and submit time (Unix seconds)."""

    ref: str
    submitted_at: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the order. `ref` None: it gives no reference, the job cannot be resumed. May come again with a
    longer reference where one order is several requests."""

    ref: str | None
    seconds: float | None = None
    """How long this order is expected to take, where the service told: the bar runs by it. None: it did not."""


@dataclass(frozen=True, slots=True)
class Running:
    """Work goes on. `progress` is 0..1 where the provider says it, else None."""

    progress: float | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """A streamed answer as far as it goes: the whole text so far."""

    text: str


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The end. `cost` is the actual cost in the provider's unit, None where it names none."""

    assets: tuple[Asset, ...]
    cost: Decimal | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    """Kept with the job (Job.facts): "seed" for variations, "warning" for admins. Of a chat model "prompt_tokens" and
    "completion_tokens" as upstream counted them, and "call": JSON {"name", "arguments"} of the tool it called, with the
    arguments as the text that the model wrote; such an answer may have no words (Asset.text ""). More calls at once are
    "call2" and "call3"."""
    fault: "OperatorFault | None" = None
    """Why the rest of several results was not made, where the operator must act."""


Event = Accepted | Running | Partial | Succeeded


class ProviderError(Exception):
    """Base of every way a run can fail. `detail` is upstream's wording: for the log and admins, never for users."""

    cause: ClassVar[Cause] = Cause.GENERATION_FAILED

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail[:500]


class GenerationFailed(ProviderError):
    """The provider took the order and reported that it failed."""


class Refused(ProviderError):
    """Moderation refused the request."""

    cause = Cause.REFUSED


class OptionRefused(GenerationFailed):
    """The provider did not take the order because the model does not know the parameter `param`, or not with this
    value. The same order without it may be taken."""

    cause = Cause.OPTION_REFUSED

    def __init__(self, detail: str, param: str) -> None:
        super().__init__(detail)
        self.param = param


class OperatorFault(ProviderError):
    """The operator must act; the models concerned go off sale."""

    cause = Cause.UNAVAILABLE


class BadKey(OperatorFault):
    """401: the key is missing, wrong or revoked."""


class OutOfFunds(OperatorFault):
    """The operator's upstream balance does not cover the model (AI-Now 418, Naive 402, NeuroAPI insufficient_quota)."""


class NotPermitted(OperatorFault):
    """403: the operator's plan or workspace does not have this feature."""


class UnknownModel(OperatorFault):
    """The provider says that it does not know the model. Gateways say so, too, while no channel serves it: the model,
    and it alone, goes off sale when this lasts or the provider's list agrees."""

    cause = Cause.UNKNOWN_MODEL


class Busy(ProviderError):
    """429: the provider did not take the order and asks to come later. `seconds`: when, 0 where it does not say."""

    cause = Cause.BUSY

    def __init__(self, detail: str = "", seconds: float = 0.0) -> None:
        super().__init__(detail)
        self.seconds = seconds


class Unreachable(ProviderError):
    """No byte of the request left this machine: trying again is safe."""

    cause = Cause.UPSTREAM_DOWN


class UpstreamDown(ProviderError):
    """The provider answered 5xx or something that is not its API."""

    cause = Cause.UPSTREAM_DOWN


class NoEndpoint(UpstreamDown):
    """404, 405 or 501 for an address of its API: the provider does not have it. No outage, and nothing that a second
    try would change."""


class NotTaken(UpstreamDown):
    """503 to an order: the provider refused it for now and made nothing of it, so that it may be sent anew. `seconds`:
    when, 0 where it does not say."""

    def __init__(self, detail: str = "", seconds: float = 0.0) -> None:
        super().__init__(detail)
        self.seconds = seconds


class NoChannel(NotTaken):
    """503 by the name of an unknown model: a gateway has no channel that serves the model at this moment. It says
    nothing of the provider's other models."""

    cause = Cause.BUSY


class ConnectionLost(ProviderError):
    """The request may have arrived, the answer did not: cut, stalled or ended early. Never resubmitted."""

    cause = Cause.CONNECTION_LOST


class BadResult(ProviderError):
    """ "Completed" without a usable result."""

    cause = Cause.BAD_RESULT


class NoWords(ProviderError):
    """A chat model came to a proper end without a word. What was asked can bring it about: a stop word that is the
    first it says, a question that its thoughts use the whole answer up for."""

    cause = Cause.NO_WORDS


class NotThere(BadResult):
    """The provider says that it is done, and nothing stands where the result should be (404, 202, an empty file, no
    address yet). Of a fresh result this passes in a moment; an old one is gone."""


class Forbidden(NotThere):
    """401 or 403 for a result: its link is over, wants other credentials than were sent, or leads to a store that says
    so of what it does not hold yet."""


class TimedOut(ProviderError):
    """The model's longest time passed."""

    cause = Cause.TIMEOUT


class Provider(Protocol):
    """A generation service. `resumable`: after a crash run() may be called with `resume` and picks the work up."""

    name: str
    resumable: bool

    def run(self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None) -> AsyncGenerator[Event, None]:
        """Carries the order out: at most one Accepted, any number of Running, one Succeeded; or raises ProviderError.

        Submits at most once per call, and not at all when `resume` is given. Closing the iterator closes the
        connection. Raises nothing but ProviderError and CancelledError, whatever upstream answers.
        """
        ...


@runtime_checkable
class HealthCheck(Protocol):
    """A provider that can say, free of charge, whether key and service work."""

    async def ping(self) -> None:
        """Returns when healthy; raises ProviderError otherwise."""
        ...


@dataclass(frozen=True, slots=True)
class Lost:
    """A submit whose answer never came, because we stopped: what is needed to find its results by itself."""

    submitted_at: float
    """Unix seconds."""
    free: Callable[[Collection[str]], Awaitable[frozenset[str]]]
    """Which of these own names (Asset.own) belong to no job yet."""
    rivals: int
    """Other jobs with the same model, prompt and parameters that may have made what is found: then it is ambiguous."""


@runtime_checkable
class Recovers(Protocol):
    """A provider without references that can be asked afterwards what it made (neuroflash: /history)."""

    def recover(self, order: ProviderOrder, *, job_id: str, lost: Lost) -> AsyncGenerator[Event, None]:
        """Looks for the results until the order's longest time since the submit has passed; never submits.

        Ends with Succeeded, or raises ConnectionLost when nothing was found or what was found is ambiguous.
        """
        ...


@runtime_checkable
class CancelsUpstream(Protocol):
    """A provider that can be told to stop working on an order."""

    async def cancel(self, ref: str) -> None:
        """Best effort: an order that is done or unknown is no error. Raises ProviderError."""
        ...


@runtime_checkable
class DeletesResults(Protocol):
    """A provider that keeps results until they are deleted there."""

    async def delete(self, own: str) -> None:
        """Deletes the result of that own name, or of that address where it has none; one that is gone already is no
        error, nor one that cannot be told from its address. Raises ProviderError."""
        ...


@runtime_checkable
class HasBalance(Protocol):
    """A provider that tells what the operator has left with it."""

    async def balance(self) -> Decimal:
        """In the provider's unit. Raises ProviderError."""
        ...


@runtime_checkable
class LivePrices(Protocol):
    """A provider whose prices are asked for."""

    async def prices(self, wanted: Mapping[str, Sequence[int]]) -> Mapping[tuple[str, int], Decimal]:
        """Units of whole orders, by upstream model id and number of results; what it does not know is left out.

        Raises ProviderError when none can be had.
        """
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """A model as the provider lists it. None and empty: it does not say."""

    upstream_id: str
    title: str = ""
    kind: Kind | None = None
    units: Decimal | None = None
    """Of one result."""
    typical_seconds: float | None = None
    required: tuple[str, ...] = ()
    """Names of required parameters."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Names of parameters and the provider's word for their type: string, integer, number, boolean."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The values a parameter may have, where the provider lists them."""
    max_results: int = 1
    allowed: bool = True
    description: str = ""


@runtime_checkable
class Discovers(Protocol):
    """A provider that lists its models."""

    async def models(self) -> tuple[Listed, ...]:
        """All models, without the details that cost a request each. Raises ProviderError."""
        ...

    async def details(self, listed: Listed) -> Listed:
        """One of `models` with its parameters, for one request more. Raises ProviderError."""
        ...


@runtime_checkable
class GuardsResults(Protocol):
    """A provider whose results are fetched with credentials."""

    def headers_for(self, url: str) -> Mapping[str, str]:
        """The headers for fetching that result: none unless it lies on the provider's own host."""
        ...
