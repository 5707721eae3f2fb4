"""The order draft as a pure value, and the market it chooses from. What the buttons do with it: order_flow.py."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.domain.catalog import Kind, Model
from bot.domain.jobs import Job
from bot.engine.shop import Offer

NONE: Final = "-"
"""In callback data: none of the option's choices."""
INVISIBLE_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers and the blank Braille cell: letters to Unicode, nothing to the eye."""


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What is decided so far. In `options` a value of "" means: none of the choices, on purpose."""

    prompt: str
    kind: Kind | None = None
    model: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Options typed without a model: the models that have them, each with its own values. Empty: any model."""
    page: int = 0

    def to_data(self) -> dict[str, Any]:
        """The JSON that the drafts table keeps."""
        return {
            "prompt": self.prompt,
            "kind": self.kind.value if self.kind else None,
            "model": self.model,
            "options": dict(self.options),
            "wanted": {slug: dict(values) for slug, values in self.wanted.items()},
            "page": self.page,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "OrderDraft":
        """Reads what `to_data` wrote; a kind that is sold no more counts as undecided."""
        kind = data.get("kind")
        return cls(
            prompt=str(data.get("prompt", "")),
            kind=Kind(kind) if kind in set(Kind) else None,
            model=data.get("model"),
            options=dict(data.get("options") or {}),
            wanted={slug: dict(values) for slug, values in (data.get("wanted") or {}).items()},
            page=int(data.get("page") or 0),
        )

    def chosen(self) -> dict[str, str]:
        """The options to order: those with a value."""
        return {name: value for name, value in self.options.items() if value}


@dataclass(frozen=True, slots=True)
class Market:
    """All offers at one moment, in menu order."""

    offers: tuple[Offer, ...]

    def get(self, slug: str | None) -> Offer | None:
        return next((o for o in self.offers if o.model.slug == slug), None)

    def kinds(self) -> tuple[Kind, ...]:
        """Kinds with something on sale now."""
        selling = {o.model.kind for o in self.offers if o.available}
        return tuple(k for k in Kind if k in selling)

    def listed(self, draft: OrderDraft) -> tuple[Offer, ...]:
        """What the model step shows: the kind's models, or those that have the wanted options."""
        if draft.wanted:
            return tuple(o for o in self.offers if o.model.slug in draft.wanted)
        return tuple(o for o in self.offers if draft.kind in (None, o.model.kind))

    def on_sale(self, draft: OrderDraft) -> tuple[Offer, ...]:
        return tuple(o for o in self.listed(draft) if o.available)


def tidy(text: str) -> str:
    """A prompt without control characters and outer blanks; "" when nothing in it can be seen."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return kept.strip() if any(_visible(c) for c in kept) else ""


def _visible(char: str) -> bool:
    return char not in INVISIBLE_LETTERS and unicodedata.category(char)[0] in "LNPS"


def has_value(model: Model, name: str, value: str) -> bool:
    """Whether the model's option has that value; "" (none) is a value of every option."""
    option = model.option(name)
    return option is not None and (value == "" or option.choice(value) is not None)


def all_decided(model: Model, options: Mapping[str, str]) -> dict[str, str]:
    """Options of an earlier order, where what was not chosen counts as "none": leads straight to the confirmation."""
    return {o.name: options.get(o.name, "") for o in model.options}


def model_arg(model: Model, options: Mapping[str, str] | None = None) -> str:
    """Callback data that chooses a model, and with `options` (all decided) every option with it, by index."""
    if options is None:
        return model.slug
    parts = [model.slug]
    for option in model.options:
        value = options.get(option.name, "")
        index = next((i for i, c in enumerate(option.choices) if c.value == value), None)
        parts.append(NONE if index is None else str(index))
    return ".".join(parts)


@dataclass(frozen=True, slots=True)
class LastUsed:
    """The model and options of the user's latest order of this kind, still on sale as they were."""

    offer: Offer
    options: Mapping[str, str]


def last_used(job: Job | None, draft: OrderDraft, market: Market) -> LastUsed | None:
    """The first button of the model step; None when it cannot be ordered like that any more."""
    if job is None or draft.wanted:
        return None
    offer = next((o for o in market.on_sale(draft) if o.model.slug == job.model), None)
    if offer is None or len(draft.prompt) > offer.model.prompt_limit:
        return None
    if not all(has_value(offer.model, name, value) for name, value in job.options.items()):
        return None
    return LastUsed(offer, all_decided(offer.model, job.options))
