"""What is on sale: providers, models and their options as data. Menus, flags, checks and prices all derive from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Scalar = str | int | float | bool
"""What a parameter of a request to a provider may be."""


class Kind(StrEnum):
    """What a model makes; also the name of the command that asks for it. The order is that of the menus."""

    IMAGE = "image"
    VIDEO = "video"
    MUSIC = "music"
    AUDIO = "audio"
    SOLID = "3d"
    EDIT = "edit"
    UPSCALE = "upscale"
    CUTOUT = "cutout"
    ASK = "ask"

    @property
    def makes(self) -> "Makes":
        return MAKES[self]


class Makes(StrEnum):
    """The nature of a result: what a file must be to count as one."""

    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    SOLID = "solid"
    TEXT = "text"


MAKES: Mapping[Kind, Makes] = {
    Kind.IMAGE: Makes.PICTURE,
    Kind.VIDEO: Makes.VIDEO,
    Kind.MUSIC: Makes.SOUND,
    Kind.AUDIO: Makes.SOUND,
    Kind.SOLID: Makes.SOLID,
    Kind.EDIT: Makes.PICTURE,
    Kind.UPSCALE: Makes.PICTURE,
    Kind.CUTOUT: Makes.PICTURE,
    Kind.ASK: Makes.TEXT,
}


@dataclass(frozen=True, slots=True)
class Translations:
    """One text in every language of the catalogue; the first language is the fallback."""

    by_language: Mapping[str, str]

    def of(self, language: str) -> str:
        found = self.by_language.get(language)
        return found if found is not None else next(iter(self.by_language.values()))


class OptionType(StrEnum):
    """How an option's value is given. A job keeps every value as text: a choice's value, a number's digits, "on"."""

    CHOICE = "choice"
    INTEGER = "integer"
    NUMBER = "number"
    SWITCH = "switch"
    """A flag without a value; set, it is ON."""
    TEXT = "text"
    """Free words of at most `maximum` characters."""


ON = "on"
RESULTS = "n"
"""The option that says how many results are ordered; its `param` may be empty."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an option: the value is typed and stored, the title is shown."""

    value: str
    title: Translations
    sends: Scalar | None = None
    """What goes upstream in its place; None: the value itself."""
    factor: Decimal = Decimal(1)
    """What it multiplies the price by."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something about a model that may be chosen, named after its flag (`--style`). Not choosing is always allowed."""

    name: str
    title: Translations
    choices: tuple[Choice, ...] = ()
    type: OptionType = OptionType.CHOICE
    param: str = ""
    """The upstream parameter; "" sends nothing. Of two options with the same one at most one may be set."""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    """Bounds of a number, both included; of a text the most characters."""
    default: str = ""
    """What holds upstream when it is not set, for the menus; it is not sent."""
    sends: Scalar = True
    """What a switch that is on sends."""
    step: bool = False
    """Asked for on the way to the confirmation; else it waits in the menu of options."""

    def choice(self, value: str) -> Choice | None:
        return next((c for c in self.choices if c.value == value), None)


class Source(StrEnum):
    """Whose pictures a model works on."""

    ANY = "any"
    """Photos of the user and results of any model."""
    OWN = "own"
    """Only what the same provider made (neuroflash edits)."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The pictures that a model needs."""

    minimum: int = 0
    maximum: int = 0
    param: str = "image_url"
    source: Source = Source.ANY


@dataclass(frozen=True, slots=True)
class TokenPrices:
    """A chat model's price in the provider's unit for a million tokens, and its bounds in tokens."""

    input: Decimal
    output: Decimal
    context: int
    """Tokens of the conversation that are sent at most."""
    answer: int
    """Tokens of an answer that the hold reckons with; longer ones are not charged above it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a provider is paid: one upstream unit costs `credits_per_unit` × `markup` credits."""

    provider: str
    title: str
    credits_per_unit: Decimal
    markup: Decimal
    concurrency: int
    """How many of its jobs may be upstream at once, over all processes."""
    unit: str = "unit"
    """What the provider counts in, for operators: token, RUB, credit."""
    fallback: bool = True
    """False: its live models are sold at today's price alone, never at the catalogue's, which only bounds them."""


@dataclass(frozen=True, slots=True)
class Model:
    """A thing we sell. Seconds are wall-clock seconds upstream; `units` is the price in the provider's own unit."""

    slug: str
    provider: str
    upstream_id: str
    kind: Kind
    title: Translations
    description: Translations
    """Why one would take it, in at most five words."""
    units: Decimal
    """Of one result; for a chat model of an ordinary reply: what the operator's money must cover to sell it."""
    typical_seconds: float
    longest_seconds: float
    prompt_limit: int
    """Characters; 0: it takes no prompt."""
    options: tuple[Option, ...] = ()
    unsteady: bool = False
    """Known to fail at peak hours: among the alternatives to another model it comes last."""
    live: bool = False
    """The provider tells today's price; `units` holds when it cannot be had."""
    inputs: Inputs = Inputs()
    fixed: Mapping[str, Scalar] = field(default_factory=dict)
    """Parameters sent with every order."""
    tokens: TokenPrices | None = None
    """Only of chat models: priced by usage."""
    words_optional: bool = False
    """Its pictures are enough: it takes words, and works without them."""
    hears: bool = False
    """Turns a person's voice message into words: `units` is the price of a minute, and no menu has it."""
    recommended: bool = False
    """What a person who named no model of the kind is offered first; see `recommended` in engine.catalog.offers."""
    same: str = ""
    """Models of a kind with the same word here are the same thing at other services; "" where there is one only."""

    @property
    def thing(self) -> str:
        """What lists show once: its own slug, or the word that it shares with the same thing elsewhere."""
        return f"={self.same}" if self.same else self.slug

    @property
    def sees(self) -> bool:
        """Whether it is a chat model that can be shown pictures."""
        return self.tokens is not None and self.inputs.maximum > 0

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
