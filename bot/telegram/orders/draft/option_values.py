"""Options as typed: values for one model, or the models that have all of them, or a sentence with what is possible."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.catalog.models import Choice, Model, Option, OptionType
from bot.domain.catalog.options import clashing
from bot.domain.orders.matching import Ambiguous, Hit, Match, Missing, normalise
from bot.domain.orders.typed_values import match_choice, match_named, means_none, names_of, plain_value
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.ui.option_texts import flag_list, model_list, said_range

TYPED_SHOWN: Final = 40
NAMES_SHOWN: Final = 12

Values = dict[str, str]


class Wrong(Exception):
    """The request cannot be taken; `text` says why and what to do."""

    def __init__(self, text: Html) -> None:
        super().__init__(text)
        self.text = text


def one(t: Speech, found: Match, typed: str, titles: Mapping[str, str], *, unknown: str, option: str = "") -> str:
    """The key that is meant. Raises Wrong with the candidates or the nearest names."""
    value = shorten(typed, TYPED_SHOWN)
    match found:
        case Hit(key):
            return key
        case Ambiguous(keys):
            raise Wrong(t("order-ambiguous", value=value, candidates=_names([titles[k] for k in keys])))
        case Missing(nearest):
            names = _names([titles[k] for k in nearest or titles])
            hint = t("order-nearest", names=names) if nearest else t("order-possible", names=names)
            raise Wrong(t(unknown, value=value, nearest=hint, option=option))


def options_of(t: Speech, model: Model, typed: Mapping[str, str], everything: Sequence[Model]) -> Values:
    """Values of a chosen model's options, in stored form. Raises Wrong; `everything` has the models to name instead."""
    values: Values = {}
    for name, text in typed.items():
        option = model.option(name)
        if option is None:
            raise Wrong(_no_option(t, model, name, everything))
        values[name] = _value_of(t, option, text)
    both = clashing(model, values)
    if both is not None:
        raise Wrong(_clash(t, model, both))
    return values


def wanted(
    t: Speech, scope: Sequence[Model], typed: Mapping[str, str], everything: Sequence[Model]
) -> dict[str, Values]:
    """Options typed without a model: the models that have all of them, each with its own values. Raises Wrong.

    The same title in two models is one thing, so that a name shared by both is no ambiguity but a choice of model.
    """
    having: dict[str, Values] = {m.slug: {} for m in scope} if typed else {}
    for name, text in typed.items():
        options = {m.slug: option for m in scope if (option := m.option(name)) is not None}
        if not options:
            raise Wrong(_elsewhere(t, name, everything))
        values = _values_of(t, options, text, scope)
        having = {slug: {**before, name: values[slug]} for slug, before in having.items() if slug in values}
    if typed and not having:
        raise Wrong(_not_together(t, scope, typed))
    clashes = {m.slug: both for m in scope if m.slug in having and (both := clashing(m, having[m.slug])) is not None}
    if having and len(clashes) == len(having):
        model = next(m for m in scope if m.slug in clashes)
        raise Wrong(_clash(t, model, clashes[model.slug]))
    return {slug: values for slug, values in having.items() if slug not in clashes}


def _value_of(t: Speech, option: Option, text: str) -> str:
    said = t.title(option.title)
    if option.type is OptionType.CHOICE:
        found = match_choice(option, text)
        if means_none(text, found):
            return ""
        titles = {c.value: t.title(c.title) for c in option.choices}
        return one(t, found, text, titles, unknown="order-unknown-value", option=said)
    value = _plain(option, text)
    if value is None:
        typed = shorten(text, TYPED_SHOWN)
        raise Wrong(t("option-out-of-range", option=said, value=typed, range=said_range(t, option)))
    return value


def _plain(option: Option, text: str) -> str | None:
    """The stored value, "" for none; None when there is no such value."""
    return "" if text == "" or means_none(text) else plain_value(option, text)


