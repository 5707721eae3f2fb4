"""What the Naive simulator remembers beside what all of them do: the models on offer."""

from collections.abc import Iterable

from sandbox.kit.api import ApiState
from sandbox.kit.faults import FaultQueue
from sandbox.naive.contract import MODELS
from sandbox.naive.faults import CATALOGUE, READS


class State(ApiState):
    """`models` may be changed while it runs; `balance` is in credits and may fall below 0: jobs that run side by side
    overdraw it."""

    def __init__(self, keys: Iterable[str], balance: float, scale: float, seed: int) -> None:
        super().__init__(keys, balance, scale, seed, FaultQueue(CATALOGUE, (*MODELS, *READS)))
        self.models = dict(MODELS)

    def reset(self) -> None:
        super().reset()
        self.models = dict(MODELS)
