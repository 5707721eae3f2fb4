"""What a person ordered in words: flags and prompt become a draft, or a sentence that says what is wrong."""

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from bot.domain.catalog.models import Kind, Model, OptionType
from bot.domain.jobs import Input
from bot.domain.orders import flags
from bot.domain.orders.flags import MissingValue, ParsedFlags, RepeatedFlag, UnknownFlag
from bot.domain.orders.inputs import suits
from bot.domain.orders.matching import Hit, match
from bot.domain.orders.order_defaults import Usual
from bot.domain.orders.typed_values import names_of
from bot.domain.visible import visible
from bot.engine.accounts.preferences import Preferences
from bot.engine.catalog.shop import Offer
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.draft import Market, OrderDraft, tidy
from bot.telegram.orders.draft.flag_text import MODEL, Read, over, preset_values, unfit, usual_of
from bot.telegram.orders.draft.option_values import NAMES_SHOWN, TYPED_SHOWN, Wrong, one, options_of, wanted
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.picture_rules import pictures_refused
from bot.telegram.orders.draft.steps import PromptTooLong, auto_select, with_model
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.option_texts import said_value

__all__ = [
    "MODEL",
    "Parsed",
    "Wrong",
    "example",
    "model_names",
    "parse",
    "problems",
    "read",
    "reader",
    "with_presets",
]

PRESETS_SHOWN: Final = 4
NO_PREFERENCES: Final = Preferences()
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Parsed(ParsedFlags):
    """Flags and words of a text, and the presets that are named in it, in their order."""

    presets: tuple[str, ...] = ()


def read(
    t: Speech, request: OrderRequest, market: Market, inputs: Sequence[Input] = (), own: Preferences = NO_PREFERENCES
) -> OrderDraft:
    """The draft, decided as far as the request decides it. `inputs` are added to the request's; `own` are the presets
    and usual choices of the user. Flags typed win over those of presets, and these over the usual ones. Raises
    Wrong."""
    pictures = (*request.inputs, *inputs)
    scope = _scope(request, market)
    parsed = parse(request.text, market.offers, with_model=request.model is None, presets=own.presets)
    if parsed.problems:
        raise Wrong(problems(t, scope, parsed.problems, request.model, own.presets))
    usual = usual_of(own)
    words = f"{request.subject}\n{parsed.prompt}" if request.subject and parsed.prompt else parsed.prompt

    def drafted(values: Mapping[str, str]) -> OrderDraft:
        return _draft(t, request, market, pictures, words, values, usual)

    return with_presets(t, parsed, own, reader(market.offers), drafted)


def with_presets(
    t: Speech, parsed: Parsed, own: Preferences, read: Read, made: Callable[[Mapping[str, str]], Made]
) -> Made:
    """What is `made` of the flags typed and those of the presets named with them. Raises Wrong; what is wrong only
    because of a preset says so."""
    if not parsed.presets:
        return made(parsed.values)
    values, broken = preset_values(own, parsed.presets, read)
    if broken:
        raise unfit(t, broken)
    try:
        return made(over(values, parsed.values))
    except Wrong as wrong:
        made(parsed.values)  # raises what is wrong with the rest, if anything is
        raise unfit(t, parsed.presets, wrong.text) from None


def _draft(
    t: Speech,
    request: OrderRequest,
    market: Market,
    pictures: tuple[Input, ...],
    words: str,
    values: Mapping[str, str],
    usual: Usual,
) -> OrderDraft:
    scope, typed = _scope(request, market), dict(values)
    named = typed.pop(MODEL, None)
    model = request.model or _named_model(t, request, market, named)
    prompt = tidy(words) or tidy(request.quoted)
    draft = OrderDraft(prompt=prompt, kind=request.kind, inputs=pictures, usual=usual)
    refused = pictures_refused(t, draft, model, market)
    if refused is not None:
        raise Wrong(refused)
    if not prompt and not pictures and not _awaits_words(request, words):
        raise Wrong(_no_prompt(t, request, words))
    everything = [o.model for o in market.offers]
    try:
        if model is not None:
            draft = replace(draft, usual=replace(usual, typed=typed))
            return with_model(draft, model, draft.usual.options(model, options_of(t, model, typed, everything)))
        fitting = [o.model for o in scope if suits(o.model, pictures)]
        draft = replace(draft, wanted=wanted(t, fitting, typed, everything))
        _fits_any(t, draft, market)
        return auto_select(draft, market)
    except PromptTooLong as error:
        limit, name = error.model.prompt_limit, t.title(error.model.title)
        raise Wrong(t("order-too-long", length=len(prompt), limit=limit, model=name)) from None


def parse(text: str, offers: Sequence[Offer], *, with_model: bool, presets: Collection[str] = ()) -> Parsed:
    """Takes the text apart by all flags on sale: those that the chosen model lacks are told, not read as words. A
    preset whose name became that of a flag is not meant."""
    options = [option for o in offers for option in o.model.options]
    plain = {option.name for option in options if option.type is not OptionType.SWITCH}
    known = {**_known(offers, with_model=with_model)}
    own = {name: () for name in presets if name not in known and name != MODEL}
    parsed = flags.parse(text, {**known, **own}, ({o.name for o in options} - plain) | own.keys())
    values = {name: value for name, value in parsed.values.items() if name not in own}
    used = tuple(name for name, value in parsed.values.items() if name in own and value)
    return Parsed(values, parsed.prompt, parsed.problems, used)


