"""What a person ordered in words: flags and prompt become a draft, or a sentence that says what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain import flags
from bot.domain.catalog import Choice, Kind, Model, Option
from bot.domain.flags import MissingValue, RepeatedFlag, UnknownFlag
from bot.domain.matching import Ambiguous, Hit, Match, Missing, match, normalise
from bot.engine.shop import Offer
from bot.telegram.captions import shorten
from bot.telegram.order_card import lines
from bot.telegram.order_draft import Market, OrderDraft, tidy
from bot.telegram.order_flow import PromptTooLong, settle, with_model
from bot.telegram.texts import Html, Speech

MODEL: Final = "model"
TYPED_SHOWN: Final = 40
NAMES_SHOWN: Final = 12
NO_CHOICE: Final = frozenset({"none", "no", "нет", "без"})
"""Words that mean: none of the option's choices."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command's words. `command` is its name without the slash ("" for plain text), `text` what follows it."""

    command: str
    text: str
    kind: Kind | None = None
    model: Model | None = None
    quoted: str = ""
    """The text of the message it replies to: the prompt when the command itself has none."""


class Wrong(Exception):
    """The request cannot be taken; `text` says why and what to do."""

    def __init__(self, text: Html) -> None:
        super().__init__(text)
        self.text = text


def read(t: Speech, request: Request, market: Market) -> OrderDraft:
    """The draft, settled as far as the request decides it. Raises Wrong."""
    scope = _scope(request, market)
    parsed = flags.parse(request.text, _known(request, scope))
    if parsed.problems:
        raise Wrong(lines([_problem(t, request, scope, p) for p in parsed.problems]))
    typed = dict(parsed.values)
    model = request.model or _named_model(t, request, market, typed.pop(MODEL, None))
    prompt = _prompt(t, request, parsed.prompt)
    draft = OrderDraft(prompt=prompt, kind=request.kind)
    try:
        if model is not None:
            return with_model(draft, model, _options_of(t, model, typed))
        draft = replace(draft, wanted=_wanted(t, scope, typed))
        _fits_any(t, draft, market)
        return settle(draft, market)
    except PromptTooLong as error:
        limit, name = error.model.prompt_limit, t.title(error.model.title)
        raise Wrong(t("order-too-long", length=len(prompt), limit=limit, model=name)) from None


def example(t: Speech, request: Request) -> dict[str, str]:
    """Values of the texts that show how it is done."""
    kind = request.model.kind if request.model is not None else request.kind or Kind.VIDEO
    return {"command": request.command or kind.value, "example": t.plain(f"order-example-{kind.value}")}


def _scope(request: Request, market: Market) -> tuple[Offer, ...]:
    if request.model is not None:
        return tuple(o for o in market.offers if o.model.slug == request.model.slug)
    return tuple(o for o in market.offers if request.kind in (None, o.model.kind))


def _known(request: Request, scope: Sequence[Offer]) -> Mapping[str, Sequence[str]]:
    """Every flag that may be typed here, with the names its values may have."""
    known: dict[str, list[str]] = {}
    if request.model is None:
        known[MODEL] = [name for o in scope for name in _model_names(o.model)]
    for offer in scope:
        for option in offer.model.options:
            known.setdefault(option.name, []).extend(n for c in option.choices for n in _choice_names(c))
    return known


def _model_names(model: Model) -> list[str]:
    return [model.slug, *model.title.by_language.values()]


def _choice_names(choice: Choice) -> list[str]:
    return [choice.value, *choice.title.by_language.values()]


def _problem(t: Speech, request: Request, scope: Sequence[Offer], problem: flags.Problem) -> Html:
    known = [f"--{name}" for name in _known(request, scope)]
    match problem:
        case UnknownFlag(name) if known:
            return t("order-unknown-flag", flag=shorten(name, TYPED_SHOWN), known=", ".join(known[:NAMES_SHOWN]))
        case UnknownFlag(name):
            model = t.title(request.model.title) if request.model is not None else ""
            return t("order-unknown-flag-none", flag=shorten(name, TYPED_SHOWN), model=model)
        case MissingValue(name):
            return t("order-flag-no-value", flag=name, example=f"--{name} {_some_value(t, scope, name)}")
        case RepeatedFlag(name):
            return t("order-flag-twice", flag=name)


def _some_value(t: Speech, scope: Sequence[Offer], flag: str) -> str:
    options = (o.model.option(flag) for o in scope)
    found = next((t.title(o.choices[0].title) for o in options if o is not None and o.choices), None)
    return found if found is not None else scope[0].model.slug if scope else "…"


def _named_model(t: Speech, request: Request, market: Market, typed: str | None) -> Model | None:
    if typed is None:
        return None
    of_kind = [o.model for o in market.offers if request.kind in (None, o.model.kind)]
    found = match(typed, [(m.slug, _model_names(m)) for m in of_kind])
    if isinstance(found, Missing):
        other = match(typed, [(o.model.slug, _model_names(o.model)) for o in market.offers])
        elsewhere = market.get(other.key) if isinstance(other, Hit) and other.exact else None
        if elsewhere is not None:
            model = elsewhere.model
            raise Wrong(t("order-model-not-kind", model=t.title(model.title), command=model.kind.value))
    titles = {m.slug: t.title(m.title) for m in of_kind}
    key = _one(t, found, typed, titles, unknown="order-unknown-model")
    return next(m for m in of_kind if m.slug == key)


def _one(t: Speech, found: Match, typed: str, titles: Mapping[str, str], *, unknown: str, option: str = "") -> str:
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


def _names(titles: Sequence[str]) -> str:
    more = " …" if len(titles) > NAMES_SHOWN else ""
    return ", ".join(titles[:NAMES_SHOWN]) + more


def _options_of(t: Speech, model: Model, typed: Mapping[str, str]) -> dict[str, str]:
    """Values of a chosen model's options. Raises Wrong."""
    values: dict[str, str] = {}
    for name, text in typed.items():
        option = model.option(name)
        if option is None:
            raise Wrong(t("order-no-option", model=t.title(model.title), option=name, flag=name))
        found = match(text, [(c.value, _choice_names(c)) for c in option.choices])
        if _means_none(text, found):
            values[name] = ""
            continue
        titles = {c.value: t.title(c.title) for c in option.choices}
        said = t.title(option.title)
        values[name] = _one(t, found, text, titles, unknown="order-unknown-value", option=said)
    return values


