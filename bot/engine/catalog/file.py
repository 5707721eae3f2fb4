"""Reads a catalogue file (TOML) into the domain, and says what is wrong with it in words an operator can act on."""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.domain.catalog.models import RESULTS, Catalog, Kind, OptionType, Terms
from bot.domain.orders.matching import normalise
from bot.engine.catalog.schema import AdoptEntry, CatalogEntries, ModelEntry, OptionEntry, ProviderEntry, model_of

DEFAULT_FILE = Path(__file__).resolve().parents[2] / "catalog.toml"
PROBLEMS = 20
TEXT_LIMIT = 200
OPERATORS_OPTIONS = frozenset({"no-safety"})
"""Options that are sold only where a setting of the operator allows them."""


class CatalogError(Exception):
    """The catalogue cannot be used; the text lists the problems, each with its place."""


def load_catalog(
    path: Path | None = None,
    *,
    credits_per_unit: Mapping[str, Decimal] | None = None,
    concurrency: Mapping[str, int] | None = None,
    markup: Mapping[str, Decimal] | None = None,
    allow: Collection[str] = (),
) -> Catalog:
    """The catalogue of `path`, or the one that comes with Easel; the settings' values by provider win over the file's.

    `allow`: those of OPERATORS_OPTIONS that are sold; the others are left out. Raises CatalogError, a line per problem.
    """
    source = path or DEFAULT_FILE
    try:
        parsed = CatalogEntries.model_validate(read_toml(source.read_bytes()))
    except OSError as error:
        raise unusable(source, [f"cannot be read: {error.strerror or error}"]) from None
    except ValidationError as error:
        raise unusable(source, explain(error)) from None
    except ValueError as error:
        raise unusable(source, [f"is not TOML: {error}"]) from None
    if problems := list(_contradictions(parsed)):
        raise unusable(source, problems)
    won = {"credits_per_unit": credits_per_unit or {}, "concurrency": concurrency or {}, "markup": markup or {}}
    terms = {name: _terms(name, provider, won) for name, provider in parsed.providers.items()}
    hidden = OPERATORS_OPTIONS - set(allow)
    praised = {m.same for m in parsed.models if m.recommended and m.same}  # the same thing elsewhere is, too
    models = (m.model_copy(update={"recommended": m.recommended or m.same in praised}) for m in parsed.models)
    return Catalog(terms, tuple(model_of(_whole(model, parsed), hidden=hidden) for model in models))


def shared_options(path: Path | None = None) -> Mapping[str, OptionEntry]:
    """The options that come with Easel for several models to share, and those of `path`, which win. Raises
    CatalogError."""
    found: dict[str, OptionEntry] = {}
    for source in dict.fromkeys((DEFAULT_FILE, path or DEFAULT_FILE)):
        try:
            shared = read_toml(source.read_bytes()).get("shared", {})
            found |= {name: OptionEntry.model_validate(option) for name, option in shared.items()}
        except (OSError, ValueError) as error:
            raise unusable(source, [str(error)[:TEXT_LIMIT]]) from None
    return found


def families_of(path: Path | None = None) -> tuple[str, ...]:
    """The families whose models may be put on sale by themselves, the preferred ones first. Raises CatalogError."""
    source = path or DEFAULT_FILE
    try:
        return tuple(AdoptEntry.model_validate(read_toml(source.read_bytes()).get("adopt", {})).families)
    except (OSError, ValueError) as error:
        raise unusable(source, [str(error)[:TEXT_LIMIT]]) from None


@lru_cache(maxsize=4)
def read_toml(content: bytes) -> Mapping[str, Any]:
    """A file's tables, to be read only. A start needs them three times, and reading them takes longest."""
    return tomllib.loads(content.decode(), parse_float=Decimal)


def unusable(source: Path, problems: list[str], *, what: str = "catalogue") -> CatalogError:
    """The error that lists the problems; `what` the file is about."""
    told = problems[:PROBLEMS]
    if len(problems) > PROBLEMS:
        told.append(f"… and {len(problems) - PROBLEMS} more")
    return CatalogError("\n".join([f"The {what} {source} cannot be used:", *(f"  - {line}" for line in told)]))


def explain(error: ValidationError) -> list[str]:
    """A line for each field that is wrong, with its place."""
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