def reader(offers: Sequence[Offer]) -> Read:
    """The function that takes apart flags which were stored earlier."""
    return functools.partial(parse, offers=offers, with_model=True)


def example(t: Speech, request: OrderRequest) -> dict[str, str]:
    """The values for texts that show an example."""
    kind = request.model.kind if request.model is not None else request.kind or Kind.VIDEO
    return {"command": request.command or kind.value, "example": t.plain(f"order-example-{kind.value}")}


def _scope(request: OrderRequest, market: Market) -> tuple[Offer, ...]:
    if request.model is not None:
        return tuple(o for o in market.offers if o.model.slug == request.model.slug)
    kind = request.kind
    return tuple(o for o in market.offers if o.model.kind is kind or (kind is None and o.model.kind is not Kind.ASK))


def _known(offers: Sequence[Offer], *, with_model: bool) -> Mapping[str, Sequence[str]]:
    """Every flag that may be typed here, with the names its values may have."""
    known: dict[str, list[str]] = {}
    if with_model:
        known[MODEL] = [name for o in offers for name in model_names(o.model)]
    for offer in offers:
        for option in offer.model.options:
            known.setdefault(option.name, []).extend(n for c in option.choices for n in names_of(c))
    return known


def model_names(model: Model) -> list[str]:
    return [model.slug, *model.title.by_language.values()]


def problems(
    t: Speech,
    scope: Sequence[Offer],
    found: Sequence[flags.Problem],
    chosen: Model | None = None,
    presets: Collection[str] = (),
) -> Html:
    """One line of text for each problem. `chosen`: the command names the model."""
    known = [f"--{name}" for name in (*list(presets)[:PRESETS_SHOWN], *_known(scope, with_model=chosen is None))]
    return lines([_problem(t, scope, each, known, chosen) for each in found])


def _problem(
    t: Speech, scope: Sequence[Offer], problem: flags.Problem, known: Sequence[str], chosen: Model | None
) -> Html:
    match problem:
        case UnknownFlag(name) if known:
            return t("order-unknown-flag", flag=shorten(name, TYPED_SHOWN), known=", ".join(known[:NAMES_SHOWN]))
        case UnknownFlag(name):
            model = t.title(chosen.title) if chosen is not None else ""
            return t("order-unknown-flag-none", flag=shorten(name, TYPED_SHOWN), model=model)
        case MissingValue(name):
            return t("order-flag-no-value", flag=name, example=f"--{name} {_some_value(t, scope, name)}")
        case RepeatedFlag(name):
            return t("order-flag-twice", flag=name)


def _some_value(t: Speech, scope: Sequence[Offer], flag: str) -> str:
    if flag == MODEL:
        return scope[0].model.slug if scope else "…"
    option = next((found for o in scope if (found := o.model.option(flag)) is not None), None)
    if option is None:
        return "…"
    if option.choices:
        return t.title(option.choices[0].title)
    if option.maximum is not None and option.minimum is not None:
        return said_value(t, option, option.default or f"{option.minimum:f}")
    return t.plain("option-words", words="…")


def _named_model(t: Speech, request: OrderRequest, market: Market, typed: str | None) -> Model | None:
    if typed is None:
        return None
    of_kind = [o.model for o in _scope(request, market)]
    found = match(typed, [(m.slug, model_names(m)) for m in of_kind])
    if not (isinstance(found, Hit) and found.exact):
        other = match(typed, [(o.model.slug, model_names(o.model)) for o in market.offers])
        elsewhere = market.get(other.key) if isinstance(other, Hit) and other.exact else None
        if elsewhere is not None:
            model = elsewhere.model
            raise Wrong(t("order-model-not-kind", model=t.title(model.title), command=model.kind.value))
    titles = {m.slug: t.title(m.title) for m in of_kind}
    key = one(t, found, typed, titles, unknown="order-unknown-model")
    return next(m for m in of_kind if m.slug == key)


def _awaits_words(request: OrderRequest, typed: str) -> bool:
    """Whether a command came alone: its words are taken from the next message. What cannot be seen is told as wrong."""
    return request.waits and not typed and not (request.text and not visible(request.text))


def _no_prompt(t: Speech, request: OrderRequest, typed: str) -> Html:
    blank = typed or (request.text and not visible(request.text))
    return t("order-blank-prompt" if blank else "order-no-prompt", **example(t, request))


def _fits_any(t: Speech, draft: OrderDraft, market: Market) -> None:
    limits = [o.model.prompt_limit for o in market.listed(draft)]
    limit = max(limits, default=len(draft.prompt))
    if 0 not in limits and len(draft.prompt) > limit:
        raise Wrong(t("order-too-long-all", length=len(draft.prompt), limit=limit))
