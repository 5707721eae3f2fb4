"""The strict reading of a request body; each simulator adds what its service documents."""

import json
from collections.abc import Callable, Mapping
from typing import NoReturn

Rule = Callable[[object], str | None]
"""What is wrong with a value, or None."""


class Refused(Exception):
    """The request is not one the documentation allows; the text says why, `code` names the service's own error."""

    def __init__(self, reason: str, code: str = "", status: int = 0) -> None:
        super().__init__(reason)
        self.code = code
        self.status = status


def json_object(content_type: str, body: bytes) -> dict[str, object]:
    """The JSON object in `body`. Raises Refused for another content type, broken JSON, NaN, and keys given twice."""
    if content_type != "application/json":
        raise Refused(f"Content-Type is {content_type!r}, not application/json")
    try:
        data = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError) as broken:
        raise Refused(f"the body is not JSON: {broken}") from broken
    if not isinstance(data, dict):
        raise Refused("the body is not a JSON object")
    return data


def members(data: Mapping[str, object], rules: Mapping[str, Rule], required: tuple[str, ...] = ()) -> None:
    """Raises Refused for a member without a rule, one that breaks its rule, and a required one that is not there."""
    if strange := sorted(set(data) - set(rules)):
        raise Refused(f"unknown keys: {', '.join(strange)}")
    for name in required:
        if name not in data:
            raise Refused(f"{name} is missing")
    for name, value in data.items():
        if wrong := rules[name](value):
            raise Refused(f"{name}: {wrong}")


def text(most: int = 10_000, *, blank: bool = False) -> Rule:
    """A string of at most `most` characters, with something in it unless `blank`."""

    def rule(value: object) -> str | None:
        if not isinstance(value, str) or not (blank or value.strip()):
            return f"{value!r} is not a text"
        return None if len(value) <= most else f"{len(value)} characters, at most {most} are taken"

    return rule


def one_of(*allowed: str | int) -> Rule:
    """Exactly one of these, by type too."""

    def rule(value: object) -> str | None:
        return None if any(type(value) is type(one) and value == one for one in allowed) else _not(value, allowed)

    return rule


def whole(least: int, most: int) -> Rule:
    """A whole number in the range; no float, no boolean."""

    def rule(value: object) -> str | None:
        good = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return None if good else f"{value!r} is not a whole number from {least} to {most}"

    return rule


def number(least: float, most: float) -> Rule:
    """A number in the range; no boolean."""

    def rule(value: object) -> str | None:
        good = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
        return None if good else f"{value!r} is not a number from {least} to {most}"

    return rule


def flag(value: object) -> str | None:
    """true or false."""
    return None if isinstance(value, bool) else f"{value!r} is not true or false"


def _not(value: object, allowed: tuple[str | int, ...]) -> str:
    return f"{value!r} is not one of {', '.join(map(str, allowed))}"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise Refused("a key is given twice")
    return data


def _constant(name: str) -> NoReturn:
    raise Refused(f"the body is not JSON: {name}")
