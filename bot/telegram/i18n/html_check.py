"""Whether a text of a language file is HTML that Telegram takes: a tag left open would cost the whole message."""

import re
from typing import Final

from fluent.syntax import ast
from fluent.syntax.visitor import Visitor

TAGS: Final = frozenset({"a", "b", "blockquote", "code", "i", "pre", "s", "tg-time", "u"})
_TAG: Final = re.compile(r"<(/?)([a-z-]*)[^<>]*(>?)", re.IGNORECASE)


def broken(message: ast.Message) -> str:
    """What is wrong with its tags, in words; "" for nothing. Every form of a plural is looked at by itself."""
    found = _Patterns()
    found.visit(message)
    return next((problem for problem in map(_problem, found.texts) if problem), "")


class _Patterns(Visitor):
    """The words of every pattern, nested ones apart."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def visit_Pattern(self, node: ast.Pattern) -> None:  # noqa: N802  # the library's name
        self.texts.append("".join(e.value for e in node.elements if isinstance(e, ast.TextElement)))
        self.generic_visit(node)


def _problem(text: str) -> str:
    open_tags: list[str] = []
    for closes, name, end in _TAG.findall(text):
        if name not in TAGS or not end:
            return f"Telegram has no <{closes}{name}>"
        if not closes:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return f"</{name}> closes nothing"
    return f"<{open_tags[-1]}> is never closed" if open_tags else ""
