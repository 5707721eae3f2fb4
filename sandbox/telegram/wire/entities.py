"""Plain text to Telegram's text: entities found in it, trimmed ends, parse modes, and the length rules."""

import re

from sandbox.telegram.chats.model import Json
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.html import parse_html, utf16_len

RAW_TEXT_BYTES = 1 << 15
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)\]])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+\.[a-zA-Z]{2,}\b)"
    r"|(?<![\w/])(?P<bot_command>/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[a-zA-Z0-9_]{3,32})\b"
    r"|(?<![\w#])(?P<hashtag>#(?!\d+\b)\w{1,256})"
)
_OPAQUE = {"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"}


def found_entities(text: str) -> list[Json]:
    """Commands, mentions, links, e-mail addresses and hashtags a client or server finds by itself."""
    found: list[Json] = []
    offset = at = 0
    for match in _FOUND.finditer(text):
        offset += utf16_len(text[at : match.start()])
        at = match.start()
        found.append({"type": match.lastgroup, "offset": offset, "length": utf16_len(match.group())})
    return found


def slice16(text: str, offset: int, length: int) -> str:
    """The part of `text` that an entity covers."""
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le", "ignore")


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Trailing space goes; leading space goes up to the first entity; entities left empty go."""
    first = min((entity["offset"] for entity in entities), default=utf16_len(text))
    lead = min(len(text) - len(text.lstrip()), first)
    text = text[lead:].rstrip()
    room = utf16_len(text)
    kept = []
    for entity in entities:
        offset = entity["offset"] - lead
        length = min(entity["length"], room - offset)
        if length > 0 and slice16(text, offset, length).strip():
            kept.append({**entity, "offset": offset, "length": length})
    return text, kept


def _checked(entity: Json) -> Json:
    for name, kind in (("type", str), ("offset", int), ("length", int)):
        if not isinstance(entity.get(name), kind):
            raise bad(f"can't parse MessageEntity: Can't find field \"{name}\"")
    if entity["offset"] < 0 or entity["length"] < 0:
        raise bad("ENTITY_BOUNDS_INVALID")
    checked = dict(entity)
    user = checked.pop("user", None)
    if isinstance(user, dict) and isinstance(user.get("id"), int):
        checked["user_id"] = user["id"]
    return checked


def formatted(source: str, parse_mode: str | None, given: list[Json] | None) -> tuple[str, list[Json]]:
    """Text and entities of what a bot sends; raises the server's refusals of unparsable text."""
    if len(source.encode()) > RAW_TEXT_BYTES:
        raise bad("text is too long")
    match (parse_mode or "none").lower():
        case "none":
            text, entities = source, [_checked(entity) for entity in given or []]
        case "html":
            text, entities = parse_html(source)
        case "markdown" | "markdownv2":
            raise bad("can't parse entities: Markdown is not emulated here, use HTML")
        case _:
            raise bad("unsupported parse_mode")
    text, entities = _trimmed(text.replace("\r\n", "\n").replace("\0", ""), entities)
    opaque = [entity for entity in entities if entity["type"] in _OPAQUE]
    for entity in found_entities(text):
        end = entity["offset"] + entity["length"]
        if not any(entity["offset"] < o["offset"] + o["length"] and o["offset"] < end for o in opaque):
            entities.append(entity)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities[:100]
