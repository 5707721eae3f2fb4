"""Raw updates as text and as JSON, without what no database keeps: NUL characters and halves of surrogate pairs."""

import json
from typing import Any, Final

import orjson

NUL: Final = "\\u0000"
"""A NUL character as JSON spells it: a bare NUL byte is no JSON."""
DEEPEST: Final = 100
"""Levels of lists and objects; Telegram's updates have about ten."""


class Unreadable(Exception):
    """What came in is not JSON."""


def read(body: bytes) -> tuple[Any, str]:
    """What the body says, and its text to be stored: as it came wherever nothing has to be taken out."""
    try:
        update, text = orjson.loads(body), body.decode()
    except ValueError:
        pass
    else:
        return (update, text) if NUL not in text else cleaned(update)
    try:
        return cleaned(json.loads(body))  # takes lone surrogates, which orjson refuses
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error


def written(update: Any) -> tuple[Any, str]:
    """An update that was read elsewhere, and its text to be stored. Raises Unreadable."""
    try:
        text = orjson.dumps(update).decode()
    except (TypeError, ValueError):  # lone surrogates
        return cleaned(update)
    return (update, text) if NUL not in text else cleaned(update)


def cleaned(update: Any) -> tuple[Any, str]:
    """The value without NUL characters, which PostgreSQL refuses in every text, and with � for lone surrogates.

    Raises Unreadable.
    """
    clean = _clean(update, DEEPEST)
    return clean, orjson.dumps(clean).decode()


def _clean(value: Any, depth: int) -> Any:
    if not depth:
        raise Unreadable("nested too deeply")
    match value:
        case str():
            return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_clean(each, depth - 1) for each in value]
        case dict():
            return {_clean(name, depth - 1): _clean(each, depth - 1) for name, each in value.items()}
        case int() if type(value) is int and not -(2**63) <= value < 2**64:
            raise Unreadable("a number beyond 64 bits")
        case _:
            return value
