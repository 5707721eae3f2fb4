"""The form of a catalogue file: what every field may be. What contradicts itself is found in file.py."""

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.domain.catalog.models import Choice, Inputs, Kind, Model, Option, OptionType, Source, TokenPrices, Translations
from bot.domain.orders.matching import normalise

VALUE_BYTES = 24
"""Slugs travel in callback data, which has 64 bytes altogether; values are typed and shown on buttons."""


def _short(value: str) -> str:
    if len(value.encode()) > VALUE_BYTES or not value.isprintable():
        raise ValueError(f"must have at most {VALUE_BYTES} bytes")
    return value


def filled(value: str) -> str:
    """The text without outer blanks. Raises ValueError where nothing is left."""
    if not normalise(value):
        raise ValueError("must not be empty")
    return value.strip()


Slug = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$"), AfterValidator(_short)]
Value = Annotated[str, AfterValidator(filled), AfterValidator(_short)]
Title = Annotated[str, Field(max_length=40), AfterValidator(filled)]
Text = Annotated[str, Field(max_length=200), AfterValidator(filled)]
Sent = bool | int | float | Annotated[str, Field(max_length=200)]
"""A parameter as JSON carries it."""
Positive = Annotated[Decimal, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Titles(Strict):
    """English first: it is what other languages fall back to."""

    en: Title
    ru: Title

    def words(self) -> Translations:
        return Translations({"en": self.en, "ru": self.ru})


class _Texts(Strict):
    en: Text
    ru: Text


class _Choice(_Titles):
    value: Value
    sends: Sent | None = None
    factor: Positive = Decimal(1)


class OptionEntry(Strict):
    name: Annotated[str, Field(pattern="^[a-z]+(-[a-z]+)*$", max_length=16)]
    title: _Titles
    type: OptionType = OptionType.CHOICE
    choices: Annotated[list[_Choice], Field(max_length=200)] = []
    param: Annotated[str, Field(max_length=64)] = ""
    minimum: Annotated[Decimal, Field(allow_inf_nan=False)] | None = None
    maximum: Annotated[Decimal, Field(allow_inf_nan=False)] | None = None
    default: Annotated[str, Field(max_length=VALUE_BYTES)] = ""
    sends: Sent = True
    step: bool = False


class _Inputs(Strict):
    minimum: Annotated[int, Field(ge=0, le=10)] = 1
    maximum: Annotated[int, Field(ge=1, le=10)] = 1
    param: Annotated[str, Field(min_length=1, max_length=64)] = "image_url"
    source: Source = Source.ANY


class _Tokens(Strict):
    input: Positive
    output: Positive
    context: Annotated[int, Field(ge=256, le=2_000_000)] = 8_000
    answer: Annotated[int, Field(ge=16, le=200_000)] = 2_000


class ModelEntry(Strict):
    """One model as the file has it; also the form in which a model that was put on sale by an admin is stored."""

    slug: Slug
    provider: str
    upstream_id: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind
    title: _Titles
    description: _Texts
    units: Positive
    typical_seconds: Seconds
    longest_seconds: Seconds
    prompt_limit: Annotated[int, Field(ge=0, le=100_000)]
    options: Annotated[list[OptionEntry], Field(max_length=24)] = []
    shared: Annotated[list[str], Field(max_length=24)] = []
    unsteady: bool = False
    live: bool = False
    inputs: _Inputs | None = None
    fixed: Annotated[dict[str, Sent], Field(max_length=24)] = {}
    tokens: _Tokens | None = None
    words_optional: bool = False
    hears: bool = False
    recommended: bool = False
    same: Annotated[str, Field(pattern="^([a-z0-9]+(-[a-z0-9]+)*)?$", max_length=40)] = ""


class ProviderEntry(Strict):
    title: Title
    unit: Annotated[str, Field(max_length=16)] = "unit"
    credits_per_unit: Positive
    markup: Positive
    concurrency: Annotated[int, Field(ge=1, le=100_000)]
    fallback: bool = True


class AdoptEntry(Strict):
    families: Annotated[
        list[Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]], Field(max_length=100)
    ] = []


class CatalogEntries(Strict):
    providers: dict[Slug, ProviderEntry]
    adopt: AdoptEntry = AdoptEntry()
    shared: dict[str, OptionEntry] = {}
    models: Annotated[list[ModelEntry], Field(min_length=1, max_length=1000)]
    templates: list[Any] = []
    """Read with `shipped_templates` by engine/templates/file.py, which says what is wrong with them."""
    shipped_templates: Any = True


def model_of(entry: ModelEntry, *, hidden: Collection[str] = ()) -> Model:
    """The entry, which names no shared options, as the domain knows it. `hidden` names options that are left out."""
    inputs, tokens = entry.inputs, entry.tokens
    return Model(
        slug=entry.slug,
        provider=entry.provider,
        upstream_id=entry.upstream_id,
        kind=entry.kind,
        title=entry.title.words(),
        description=Translations({"en": entry.description.en, "ru": entry.description.ru}),
        units=entry.units,
        typical_seconds=entry.typical_seconds,
        longest_seconds=entry.longest_seconds,
        prompt_limit=entry.prompt_limit,
        options=tuple(_option(o) for o in entry.options if o.name not in hidden),
        unsteady=entry.unsteady,
        live=entry.live,
        inputs=Inputs(inputs.minimum, inputs.maximum, inputs.param, inputs.source) if inputs else Inputs(),
        fixed=dict(entry.fixed),
        tokens=TokenPrices(tokens.input, tokens.output, tokens.context, tokens.answer) if tokens else None,
        words_optional=entry.words_optional,
        hears=entry.hears,
        recommended=entry.recommended,
        same=entry.same,
    )


def entry_of(option: Option) -> OptionEntry:
    """An option of a sold model as an entry has it."""
    return OptionEntry(
        name=option.name,
        title=_Titles(en=option.title.of("en"), ru=option.title.of("ru")),
        type=option.type,
        choices=[
            _Choice(en=c.title.of("en"), ru=c.title.of("ru"), value=c.value, sends=c.sends, factor=c.factor)
            for c in option.choices
        ],
        param=option.param,
        minimum=option.minimum,
        maximum=option.maximum,
        default=option.default,
        sends=option.sends,
        step=option.step,
    )


def _option(option: OptionEntry) -> Option:
    return Option(
        name=option.name,
        title=option.title.words(),
        choices=tuple(Choice(c.value, c.words(), c.sends, c.factor) for c in option.choices),
        type=option.type,
        param=option.param,
        minimum=option.minimum,
        maximum=option.maximum,
        default=option.default,
        sends=option.sends,
        step=option.step,
    )
