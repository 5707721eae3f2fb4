"""Readable names for what services list: "fal-ai/flux/dev/image-to-image" is "Flux Dev · edit", and /flux_dev_edit.

Names are shortened by leaving words out, never in the middle of a word.
"""

import re
from collections.abc import Collection
from typing import Final

from bot.domain.catalog.models import Kind
from bot.domain.orders.matching import normalise
from bot.engine.catalog.schema import VALUE_BYTES

TITLE: Final = 32
"""Characters of a title: a button on a phone shows it with the price."""
EDIT, ANIMATE, UPSCALE, CUT_OUT = "edit", "animate", "upscale", "remove background"
TASKS: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("image", "to", "image"), EDIT),
    (("i2i",), EDIT),
    (("edit",), EDIT),
    (("image", "to", "video"), ANIMATE),
    (("i2v",), ANIMATE),
    (("upscale",), UPSCALE),
    (("upscaler",), UPSCALE),
    (("background", "removal"), CUT_OUT),
    (("remove", "background"), CUT_OUT),
    (("rembg",), CUT_OUT),
    (("text", "to", "image"), ""),
    (("t2i",), ""),
    (("text", "to", "video"), ""),
    (("t2v",), ""),
    (("text", "to", "audio"), ""),
    (("text", "to", "speech"), ""),
)
"""Words of an id that say what a model does, and how people say it; "": the kind says so already."""
IN_RUSSIAN: Final = {EDIT: "правка", ANIMATE: "оживление", UPSCALE: "увеличение", CUT_OUT: "без фона"}
OF_KIND: Final = {Kind.EDIT: EDIT, Kind.UPSCALE: UPSCALE, Kind.CUTOUT: CUT_OUT}
FILLING: Final = frozenset({"video", "image", "model", "standard", "preview", "latest", "instruct", "generation"})
"""Words that are left out first, beside dates."""
DATE: Final = 6
"""Digits of a word from which on it is a date."""
CAPITALS: Final = frozenset({"gpt", "sdxl", "sd", "hd", "3d", "ai", "tts", "sr", "vl", "xl", "llm", "lora"})
SEPARATOR: Final = " · "


def title_of(upstream_id: str, told: str = "", *, kind: Kind | None = None, taken: Collection[str] = ()) -> str:
    """The title that the service told, else one made of the id. `taken` are the titles of others, normalised: where its
    own is among them the kind is added, or a number."""
    plain = whole_words(told, TITLE)
    if plain and not _is_id(plain):
        words, task = plain.split(" "), ""
    else:
        words, task = _words(plain or upstream_id)
        words = [_cased(word) for word in words]
    tasks = [task] if task or kind not in OF_KIND else ["", OF_KIND[kind]]
    for number in range(1, 100 + len(taken)):
        for each in tasks:
            end = (f"{SEPARATOR}{each}" if each else "") + (f" {number}" if number > 1 else "")
            title = _fitted(words, TITLE - len(end), " ") or f"{words[0][: TITLE - len(end) - 1]}…"
            if normalise(title + end) not in taken:
                return title + end
    raise AssertionError("more titles than numbers")


def command_of(upstream_id: str, taken: Collection[str], *, kind: Kind | None = None) -> str:
    """A command's name made of the id, unlike those that are taken; where its own is, the kind is added, or a
    number."""
    words, task = _words(upstream_id)
    plain = [word for each in words if (word := re.sub(r"[^a-z0-9]+", "_", each.lower()).strip("_"))]
    if not plain or not plain[0][0].isalpha():
        plain = ["m", *plain]
    tasks = [task] if task or kind not in OF_KIND else ["", OF_KIND[kind]]
    for number in range(1, 100 + len(taken)):
        for each in tasks:
            end = (f"_{each.rpartition(' ')[2]}" if each else "") + (f"_{number}" if number > 1 else "")
            name = (_fitted(plain, VALUE_BYTES - len(end), "_") or "model") + end
            if name not in taken:
                return name
    raise AssertionError("more names than numbers")


def in_russian(title: str) -> str:
    """The title with what the model does in Russian."""
    name, separator, task = title.rpartition(SEPARATOR)
    said = IN_RUSSIAN.get(task)
    return f"{name}{separator}{said}" if said and name else title


def whole_words(text: str, most: int) -> str:
    """The text up to the last word that ends within so many characters."""
    plain = " ".join(text.split())
    if len(plain) <= most:
        return plain
    return f"{plain[:most].rpartition(' ')[0] or plain[: most - 1]}…"


def _is_id(title: str) -> bool:
    """Whether a service gave an id for a title."""
    return "/" in title or (" " not in title and any(c in title for c in "-_"))


def _words(upstream_id: str) -> tuple[list[str], str]:
    """The telling words of an id, without its vendor, and what it does: "fal-ai/flux/dev/edit" is flux dev, edit."""
    parts = [p for p in upstream_id.split("/") if p]
    words = [w for part in (parts[1:] if len(parts) > 1 else parts) for w in re.split(r"[-_\s]+", part) if w]
    found = ""
    for sequence, task in TASKS:
        at = _position([w.lower() for w in words], sequence)
        if at is not None and len(words) > len(sequence):
            words, found = words[:at] + words[at + len(sequence) :], found or task
    return words or ["Model"], found


def _position(words: list[str], sequence: tuple[str, ...]) -> int | None:
    """Where the words stand in this order, after the first word, which is the model's name."""
    size = len(sequence)
    return next((n for n in range(1, len(words) - size + 1) if tuple(words[n : n + size]) == sequence), None)


def _cased(word: str) -> str:
    if word.lower() in CAPITALS:
        return word.upper()
    return word if any(c.isupper() for c in word) else word[:1].upper() + word[1:]


def _is_date(word: str) -> bool:
    return word.isdigit() and len(word) >= DATE


def _fitted(words: list[str], most: int, joint: str) -> str:
    """The words within so many characters: those that say little are left out first, then the last of those without a
    digit, for versions tell models apart; the first always stays. "" where it alone is too long."""
    kept = list(words)
    while len(joint.join(kept)) > most and len(kept) > 1:
        rest = range(len(kept) - 1, 0, -1)
        filling = next((n for n in rest if kept[n].lower() in FILLING or _is_date(kept[n])), None)
        plain = next((n for n in rest if not any(c.isdigit() for c in kept[n])), None)
        del kept[next(n for n in (filling, plain, len(kept) - 1) if n is not None)]
    text = joint.join(kept)
    return text if len(text) <= most else ""
