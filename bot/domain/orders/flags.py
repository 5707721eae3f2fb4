"""The text of a command taken apart: `--model pika --style "black & white" a lake` into flags and the prompt.

Phones turn `--` into a dash, so `—` and `–` before a flag count as `--`; every other dash stays text.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.catalog.models import ON
from bot.domain.orders.matching import Hit, Missing, match, normalise

PROBLEMS = 8
"""Problems told at most: one answer has to hold them."""
VALUE_LIMIT = 200
"""Characters within which a quoted value must be closed."""
_FLAG = re.compile(r"(?<!\S)(?P<dash>--|[—–]{1,2})(?P<name>[^\W\d_][\w-]{0,63})(?P<sign>[=:]?)")
_WORD = re.compile(r"\S+")
_QUOTES = {'"': '"', "«": "»", "“": "”", "„": "“", "”": "”"}
_TRAILING = ",.;:"
_EDGES = _TRAILING + '"«»“”„'
_YES = frozenset({"on", "yes", "true", "1", "да", "вкл"})
_NO = frozenset({"off", "no", "false", "0", "нет", "выкл"})


@dataclass(frozen=True, slots=True)
class UnknownFlag:
    """No flag is called so; `nearest` are flags with similar names."""

    name: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingValue:
    """A flag with nothing behind it."""

    name: str


@dataclass(frozen=True, slots=True)
class RepeatedFlag:
    """A flag given twice: which one is meant is not guessed."""

    name: str


Problem = UnknownFlag | MissingValue | RepeatedFlag


@dataclass(frozen=True, slots=True)
class ParsedFlags:
    """Values as typed, not looked up yet; `prompt` has no white space at its ends. With problems, use neither."""

    values: Mapping[str, str]
    prompt: str
    problems: tuple[Problem, ...]


def parse(text: str, known: Mapping[str, Sequence[str]], switches: Collection[str] = ()) -> ParsedFlags:
    """Flags and prompt of `text`. `known` has every flag with the names its values may have.

    A value is quoted, or the most words that together are a known name, or one word. Flags among `switches` take none:
    their value is ON, or "" after `=off` and the like. Takes linear time, never raises.
    """
    reader = _Reader(text, known, switches)
    reader.run()
    return ParsedFlags(reader.values, "".join(reader.prompt).strip(), tuple(reader.problems))


def has_flag(text: str) -> bool:
    """Whether anything in the text looks like a flag; a dash between words does not."""
    return _FLAG.search(text) is not None


class _Reader:
    """One pass over the text."""

    def __init__(self, text: str, known: Mapping[str, Sequence[str]], switches: Collection[str]) -> None:
        self.values: dict[str, str] = {}
        self.prompt: list[str] = []
        self.problems: list[Problem] = []
        self._text = text
        self._switches = frozenset(switches)
        self._flags = {flag.casefold(): flag for flag in known}
        self._names = {flag: {normalise(name) for name in names} for flag, names in known.items()}
        self._words = {flag: max((len(n.split()) for n in names), default=1) for flag, names in known.items()}

    def run(self) -> None:
        kept = position = 0
        while found := _FLAG.search(self._text, position):
            position = found.end()
            name = found["name"].casefold()
            nearest = () if name in self._flags or len(self.problems) >= PROBLEMS else self._similar(name)
            if name not in self._flags and found["dash"] != "--" and not nearest and not name.isascii():
                continue  # a dash that opens speech: «—Привет»
            self._keep(kept, found.start())
            kept = position = self._take(found, name, nearest)
        self._keep(kept, len(self._text))

    def _take(self, found: re.Match[str], name: str, nearest: tuple[str, ...]) -> int:
        """Reads one flag with its value and returns where the text goes on."""
        flag = self._flags.get(name)
        if flag is None:
            self._tell(UnknownFlag(found["name"], nearest))
            return found.end()
        switch = flag in self._switches
        value, end = self._switched(found) if switch else self._value(flag, found.end())
        if not value and not switch:
            self._tell(MissingValue(flag))
        elif flag in self.values:
            self._tell(RepeatedFlag(flag))
        else:
            self.values[flag] = value
        return end

    def _switched(self, found: re.Match[str]) -> tuple[str, int]:
        """ON, unless `=off` or the like is attached; words behind a switch belong to the prompt."""
        word = _WORD.match(self._text, found.end()) if found["sign"] else None
        said = word.group().casefold().rstrip(_TRAILING) if word is not None else ""
        if word is None or said not in _YES | _NO:
            return ON, found.end()
        return ON if said in _YES else "", word.end()

    def _value(self, flag: str, position: int) -> tuple[str, int]:
        first = _WORD.search(self._text, position)
        if first is None or _FLAG.match(self._text, first.start()):
            return "", position
        start = first.start()
        closing = _QUOTES.get(self._text[start])
        if closing and (end := self._text.find(closing, start + 1, start + 1 + VALUE_LIMIT)) > 0:
            return self._text[start + 1 : end].strip(), end + 1
        best, end = self._text[start : first.end()], first.end()
        for last in self._following(flag, start):
            words = self._text[start:last]
            bare = words.rstrip(_TRAILING)
            if normalise(words) in self._names[flag]:
                best, end = words, last
            elif normalise(bare) in self._names[flag]:
                best, end = bare, last
        return best.strip(_EDGES), end

    def _following(self, flag: str, start: int) -> list[int]:
        """Where the first words from `start` end: as many as the longest known name has, within VALUE_LIMIT."""
        ends: list[int] = []
        for word in _WORD.finditer(self._text, start, start + VALUE_LIMIT):
            if len(ends) >= self._words[flag] or (ends and _FLAG.match(self._text, word.start())):
                break
            ends.append(word.end())
        return ends

    def _similar(self, name: str) -> tuple[str, ...]:
        found = match(name, [(flag, (flag,)) for flag in self._flags.values()])
        match found:
            case Missing(nearest):
                return nearest
            case Hit(key):
                return (key,)
            case _:
                return found.keys

    def _keep(self, start: int, end: int) -> None:
        """Adds a piece of the prompt; where a flag was cut out, one gap remains, a new line if there was one."""
        piece = self._text[start:end]
        if self.prompt and piece:
            before = self.prompt.pop()
            left, right = before.rstrip(), piece.lstrip()
            gap = before[len(left) :] + piece[: len(piece) - len(right)]
            self.prompt.append(left)
            piece = ("\n" if "\n" in gap else " " if gap else "") + right
        self.prompt.append(piece)

    def _tell(self, problem: Problem) -> None:
        if len(self.problems) < PROBLEMS and problem not in self.problems:
            self.problems.append(problem)
