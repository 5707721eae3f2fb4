"""The operator's list of what may not be ordered: words, phrases and patterns, for all kinds or one. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.catalog.models import Kind
from bot.domain.limits.patterns import BadPattern, Stopwatch, compiled, found_in

MOST_ENTRIES: Final = 5_000
MOST_PATTERNS: Final = 300
LONGEST_ENTRY: Final = 220
CHECKED: Final = 12_000
"""Characters of a text that are looked at: more than two messages of Telegram."""
PROBLEMS_TOLD: Final = 10

_UNSEEN: Final = {
    at: None
    for first, last in (
        (0x0300, 0x036F),  # accents that no letter takes in, such as the stress marks of dictionaries
        (0x115F, 0x1160),  # fillers and joiners that Unicode counts among letters or marks
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x2800, 0x2800),
        (0xFE00, 0xFE0F),
        (0xE0100, 0xE01EF),
    )
    for at in range(first, last + 1)
}
"""What shows as nothing, or as nothing of its own, beside the format characters."""
_NONE: Final[dict[int, set[str]]] = {}
_WORD = re.compile(r"\w+")
_KIND = re.compile(r"([a-z0-9]+):(.*)", re.DOTALL)


class WordListError(ValueError):
    """The list cannot be used; the text has a line per problem."""


@dataclass(slots=True)
class _Rules:
    """What holds for one kind, or for all. Phrases by their first word, then by their number of words."""

    phrases: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    signs: set[str] = field(default_factory=set)
    """Entries without letters or digits, such as emoji: found anywhere."""
    patterns: list[re.Pattern[str]] = field(default_factory=list)

    def forbid(self, plain: str, words: Sequence[str], watch: Stopwatch) -> bool:
        if any(sign in plain for sign in self.signs):
            return True
        for at, word in enumerate(words):
            for length, phrases in self.phrases.get(word, _NONE).items():
                watch.look()
                if " ".join(words[at : at + length]) in phrases:
                    return True
        return any(found_in(pattern, plain, watch) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class WordRules:
    """A list that was read. `count` is the number of entries."""

    count: int = 0
    _by_kind: dict[Kind | None, _Rules] = field(default_factory=dict)

    def forbid(self, kind: Kind | None, texts: Iterable[str]) -> bool:
        """Whether one of these texts may not be ordered; without a kind only what holds for all is looked at. Raises
        TookTooLong where that could not be found out within a tenth of a second."""
        watch = Stopwatch()
        rules = [self._by_kind[k] for k in dict.fromkeys((None, kind)) if k in self._by_kind]
        if not rules:
            return False
        for text in texts:
            plain = plainly(text)
            words = _WORD.findall(plain)
            if any(rule.forbid(plain, words, watch) for rule in rules):
                return True
        return False


def plainly(text: str) -> str:
    """Small letters without disguise: compatibility forms and ё made plain, nothing invisible, one space each."""
    plain = unicodedata.normalize("NFKC", text[:CHECKED]).casefold().replace("ё", "е").translate(_UNSEEN)
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Cf").split())


def read_words(text: str) -> WordRules:
    """One entry per line, `#` begins a comment line. `kind:` before it makes it hold for that kind alone; `/…/` is a
    regular expression. Raises WordListError.
    """
    by_kind: dict[Kind | None, _Rules] = {}
    problems: list[str] = []
    count = patterns = 0
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        count += 1
        try:
            kind, entry = _kind_of(entry)
            patterns += _add(by_kind.setdefault(kind, _Rules()), entry)
        except BadPattern as error:
            problems.append(f"line {number}: {error}")
    if count > MOST_ENTRIES or patterns > MOST_PATTERNS:
        problems.append(f"at most {MOST_ENTRIES} entries, {MOST_PATTERNS} of them patterns")
    if problems:
        raise WordListError("\n".join(f"  - {problem}" for problem in problems[:PROBLEMS_TOLD]))
    return WordRules(count, by_kind)


def _kind_of(entry: str) -> tuple[Kind | None, str]:
    found = _KIND.fullmatch(entry)
    if found is None:
        return None, entry
    name, rest = found[1], found[2].strip()
    if name not in set(Kind):
        raise BadPattern(f"{name!r} is no kind: one of {', '.join(Kind)}")
    return Kind(name), rest


def _add(rules: _Rules, entry: str) -> bool:
    """Notes an entry; True for a pattern."""
    if len(entry) > LONGEST_ENTRY:
        raise BadPattern(f"longer than {LONGEST_ENTRY} characters")
    if len(entry) > 2 and entry.startswith("/") and entry.endswith("/"):
        rules.patterns.append(compiled(entry[1:-1].replace("ё", "е").replace("Ё", "Е")))
        return True
    plain = plainly(entry)
    words = _WORD.findall(plain)
    if words:
        rules.phrases.setdefault(words[0], {}).setdefault(len(words), set()).add(" ".join(words))
    elif plain:
        rules.signs.add(plain)
    else:
        raise BadPattern("empty")
    return False
