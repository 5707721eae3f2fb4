"""How options and their values are said: in confirmations, menus, lists and refusals."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.catalog.models import ON, Model, Option, OptionType
from bot.domain.catalog.number_steps import vast
from bot.domain.catalog.options import differing
from bot.telegram.i18n.texts import Html, Speech

TEXT_SHOWN: Final = 40
CHOICES_SHOWN: Final = 12


def said_value(t: Speech, option: Option, value: str) -> str:
    """A stored value as people read it; plain text."""
    choice = option.choice(value)
    if choice is not None:
        return t.title(choice.title)
    match option.type:
        case OptionType.SWITCH:
            return t.plain("option-on" if value == ON else "option-off")
        case OptionType.TEXT:
            cut = value if len(value) <= TEXT_SHOWN else f"{value[: TEXT_SHOWN - 1]}…"
            return t.plain("option-words", words=cut)
        case OptionType.NUMBER:
            return value.replace(".", t.plain("unit-decimal"))
        case _:
            return value


def said_default(t: Speech, option: Option) -> str:
    """The words for what holds while the option is not set."""
    if option.default:
        return said_value(t, option, option.default)
    if option.type is OptionType.SWITCH:
        return t.plain("option-off")
    return t.plain("option-random" if vast(option) else "option-default")


def option_set(t: Speech, option: Option, value: str) -> str:
    """The option with its value; plain text."""
    return t.plain("option-set", option=t.title(option.title), value=said_value(t, option, value))


def said_options(t: Speech, model: Model, options: Mapping[str, str]) -> list[str]:
    """ "Title: value" of everything that differs from the defaults, but for the steps' choices; in the model's order,
    plain text."""
    differs = differing(model, options)
    return [
        option_set(t, o, differs[o.name]) for o in model.options if o.name in differs and not (o.step and o.choices)
    ]


def said_range(t: Speech, option: Option) -> str:
    """What values there are, such as "1–50"; plain text."""
    match option.type:
        case OptionType.CHOICE:
            titles = [t.title(c.title) for c in option.choices]
            return ", ".join(titles[:CHOICES_SHOWN]) + (" …" if len(titles) > CHOICES_SHOWN else "")
        case OptionType.SWITCH:
            return t.plain("option-is-switch")
        case OptionType.TEXT:
            return t.plain("option-is-text", maximum=int(option.maximum or 0))
        case OptionType.INTEGER:
            return t.plain("option-is-integer", low=_number(t, option, low=True), high=_number(t, option, low=False))
        case OptionType.NUMBER:
            return t.plain("option-is-number", low=_number(t, option, low=True), high=_number(t, option, low=False))


def _number(t: Speech, option: Option, *, low: bool) -> str:
    bound = option.minimum if low else option.maximum
    return said_value(t, option, f"{bound:f}").replace("-", "−") if bound is not None else ""


def flag_list(model: Model, limit: int = CHOICES_SHOWN) -> str:
    """The model's flags, such as "--n, --ar"; "" when it has none."""
    names = [f"--{o.name}" for o in model.options]
    return ", ".join(names[:limit]) + (" …" if len(names) > limit else "")


def model_list(t: Speech, models: Sequence[Model], limit: int = CHOICES_SHOWN) -> str:
    """Titles of models, each with the command of its kind where the kinds differ; plain text."""
    several = len({m.kind for m in models}) > 1
    names = [f"{t.title(m.title)} (/{m.kind.value})" if several else t.title(m.title) for m in models]
    return ", ".join(names[:limit]) + (" …" if len(names) > limit else "")


def options_line(t: Speech, model: Model, options: Mapping[str, str]) -> Html:
    """One line of everything that is set; "" for nothing."""
    said = said_options(t, model, options)
    return t("option-line", options=" · ".join(said)) if said else Html("")
