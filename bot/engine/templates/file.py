"""Reads templates: those of the operator's file and catalogue first, then those that come with Easel. What is wrong
with an operator's own is said with its place and slug."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from bot.domain.catalog.models import Catalog, Kind, Model
from bot.domain.catalog.options import clashing, stored
from bot.domain.catalog.templates import KINDS, Template, blanks, stray_braces
from bot.engine.catalog.file import explain, read_toml, unusable
from bot.engine.templates.schema import TemplateEntries, TemplateEntry

SHIPPED: Final = Path(__file__).resolve().parents[2] / "templates.toml"
SECTION: Final = frozenset(TemplateEntries.model_fields)
"""The keys of a catalogue file that are about templates."""


def load_templates(
    catalog: Catalog, *, own: Path | None = None, in_catalog: Path | None = None
) -> tuple[Template, ...]:
    """All templates, by kind in the order of KINDS and within a kind as the files have them. `own` is a file of
    templates alone, `in_catalog` a catalogue file that may have some. Of two with one slug the first counts. Raises
    CatalogError, a line per problem."""
    sources: list[tuple[TemplateEntries, bool]] = []
    for path, alone in ((own, True), (in_catalog, False)):
        if path is not None:
            sources.append((_read(path, catalog, alone=alone), True))
    if all(entries.shipped_templates for entries, _ in sources):
        sources.append((TemplateEntries.model_validate(read_toml(SHIPPED.read_bytes())), False))
    found: dict[str, Template] = {}
    for entries, _ in sources:
        for entry in entries.templates:
            found.setdefault(entry.slug, entry.template())
    return tuple(sorted(found.values(), key=lambda each: KINDS.index(each.kind)))


def _read(path: Path, catalog: Catalog, *, alone: bool) -> TemplateEntries:
    """What the file says of templates. `alone`: it is about nothing else."""
    try:
        tables = read_toml(path.read_bytes())
        known = tables if alone else {name: value for name, value in tables.items() if name in SECTION}
        entries = TemplateEntries.model_validate(known)
    except OSError as error:
        raise unusable(path, [f"cannot be read: {error.strerror or error}"], what="templates of") from None
    except ValidationError as error:
        raise unusable(path, [_named(line, known) for line in explain(error)], what="templates of") from None
    except ValueError as error:
        raise unusable(path, [f"is not TOML: {error}"], what="templates of") from None
    if problems := list(_contradictions(entries.templates, catalog)):
        raise unusable(path, problems, what="templates of")
    return entries


def _named(line: str, tables: Any) -> str:
    """The line about `templates[3].prompt` with the slug behind the number, where the entry has one."""
    number, bracket, rest = line.removeprefix("templates[").partition("]")
    if not line.startswith("templates[") or not bracket or not number.isdigit():
        return line
    entry = tables["templates"][int(number)]
    slug = entry.get("slug") if isinstance(entry, dict) else None
    return f"{_place(int(number), str(slug))}{rest}" if isinstance(slug, str) and slug else line


def _place(number: int, slug: str) -> str:
    return f"templates[{number}] ({slug[:40]})"


def _contradictions(entries: Sequence[TemplateEntry], catalog: Catalog) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, entry in enumerate(entries):
        place = _place(number, entry.slug)
        before = first.setdefault(entry.slug, number)
        if before != number:
            yield f"{place}.slug: {entry.slug!r} is the same as in templates[{before}]"
        if entry.kind not in KINDS:
            yield f"{place}.kind: templates are for {', '.join(KINDS)}"
        yield from (f"{place}{said}" for said in _of_the_blank(entry))
        yield from (f"{place}{said}" for said in _of_the_model(entry, catalog))


def _of_the_blank(entry: TemplateEntry) -> Iterator[str]:
    counts = {language: len(blanks(getattr(entry.prompt, language))) for language in ("en", "ru")}
    for language, count in counts.items():
        prompt = getattr(entry.prompt, language)
        if count > 1:
            yield f".prompt.{language}: has {count} blanks; one is all that is asked for"
        if "" in blanks(prompt):
            yield f".prompt.{language}: the blank has no name, as in {{a person or an animal}}"
        if stray_braces(prompt):
            yield f".prompt.{language}: has a brace that belongs to no blank"
    if bool(counts["en"]) != bool(counts["ru"]):
        yield ".prompt: has a blank in one language only"
    for name in ("ask", "example"):
        if (getattr(entry, name) is not None) != bool(counts["en"]):
            yield f".{name}: belongs to templates with a blank, and to all of them"


def _of_the_model(entry: TemplateEntry, catalog: Catalog) -> Iterator[str]:
    """A model that the catalogue does not have may be one that an admin put on sale: it is no error."""
    if entry.kind is Kind.EDIT and not entry.photo:
        yield ".photo: must be true; the kind edit works on a picture"
    named = catalog.get(entry.model) if entry.model else None
    if named is not None and named.kind is not entry.kind:
        yield f".model: {named.slug!r} makes {named.kind.value}, not {entry.kind.value}"
        return
    models = (named,) if named is not None else catalog.of_kind(entry.kind)
    template = entry.template()
    if models and all(0 < model.prompt_limit < template.longest() for model in models):
        limit = max(model.prompt_limit for model in models)
        yield f".prompt: has {template.longest()} characters with its example; at most {limit} are taken"
    for name, value in entry.options.items():
        if models and not any(_has(model, name, value) for model in models):
            who = f"{named.slug!r}" if named is not None else f"any model of the kind {entry.kind.value}"
            yield f".options.{name}: {value!r} is no value of {who}"
    if named is not None and (both := clashing(named, entry.options)) is not None:
        yield f".options: {both[0]!r} and {both[1]!r} exclude each other"


def _has(model: Model, name: str, value: str) -> bool:
    option = model.option(name)
    return option is not None and stored(option, value) == value