def _means_none(text: str, found: Match) -> bool:
    return normalise(text) in NO_CHOICE and not (isinstance(found, Hit) and found.exact)


def _wanted(t: Speech, scope: Sequence[Offer], typed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Options typed without a model: the models that have all of them, each with its own values. Raises Wrong.

    The same title in two models is one thing, so that a name shared by both is no ambiguity but a choice of model.
    """
    wanted: dict[str, dict[str, str]] = {o.model.slug: {} for o in scope} if typed else {}
    for name, text in typed.items():
        options = {o.model.slug: option for o in scope if (option := o.model.option(name)) is not None}
        things, titles = _things(t, list(options.values()))
        found = match(text, list(things.items()))
        if _means_none(text, found):
            wanted = {slug: {**values, name: ""} for slug, values in wanted.items() if slug in options}
            continue
        said = t.title(next(iter(options.values())).title)
        key = _one(t, found, text, titles, unknown="order-no-option-any", option=said)
        having = {slug: c.value for slug, o in options.items() for c in o.choices if _thing(c) == key}
        wanted = {slug: {**values, name: having[slug]} for slug, values in wanted.items() if slug in having}
    if typed and not wanted:
        values = ", ".join(f"--{name} {shorten(text, TYPED_SHOWN)}" for name, text in typed.items())
        raise Wrong(t("order-no-model-has-all", values=values))
    return wanted


def _things(t: Speech, options: Sequence[Option]) -> tuple[dict[str, list[str]], dict[str, str]]:
    names: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for choice in (c for o in options for c in o.choices):
        names.setdefault(_thing(choice), []).extend(_choice_names(choice))
        titles[_thing(choice)] = t.title(choice.title)
    return names, titles


def _thing(choice: Choice) -> str:
    return normalise(next(iter(choice.title.by_language.values())))


def _prompt(t: Speech, request: Request, typed: str) -> str:
    prompt = tidy(typed) or tidy(request.quoted)
    if prompt:
        return prompt
    key = "order-blank-prompt" if typed or (request.text and not request.text.strip()) else "order-no-prompt"
    raise Wrong(t(key, **example(t, request)))


def _fits_any(t: Speech, draft: OrderDraft, market: Market) -> None:
    limit = max((o.model.prompt_limit for o in market.listed(draft)), default=len(draft.prompt))
    if len(draft.prompt) > limit:
        raise Wrong(t("order-too-long-all", length=len(draft.prompt), limit=limit))
