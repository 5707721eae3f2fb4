"""Letters on pictures: a font that knows Cyrillic where the machine has one, a transliteration where it has none
(the font inside Pillow is Latin only)."""

from functools import lru_cache
from textwrap import wrap

from PIL import ImageFont

_CANDIDATES = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf", "Arial.ttf")
_LATIN = dict(zip("абвгдезийклмнопрстуфъыьэ", "abvgdeziyklmnoprstuf'y'e", strict=True)) | {
    "ё": "yo",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
}
_TABLE = str.maketrans(_LATIN | {letter.upper(): latin.capitalize() for letter, latin in _LATIN.items()})

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=16)
def font(size: int) -> tuple[Font, bool]:
    """A font of `size` pixels, and whether it draws Cyrillic."""
    for name in _CANDIDATES:
        try:
            return ImageFont.truetype(name, size), True
        except OSError:
            continue
    return ImageFont.load_default(size), False


def transliterate(text: str) -> str:
    """Russian letters by their Latin sounds; other letters outside Latin-1 become `?`."""
    return text.translate(_TABLE).encode("latin-1", "replace").decode("latin-1")


def lines(text: str, width: int, most: int) -> list[str]:
    """`text` wrapped to `width` characters; what does not fit in `most` lines ends in an ellipsis."""
    wrapped = wrap(" ".join(text.split()), width) or [""]
    if len(wrapped) <= most:
        return wrapped
    return [*wrapped[: most - 1], wrapped[most - 1][: width - 1] + "…"]
