"""What the NeuroAPI simulator remembers beside what all of them do: nothing but which models a fault may name."""

from collections.abc import Iterable

from sandbox.kit.api import ApiState
from sandbox.kit.faults import FaultQueue
from sandbox.neuroapi.contract import CHAT, IMAGES
from sandbox.neuroapi.faults import CATALOGUE, READS


class State(ApiState):
    """`balance` is the quota in tokens."""

    def __init__(self, keys: Iterable[str], balance: float, scale: float, seed: int) -> None:
        super().__init__(keys, balance, scale, seed, FaultQueue(CATALOGUE, (*CHAT, *IMAGES, *READS)))