def _values_of(t: Speech, options: Mapping[str, Option], text: str, scope: Sequence[Model]) -> Values:
    """The value of one option in every model of `scope` that has it. Raises Wrong when none has it."""
    if means_none(text, _match_things(t, options, text)):
        return dict.fromkeys(options, "")
    plain = {slug: _plain(o, text) for slug, o in options.items() if o.type is not OptionType.CHOICE}
    values = {slug: value for slug, value in plain.items() if value is not None}
    of_choice = {slug: o for slug, o in options.items() if o.type is OptionType.CHOICE}
    if of_choice and not values:
        _, titles = _things(t, list(of_choice.values()))
        said = t.title(next(iter(of_choice.values())).title)
        found = _match_things(t, of_choice, text)
        key = one(t, found, text, titles, unknown="order-no-option-any", option=said)
        values |= {slug: c.value for slug, o in of_choice.items() for c in o.choices if _thing(c) == key}
    if not values:
        option = next(iter(options.values()))
        ranges = _ranges(t, options, scope)
        value = shorten(text, TYPED_SHOWN)
        raise Wrong(t("option-out-of-range", option=t.title(option.title), value=value, range=ranges))
    return values


def _ranges(t: Speech, options: Mapping[str, Option], scope: Sequence[Model]) -> str:
    """What is possible, with the models it is possible for where they differ."""
    ranges: dict[str, list[Model]] = {}
    for model in scope:
        if model.slug in options:
            ranges.setdefault(said_range(t, options[model.slug]), []).append(model)
    if len(ranges) == 1:
        return next(iter(ranges))
    return "; ".join(f"{said} ({model_list(t, models)})" for said, models in ranges.items())


def _match_things(t: Speech, options: Mapping[str, Option], text: str) -> Match:
    things, _ = _things(t, [o for o in options.values() if o.type is OptionType.CHOICE])
    return match_named(text, list(things.items()))


def _things(t: Speech, options: Sequence[Option]) -> tuple[dict[str, list[str]], dict[str, str]]:
    names: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for choice in (c for o in options for c in o.choices):
        names.setdefault(_thing(choice), []).extend(names_of(choice))
        titles[_thing(choice)] = t.title(choice.title)
    return names, titles


def _thing(choice: Choice) -> str:
    return normalise(next(iter(choice.title.by_language.values())))


def _no_option(t: Speech, model: Model, name: str, everything: Sequence[Model]) -> Html:
    """The model lacks it: who has it, and what this one has."""
    having = [m for m in everything if m.option(name) is not None]
    same = [m for m in having if m.kind is model.kind] or having
    own = flag_list(model)
    title = t.title(having[0].option(name).title) if having else f"--{name}"  # type: ignore[union-attr]
    parts = [t("order-no-option", model=t.title(model.title), option=title, flag=name)]
    if same:
        parts.append(t("option-models-with", models=model_list(t, same)))
    if own:
        parts.append(t("option-model-has", model=t.title(model.title), flags=own))
    return Html(" ".join(parts))


def _elsewhere(t: Speech, name: str, everything: Sequence[Model]) -> Html:
    having = [m for m in everything if m.option(name) is not None]
    models = ", ".join(f"{t.title(m.title)} (/{m.kind.value})" for m in having[:NAMES_SHOWN])
    return t("option-elsewhere", flag=name, models=models)


def _not_together(t: Speech, scope: Sequence[Model], typed: Mapping[str, str]) -> Html:
    """Each flag with the models that have this value of it."""
    values = ", ".join(f"--{name} {shorten(text, TYPED_SHOWN)}".rstrip() for name, text in typed.items())
    parts = [t("order-no-model-has-all", values=values)]
    for name, text in typed.items():
        options = {m.slug: option for m in scope if (option := m.option(name)) is not None}
        having = _values_of(t, options, text, scope)
        said = f"--{name} {shorten(text, TYPED_SHOWN)}".rstrip()
        models = model_list(t, [m for m in scope if m.slug in having])
        parts.append(t("option-who-has", flag=said, models=models))
    return Html("\n".join(parts))


def _clash(t: Speech, model: Model, both: tuple[str, str]) -> Html:
    first, second = (model.option(name) for name in both)
    assert first is not None
    assert second is not None
    return t(
        "option-clash",
        model=t.title(model.title),
        first=first.name,
        second=second.name,
        firsts=said_range(t, first),
        seconds=said_range(t, second),
    )


def _names(titles: Sequence[str]) -> str:
    more = " …" if len(titles) > NAMES_SHOWN else ""
    return ", ".join(titles[:NAMES_SHOWN]) + more
