"""What the NeuroArtist simulator remembers beside what all of them do: the models on offer."""

from collections.abc import Iterable

from sandbox.kit.api import ApiState
from sandbox.kit.faults import FaultQueue
from sandbox.neuroartist.faults import CATALOGUE, READS
from sandbox.neuroartist.models import MODELS


class State(ApiState):
    """`models` may be changed while it runs: what is added, dropped or repriced is what /models tells from then on."""

    def __init__(self, keys: Iterable[str], balance: float, scale: float, seed: int) -> None:
        super().__init__(keys, balance, scale, seed, FaultQueue(CATALOGUE, (*MODELS, *READS)))
        self.models = dict(MODELS)

    def reset(self) -> None:
        super().reset()
        self.models = dict(MODELS)
