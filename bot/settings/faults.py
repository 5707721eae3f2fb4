"""What is wrong with settings, in words: the name, the value unless it is secret, what is wanted, and an example."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.logs import Redactor

TOLD: Final = 60
"""Characters of a value that are repeated."""
NEAR: Final = 0.6
"""How like a setting's name a word must be to be taken for it (difflib's ratio)."""
VERY_NEAR: Final = 0.86
"""NEAR for names in the environment, which is full of other programs' names."""
FOREIGN: Final = re.compile(
    r"(POSTGRES|COMPOSE|DOCKER|PYTHON|PIP|LC|XDG|SSH)_\w*|TZ|LANG|PATH|HOME|USER|https?_proxy", re.I
)
"""Names in an .env that compose, the database's image and the system read."""
WANTED: Final[Mapping[str, tuple[str, str]]] = {
    "bot_token": ("the token that @BotFather gives", "123456789:AAF_the_rest_of_your_token"),
    "telegram_api_url": ("the address of a Bot API server", "https://api.telegram.org"),
    "admin_ids": ("Telegram ids of people, above 0, with commas between", "123456789,987654321"),
    "database_url": ("sqlite:///path/to/file.db or postgresql://user:password@host/name", "sqlite:///easel.db"),
    "default_language": ("the code of a language", "en"),
    "locales_dir": ("a folder with language files", "/data/locales"),
    "work_dir": ("a folder that the bot may write to", "/data/easel-work"),
    "topup_contact": ("a link or a name", "@your_name"),
    "blocked_words_file": ("a text file that exists", "/data/words.txt"),
    "terms_file": ("a text file that exists", "/data/terms.html"),
    "privacy_file": ("a text file that exists", "/data/privacy.html"),
    "catalog_file": ("a file that exists", "/data/catalog.toml"),
    "api_key": ("the key as the service shows it, without blanks", "sk-0123456789abcdef"),
    "base_url": ("an address that begins with https:// or http://", "https://api.example.com"),
    "workspace_id": ("the id that neuroflash shows in its address", "0f3c9a52-workspace"),
    "public_url": ("an address that begins with https:// and leads to this machine", "https://bot.example.com"),
    "webhook_url": ("an https address that leads to this machine", "https://bot.example.com/telegram"),
    "proxy": ("an address that begins with http:// or socks5://", "socks5://user:password@proxy.example.com:1080"),
    "secret": ("16 to 256 characters of A-Z, a-z, 0-9, _ and -", "k3J9_a-long-random-word"),
    "staging_chat_id": ("the numeric id of a chat", "-1001234567890"),
    "voice_model": ("the name of a model of the catalogue that listens", "whisper"),
    "chat_instruction": ("a text", "Answer in two sentences."),
    "http_host": ("an address of this machine", "127.0.0.1"),
    "http_port": ("the number of a port, 0 for a free one", "8080"),
}
"""By a setting's name, or by how it ends: what it takes, and an example. Numbers and choices tell theirs themselves."""


class SettingsError(Exception):
    """Missing or wrong settings; the text is the readable list of what to fix."""


def explanation(
    error: ValidationError,
    model: type[BaseModel],
    *,
    prefix: str = "",
    secrets: Iterable[str] = (),
    more: Iterable[str] = (),
) -> str:
    """Why Easel cannot start: a line for each fault of `model`'s settings, and those of `more`."""
    faults = _explained(error.errors(include_url=False), model.model_fields, prefix=prefix, secrets=secrets)
    lines = ["Easel cannot start. Fix these settings (in the environment or in .env):"]
    lines += [f"  - {line}" for line in (*faults, *more)]
    lines.append("Every setting is described in .env.example.")
    return "\n".join(lines)


def _explained(
    errors: Sequence[ErrorDetails], fields: Mapping[str, FieldInfo], *, prefix: str = "", secrets: Iterable[str] = ()
) -> list[str]:
    """A line per setting that is wrong. No line holds one of `secrets`, or anything that looks like a bot's token."""
    redactor = Redactor(secrets)
    lines: dict[str, str] = {}
    for problem in errors:
        name = str(problem["loc"][0]) if problem["loc"] else ""
        field = fields.get(name)
        if field is None:
            line = f"{prefix.rstrip('_')}: {problem['msg'].removeprefix('Value error, ')}"
        else:
            line = _line(prefix + name.upper(), name, field, problem, redactor)
        lines.setdefault(name, line)
    return list(lines.values())


