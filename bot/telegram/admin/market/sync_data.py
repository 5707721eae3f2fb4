"""The plan of a new model as a draft keeps it, and what a line of an admin's reply changes about it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from bot.domain.catalog.models import Kind
from bot.domain.catalog.options import number
from bot.domain.visible import visible
from bot.engine.catalog.new_model import Plan
from bot.engine.operations.discovery import listed_json, listed_of

TITLE_MOST: Final = 40
SLUG: Final = re.compile(r"[a-z][a-z0-9_]{1,23}", re.ASCII)
WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("title", "название", "имя"), "title"),
    **dict.fromkeys(("price", "цена"), "price"),
    **dict.fromkeys(("slug", "command", "команда"), "slug"),
    **dict.fromkeys(("kind", "вид"), "kind"),
    **dict.fromkeys(("tokens", "токены"), "tokens"),
}


def changed_by(plan: Plan, line: str) -> Plan | None:
    """The plan with what the line says; None for a line that says nothing possible."""
    name, colon, value = line.partition(":")
    what = WORDS.get(name.strip().lower(), "title" if not colon else "")
    value = " ".join((value if colon else line).split())
    match what:
        case "title":
            return replace(plan, title=value) if visible(value) and len(value) <= TITLE_MOST else None
        case "slug":
            slug = value.lstrip("/").lower()
            return replace(plan, slug=slug) if SLUG.fullmatch(slug) else None
        case "kind":
            return replace(plan, kind=Kind(value.lower())) if value.lower() in set(Kind) else None
        case "price":
            units = _units(value)
            return replace(plan, units=units, live=False) if units is not None else None
        case "tokens":
            into, _, out = value.partition("/")
            prices = (_units(into), _units(out))
            return replace(plan, tokens=(prices[0], prices[1])) if prices[0] and prices[1] else None
        case _:
            return None


def _units(text: str) -> Decimal | None:
    units = number(text)
    return units if units is not None and 0 < units <= 1_000_000 else None


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as a draft keeps it."""
    return {
        "provider": plan.provider,
        "listed": listed_json(plan.listed),
        "slug": plan.slug,
        "title": plan.title,
        "kind": plan.kind.value if plan.kind is not None else None,
        "units": f"{plan.units:f}" if plan.units is not None else None,
        "live": plan.live,
        "tokens": [f"{units:f}" for units in plan.tokens] if plan.tokens else None,
    }


def plan_of_data(data: Mapping[str, Any]) -> Plan:
    """Reads what `plan_json` wrote."""
    tokens = data.get("tokens")
    return Plan(
        data["provider"],
        listed_of(data["listed"]),
        data["slug"],
        data["title"],
        Kind(data["kind"]) if data.get("kind") else None,
        Decimal(data["units"]) if data.get("units") else None,
        bool(data.get("live")),
        (Decimal(tokens[0]), Decimal(tokens[1])) if tokens else None,
    )
