"""Readers of JSON from outside: each takes anything and returns what it looks for, or says that it is none."""

import json
from decimal import Decimal, InvalidOperation
from urllib.parse import urljoin

from bot.providers.base import BadResult, NotThere
from bot.providers.kit.ssrf_guard import tidied, usable

TEXT_LIMIT = 500
REF_LIMIT = NAME_LIMIT = 200
AMOUNT_LIMIT = Decimal(10) ** 12
DECIMALS = Decimal("1e-9")


def parsed(body: bytes) -> object:
    """The JSON in `body`, fractions as Decimal; None if it is none. Deep nesting and endless numbers are none here."""
    try:
        data: object = json.loads(body, parse_float=Decimal, parse_constant=lambda _: None)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return data


def member(data: object, name: str) -> object:
    """A member of a JSON object; None where there is none, or no object."""
    return data.get(name) if isinstance(data, dict) else None


def plain(text: str) -> str:
    """The text as every database stores it: no NUL, no half of a pair. Two halves that came apart become one again."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return joined.encode("utf-8", "replace").decode()
    return text


def word(value: object) -> str:
    """A short text in lower case, "" for anything else."""
    return plain(value).strip().lower() if isinstance(value, str) and len(value) <= TEXT_LIMIT else ""


def name(value: object) -> str:
    """A name as upstream spells it, for requests and lists; "" for anything that cannot be one."""
    return value if isinstance(value, str) and len(value) <= NAME_LIMIT and value.isprintable() else ""


def amount(value: object) -> Decimal | None:
    """A sum of money or a time: a number or its digits as a text, 0 or more; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    if isinstance(value, str) and len(value) > 40:
        return None
    try:
        number = Decimal(value)
        return number.quantize(DECIMALS).normalize() + 0 if 0 <= number <= AMOUNT_LIMIT else None
    except InvalidOperation:
        return None


def reference(value: object) -> str | None:
    """An id that can stand in a path and in a list with commas; None for anything else."""
    if not isinstance(value, str) or not 0 < len(value) <= REF_LIMIT or not value.isascii() or not value.isprintable():
        return None
    return None if {" ", ",", "/", "?", "#", "%"} & set(value) or value in (".", "..") else value


def link(value: object, base_url: str) -> str:
    """The address of a result; one without a host lies on the service's own. Raises BadResult, and NotThere where there
    is none.

    Whether it may be fetched is decided where it is fetched.
    """
    if not isinstance(value, str) or not value:
        raise NotThere("completed without a url")
    address = tidied(value)
    try:
        whole = urljoin(base_url, address) if address.startswith("/") else address
    except ValueError:
        whole = ""
    if not usable(whole):
        raise BadResult("completed without a usable url")
    return whole
