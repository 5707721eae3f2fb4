"""Sensible numbers for buttons: a few marks between an option's bounds, and how far − and + go."""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from bot.domain.catalog.models import Option, OptionType
from bot.domain.catalog.options import stored

FEW: Final = 12
"""Whole numbers up to this many are all shown."""
VAST: Final = 100_000
"""Above this span no mark says anything: a seed."""
MARKS: Final = 4


def vast(option: Option) -> bool:
    """Whether the numbers are no choice for a user: one is as good as another."""
    return option.maximum is not None and option.minimum is not None and option.maximum - option.minimum > VAST


def presets(option: Option) -> tuple[str, ...]:
    """Stored values from low to high, the default among them; none where a number says nothing."""
    if option.minimum is None or option.maximum is None or vast(option):
        return ()
    low, span = option.minimum, option.maximum - option.minimum
    if option.type is OptionType.INTEGER and span < FEW:
        return tuple(str(int(low) + n) for n in range(int(span) + 1))
    if not span:
        return (stored(option, f"{low:f}") or "",)
    grid = _round_step(span / 8)
    if option.type is OptionType.INTEGER:
        grid = max(Decimal(1), grid)
    marks = {low, option.maximum}
    for n in range(1, MARKS):
        at = ((low + span * n / MARKS) / grid).to_integral_value(ROUND_HALF_UP) * grid
        marks.add(min(option.maximum, max(low, at)))
    if option.default:
        marks.add(Decimal(option.default))
    found = (stored(option, f"{mark:f}") for mark in sorted(marks))
    return tuple(value for value in found if value)


def nudged(option: Option, value: str, direction: int) -> str:
    """The number one step below (-1) or above (1), within the bounds. `value` "": from the default, else the lowest."""
    assert option.minimum is not None
    assert option.maximum is not None
    span = option.maximum - option.minimum
    step = _round_step(span / 20) if span else Decimal(1)
    if option.type is OptionType.INTEGER:
        step = Decimal(1) if span <= VAST // 1000 else max(Decimal(1), step)
    start = Decimal(value or option.default or option.minimum)
    reached = min(option.maximum, max(option.minimum, start + direction * step))
    return stored(option, f"{reached:f}") or ""


def _round_step(size: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, at or below the size."""
    power = Decimal(10) ** int(size.log10().to_integral_value(ROUND_FLOOR))
    return max(power * n for n in (1, 2, 5) if power * n <= size)
