"""Everything the simulator remembers beside what all of them do: the token balance, and what an order cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from random import Random

from sandbox import media
from sandbox.ai_now.contract import MODELS, Order
from sandbox.ai_now.faults import CATALOGUE
from sandbox.kit import state as kit
from sandbox.kit.faults import Fault, FaultQueue


@dataclass(slots=True)
class Record(kit.Record):
    """One POST /api/generate; `tokens` is what it cost, `events` counts those sent."""

    style: str | None = None
    tokens: int = 0
    events: int = 0


class State(kit.State[Record]):
    """`tokens` is the balance; reset() goes back to the first one."""

    def __init__(self, keys: Iterable[str], tokens: int, scale: float, seed: int) -> None:
        super().__init__(keys, scale, seed, FaultQueue(CATALOGUE, MODELS), Record)
        self.tokens = self._first_tokens = tokens

    def reset(self) -> None:
        super().reset()
        self.tokens = self._first_tokens

    def summary(self) -> dict[str, object]:
        return {"tokens": self.tokens, **super().summary()}

    def rng(self, order: Order) -> Random:
        """Equal orders take equal times, however many run beside them."""
        return Random(f"{self.seed}\x1f{order.model}\x1f{order.style}\x1f{order.prompt}")

    def name(self, order: Order, record: Record) -> str:
        """A file name as in the documented examples: words of the prompt, a number, the extension."""
        words = "".join(
            letter if letter.isascii() and letter.isalnum() else " " for letter in order.prompt.lower()
        ).split()
        stem = "_".join(words[:5])[:60] or order.model
        return f"{stem}_{10_000 + record.id}.{'mp3' if MODELS[order.model].kind == 'audio' else 'mp4'}"

    def result(self, order: Order, record: Record, fault: Fault | None) -> kit.Result:
        """What the order makes. A benchmark that never downloads never pays for the file."""
        model = MODELS[order.model]
        if model.kind == "audio":
            return kit.Result(record, "audio/mpeg", partial(media.song, order.prompt), fault)
        style = model.styles[order.style] if order.style else None
        return kit.Result(record, "video/mp4", partial(media.video, order.prompt, model.title, 3.0, style), fault)
