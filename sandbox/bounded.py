"""Memory with a bound: what is kept by name, and forgotten from the oldest on."""

from collections import OrderedDict
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def keep(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    """Adds the value, and drops the oldest ones beyond `most`."""
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
