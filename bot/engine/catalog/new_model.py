"""From what a provider lists to a catalogue entry: options known by their parameter, and what is still unknown."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from bot.domain.catalog.models import RESULTS, Kind, Model, Scalar, Source
from bot.domain.orders.matching import normalise
from bot.engine.catalog.listed_names import command_of, in_russian, title_of
from bot.engine.catalog.schema import VALUE_BYTES, ModelEntry, OptionEntry, entry_of
from bot.providers.base import Listed

KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "image_size": ("ar_flux", "size_flux"),
    "aspect_ratio": ("ar_film",),
    "seed": ("seed",),
    "num_inference_steps": ("steps_dev",),
    "guidance_scale": ("guidance",),
    "output_format": ("format_flux",),
    "enable_safety_checker": ("no_safety",),
}
"""Parameters by name, and the shared options of the catalogue that are made of them. num_images: see `_results`."""
OF_CHAT: Final = ("json", "temperature", "top_p", "stop", "seed", "presence", "frequency")
"""Shared options of a chat model whose parameters the service does not list: those of OpenAI's reference."""
OF_REASONING: Final = ("json", "seed")
"""What is left of them for models that reason: they refuse those of sampling."""
_REASONS: Final = re.compile(r"(^|[/_-])(o[1-9]|gpt-5(?!-chat)|r1)(?![a-z0-9])|reason|think", re.IGNORECASE)
PICTURES: Final = ("image_url", "image_urls")
PICTURE_KINDS: Final = (Kind.EDIT, Kind.UPSCALE, Kind.CUTOUT)
CHOICES: Final = 40
USES: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.IMAGE: ("pictures from your words", "картинки по вашим словам"),
    Kind.VIDEO: ("videos from your words", "видео по вашим словам"),
    Kind.MUSIC: ("music from your words", "музыка по вашим словам"),
    Kind.AUDIO: ("sounds from your words", "звуки по вашим словам"),
    Kind.SOLID: ("3D models", "3D-модели"),
    Kind.EDIT: ("changes pictures as you say", "меняет картинки по вашим словам"),
    Kind.UPSCALE: ("makes pictures larger", "увеличивает картинки"),
    Kind.CUTOUT: ("takes the background away", "убирает фон"),
    Kind.ASK: ("answers questions", "отвечает на вопросы"),
}
"""Why one would take a model, in at most five words; in English and Russian. What the service itself says of it is
praise, and in one language."""
LONGEST: Final[Mapping[Kind, float]] = {Kind.VIDEO: 900.0, Kind.MUSIC: 900.0, Kind.AUDIO: 600.0, Kind.SOLID: 900.0}
TYPICAL: Final[Mapping[Kind, float]] = {Kind.VIDEO: 90.0, Kind.MUSIC: 90.0, Kind.AUDIO: 30.0, Kind.SOLID: 60.0}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a listed model would be sold. What an admin decides: `kind`, `title`, `units`, for a chat model `tokens`."""

    provider: str
    listed: Listed
    slug: str
    title: str
    kind: Kind | None
    units: Decimal | None
    live: bool = False
    """The provider tells its price: `units` is today's."""
    tokens: tuple[Decimal, Decimal] | None = None
    """Of a chat model: units for a million tokens in, and out."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The entry, or why there is none yet: words of `market-lacks-*`, and fields that no order would fill."""

    entry: ModelEntry | None
    lacks: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def plan_of(provider: str, listed: Listed, taken: Collection[str], *, live: bool, titles: Collection[str] = ()) -> Plan:
    """A first plan: what the provider says, and names made of it. `taken` are other commands, `titles` those of other
    models, normalised."""
    return Plan(
        provider,
        listed,
        command_of(listed.upstream_id, taken, kind=listed.kind),
        title_of(listed.upstream_id, listed.title, kind=listed.kind, taken=titles),
        listed.kind,
        listed.units,
        live and listed.units is not None,
    )


