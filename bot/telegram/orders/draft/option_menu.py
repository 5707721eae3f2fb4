"""The menu of options over the confirmation: what its buttons and typed values make of a draft. Pure functions."""

from dataclasses import replace
from typing import Final

from bot.domain.catalog.models import ON, Model, Option, OptionType
from bot.domain.catalog.number_steps import nudged, vast
from bot.domain.catalog.options import rivals, stored
from bot.domain.orders.matching import Hit
from bot.domain.orders.typed_values import match_choice, means_none, plain_value
from bot.telegram.orders.draft.draft import LIST, NONE, OrderDraft

CHOICES_PER_PAGE: Final = 10


class BadPress(Exception):
    """The button does not belong to the step that is open: stale, pressed twice or forged. The draft stays as it is."""


def has_menu(model: Model) -> bool:
    """Whether anything can be chosen that the steps do not ask for."""
    return any(not (o.step and o.choices) for o in model.options)


def opened_option(draft: OrderDraft, model: Model) -> Option | None:
    """The option whose values are shown; None for the list of all."""
    return model.option(draft.menu) if draft.menu != LIST else None


def menu_pages(draft: OrderDraft, model: Model) -> int:
    option = opened_option(draft, model)
    length = len(model.options) if option is None else len(option.choices)
    return max(1, -(-length // CHOICES_PER_PAGE))


def press_menu(draft: OrderDraft, model: Model, act: str, arg: str) -> OrderDraft:
    """`arg` is not trusted. Raises BadPress."""
    match act:
        case "menu" if not arg and has_menu(model) and not draft.menu:
            return replace(draft, menu=LIST, page=0, typing=False)
        case "menu" if draft.menu == LIST:
            return _enter(draft, model, at_index(model, arg))
        case "val" | "step" | "type":
            which, _, what = arg.partition(".")
            option = at_index(model, which)
            if draft.menu != option.name:
                raise BadPress("not the open option")
            return _press_option(draft, model, option, act, what)
        case _:
            raise BadPress("no such button")


def typed(draft: OrderDraft, model: Model, text: str) -> OrderDraft | None:
    """The draft with a value that came as a message; None when the open option has no such value."""
    option = opened_option(draft, model)
    if option is None:
        return None
    found = match_choice(option, text) if option.choices else None
    if means_none(text, found):
        return with_value(draft, model, option, "")
    value = found.key if isinstance(found, Hit) else None if option.choices else plain_value(option, text)
    return None if value is None else with_value(draft, model, option, value)


def with_value(draft: OrderDraft, model: Model, option: Option, value: str) -> OrderDraft:
    """Sets the option, "" for its default, and takes back what it excludes; the list of all options is open then."""
    excluded = {o.name for o in model.options if rivals(option, o)}
    kept = {n: v for n, v in draft.options.items() if n != option.name and not (value and n in excluded)}
    set_now = {**kept, option.name: value} if value or option.step else kept
    page = model.options.index(option) // CHOICES_PER_PAGE
    return replace(draft, options=set_now, menu=LIST, page=page, typing=False)


def _enter(draft: OrderDraft, model: Model, option: Option) -> OrderDraft:
    if option.type is OptionType.SWITCH:
        return with_value(draft, model, option, "" if draft.options.get(option.name) else ON)
    page = next((i for i, c in enumerate(option.choices) if c.value == draft.options.get(option.name)), 0)
    return replace(draft, menu=option.name, page=page // CHOICES_PER_PAGE, typing=option.type is OptionType.TEXT)


def _press_option(draft: OrderDraft, model: Model, option: Option, act: str, what: str) -> OrderDraft:
    number = option.type in (OptionType.INTEGER, OptionType.NUMBER)
    match act:
        case "val":
            return with_value(draft, model, option, _value(option, what))
        case "step" if number and not vast(option) and what in ("+", NONE):
            value = nudged(option, draft.options.get(option.name, ""), 1 if what == "+" else -1)
            return replace(with_value(draft, model, option, value), menu=option.name)
        case "type" if number:
            return replace(draft, typing=True)
        case _:
            raise BadPress("no such button for this option")


def _value(option: Option, what: str) -> str:
    if what == NONE:
        return ""
    if option.choices:
        number = index_of(what)
        if number >= len(option.choices):
            raise BadPress("no such choice")
        return option.choices[number].value
    if not what or option.type is OptionType.TEXT or stored(option, what) != what:
        raise BadPress("no such value")
    return what


def at_index(model: Model, index: str) -> Option:
    """The option in that place of the model's. Raises BadPress."""
    number = index_of(index)
    if number >= len(model.options):
        raise BadPress("no such option")
    return model.options[number]


def index_of(text: str) -> int:
    """A number in callback data. Raises BadPress."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise BadPress("not a number")
    return int(text)
