"""What words most likely ask for: a kind that they name, or an answer. A guess that only orders buttons: nothing is
charged for it, and one tap corrects it."""

import re
from typing import Final

from bot.domain.catalog.models import Kind

_NAMED: Final = (
    (Kind.SOLID, r"3d[ -]?model|3[dд][ -]?модел\w*|в 3[dд]"),
    (Kind.VIDEO, r"videos?|video ?clips?|animations?|animate[ds]?|timelapse|видео\w*|ролик\w*|анимаци\w*|мультик\w*"),
    (
        Kind.MUSIC,
        r"songs?|melod(?:y|ies)|soundtracks?|lullab(?:y|ies)|песн\w*|песенк\w*|мелоди\w*|саундтрек\w*|колыбельн\w*",
    ),
    (Kind.AUDIO, r"sound effects?|sounds? of|звуки?|шум"),
    (
        Kind.IMAGE,
        r"pictures?|photos?|images?|drawings?|logos?|posters?|картинк\w*|фото\w*|рисун\w*|логотип\w*|постер\w*",
    ),
)
"""In the order in which they are looked for: "a song for my video" is rare, "video of a concert" is not. Each is a
whole word, in English or Russian; other languages name nothing."""
_KINDS: Final = tuple((kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _NAMED)
_ASKS: Final = re.compile(
    r"\W*(?:who|whom|whose|what|when|where|why|how|which|explain|tell me|translate|summari[sz]e|"
    r"is it|are there|can you|could you|do you|does|should i|"
    r"кто|что|чт[оó] такое|когда|где|куда|откуда|почему|зачем|сколько|объясни\w*|расскажи\w*|переведи\w*|посоветуй\w*|"
    r"можно ли|нужно ли|правда ли|в чём|в чем|чем отлича\w*)\b",
    re.IGNORECASE,
)
READ: Final = 2_000
"""Characters that are looked at."""


def named_kind(text: str) -> Kind | None:
    """The kind of result that the words name; None when they name none."""
    return next((kind for kind, words in _KINDS if words.search(text[:READ])), None)


def asks_a_question(text: str) -> bool:
    """Whether the words read as a question: they end with a question mark, or begin as questions do."""
    said = text.strip()
    return said.endswith(("?", "？", "؟")) or _ASKS.match(said[:READ]) is not None
