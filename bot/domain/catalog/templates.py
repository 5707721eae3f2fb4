"""Ready-made ideas: an order that waits for a few words, for a picture, or for nothing but its Confirm."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.domain.catalog.models import Kind, Translations

KINDS: Final = (Kind.IMAGE, Kind.VIDEO, Kind.MUSIC, Kind.EDIT)
"""Kinds that templates are for, in the order in which they are shown."""
_BLANK: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One idea. Its prompt has one blank at most, which is named in braces: "A portrait of {a person or an animal}"."""

    slug: str
    kind: Kind
    title: Translations
    about: Translations
    """What comes of it, in a sentence."""
    prompt: Translations
    ask: Translations | None = None
    """The question whose answer fills the blank; None: there is no blank."""
    example: Translations | None = None
    """An answer to that question."""
    model: str = ""
    """The slug of the model that does it best; "" or one that is not sold: the usual or recommended one does it."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Its options, in stored form."""
    photo: bool = False
    """Whether it works on a picture that the person gives."""

    @property
    def has_blank(self) -> bool:
        return self.ask is not None

    def filled(self, language: str, words: str) -> str:
        """The prompt with the words in its blank; without a blank they follow it, if there are any."""
        prompt = self.prompt.of(language)
        before, after = cut(prompt)
        if after is None:
            return f"{prompt} {words}".rstrip()
        return f"{before}{words}{after}"

    def longest(self) -> int:
        """Characters of the prompt as its example fills it, in the language that needs most."""
        example = self.example.by_language if self.example is not None else {}
        return max(len(self.filled(each, example.get(each, ""))) for each in self.prompt.by_language)


def cut(prompt: str) -> tuple[str, str | None]:
    """What stands before the blank and after it; None after it where there is no blank."""
    found = _BLANK.search(prompt)
    return (prompt, None) if found is None else (prompt[: found.start()], prompt[found.end() :])


def blanks(prompt: str) -> list[str]:
    """The names of the blanks in a prompt."""
    return [found.strip() for found in _BLANK.findall(prompt)]


def stray_braces(prompt: str) -> bool:
    """Whether a brace in it opens or closes no blank."""
    return any(brace in _BLANK.sub("", prompt) for brace in "{}")
