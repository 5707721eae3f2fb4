"""Telegram's HTML parse mode, as strict as the real server: text and entities, or its exact complaint."""

import re
from dataclasses import dataclass

from sandbox.telegram.chats.model import Json
from sandbox.telegram.wire.errors import ApiError, bad

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
}
TAGS = {*SIMPLE_TAGS, "a", "tg-emoji", "tg-time"}
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
TIME_MAX = 2**31 - 1
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z]+));?")
_ATTRIBUTE = re.compile(r"([^\s=>]*)\s*(=?)\s*")
_NAME_TOKEN = re.compile(r"[a-zA-Z0-9.-]*")
_HREF = re.compile(r"^(?:https?://|tg://|mailto:|tel:)?[^\s<>\"]+\.?[^\s<>\"]*$", re.IGNORECASE)


def utf16_len(text: str) -> int:
    """Length in UTF-16 code units, Telegram's measure of offsets."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def _decode_reference(source: str, at: int) -> tuple[str, int] | None:
    """The character of the reference at `at` and the position after it; None leaves the ampersand as it is."""
    match = _REFERENCE.match(source, at)
    if match is None:
        return None
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        char = NAMED.get(name)
        return (char, match.end()) if char else None
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if not 0 < code < 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code), match.end()


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    start: int
    expandable: bool = False
    time_format: str = ""


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.stack: list[_Open] = []
        self.entities: list[Json] = []

    def refuse(self, complaint: str, *, at: int | None = None) -> ApiError:
        where = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        return bad(f"can't parse entities: {complaint}{where}")

    def emit(self, char: str) -> None:
        self.out.append(char)
        self.offset += 2 if ord(char) > 0xFFFF else 1

    def run(self) -> tuple[str, list[Json]]:
        source = self.source
        while self.at < len(source):
            char = source[self.at]
            if char == "&" and (decoded := _decode_reference(source, self.at)):
                self.emit(decoded[0])
                self.at = decoded[1]
            elif char == "<":
                if source.startswith("</", self.at):
                    self.close_tag()
                else:
                    self.open_tag()
            else:
                self.emit(char)
                self.at += 1
        if self.stack:
            raise self.refuse(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.out), self.entities

    def open_tag(self) -> None:
        begin = self.at
        end = begin + 1
        while end < len(self.source) and not self.source[end].isspace() and self.source[end] != ">":
            end += 1
        if end >= len(self.source):
            raise self.refuse("Unclosed start tag", at=begin)
        tag = self.source[begin + 1 : end].lower()
        if tag not in TAGS:
            raise self.refuse(f'Unsupported start tag "{tag}"', at=begin)
        self.at = end
        opened = _Open(tag, "", self.offset, len(self.out))
        while not self.source.startswith(">", self.at):
            self.attribute(opened, begin)
        self.at += 1
        if tag == "span" and opened.argument != "spoiler":
            raise self.refuse('Tag "span" must have class "tg-spoiler"', at=begin)
        if tag == "tg-emoji" and not opened.argument.isdigit():
            raise self.refuse("Invalid custom emoji identifier specified")
        if tag == "tg-time" and not (opened.argument.isdigit() and int(opened.argument) <= TIME_MAX):
            raise self.refuse("Invalid Unix time specified")
        if tag == "tg-time" and not _TIME_FORMAT.fullmatch(opened.time_format):
            raise self.refuse("Invalid date-time format specified")
        self.stack.append(opened)

    def attribute(self, opened: _Open, begin: int) -> None:
        while self.at < len(self.source) and self.source[self.at].isspace():
            self.at += 1
        if self.at >= len(self.source):
            raise self.refuse("Unclosed start tag", at=begin)
        if self.source[self.at] == ">":
            return
        match = _ATTRIBUTE.match(self.source, self.at)
        name, equals = (match.group(1).lower(), match.group(2)) if match else ("", "")
        if not name:
            raise self.refuse(f'Empty attribute name in the tag "{opened.tag}"', at=begin)
        if name == "expandable" and opened.tag == "blockquote" and not equals:
            opened.expandable = True
            self.at += len(name)
            return
        if not equals or match is None:
            raise self.refuse(f'Expected equal sign in declaration of an attribute of the tag "{opened.tag}"', at=begin)
        self.at = match.end()
        self.store(opened, name, self.value(begin))

    def value(self, begin: int) -> str:
        if self.at >= len(self.source):
            raise self.refuse("Unclosed start tag", at=begin)
        quote = self.source[self.at]
        if quote not in "'\"":
            match = _NAME_TOKEN.match(self.source, self.at)
            token, start = (match.group() if match else ""), self.at
            self.at += len(token)
            if not self.source[self.at : self.at + 1].isspace() and not self.source.startswith(">", self.at):
                raise self.refuse("Unexpected end of name token", at=start)
            return token.lower()
        self.at += 1
        value: list[str] = []
        while self.at < len(self.source) and self.source[self.at] != quote:
            if self.source[self.at] == "&" and (decoded := _decode_reference(self.source, self.at)):
                value.append(decoded[0])
                self.at = decoded[1]
            else:
                value.append(self.source[self.at])
                self.at += 1
        self.at += 1
        if self.at >= len(self.source):
            raise self.refuse("Unclosed start tag", at=begin)
        return "".join(value)

    @staticmethod
    def store(opened: _Open, name: str, value: str) -> None:
        match (opened.tag, name):
            case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix"):
                opened.argument = value
            case ("tg-time", "format"):
                opened.time_format = value
            case ("code", "class") if value.startswith("language-"):
                opened.argument = value.removeprefix("language-")
            case ("span", "class") if value.startswith("tg-"):
                opened.argument = value.removeprefix("tg-")
            case _:
                pass

    def close_tag(self) -> None:
        begin = self.at
        if not self.stack:
            raise self.refuse("Unexpected end tag", at=begin)
        end = self.source.find(">", begin)
        found = self.source[begin + 2 : end].rstrip() if end >= 0 else ""
        if end < 0 or any(char.isspace() for char in found):
            raise self.refuse("Unclosed end tag", at=begin)
        opened = self.stack.pop()
        if found and found.lower() != opened.tag:
            where = f" at byte offset {len(self.source[:begin].encode())}"
            raise self.refuse(f'Unmatched end tag{where}, expected "</{opened.tag}>", found "</{found.lower()}>"')
        self.at = end + 1
        if self.offset > opened.offset:
            self.add_entity(opened, "".join(self.out[opened.start :]))

    def add_entity(self, opened: _Open, inner: str) -> None:
        entity: Json = {"type": "", "offset": opened.offset, "length": self.offset - opened.offset}
        match opened.tag:
            case "a":
                url = opened.argument or inner
                if not _HREF.match(url) or ("." not in url and ":" not in url):
                    return
                user = re.fullmatch(r"tg://user\?id=(\d+)", url)
                entity |= (
                    {"type": "text_mention", "user_id": int(user[1])} if user else {"type": "text_link", "url": url}
                )
            case "tg-emoji":
                entity |= {"type": "custom_emoji", "custom_emoji_id": opened.argument}
            case "tg-time":
                if any(each.tag in {"code", "pre"} for each in self.stack):
                    return
                entity |= {"type": "date_time", "unix_time": int(opened.argument)}
                if opened.time_format:
                    entity["date_time_format"] = opened.time_format
            case "pre" if self.entities and self.merges_code(entity):
                return
            case "code" if opened.argument and not (self.stack and self.stack[-1].tag == "pre"):
                entity["type"] = "code"
            case "code" if opened.argument:
                entity |= {"type": "code", "language": opened.argument}
            case _:
                entity["type"] = SIMPLE_TAGS[opened.tag]
                if opened.expandable:
                    entity["type"] = "expandable_blockquote"
        self.entities.append(entity)

    def merges_code(self, pre: Json) -> bool:
        """Turns <pre><code class="language-…">…</code></pre> into one pre entity."""
        last = self.entities[-1]
        if last["type"] == "code" and (last["offset"], last["length"]) == (pre["offset"], pre["length"]):
            last["type"] = "pre"
            return True
        return False


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities (offsets in UTF-16 units); raises ApiError "can't parse entities: …"."""
    text, entities = _Parser(source).run()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities
