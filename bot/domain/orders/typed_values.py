"""Values as people type them – 16x9, 3,5, «акварель», none – as the values of an option."""

import re
from typing import Final

from bot.domain.catalog.models import Choice, Option, OptionType
from bot.domain.catalog.options import stored
from bot.domain.orders.matching import Hit, Match, Missing, match, normalise

NO_CHOICE: Final = frozenset(
    {"none", "no", "нет", "без", "default", "random", "поумолчанию", "обычно", "обычное", "случайно", "случайное"}
)
"""Words, normalised, that mean: leave it to the model."""
_PAIR: Final = re.compile(r"\s*(\d{1,5})\s*[x×хX*:/]\s*(\d{1,5})\s*", re.IGNORECASE)
_MINUS: Final = {ord(dash): "-" for dash in "−–—"}


def pair(text: str) -> str:
    """16:9, 16/9, 16×9 and 16 x 9 as one and the same text; any other text as it is."""
    found = _PAIR.fullmatch(text)
    return f"{int(found[1])}x{int(found[2])}" if found else text


def names_of(choice: Choice) -> list[str]:
    """Everything that a choice may be called."""
    names = [choice.value, *choice.title.by_language.values()]
    return [*names, *(p for name in names if (p := pair(name)) != name)]


def match_choice(option: Option, text: str) -> Match:
    """Which choice's value is meant; a pair of numbers is meant exactly or not at all."""
    return match_named(text, [(c.value, names_of(c)) for c in option.choices])


def match_named(text: str, named: list[tuple[str, list[str]]]) -> Match:
    """As `match`, with pairs of numbers in any writing."""
    one = pair(text)
    found = match(one, named)
    if one is not text and _PAIR.fullmatch(one) and isinstance(found, Hit) and not found.exact:
        return Missing(())
    return found


def means_none(text: str, found: Match | None = None) -> bool:
    """Whether the words say that nothing is chosen; a choice that is called so exactly wins."""
    return normalise(text) in NO_CHOICE and not (isinstance(found, Hit) and found.exact)


def plain_value(option: Option, text: str) -> str | None:
    """The stored form of a number, a switch or words; None when the option has no such value."""
    match option.type:
        case OptionType.INTEGER | OptionType.NUMBER:
            return stored(option, text.strip().translate(_MINUS)) or None
        case OptionType.TEXT:
            return stored(option, text.strip()) or None
        case _:
            return stored(option, text) or None