def draw(plan: Plan, shared: Mapping[str, OptionEntry], like: Iterable[Model]) -> Drawn:
    """The entry that the plan makes. `like`: models sold already; one of the same provider and kind lends its times,
    its limit and the way its pictures and several results are ordered."""
    lacks = [name for name, there in (("kind", plan.kind), ("price", plan.units)) if there is None]
    if plan.kind is Kind.ASK and plan.tokens is None:
        lacks.append("tokens")
    if plan.kind is None or lacks:
        return Drawn(None, tuple(lacks))
    known = list(like)
    template = next((m for m in known if m.provider == plan.provider and m.kind is plan.kind), None)
    if template is None:
        template = next((m for m in known if m.kind is plan.kind), None)
    data = _data(plan, plan.kind, template, _options(plan, shared, known), _fixed(plan, known, template))
    filled = {"prompt", "model", *(data["fixed"] or {})}
    if data["inputs"] is not None:
        filled.add(data["inputs"]["param"])
    fields = tuple(name for name in plan.listed.required if name not in filled)
    if fields:
        return Drawn(None, ("fields",), fields)
    if data["prompt_limit"] == 0 and data["inputs"] is None:
        return Drawn(None, ("form",))  # it would have nothing to work on
    try:
        return Drawn(ModelEntry.model_validate(data))
    except ValidationError:
        return Drawn(None, ("form",))


def _fixed(plan: Plan, known: Iterable[Model], template: Model | None) -> dict[str, Scalar]:
    """What goes with every order: as with the model that this is a variant of, whose options it has, too. Of another of
    its kind only what stands for no option: it may not know the parameter."""
    parent = _parent(plan, known)
    if parent is not None:
        return dict(parent.fixed)
    if template is None or template.provider != plan.provider:
        return {}
    optional = {option.param for option in template.options}
    return {name: value for name, value in template.fixed.items() if name not in optional}


def _data(
    plan: Plan, kind: Kind, template: Model | None, options: list[OptionEntry], fixed: Mapping[str, Scalar]
) -> dict[str, Any]:
    listed, same = plan.listed, template is not None and template.provider == plan.provider
    takes_words = not listed.parameters or "prompt" in listed.parameters
    typical = listed.typical_seconds or (template.typical_seconds if template else TYPICAL.get(kind, 20.0))
    longest = max(template.longest_seconds if template else LONGEST.get(kind, 300.0), typical * 4)
    limit = template.prompt_limit if template is not None and template.prompt_limit else 2000
    use = USES[kind]
    return {
        "slug": plan.slug,
        "provider": plan.provider,
        "upstream_id": listed.upstream_id,
        "kind": kind,
        "title": {"en": plan.title, "ru": in_russian(plan.title)},
        "description": {"en": use[0], "ru": use[1]},
        "units": plan.units,
        "typical_seconds": typical,
        "longest_seconds": longest,
        "prompt_limit": limit if takes_words else 0,
        "options": options,
        "live": plan.live,
        "inputs": _inputs(plan, kind, template if same else None),
        "fixed": dict(fixed),
        "tokens": {"input": plan.tokens[0], "output": plan.tokens[1]} if plan.tokens else None,
        "words_optional": _words_optional(listed),
    }


def _words_optional(listed: Listed) -> bool:
    """Whether its schema takes words beside a picture that it requires, and does not require them."""
    pictured = any(name in listed.required for name in PICTURES)
    return pictured and "prompt" in listed.parameters and "prompt" not in listed.required


def _inputs(plan: Plan, kind: Kind, template: Model | None) -> dict[str, Any] | None:
    """The pictures it works on: as its schema requires them, else as those of its like."""
    required = next((name for name in PICTURES if name in plan.listed.required), None)
    if required is not None:
        return {"minimum": 1, "maximum": 10 if required.endswith("s") else 1, "param": required}
    if kind not in PICTURE_KINDS:
        return None
    if template is not None:
        like = template.inputs
        source = like.source if like.source is Source.OWN else Source.ANY
        return {"minimum": like.minimum, "maximum": like.maximum, "param": like.param, "source": source}
    return {"minimum": 1, "maximum": 1, "param": "image_url"}


