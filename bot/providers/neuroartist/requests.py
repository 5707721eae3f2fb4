"""One order at NeuroArtist as the requests that it is: what is sent for each, and what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.jobs import Asset
from bot.providers.base import ConnectionLost, OperatorFault, ProviderError, ProviderOrder, Succeeded
from bot.providers.kit.json_api import inputs
from bot.providers.kit.json_reading import reference
from bot.providers.kit.polling import Vanished

RESULTS_LIMIT = 10
SEEDS = 2**32


@dataclass(slots=True)
class Made:
    """What has become of the requests of one order."""

    refs: tuple[str, ...] = ()
    urls: dict[str, str] = field(default_factory=dict)
    errors: list[ProviderError] = field(default_factory=list)
    lost: frozenset[str] = frozenset()
    """Those of `refs` that failed."""

    def pending(self) -> list[str]:
        return [ref for ref in self.refs if ref not in self.urls and ref not in self.lost]

    def outcome(self) -> Succeeded:
        """What was made, with a warning where not all was. Raises the first error where nothing was."""
        if not self.urls:
            raise self.errors[0] if self.errors else ConnectionLost("nothing was ordered")
        first = f"{type(self.errors[0]).__name__} {self.errors[0].detail}".strip() if self.errors else ""
        warning = {"warning": f"{len(self.errors)} of its requests failed: {first}"} if self.errors else {}
        fault = next((error for error in self.errors if isinstance(error, OperatorFault)), None)
        made = tuple(Asset(self.urls[ref]) for ref in self.refs if ref in self.urls)
        return Succeeded(made, facts=warning, fault=fault)


def refs_of(stored: str) -> tuple[str, ...]:
    """The ids of a stored reference. Raises Vanished where it holds none."""
    refs = tuple(ref for ref in stored.split(",") if reference(ref))[:RESULTS_LIMIT]
    if not refs:
        raise Vanished("the stored reference is none")
    return refs


def bodies_of(order: ProviderOrder) -> Iterator[dict[str, object]]:
    """The requests of an order: one for each result, with seeds that follow each other, or all would be the same."""
    given = {name: value for name, value in inputs(order).items() if name != "num_images"}
    seed = given.get("seed")
    for number in range(min(max(order.results, 1), RESULTS_LIMIT)):
        several = {"seed": (seed + number) % SEEDS} if number and isinstance(seed, int) else {}
        yield {"m": order.model, "i": {**given, **several}}
