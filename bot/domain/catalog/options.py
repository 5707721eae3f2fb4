"""Values of a model's options: whether they may be, what they send upstream, how many results they order."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from bot.domain.catalog.models import ON, RESULTS, Model, Option, OptionType, Scalar
from bot.domain.jobs import REFUSED_OPTION, Cause, Job
from bot.domain.visible import visible

DIGITS = 24
"""Characters of a number at most: as long as any value in the catalogue."""


def number(text: str) -> Decimal | None:
    """A plain decimal number, point or comma; None for anything else: exponents, infinities, other scripts."""
    plain = text.strip().replace(",", ".", 1)
    body = plain[1:] if plain[:1] in ("-", "+") else plain
    if not body or len(plain) > DIGITS or not body.isascii() or not body.replace(".", "", 1).isdigit():
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def stored(option: Option, text: str) -> str | None:
    """The text as a job keeps it, None when the option has no such value. "" (not chosen) is a value of all."""
    if text == "":
        return ""
    match option.type:
        case OptionType.CHOICE:
            return text if option.choice(text) is not None else None
        case OptionType.SWITCH:
            return ON if text == ON else None
        case OptionType.INTEGER | OptionType.NUMBER:
            return _number(option, text)
        case OptionType.TEXT:
            return text if visible(text) and len(text) <= (option.maximum or 0) else None


def _number(option: Option, text: str) -> str | None:
    found = number(text)
    if found is None or (option.type is OptionType.INTEGER and found != found.to_integral_value()):
        return None
    low = option.minimum is not None and found < option.minimum
    high = option.maximum is not None and found > option.maximum
    if low or high:
        return None
    return f"{found.normalize():f}" if found else "0"


SHAPES = frozenset({"ar", "size"})
"""Options that both decide the shape of a picture, whatever they are upstream."""
LEFT_TO_THE_MODEL = "auto"
"""The value of a choice by which the model itself decides: it says nothing about a result."""


def rivals(one: Option, other: Option) -> bool:
    """Whether two options decide the same, so that at most one of them may be set: they are one parameter upstream, or
    both the shape of a picture."""
    if one.name == other.name:
        return False
    return (bool(one.param) and one.param == other.param) or {one.name, other.name} == SHAPES


def clashing(model: Model, options: Mapping[str, str]) -> tuple[str, str] | None:
    """Two options set at once that decide the same (`--ar` and `--size`); None when there are none."""
    chosen = [option for option in model.options if options.get(option.name)]
    pairs = ((before, after) for n, after in enumerate(chosen) for before in chosen[:n])
    return next(((one.name, other.name) for one, other in pairs if rivals(one, other)), None)


def differing(model: Model, options: Mapping[str, str]) -> dict[str, str]:
    """Those options that make an order another than one without any, in the order of the model: a default goes without
    saying, and what another option overrules is not sent."""
    sent = parameters(model, options)
    found: dict[str, str] = {}
    for option in model.options:
        value = options.get(option.name, "")
        if not value or stored(option, value) != value or value == stored(option, option.default):
            continue
        if option.param:
            said = _sent(option, value)
            if sent.get(option.param) != said or model.fixed.get(option.param) == said:
                continue
            if any(rivals(option, other) for name in found if (other := model.option(name)) is not None):
                continue
        elif option.name != RESULTS:
            continue
        found[option.name] = value
    return found


def implied(model: Model, options: Mapping[str, str], option: Option) -> str:
    """The value of an option that is not set, as another one with its parameter sets it (`--ar` what `--size` is); ""
    where none does, or to something that this option has no value for."""
    other = of_param(model, options, option.param)
    if other is None or other == option:
        return ""
    sent = _sent(other, options[other.name])
    return next((c.value for c in option.choices if _sent(option, c.value) == sent), "")


def valid(model: Model, options: Mapping[str, str]) -> bool:
    """Whether every value is one of the model's, in stored form, and none clashes."""
    for name, value in options.items():
        option = model.option(name)
        if option is None or stored(option, value) != value:
            return False
    return clashing(model, options) is None


def parameters(model: Model, options: Mapping[str, str]) -> dict[str, Scalar]:
    """What goes upstream beside the prompt: the fixed parameters and those set. Unknown values are left out."""
    sent: dict[str, Scalar] = dict(model.fixed)
    for option in model.options:
        value = options.get(option.name, "")
        if option.param and value and stored(option, value) == value:
            sent[option.param] = _sent(option, value)
    return sent


def of_param(model: Model, options: Mapping[str, str], param: str) -> Option | None:
    """The option that is set and sends that parameter; None where none does."""
    return next((o for o in model.options if o.param == param and param and options.get(o.name)), None)


def refused(model: Model | None, job: Job) -> Option | None:
    """The option of a failed job that its model does not take; None where that was not why it failed."""
    name = job.facts.get(REFUSED_OPTION, "") if job.cause is Cause.OPTION_REFUSED else ""
    return model.option(name) if model is not None and job.options.get(name) else None


def without(options: Mapping[str, str], name: str) -> dict[str, str]:
    """The same options less that one."""
    return {each: value for each, value in options.items() if each != name}


def _sent(option: Option, value: str) -> Scalar:
    match option.type:
        case OptionType.CHOICE:
            choice = option.choice(value)
            return value if choice is None or choice.sends is None else choice.sends
        case OptionType.SWITCH:
            return option.sends
        case OptionType.INTEGER:
            return int(value)
        case OptionType.NUMBER:
            return float(value)
        case OptionType.TEXT:
            return value


def results(model: Model, options: Mapping[str, str]) -> int:
    """How many results these options order, at least 1."""
    option = model.option(RESULTS)
    value = stored(option, options.get(RESULTS, "")) if option is not None else ""
    return int(value) if value else 1


def factor(model: Model, options: Mapping[str, str]) -> Decimal:
    """What the chosen values multiply the price of one result by."""
    product = Decimal(1)
    for option in model.options:
        choice = option.choice(options.get(option.name, ""))
        product *= choice.factor if choice is not None else 1
    return product