def _line(told_name: str, name: str, field: FieldInfo, problem: ErrorDetails, redactor: Redactor) -> str:
    what, example = wanted(name, field)
    form = f"Wanted: {what}, such as {example}"
    match problem["type"]:
        case "missing":
            return f"{told_name}: is missing. {form}"
        case "needed":
            return f"{told_name} {problem['msg']}. {form}"
        case "value_error":
            why = f": {problem['msg'].removeprefix('Value error, ')}"
        case _:
            why = ""
    return f"{told_name}: {redactor.text(_value(name, field, problem['input']))} does not fit{why}. {form}"


def _value(name: str, field: FieldInfo, value: object) -> str:
    """The value as it was given. Addresses with an @ may hold a password, and are told as little as secrets are."""
    text = ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    addressed = name.endswith(("_url", "_proxy")) and "@" in text
    if "SecretStr" in str(field.annotation) or addressed:
        return "the value (not shown)"
    return f"{text[:TOLD]!r}{'…' if len(text) > TOLD else ''}"


def wanted(name: str, field: FieldInfo) -> tuple[str, str]:
    """What a setting takes, and an example that it would take."""
    if name in WANTED:
        return WANTED[name]
    for ending, told in WANTED.items():
        if name.endswith(f"_{ending}"):
            return told
    kind, bounds = _kind(field.annotation, list(field.metadata))
    default = None if field.is_required() else field.default
    if get_origin(kind) is Literal:
        return f"one of {', '.join(map(str, get_args(kind)))}", str(default)
    if kind is bool:
        return "true or false", str(default).lower()
    if kind in (int, float, Decimal):
        number = "a whole number" if kind is int else "a number"
        return number + _range(bounds), str(default if default is not None else 1)
    longest = next((bound.max_length for bound in bounds if isinstance(bound, MaxLen)), None)
    return f"a text of at most {longest} characters" if longest else "a text", str(default or "a text")


def _kind(annotation: Any, bounds: list[Any]) -> tuple[Any, list[Any]]:
    """The type below Annotated and Optional, with every bound on the way to it."""
    while True:
        if hasattr(annotation, "__metadata__"):
            for each in annotation.__metadata__:
                bounds += each.metadata if isinstance(each, FieldInfo) else [each]
            annotation = annotation.__origin__
        elif get_origin(annotation) in (Union, UnionType):
            annotation = next(one for one in get_args(annotation) if one is not type(None))
        else:
            return annotation, bounds


def _range(bounds: Sequence[Any]) -> str:
    least = next((f" from {bound.ge}" for bound in bounds if isinstance(bound, Ge)), "")
    above = next((f" above {bound.gt}" for bound in bounds if isinstance(bound, Gt)), "")
    most = next((f" to {bound.le}" for bound in bounds if isinstance(bound, Le)), "")
    below = next((f" below {bound.lt}" for bound in bounds if isinstance(bound, Lt)), "")
    return (least or above) + (most if least else most.replace(" to ", ", at most ")) + below


def strange_lines(known: Sequence[str], written: Iterable[str], around: Iterable[str]) -> list[str]:
    """A line for each name in .env (`written`) that is none of `known`, with the nearest one, and for each name in the
    environment (`around`) that is very near to one."""
    lines = []
    for name in written:
        if name.upper() not in known and not FOREIGN.fullmatch(name):
            near = difflib.get_close_matches(name.upper(), known, 1, NEAR)
            meant = f": did you mean {near[0]}?" if near else ", so Easel does not read it"
            lines.append(f"{name} (in .env) is no setting{meant}")
    for name in around:
        if name.upper() not in known and not FOREIGN.fullmatch(name):
            near = difflib.get_close_matches(name.upper(), known, 1, VERY_NEAR)
            if near:
                lines.append(f"{name} (in the environment) is no setting: did you mean {near[0]}?")
    return lines
