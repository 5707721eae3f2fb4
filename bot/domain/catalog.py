"""What is on sale: providers, models and their options as data. Menus, flags, checks and prices all derive from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a model makes; also the name of the command that asks for it."""

    VIDEO = "video"
    MUSIC = "music"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in every language of the catalogue; the first language is the fallback."""

    by_language: Mapping[str, str]

    def of(self, language: str) -> str:
        found = self.by_language.get(language)
        return found if found is not None else next(iter(self.by_language.values()))


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an option: the value is sent upstream, the title is shown."""

    value: str
    title: Words


@dataclass(frozen=True, slots=True)
class Option:
    """A choice the model offers, named after its flag (`--style`). None of the choices is always allowed."""

    name: str
    title: Words
    choices: tuple[Choice, ...]

    def choice(self, value: str) -> Choice | None:
        return next((c for c in self.choices if c.value == value), None)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a provider is paid: one upstream unit costs `credits_per_unit` × `markup` credits."""

    provider: str
    title: str
    credits_per_unit: Decimal
    markup: Decimal
    concurrency: int
    """How many of its jobs may be upstream at once, over all processes."""


@dataclass(frozen=True, slots=True)
class Model:
    """A thing we sell. Seconds are wall-clock seconds upstream; `units` is the price in the provider's own unit."""

    slug: str
    provider: str
    upstream_id: str
    kind: Kind
    title: Words
    description: Words
    units: Decimal
    typical_seconds: float
    longest_seconds: float
    prompt_limit: int
    options: tuple[Option, ...] = ()
    unsteady: bool = False
    """Known to fail at peak hours: its failures offer the alternatives of its kind in one tap."""

    def option(self, name: str) -> Option | None:
        return next((o for o in self.options if o.name == name), None)


@dataclass(frozen=True, slots=True)
class Catalog:
    """All models in the order in which menus show them."""

    terms: Mapping[str, Terms]
    models: tuple[Model, ...]
    _by_slug: dict[str, Model] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_slug", {m.slug: m for m in self.models})

    def get(self, slug: str) -> Model | None:
        return self._by_slug.get(slug)

    def of_kind(self, kind: Kind) -> tuple[Model, ...]:
        return tuple(m for m in self.models if m.kind is kind)
