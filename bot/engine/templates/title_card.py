"""The picture of a template without an example: its title on a gradient of its own, with a sign of its kind."""

import asyncio
import colorsys
import hashlib
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.domain.catalog.models import Kind
from bot.domain.catalog.templates import Template

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

FONT: Final = Path(__file__).parent / "font" / "Roboto-Bold.ttf"
SIZE: Final = (1280, 720)
MARGIN: Final = 96
SIGN: Final = 176
"""Pixels of the sign's side."""
FONT_SIZES: Final = (112, 96, 80, 64)
"""The first at which the title has two lines at most."""
NOT_DRAWN: Final = frozenset({"So", "Sk", "Cf", "Mn", "Cs", "Co"})
"""Categories of characters that the font does not have: emoji and what belongs to them."""
INK: Final = (255, 255, 255)
SMOOTH: Final = 4
"""The sign is drawn so many times as large: Pillow draws edges without smoothing."""


async def title_card(template: Template, language: str) -> bytes:
    """A PNG, the same for the same template. Drawn in a thread: it takes some hundredths of a second."""
    return await asyncio.to_thread(draw, template.slug, template.kind, template.title.of(language))


def draw(slug: str, kind: Kind, title: str) -> bytes:
    """The card as a PNG."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  # a process without pictures does without

    shade = hashlib.blake2b(slug.encode(), digest_size=3).digest()
    card = _gradient(shade[0] / 256, 0.06 + shade[1] / 256 * 0.12)
    glow = Image.new("L", SIZE, 0)
    circles = ImageDraw.Draw(glow)
    for number, radius in enumerate((420, 260)):
        x, y = SIZE[0] - 120 - number * 160, 90 + (shade[2] % 120) + number * 420
        circles.ellipse((x - radius, y - radius, x + radius, y + radius), fill=26)
    card.paste(INK, (0, 0), glow)
    card.paste(INK, (MARGIN, MARGIN), _sign(kind))
    pen = ImageDraw.Draw(card)
    font, lines = _fitted(pen, "".join(c for c in title if unicodedata.category(c) not in NOT_DRAWN))
    height = int(font.size * 1.2)
    for number, line in enumerate(lines):
        pen.text((MARGIN, SIZE[1] - MARGIN - height * (len(lines) - number)), line, fill=INK, font=font)
    file = BytesIO()
    card.save(file, "PNG", optimize=False, compress_level=6)
    return file.getvalue()


def _gradient(hue: float, turn: float) -> "Image":
    """From one colour at the upper left to a neighbour at the lower right: dark enough for white letters."""
    from PIL import Image  # noqa: PLC0415

    across = Image.linear_gradient("L").rotate(90).resize(SIZE)
    down = Image.linear_gradient("L").resize(SIZE)
    first, last = _colour(hue, 0.46), _colour(hue + turn, 0.30)
    return Image.composite(Image.new("RGB", SIZE, last), Image.new("RGB", SIZE, first), Image.blend(across, down, 0.5))


def _colour(hue: float, lightness: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, lightness, 0.55)
    return round(red * 255), round(green * 255), round(blue * 255)


def _fitted(pen: "ImageDraw", title: str) -> tuple["FreeTypeFont", list[str]]:
    from PIL import ImageFont  # noqa: PLC0415

    width = SIZE[0] - 2 * MARGIN
    found = []
    for size in FONT_SIZES:
        font = ImageFont.truetype(FONT, size)
        lines = _lines(pen, title, font, width)
        found.append((font, lines))
        if len(lines) <= 2 and all(pen.textlength(line, font) <= width for line in lines):
            break
    return found[-1]


def _lines(pen: "ImageDraw", title: str, font: "FreeTypeFont", width: int) -> list[str]:
    lines: list[str] = []
    for word in title.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pen.textlength(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _sign(kind: Kind) -> "Image":
    """What the kind is known by, as a mask."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    side = SIGN * SMOOTH
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)
    unit, stroke = side / 16, side // 16

    def at(*points: float) -> list[float]:
        return [point * unit for point in points]

    match kind:
        case Kind.VIDEO:
            pen.ellipse(at(0.5, 0.5, 15.5, 15.5), outline=255, width=stroke)
            pen.polygon(at(6.2, 4.6, 6.2, 11.4, 11.8, 8), fill=255)
        case Kind.MUSIC:
            pen.polygon(at(5, 2.5, 14, 1, 14, 3.5, 5, 5), fill=255)
            pen.rectangle(at(5, 3, 6.2, 12.5), fill=255)
            pen.rectangle(at(12.8, 2, 14, 11.2), fill=255)
            pen.ellipse(at(1.6, 10.6, 6.2, 14.6), fill=255)
            pen.ellipse(at(9.4, 9.3, 14, 13.3), fill=255)
        case Kind.EDIT:
            pen.polygon(at(1, 15, 2, 11, 11, 2, 14, 5, 5, 14), outline=255, width=stroke)
            pen.polygon(at(1, 15, 1.7, 12.2, 3.8, 14.3), fill=255)
            pen.line(at(8.8, 4.2, 11.8, 7.2), fill=255, width=stroke)
        case _:
            pen.rounded_rectangle(at(0.5, 2, 15.5, 14), radius=unit * 1.5, outline=255, width=stroke)
            pen.ellipse(at(10, 4.2, 12.6, 6.8), fill=255)
            pen.polygon(at(1.5, 13, 6, 6.5, 9, 10.5, 11, 8.6, 14.5, 13), fill=255)
    return mask.resize((SIGN, SIGN), Image.Resampling.LANCZOS)