def _options(plan: Plan, shared: Mapping[str, OptionEntry], like: Iterable[Model]) -> list[OptionEntry]:
    """The options we know of its parameters, each with the choices that the provider lists. Where it lists none: those
    of the sold model that this is a variant of, else what its kind has."""
    if not plan.listed.parameters:
        return _unlisted(plan, shared, like)
    found: list[OptionEntry] = []
    for param in plan.listed.parameters:
        for name in KNOWN.get(param, ()):
            option = shared.get(name)
            fitting = _fitting(option, plan.listed.choices.get(param, ())) if option is not None else None
            if fitting is not None and all(o.name != fitting.name for o in found):
                found.append(fitting)
    several = _results(plan, shared, like)
    return [several, *found] if several is not None else found


def _unlisted(plan: Plan, shared: Mapping[str, OptionEntry], like: Iterable[Model]) -> list[OptionEntry]:
    known = list(like)
    parent = _parent(plan, known)
    if parent is not None:
        return [entry_of(option) for option in parent.options]
    if plan.kind is Kind.ASK:
        names = OF_REASONING if _REASONS.search(plan.listed.upstream_id) else OF_CHAT
        return [shared[name] for name in names if name in shared]
    several = _results(plan, shared, known)
    return [several] if several is not None else []


def _parent(plan: Plan, known: Iterable[Model]) -> Model | None:
    """The sold model of which this is a variant by its name: "gpt-image-1-mini" of "gpt-image-1"."""
    mine = plan.listed.upstream_id.lower()
    same = [m for m in known if m.provider == plan.provider and m.kind is plan.kind]
    named = [m for m in same if re.match(rf"{re.escape(m.upstream_id.lower())}(?![a-z0-9])", mine)]
    return max(named, key=lambda m: len(m.upstream_id), default=None)


def _fitting(option: OptionEntry, listed: tuple[str, ...]) -> OptionEntry | None:
    """The option with the values that the provider lists; those of ours that it does not list are left out."""
    if not option.choices or not listed:
        return option
    ours = [c for c in option.choices if (c.value if c.sends is None else c.sends) in listed]
    if option.name in ("ar", "size", "format") and all(c.sends is None for c in option.choices):
        have = {c.value for c in ours}
        extra = [v for v in listed if v not in have and _typed(v)]
        data = option.model_dump()
        more = [{"value": v, "en": v, "ru": v} for v in extra]
        data["choices"] = [*(c.model_dump() for c in ours), *more][:CHOICES]
        return _checked(data)
    return option.model_copy(update={"choices": ours}) if ours else None


def _typed(value: str) -> bool:
    """Whether it can be typed and stand on a button."""
    return bool(value.strip()) and value.isprintable() and len(value.encode()) <= VALUE_BYTES


def _checked(data: dict[str, Any]) -> OptionEntry | None:
    values = [normalise(c["value"]) for c in data["choices"]]
    if not values or len(set(values)) < len(values):
        return None
    try:
        return OptionEntry.model_validate(data)
    except ValidationError:
        return None


def _results(plan: Plan, shared: Mapping[str, OptionEntry], like: Iterable[Model]) -> OptionEntry | None:
    """`--n`, where models of this provider have it: in their way, and no more than the provider makes at once."""
    if plan.kind is None or plan.kind not in (Kind.IMAGE, Kind.EDIT):
        return None
    several = next((o for m in like if m.provider == plan.provider and (o := m.option(RESULTS)) is not None), None)
    option = shared.get("n")
    if several is None or option is None:
        return None
    most = int(several.maximum or 1)
    if several.param:
        most = min(most, plan.listed.max_results)
    if most < 2:
        return None
    return option.model_copy(update={"param": several.param, "maximum": Decimal(most)})
