"""No text is missing and none is unused: keys are taken out of the code itself, as a translator's tool would do it."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import bot
from bot.telegram.i18n.texts import LOCALES
from tests.telegram.i18n.test_texts import entries

CODE = Path(bot.__file__).parent
KEYS = frozenset(entries("en"))
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9_]+)+")


@functools.cache
def modules() -> list[ast.Module]:
    """Everything that can name a text; simulators speak for others."""
    paths = [path for path in CODE.rglob("*.py") if "sandbox" not in path.parts]
    assert len(paths) > 100
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


def words(module: ast.Module) -> Iterator[tuple[str, bool]]:
    """Every string of the code as a pattern of keys, and whether it is a part of one: docstrings are none."""
    documentation = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr):
            pieces = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[a-z0-9_-]+" for p in node.values]
            yield "".join(pieces), True
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation | parts:
            yield re.escape(node.value), False


def spoken(module: ast.Module) -> Iterator[ast.expr]:
    """The first argument of every `t(...)`, `speech(...)` and `.plain(...)`; both sides of a choice."""
    for node in ast.walk(module):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("t", "speech", "plain"):
            first = node.args[0]
            yield from (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)


def test_every_text_that_the_code_says_exists() -> None:
    said = [arg for module in modules() for arg in spoken(module)]
    literal = {a.value for a in said if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    assert len(literal) > 300
    assert sorted(literal - KEYS) == []
    for joined in (a for a in said if isinstance(a, ast.JoinedStr)):
        pieces = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[a-z0-9_-]+" for p in joined.values]
        pattern = re.compile("".join(pieces))
        assert any(pattern.fullmatch(key) for key in KEYS), ast.unparse(joined)


def test_every_text_is_used() -> None:
    found = {pattern for module in modules() for pattern in words(module)}
    whole = {re.sub(r"\\(.)", r"\1", pattern) for pattern, part in found if not part}
    made = [re.compile(p) for p, part in found if part and p.startswith(tuple(key.split("-")[0] for key in KEYS))]
    unused = {key for key in KEYS - whole if not any(pattern.fullmatch(key) for pattern in made)}
    assert sorted(unused) == []
    assert all(KEY.fullmatch(key) for key in KEYS)


def test_language_files_are_many_only_by_topic() -> None:
    assert all(re.fullmatch(r"(en|ru)\.[a-z]+\.ftl", path.name) for path in LOCALES.glob("*"))
