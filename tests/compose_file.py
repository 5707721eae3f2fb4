"""Reads the part of YAML that compose.yaml keeps to, and refuses the rest: no YAML library is among the pinned tools.

Taken: block mappings, block sequences of scalars, plain and double-quoted scalars, flow sequences of double-quoted
texts, whole-line comments. Plain scalars are read as text.
"""

import json
import re

Node = dict[str, "Node"] | list[str] | str | None
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*):(?: (.+))?")
_PLAIN = re.compile(r"[A-Za-z0-9./_][A-Za-z0-9./_-]*")
_Line = tuple[int, int, str]


class NotTaken(ValueError):
    """The text is not in the subset; the message names the line."""


def parse(text: str) -> dict[str, Node]:
    """The document, a mapping. Raises NotTaken."""
    lines: list[_Line] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip(" ")
        if not bare or bare.startswith("#"):
            continue
        if "\t" in line or line != line.rstrip():
            raise NotTaken(f"line {number}: a tab, or blanks at the end")
        lines.append((number, len(line) - len(bare), bare))
    node, rest = _block(lines, 0)
    if rest or not node or not isinstance(node, dict):
        raise NotTaken(f"line {rest[0][0] if rest else 1}: not a mapping that starts in the first column")
    return node


def _block(lines: list[_Line], indent: int) -> tuple[Node, list[_Line]]:
    if lines and lines[0][1] == indent and lines[0][2].startswith("- "):
        return _sequence(lines, indent)
    mapping: dict[str, Node] = {}
    while lines and lines[0][1] == indent:
        number, _, line = lines.pop(0)
        found = _KEY.fullmatch(line)
        if found is None or found[1] in mapping:
            raise NotTaken(f"line {number}: not a key, or one given twice")
        if found[2] is not None:
            mapping[found[1]] = _value(found[2], number)
        elif lines and lines[0][1] > indent:
            mapping[found[1]], lines = _block(lines, lines[0][1])
        else:
            mapping[found[1]] = None
    if lines and lines[0][1] > indent:
        raise NotTaken(f"line {lines[0][0]}: unexpected indentation")
    return mapping, lines


def _sequence(lines: list[_Line], indent: int) -> tuple[list[str], list[_Line]]:
    items: list[str] = []
    while lines and lines[0][1] == indent and lines[0][2].startswith("- "):
        number, _, line = lines.pop(0)
        items.append(_scalar(line[2:], number))
    return items, lines


def _value(text: str, number: int) -> Node:
    if not text.startswith("["):
        return _scalar(text, number)
    try:
        items = json.loads(text)
    except ValueError as broken:
        raise NotTaken(f"line {number}: {broken}") from broken
    if not all(isinstance(item, str) for item in items):
        raise NotTaken(f"line {number}: a sequence of other things than texts")
    return list(items)


def _scalar(text: str, number: int) -> str:
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError as broken:
            raise NotTaken(f"line {number}: {broken}") from broken
    if not _PLAIN.fullmatch(text):
        raise NotTaken(f"line {number}: {text!r} needs quotes")
    return text
