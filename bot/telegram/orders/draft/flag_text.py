"""Flags as people keep them – in presets and as a kind's usual ones – read back against what is on sale now."""

import re
from collections.abc import Callable, Mapping, Sequence

from bot.domain.catalog.models import ON
from bot.domain.catalog.options import SHAPES
from bot.domain.orders.flags import ParsedFlags
from bot.domain.orders.order_defaults import Usual
from bot.domain.orders.typed_values import means_none
from bot.engine.accounts.preferences import Preferences
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.option_values import Wrong

Read = Callable[[str], ParsedFlags]
"""Takes flags apart as they are on sale at this moment."""
MODEL = "model"
_WRITTEN = re.compile(r'(?<!\S)--([^\s=]+)(?:=(off)| "([^"]*)"| (?!--)(\S+))?')
_PLAIN = re.compile(r"\w[\w.,:/×-]*\w|\w")
"""Values that need no quotes."""


def written(values: Mapping[str, str]) -> str:
    """Flags as one text that reads the same again, however long the names of values on sale become."""
    said = []
    for name, value in values.items():
        if value in (ON, ""):  # of a switch
            said.append(f"--{name}" if value else f"--{name}=off")
        else:
            plain = value.replace('"', "'")
            said.append(f"--{name} {plain}" if _PLAIN.fullmatch(plain) else f'--{name} "{plain}"')
    return " ".join(said)


def spelled(text: str) -> dict[str, str]:
    """Flags of a text as `written`, whatever is on sale; a switch that is off is none."""
    return {found[1]: "none" if found[2] else found[3] or found[4] or ON for found in _WRITTEN.finditer(text)}


def usual_of(own: Preferences) -> Usual:
    """The person's usual models and flags."""
    return Usual(models=dict(own.models), flags={kind: spelled(text) for kind, text in own.flags.items()})


def preset_values(own: Preferences, names: Sequence[str], read: Read) -> tuple[dict[str, str], list[str]]:
    """Flags of these presets, the one named later before the other, and the names of those that cannot be read."""
    values: dict[str, str] = {}
    broken = []
    for name in names:
        parsed = read(own.presets[name])
        if parsed.problems or parsed.prompt:
            broken.append(name)
        values = over(values, parsed.values)
    return values, broken


def over(values: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str]:
    """`later` before `values`: what it says of the shape of a picture is the only word on it."""
    shaped = (
        SHAPES if any(name in SHAPES and not means_none(text) for name, text in later.items()) else frozenset[str]()
    )
    return {name: text for name, text in values.items() if name not in shaped} | dict(later)


def unfit(t: Speech, names: Sequence[str], why: Html | None = None) -> Wrong:
    """A preset that no longer goes with what is on sale, or not with this order."""
    listed = ", ".join(f"--{name}" for name in names)
    reason = why if why is not None else t("preset-unknown-flags")
    return Wrong(t("preset-unfit", presets=listed, why=reason, name=names[0]))
