"""What the JSON services have beside that: a balance, models that come and go, the cost of an order."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from aiohttp import web

from sandbox.kit.check import Refused, number
from sandbox.kit.control import KEY, SCALE, Lever
from sandbox.kit.faults import FaultQueue, Kind
from sandbox.kit.server import Denied, SimServer
from sandbox.kit.state import Record, State

BALANCE = Lever("balance", "balance", "balance", number(0, 10**12))
TEXT_MAX = 100_000  # characters

M = TypeVar("M")


@dataclass(slots=True)
class Order(Record):
    """One POST that orders something: the JSON it sent, what it cost in the service's unit, the id it was given, how
    often it was polled."""

    body: object = None
    cost: float = 0.0
    ref: str | None = None
    polls: int = 0


class ApiState(State[Order], Generic[M]):
    """`balance` is in the service's unit; it may fall below 0, as jobs that run side by side overdraw it. `models` may
    be changed while it runs. reset() goes back to the first ones. A fault can name a model, or one of `reads`."""

    def __init__(
        self,
        keys: Iterable[str],
        balance: float,
        scale: float,
        seed: int,
        catalogue: Mapping[str, Kind],
        models: Mapping[str, M],
        reads: Collection[str],
    ) -> None:
        super().__init__(keys, scale, seed, FaultQueue(catalogue, (*models, *reads)), Order)
        self.balance = self._first_balance = balance
        self._first_models = models
        self.models = dict(models)

    def reset(self) -> None:
        super().reset()
        self.balance = self._first_balance
        self.models = dict(self._first_models)

    def summary(self) -> dict[str, object]:
        return {"balance": self.balance, **super().summary()}

    def seconds(self, least: float, most: float, *order: object) -> float:
        """Equal orders take equal times; already scaled."""
        return self.scale * Random("\x1f".join(map(str, (self.seed, *order)))).uniform(least, most)


class ApiServer(SimServer[Order], Generic[M]):
    """A simulator of a JSON service. `scale` multiplies the typical durations, 0 is no waiting; `seed` chooses them.

    A subclass names the key that is let in and the balance, in its own unit, where none is given; what it offers, and
    what can go wrong.
    """

    levers: tuple[Lever, ...] = (KEY, SCALE, BALANCE)
    key = ""
    funds: float = 10_000
    models: Mapping[str, M]
    reads: Collection[str]
    catalogue: Mapping[str, Kind]
    state_type: type[ApiState[M]] = ApiState
    state: ApiState[M]

    def __init__(
        self,
        keys: Iterable[str] | None = None,
        *,
        balance: float | None = None,
        scale: float = 0.05,
        seed: int = 1,
        public_url: str | None = None,
    ) -> None:
        keys, balance = (self.key,) if keys is None else keys, self.funds if balance is None else balance
        state = self.state_type(keys, balance, scale, seed, self.catalogue, self.models, self.reads)
        super().__init__(state, public_url)

    def afford(self, price: float) -> None:
        """Refuses an order for which the balance is too low."""
        if self.state.balance < price:
            raise Denied(self.failure(402))


def logged(value: object) -> object:
    """JSON as the log keeps it: a text longer than TEXT_MAX, such as a large data URI, is cut."""
    match value:
        case dict():
            return {key: logged(one) for key, one in value.items()}
        case list():
            return [logged(one) for one in value]
        case str():
            return value[:TEXT_MAX]
        case _:
            return value


def query(request: web.Request, *allowed: str) -> Mapping[str, str]:
    """The query. Raises Refused for a parameter that is not among `allowed`, or given twice."""
    if strange := sorted(set(request.query) - set(allowed)):
        raise Refused(f"unknown parameters: {', '.join(strange)}")
    if len(request.query) != len(set(request.query)):
        raise Refused("a parameter is given twice")
    return request.query
