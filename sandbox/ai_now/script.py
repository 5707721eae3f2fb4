"""What one event stream says and when: the documented order of events, or that order spoilt by a fault."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from types import MappingProxyType
from typing import Literal

from sandbox.ai_now.contract import MODELS, Order
from sandbox.kit.faults import Fault
from sandbox.kit.spoil import ERROR_DETAIL, STALL_MAX
from sandbox.kit.stream import Beat, disguised

Event = dict[str, object]
Steps = list[tuple[float, Event]]
Outcome = Literal["completed", "failed", "cut"]


@dataclass(frozen=True, slots=True)
class Play:
    """The beats, whether the connection then ends properly, and what became of the generation."""

    beats: tuple[Beat, ...]
    outcome: Outcome
    proper_end: bool = True


def script(order: Order, url: str, rng: Random, fault: Fault | None) -> Play:
    """The stream for `order`; equal arguments and an equal `rng` give an equal stream."""
    steps = _documented(order, url, rng)
    if fault is None:
        return _play(steps)
    spoil = _SPOILERS.get(fault.name)
    return spoil(steps, fault) if spoil else _strange_form(_play(steps), fault)


def _documented(order: Order, url: str, rng: Random) -> Steps:
    """Each event with the silence before it; the first comes at once, the gaps add up to the generation's time."""
    least, most = MODELS[order.model].seconds
    total = rng.uniform(least, most)
    again = {"suno": 1, "pika": 2}.get(order.model, rng.choice((1, 2, 3)))  # the documented examples
    early = [total * rng.uniform(0.01, 0.04), total * rng.uniform(0.06, 0.15)]
    weights = [rng.uniform(0.6, 1.4) for _ in range(again + 1)]
    late = [(total - sum(early)) * weight / sum(weights) for weight in weights]
    said = ["Processing started", "Processing", "Cookie generated", *["Processing"] * again]
    steps: Steps = [(gap, {"status": status}) for gap, status in zip([0.0, *early, *late[:-1]], said, strict=True)]
    return [*steps, (late[-1], {"status": "Completed", "url": url})]


def _no_event(steps: Steps, fault: Fault) -> Play:
    return Play((), "failed")


def _error(steps: Steps, fault: Fault) -> Play:
    position = _position(steps, fault)
    error: Event = {"status": "Error", "message": ERROR_DETAIL}
    return _play([*steps[:position], (steps[position][0], error)], "failed")


def _cut(steps: Steps, fault: Fault) -> Play:
    position = _position(steps, fault)
    torn = _beat(*steps[position])
    torn = replace(torn, data=torn.data[: len(torn.data) // 2])
    return Play((*_play(steps[:position]).beats, torn), "cut", proper_end=False)


def _early_end(steps: Steps, fault: Fault) -> Play:
    return _play(steps[: _position(steps, fault)], "failed")


def _stall(steps: Steps, fault: Fault) -> Play:
    beats = list(_play(steps).beats)
    beats[1] = replace(beats[1], hold=min(fault.value or STALL_MAX, STALL_MAX))
    return Play(tuple(beats), "completed")


def _malformed(steps: Steps, fault: Fault) -> Play:
    beats = _play(steps).beats
    broken = Beat(steps[-1][0], b'data: {"status": "Completed", "url": {broken\n\n')
    if fault.value is None:
        return Play((*beats[:-1], broken), "failed")
    position = _position(steps, fault)
    return Play((*beats[:position], replace(broken, gap=0.0), *beats[position:]), "completed")


def _wrong_types(steps: Steps, fault: Fault) -> Play:
    wrong: list[Event] = [{"status": 42}, {"status": ["Processing"]}, {"status": "Completed", "url": 12345}]
    return _play([*steps[:1], *((1.0, event) for event in wrong)], "failed")


def _without_url(steps: Steps, fault: Fault) -> Play:
    return _play([*steps[:-1], (steps[-1][0], {"status": "Completed"})], "failed")


def _unknown_status(steps: Steps, fault: Fault) -> Play:
    odd: Steps = [(0.0, {"status": "Queued in Valhalla", "position": 3, "eta": None}), (0.0, {"progress": 0.5})]
    more: Steps = [(gap, {**event, "trace": "c0ffee", "worker": 17}) for gap, event in steps]
    return _play([*more[:2], *odd, *more[2:]])


_SPOILERS: Mapping[str, Callable[[Steps, Fault], Play]] = MappingProxyType(
    {
        "empty_stream": _no_event,
        "error_event": _error,
        "error_event_at": _error,
        "cut": _cut,
        "early_end": _early_end,
        "stall": _stall,
        "malformed_json": _malformed,
        "wrong_types": _wrong_types,
        "completed_without_url": _without_url,
        "unknown_status": _unknown_status,
    }
)


def _position(steps: Steps, fault: Fault) -> int:
    """How many whole events come before the fault; Completed is never among them."""
    return min(fault.count, len(steps) - 1)


def _strange_form(play: Play, fault: Fault) -> Play:
    """The same events in another, legal form; faults of other stages change nothing here."""
    return replace(play, beats=disguised(play.beats, fault.name))


def _play(steps: Steps, outcome: Outcome = "completed") -> Play:
    return Play(tuple(_beat(gap, event) for gap, event in steps), outcome)


def _beat(gap: float, event: Event) -> Beat:
    return Beat(gap, f"data: {json.dumps(event)}\n\n".encode())
