"""Reads a catalogue file (TOML) into the domain, and says what is wrong with it in words an operator can act on."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.domain.catalog import Catalog, Choice, Kind, Model, Option, Terms, Words
from bot.domain.matching import normalise

DEFAULT_FILE = Path(__file__).resolve().parent.parent / "catalog.toml"
VALUE_BYTES = 24
"""Slugs and values travel in callback data, which has 64 bytes altogether."""
PROBLEMS = 20


class CatalogError(Exception):
    """The catalogue cannot be used; the text lists the problems, each with its place."""


def _short(value: str) -> str:
    if len(value.encode()) > VALUE_BYTES or ":" in value or not value.isprintable():
        raise ValueError(f"must have at most {VALUE_BYTES} bytes and no ':' (it goes into buttons)")
    return value


def _filled(value: str) -> str:
    if not normalise(value):
        raise ValueError("must not be empty")
    return value.strip()


Slug = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$"), AfterValidator(_short)]
Value = Annotated[str, AfterValidator(_filled), AfterValidator(_short)]
Title = Annotated[str, Field(max_length=40), AfterValidator(_filled)]
Text = Annotated[str, Field(max_length=200), AfterValidator(_filled)]
Positive = Annotated[Decimal, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Titles(_Strict):
    """English first: it is what other languages fall back to."""

    en: Title
    ru: Title

    def words(self) -> Words:
        return Words({"en": self.en, "ru": self.ru})


class _Texts(_Strict):
    en: Text
    ru: Text


class _Choice(_Titles):
    value: Value


class _Option(_Strict):
    name: Annotated[str, Field(pattern="^[a-z]+$", max_length=16)]
    title: _Titles
    choices: Annotated[list[_Choice], Field(min_length=1, max_length=200)]


class _Model(_Strict):
    slug: Slug
    provider: str
    upstream_id: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind
    title: _Titles
    description: _Texts
    units: Positive
    typical_seconds: Seconds
    longest_seconds: Seconds
    prompt_limit: Annotated[int, Field(ge=1, le=100_000)]
    options: Annotated[list[_Option], Field(max_length=16)] = []
    unsteady: bool = False


class _Provider(_Strict):
    title: Title
    credits_per_unit: Positive
    markup: Positive
    concurrency: Annotated[int, Field(ge=1, le=100_000)]


class _File(_Strict):
    providers: dict[Slug, _Provider]
    models: Annotated[list[_Model], Field(min_length=1, max_length=1000)]


def load_catalog(
    path: Path | None = None,
    *,
    credits_per_unit: Mapping[str, Decimal] | None = None,
    concurrency: Mapping[str, int] | None = None,
) -> Catalog:
    """The catalogue of `path`, or the one that comes with Easel; the settings' values by provider win over the file's.

    Raises CatalogError with one line per problem.
    """
    source = path or DEFAULT_FILE
    try:
        with source.open("rb") as file:
            data = tomllib.load(file, parse_float=Decimal)
        parsed = _File.model_validate(data)
    except OSError as error:
        raise _error(source, [f"cannot be read: {error.strerror or error}"]) from None
    except ValidationError as error:
        raise _error(source, _explain(error)) from None
    except ValueError as error:
        raise _error(source, [f"is not TOML: {error}"]) from None
    if problems := list(_contradictions(parsed)):
        raise _error(source, problems)
    return _catalog(parsed, credits_per_unit or {}, concurrency or {})


def _error(source: Path, problems: list[str]) -> CatalogError:
    told = problems[:PROBLEMS]
    if len(problems) > PROBLEMS:
        told.append(f"… and {len(problems) - PROBLEMS} more")
    return CatalogError("\n".join([f"The catalogue {source} cannot be used:", *(f"  - {line}" for line in told)]))


def _explain(error: ValidationError) -> list[str]:
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_context=False):
        match problem["type"]:
            case "extra_forbidden":
                said = "is not known here; is it misspelt?"
            case "missing":
                said = "is missing"
            case _:
                got = problem["input"]
                shown = f" (got {str(got)[:60]!r})" if isinstance(got, str | int | float | Decimal) else ""
                said = problem["msg"].removeprefix("Value error, ") + shown
        lines.append(f"{_place(problem['loc'])}: {said}")
    return lines


def _place(loc: Iterable[int | str]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def _contradictions(file: _File) -> Iterator[str]:
    """What is right field by field and wrong together."""
    yield from _twice("models", "slug", [m.slug for m in file.models])
    for language in ("en", "ru"):
        yield from _twice("models", f"title.{language}", [getattr(m.title, language) for m in file.models])
    for number, model in enumerate(file.models):
        place = f"models[{number}]"
        if model.provider not in file.providers:
            yield f"{place}.provider: {model.provider!r} is not among the providers ({', '.join(file.providers)})"
        if model.slug in list(Kind):
            yield f"{place}.slug: {model.slug!r} is the name of a kind"
        if model.typical_seconds > model.longest_seconds:
            yield f"{place}.typical_seconds: is above longest_seconds"
        yield from _twice(f"{place}.options", "name", [o.name for o in model.options])
        for index, option in enumerate(model.options):
            yield from _option_contradictions(f"{place}.options[{index}]", option)


def _option_contradictions(place: str, option: _Option) -> Iterator[str]:
    if option.name == "model":
        yield f"{place}.name: 'model' is the flag that names the model"
    yield from _twice(f"{place}.choices", "value", [c.value for c in option.choices])
    for language in ("en", "ru"):
        yield from _twice(f"{place}.choices", language, [getattr(c, language) for c in option.choices])


def _twice(place: str, field: str, values: list[str]) -> Iterator[str]:
    """Values that typing cannot tell apart: case, spaces and dashes do not count."""
    first: dict[str, int] = {}
    for number, value in enumerate(values):
        before = first.setdefault(normalise(value), number)
        if before != number:
            yield f"{place}[{number}].{field}: {value!r} is the same as in {place}[{before}]"


def _catalog(file: _File, credits_per_unit: Mapping[str, Decimal], concurrency: Mapping[str, int]) -> Catalog:
    terms = {
        name: Terms(
            provider=name,
            title=provider.title,
            credits_per_unit=credits_per_unit.get(name, provider.credits_per_unit),
            markup=provider.markup,
            concurrency=concurrency.get(name, provider.concurrency),
        )
        for name, provider in file.providers.items()
    }
    return Catalog(terms=terms, models=tuple(_model(model) for model in file.models))


def _model(model: _Model) -> Model:
    return Model(
        slug=model.slug,
        provider=model.provider,
        upstream_id=model.upstream_id,
        kind=model.kind,
        title=model.title.words(),
        description=Words({"en": model.description.en, "ru": model.description.ru}),
        units=model.units,
        typical_seconds=model.typical_seconds,
        longest_seconds=model.longest_seconds,
        prompt_limit=model.prompt_limit,
        options=tuple(
            Option(o.name, o.title.words(), tuple(Choice(c.value, c.words()) for c in o.choices)) for o in model.options
        ),
        unsteady=model.unsteady,
    )
