"""The seam between the engine and a generation service: what it is given, the events it tells, the errors it raises.

Polling, streams and blocking calls look the same to the engine: an async iterator of events. What not every provider
can do is a small capability protocol of its own, asked for with isinstance.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Protocol, runtime_checkable

from bot.domain.jobs import Asset, Cause


@dataclass(frozen=True, slots=True)
class ProviderOrder:
    """What a provider needs to know of a job. `options` holds catalogue values."""

    model: str
    """The upstream model id."""
    prompt: str
    options: Mapping[str, str]
    longest_seconds: float
    """Bounds the whole run."""


@dataclass(frozen=True, slots=True)
class Resume:
    """What is known of an earlier run of the same job: upstream reference and submit time (Unix seconds)."""

    ref: str
    submitted_at: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the order. `ref` None: it gives no reference, the job cannot be resumed."""

    ref: str | None


@dataclass(frozen=True, slots=True)
class Running:
    """Work goes on. `progress` is 0..1 where the provider says it, else None."""

    progress: float | None = None


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The end. `cost` is the actual cost in the provider's unit, None where it names none."""

    assets: tuple[Asset, ...]
    cost: Decimal | None = None


Event = Accepted | Running | Succeeded


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


class OperatorFault(ProviderError):
    """The operator must act; the models concerned go off sale."""

    cause = Cause.UNAVAILABLE


class BadKey(OperatorFault):
    """401: the key is missing, wrong or revoked."""


class OutOfFunds(OperatorFault):
    """The operator's upstream balance does not cover the model (AI-Now: 418)."""


class Unreachable(ProviderError):
    """No byte of the request left this machine: trying again is safe."""

    cause = Cause.UPSTREAM_DOWN


class UpstreamDown(ProviderError):
    """The provider answered 5xx or something that is not its API."""

    cause = Cause.UPSTREAM_DOWN


class ConnectionLost(ProviderError):
    """The request may have arrived, the answer did not: cut, stalled or ended early. Never resubmitted."""

    cause = Cause.CONNECTION_LOST


class BadResult(ProviderError):
    """ "Completed" without a usable result."""

    cause = Cause.BAD_RESULT


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
