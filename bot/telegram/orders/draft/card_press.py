"""What the buttons of an order's card make of the draft; every other button is a step's. Pure functions."""

from dataclasses import replace

from bot.domain.catalog.models import Model, Option
from bot.domain.catalog.options import stored
from bot.telegram.orders.draft import steps
from bot.telegram.orders.draft.back import asked_for
from bot.telegram.orders.draft.card import counts
from bot.telegram.orders.draft.draft import MODELS, NONE, Market, OrderDraft
from bot.telegram.orders.draft.option_menu import BadPress, at_index, index_of, with_value
from bot.telegram.orders.draft.steps import Step, step_of


def press(draft: OrderDraft, act: str, arg: str, market: Market) -> OrderDraft:
    """`act` and `arg`: set, with an option's place and a value's; all, with an option's place, which opens its values;
    models, which opens the list; what `steps.press` takes. `arg` is not trusted. Raises BadPress and PromptTooLong."""
    if act not in ("set", "all", "models"):
        return _on_the_card(steps.press(draft, act, arg, market), draft, act, market)
    offer = market.get(draft.model)
    if offer is None or not draft.card or step_of(draft, market) is not Step.CONFIRM:
        raise BadPress("no card is open")
    if act == "models":
        return replace(draft, menu=MODELS, page=0)
    if not offer.available:
        raise BadPress("off sale")
    which, _, value = arg.partition(".")
    option = at_index(offer.model, which)
    if act == "all":
        if not asked_for(offer.model, option.name):
            raise BadPress("its values do not stand on the card")
        return replace(draft, menu=option.name, page=0, typing=False)
    chosen = _value(offer.model, option, value)
    if chosen == draft.options.get(option.name, ""):
        chosen = ""  # a second tap takes it back
    return replace(with_value(draft, offer.model, option, chosen), menu="", page=0)


def _on_the_card(after: OrderDraft, before: OrderDraft, act: str, market: Market) -> OrderDraft:
    """A value that the card itself shows leads back to it, not to the list of options."""
    offer = market.get(before.model)
    if after.card and act == "val" and offer is not None and asked_for(offer.model, before.menu):
        return replace(after, menu="", page=0)
    return after


def _value(model: Model, option: Option, value: str) -> str:
    if value == NONE:
        return ""
    number = counts(model)
    if number is not None and number[0] is option:
        if value not in number[1]:
            raise BadPress("no such number on the card")
        return value if stored(option, value) != option.default else ""
    if not asked_for(model, option.name) or index_of(value) >= len(option.choices):
        raise BadPress("no such value on the card")
    return option.choices[int(value)].value