def _contradictions(file: CatalogEntries) -> Iterator[str]:
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
        for name in model.shared:
            if name not in file.shared:
                yield f"{place}.shared: {name!r} is not among the shared options ({', '.join(file.shared)})"
        yield from _model_contradictions(place, model)
        yield from _twice(f"{place}.options", "name", [o.name for o in _options(model, file)])
        for index, option in enumerate(model.options):
            yield from _option_contradictions(f"{place}.options[{index}]", option)
    yield from _recommended_twice(file.models)
    for name, option in file.shared.items():
        yield from _option_contradictions(f"shared.{name}", option)


def _recommended_twice(models: list[ModelEntry]) -> Iterator[str]:
    first: dict[Kind, str] = {}
    for number, model in enumerate(models):
        if model.recommended and (before := first.setdefault(model.kind, model.slug)) != model.slug:
            yield f"models[{number}].recommended: {before!r} is the recommended model of the kind {model.kind.value}"


def _model_contradictions(place: str, model: ModelEntry) -> Iterator[str]:
    if model.hears and (model.kind is not Kind.ASK or model.tokens is not None or model.inputs is None):
        yield f"{place}.hears: belongs to models of the kind ask with inputs and without tokens"
    if not model.hears and (model.kind is Kind.ASK) != (model.tokens is not None):
        yield f"{place}.tokens: belongs to models of the kind ask, and to all of them"
    if model.words_optional and (model.prompt_limit == 0 or model.inputs is None or model.inputs.minimum == 0):
        yield f"{place}.words_optional: belongs to models that need a picture and take words"
    if model.inputs is not None and model.inputs.minimum > model.inputs.maximum:
        yield f"{place}.inputs.minimum: is above maximum"
    if model.inputs is None and model.kind in (Kind.EDIT, Kind.UPSCALE, Kind.CUTOUT):
        yield f"{place}.inputs: is missing; the kind {model.kind.value} works on a picture"
    if model.prompt_limit == 0 and (model.inputs is None or model.inputs.minimum == 0):
        yield f"{place}.prompt_limit: is 0 and no picture is needed; the model would have nothing to work on"


def _option_contradictions(place: str, option: OptionEntry) -> Iterator[str]:
    if option.name == "model":
        yield f"{place}.name: 'model' is the flag that names the model"
    if (option.type is OptionType.CHOICE) != bool(option.choices):
        yield f"{place}.choices: belong to options of the type choice, and to all of them"
    if option.type in (OptionType.INTEGER, OptionType.NUMBER):
        if option.minimum is None or option.maximum is None or option.minimum > option.maximum:
            yield f"{place}: minimum and maximum are needed, in this order"
    elif option.type is OptionType.TEXT:
        if option.minimum is not None or option.maximum is None or not 1 <= option.maximum <= TEXT_LIMIT:
            yield f"{place}.maximum: is the number of characters, 1 to {TEXT_LIMIT}, and has no minimum beside it"
    elif option.minimum is not None or option.maximum is not None:
        yield f"{place}: minimum and maximum belong to numbers"
    if any(c.value == option.default and c.factor != 1 for c in option.choices):
        yield f"{place}.default: has a factor, but is asked for at the price of one result where no value is chosen"
    if option.name == RESULTS and (option.type is not OptionType.INTEGER or option.minimum != 1):
        yield f"{place}: 'n' is the number of results: an integer with a minimum of 1"
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


def _terms(name: str, provider: ProviderEntry, won: Mapping[str, Mapping[str, Any]]) -> Terms:
    return Terms(
        provider=name,
        title=provider.title,
        credits_per_unit=won["credits_per_unit"].get(name, provider.credits_per_unit),
        markup=won["markup"].get(name, provider.markup),
        concurrency=won["concurrency"].get(name, provider.concurrency),
        unit=provider.unit,
        fallback=provider.fallback,
    )


def _options(model: ModelEntry, file: CatalogEntries) -> list[OptionEntry]:
    """A model's own options, then those it shares with others."""
    return [*model.options, *(file.shared[name] for name in model.shared if name in file.shared)]


def _whole(model: ModelEntry, file: CatalogEntries) -> ModelEntry:
    return model.model_copy(update={"options": _options(model, file), "shared": []})
