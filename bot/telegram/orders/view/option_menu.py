"""The menu of options as it is seen: the list with present values, and the buttons of one option."""

from typing import Final

from bot.domain.catalog.models import Model, Option, OptionType
from bot.domain.catalog.number_steps import presets, vast
from bot.domain.catalog.options import differing, implied, of_param, rivals, stored
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.draft import NONE, OrderDraft
from bot.telegram.orders.draft.option_menu import CHOICES_PER_PAGE, opened_option
from bot.telegram.ui.callbacks import DraftAction
from bot.telegram.ui.keyboards import Rows, button, in_rows
from bot.telegram.ui.option_texts import options_line, said_default, said_range, said_value

NUMBERS_IN_ROW: Final = 6


def menu_text(t: Speech, draft: OrderDraft, model: Model, price: str) -> list[Html]:
    """What the message says; the price is that of the values chosen so far."""
    title = t("order-confirm-title", title=t.title(model.title))
    option = opened_option(draft, model)
    if option is None:
        return [title, options_line(t, model, draft.options), t("order-price", price=price), t("option-list")]
    body = [
        title,
        t("option-open", option=t.title(option.title), value=_present(t, draft, model, option)),
        t("order-price", price=price),
    ]
    if draft.typing:
        body.append(t("option-type-it", option=t.title(option.title), range=said_range(t, option)))
    return body


def menu_rows(t: Speech, draft_id: str, draft: OrderDraft, model: Model) -> Rows:
    """The buttons without pages, Back and Cancel."""
    option = opened_option(draft, model)
    if option is None:
        return _list(t, draft_id, draft, model)
    index = model.options.index(option)
    rows = _values(t, draft_id, draft, index, option)
    if draft.options.get(option.name):
        label = t.plain("tap-default", value=said_default(t, option))
        rows.append([button(label, _value(draft_id, index, NONE))])
    return rows


def _list(t: Speech, draft_id: str, draft: OrderDraft, model: Model) -> Rows:
    """Every option with its present value; a mark where that is not the default. What an option decides that is set is
    not offered a second time."""
    first, chosen = draft.page * CHOICES_PER_PAGE, draft.chosen()
    differs = differing(model, chosen)
    buttons = []
    for index, option in enumerate(model.options[first : first + CHOICES_PER_PAGE], start=first):
        if any(rivals(option, other) and other.name in chosen for other in model.options):
            continue
        label = t.plain("option-set", option=t.title(option.title), value=_present(t, draft, model, option))
        marked = f"✓ {label}" if option.name in differs else label
        buttons.append(button(marked, DraftAction(id=draft_id, act="menu", arg=str(index))))
    return in_rows(buttons, 2)


def _present(t: Speech, draft: OrderDraft, model: Model, option: Option) -> str:
    """What holds now: two options that are one parameter upstream never say different things of it."""
    value = draft.options.get(option.name, "") or implied(model, draft.options, option)
    if value:
        return said_value(t, option, value)
    overruled = of_param(model, draft.options, option.param) is not None
    return t.plain("option-default") if overruled else said_default(t, option)


def _values(t: Speech, draft_id: str, draft: OrderDraft, index: int, option: Option) -> Rows:
    present = draft.options.get(option.name, "")
    match option.type:
        case OptionType.CHOICE:
            first = draft.page * CHOICES_PER_PAGE
            shown = list(enumerate(option.choices))[first : first + CHOICES_PER_PAGE]
            choices = [
                button(_marked(t.title(c.title), c.value == present), _value(draft_id, index, str(n))) for n, c in shown
            ]
            return in_rows(choices, 2)
        case OptionType.INTEGER | OptionType.NUMBER:
            return _numbers(t, draft_id, draft, index, option)
        case _:
            return []


def _numbers(t: Speech, draft_id: str, draft: OrderDraft, index: int, option: Option) -> Rows:
    present = draft.options.get(option.name, "")
    marks = [
        button(_marked(said_value(t, option, v), v == present), _value(draft_id, index, v)) for v in presets(option)
    ]
    rows = in_rows(marks, NUMBERS_IN_ROW)
    whole = option.type is OptionType.INTEGER and len(marks) > (option.maximum or 0) - (option.minimum or 0)
    if not vast(option) and not whole:
        steps = [(sign, DraftAction(id=draft_id, act="step", arg=f"{index}.{sign}")) for sign in (NONE, "+")]
        rows.append([button("−" if sign == NONE else "+", data) for sign, data in steps])
    last = draft.before
    if last and last != present and stored(option, last) == last:
        label = t.plain("tap-as-before", value=said_value(t, option, last))
        rows.append([button(label, _value(draft_id, index, last))])
    if not draft.typing:
        rows.append([button(t.plain("tap-type-it"), DraftAction(id=draft_id, act="type", arg=str(index)))])
    return rows


def _value(draft_id: str, index: int, value: str) -> DraftAction:
    return DraftAction(id=draft_id, act="val", arg=f"{index}.{value}")


def _marked(label: str, on: bool) -> str:
    return f"✓ {label}" if on else label
