"""`python -m bot texts`: every text of every language side by side as a reader sees it, for those who write texts."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot.cli.text_samples import sample
from bot.telegram.i18n.lengths import without_markup
from bot.telegram.i18n.texts import ENGLISH, LOCALES, Speech, Texts, Value, escape

LINE: Final = 38
"""Characters on a line of a small phone."""
SCREEN: Final = 20
"""Lines on its screen."""
PLURALS: Final = frozenset({"zero", "one", "two", "few", "many", "other"})
COUNTS: Final = (1, 2, 5)
"""Between them they meet every plural form of whole numbers in English and Russian."""
STYLE: Final = """
body { font: 15px/1.35 system-ui, sans-serif; margin: 1em; } table { border-collapse: collapse; }
td, th { border: 1px solid #bbb; padding: .4em .6em; text-align: left; vertical-align: top; }
h2 { margin-top: 2em; } code { background: #eee; }
blockquote { border-left: 3px solid #69c; margin: 0; padding-left: .5em; }
.text { white-space: pre-wrap; width: 38ch; font-family: ui-monospace, monospace; margin-bottom: .5em; }
.note { color: #777; font-size: 12px; } .long { color: #b00; font-weight: bold; }
"""


@dataclass(frozen=True)
class Form:
    """One form of a text, with values filled in: what chose it, and the text as HTML."""

    chosen_by: str
    shown: str

    @property
    def lines(self) -> int:
        """How many lines it takes on a small phone."""
        parts = without_markup(self.shown).split("\n")
        return sum(max(1, len(textwrap.wrap(part, LINE))) for part in parts)


def page(texts: Texts, more: Path | None = None) -> str:
    """The HTML page: a table for each file, a row for each text, a column for each language."""
    found = messages([LOCALES, *([more] if more is not None else [])])
    head = "".join(f"<th>{language}</th>" for language in texts.languages)
    body = []
    for topic, keys in topics(found.get(ENGLISH, {})).items():
        rows = "\n".join(_row(texts, found, key) for key in keys)
        body.append(f"<h2>{escape(topic)}</h2>\n<table><tr><th>key</th>{head}</tr>\n{rows}</table>")
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>Texts</title>'
        f"<style>{STYLE}</style></head><body><h1>Texts</h1>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def messages(folders: Sequence[Path]) -> dict[str, dict[str, tuple[str, ast.Message]]]:
    """Of each language its texts by key, with the file that each is in."""
    found: dict[str, dict[str, tuple[str, ast.Message]]] = {}
    for path in [path for folder in folders for path in sorted(folder.glob("*.ftl"))]:
        language, _, topic = path.stem.lower().partition(".")
        for entry in FluentParser().parse(path.read_text(encoding="utf-8-sig")).body:
            if isinstance(entry, ast.Message):
                found.setdefault(language, {})[entry.id.name] = (topic, entry)
    return found


def topics(texts: Mapping[str, tuple[str, ast.Message]]) -> dict[str, list[str]]:
    """The keys of each file, in the order of the file."""
    found: dict[str, list[str]] = {}
    for key, (topic, _) in texts.items():
        found.setdefault(topic, []).append(key)
    return found


def forms(speech: Speech, key: str, message: ast.Message) -> Iterator[Form]:
    """The text with sample values: once for each form of a plural and each case of a choice."""
    parts = _Parts()
    parts.visit(message)
    values: dict[str, Value] = {name: sample(name, speech.language) for name in sorted(parts.variables)}
    shown = set()
    for name, case in [(name, case) for name, cases in parts.choices.items() for case in cases] or [("", 0)]:
        form = speech(key, **{**values, name: case}) if name else speech(key, **values)
        if form not in shown:
            shown.add(form)
            yield Form(f"{name} = {case}" if name else "", form)


class _Parts(Visitor):
    """The variables of a text, and what each choice in it depends on."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.choices: dict[str, list[Value]] = {}

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802  # the library's name
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802  # the library's name
        if isinstance(node.selector, ast.VariableReference):
            cases = self.choices.setdefault(node.selector.id.name, [])
            names = [variant.key.name for variant in node.variants if isinstance(variant.key, ast.Identifier)]
            cases += [int(v.key.value) for v in node.variants if isinstance(v.key, ast.NumberLiteral)]
            cases += COUNTS if set(names) <= PLURALS else names
        self.generic_visit(node)


def _row(texts: Texts, found: Mapping[str, Mapping[str, tuple[str, ast.Message]]], key: str) -> str:
    cells = []
    for language in texts.languages:
        own = found[language].get(key)
        told = "".join(map(_cell, forms(texts.of(language), key, own[1]))) if own is not None else "—"
        cells.append(f"<td>{told}</td>")
    return f"<tr><td><code>{escape(key)}</code></td>{''.join(cells)}</tr>"


def _cell(form: Form) -> str:
    length = f'<span class="{"long" if form.lines > SCREEN else "note"}">{form.lines} lines</span>'
    note = f'<span class="note">{escape(form.chosen_by)}</span> ' if form.chosen_by else ""
    return f'<div class="text">{form.shown}</div><div>{note}{length}</div>'
