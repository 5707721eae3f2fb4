"""Flags and names that people want to keep: looked at when they are kept, against everything that is on sale."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.catalog.models import Kind, Model
from bot.domain.orders.flags import UnknownFlag
from bot.domain.orders.matching import match
from bot.domain.visible import visible
from bot.engine.accounts.preferences import FLAGS_TEXT, PRESET_NAME
from bot.engine.catalog.shop import Offer
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.flag_text import MODEL, written
from bot.telegram.orders.draft.option_values import TYPED_SHOWN, Wrong, one, options_of, wanted
from bot.telegram.orders.draft.parse import model_names, parse, problems

NONE: Final[Mapping[str, str]] = {}
NAME: Final = re.compile(rf"[^\W\d_][\w-]{{0,{PRESET_NAME - 1}}}")


def preset_name(t: Speech, typed: str, models: Sequence[Model]) -> str:
    """The name as it is kept: without dashes before it, in small letters. Raises Wrong for none, and for a flag's."""
    name = typed.lstrip("-—–").casefold()
    if (
        NAME.fullmatch(name) is None
        or not visible(name)
        or len(name) > PRESET_NAME
        or len(name.encode()) > 2 * PRESET_NAME
    ):
        raise Wrong(t("preset-bad-name", name=shorten(typed, TYPED_SHOWN), limit=PRESET_NAME))
    if name == MODEL or any(option.name.casefold() == name for model in models for option in model.options):
        raise Wrong(t("preset-name-taken", name=name))
    return name


def preset_flags(t: Speech, text: str, offers: Sequence[Offer], presets: Mapping[str, str] = NONE) -> str:
    """A preset's flags as they are kept: at least one model has all of them. Raises Wrong; `presets` are those that the
    person has, which are no flags here."""
    values = _values(t, text, offers, "preset-no-flags", presets)
    typed = dict(values)
    named = typed.pop(MODEL, None)
    models = [o.model for o in offers]
    if named is not None:
        options_of(t, _model(t, named, models), typed, models)
    else:
        wanted(t, models, typed, models)
    return _kept(t, values)


def usual_flags(
    t: Speech, text: str, kind: Kind, offers: Sequence[Offer], presets: Mapping[str, str] = NONE
) -> tuple[str, str]:
    """The usual model's slug, "" where none is named, and the flags of a kind: each is one of some model of it, for
    they are soft. Raises Wrong."""
    scope = [o for o in offers if o.model.kind is kind]
    models, everything = [o.model for o in scope], [o.model for o in offers]
    typed = dict(_values(t, text, offers, "settings-flags-only", presets, scope))
    named = typed.pop(MODEL, None)
    slug = _model(t, named, models).slug if named is not None else ""
    for name, value in typed.items():
        wanted(t, models, {name: value}, everything)
    return slug, _kept(t, typed)


def fits(t: Speech, text: str, offers: Sequence[Offer]) -> bool:
    """Whether a preset still goes with what is on sale."""
    try:
        preset_flags(t, text, offers)
    except Wrong:
        return False
    return True


def _values(
    t: Speech,
    text: str,
    offers: Sequence[Offer],
    how: str,
    presets: Mapping[str, str],
    named: Sequence[Offer] | None = None,
) -> Mapping[str, str]:
    """`named`: those whose flags are named where one is unknown."""
    parsed = parse(text, offers, with_model=True)
    unknown = (each.name.casefold() for each in parsed.problems if isinstance(each, UnknownFlag))
    if (inner := next((name for name in unknown if name in presets), None)) is not None:
        raise Wrong(t("preset-inside", name=inner, flags=presets[inner]))
    if parsed.problems:
        raise Wrong(problems(t, offers if named is None else named, parsed.problems))
    if parsed.prompt or not parsed.values:
        raise Wrong(t(how, words=shorten(parsed.prompt, TYPED_SHOWN)))
    return parsed.values


def _model(t: Speech, named: str, models: Sequence[Model]) -> Model:
    titles = {m.slug: t.title(m.title) for m in models}
    found = match(named, [(m.slug, model_names(m)) for m in models])
    key = one(t, found, named, titles, unknown="order-unknown-model")
    return next(m for m in models if m.slug == key)


def _kept(t: Speech, values: Mapping[str, str]) -> str:
    text = written(values)
    if len(text) > FLAGS_TEXT:
        raise Wrong(t("preset-too-long", length=len(text), limit=FLAGS_TEXT))
    return text
