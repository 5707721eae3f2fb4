"""The picture behind every simulated image and video frame: a gradient and soft lights that move in a closed loop, all
chosen by the prompt and the style, with the prompt and the word "simulated" written over them."""

from colorsys import hsv_to_rgb
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageOps

from sandbox.media.text import font, lines, transliterate

Colour = tuple[int, int, int]
# Pillow's radial gradient is 0 in the middle and still well below 255 at the edges: make it fade out inside the square.
_FALL_OFF = [max(0, 255 - value * 3 // 2) for value in range(256)]
_MONOCHROME = ("black & white", "black-and-white", "graphite", "storyboard")


class Scene:
    """One picture that changes with time. Equal arguments give equal pixels on one machine."""

    def __init__(self, prompt: str, label: str, style: str | None, size: tuple[int, int]) -> None:
        rng = Random(f"{prompt}\x1f{label}\x1f{style}")
        self.size = size
        self._grey = (style or "").lower() in _MONOCHROME
        hue = rng.random()
        self._ground = _ground(size, rng.uniform(0, 360), _colour(hue, 0.75, 0.30), _colour(hue + 0.18, 0.55, 0.85))
        self._lights = [_Light(rng, size, hue) for _ in range(6)]
        self._sway = rng.choice((-1, 1))
        self._words = _words(prompt, " · ".join(filter(None, ("simulated", label, style))), size)

    def at(self, moment: float) -> Image.Image:
        """The RGB picture at `moment` of the loop, 0 ≤ moment < 1."""
        width, height = self.size
        left = round(width / 4 * (1 + self._sway * cos(2 * pi * moment)))
        top = round(height / 4 * (1 + sin(2 * pi * moment)))
        picture = self._ground.crop((left, top, left + width, top + height))
        for light in self._lights:
            light.shine(picture, moment)
        if self._grey:
            picture = ImageOps.grayscale(picture).convert("RGB")
        picture.paste(self._words, (0, 0), self._words)
        return picture


class _Light:
    """A soft disc on a small orbit."""

    def __init__(self, rng: Random, size: tuple[int, int], hue: float) -> None:
        width, height = size
        self._centre = (rng.uniform(0.1, 0.9) * width, rng.uniform(0.05, 0.65) * height)
        self._orbit = (rng.uniform(0.05, 0.25) * width, rng.uniform(0.05, 0.2) * height)
        self._turns = rng.choice((-2, -1, 1, 2))
        self._phase = rng.random()
        self._colour = _colour(hue + rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.8), 1.0)
        across = round(rng.uniform(0.25, 0.8) * height)
        self._mask = Image.radial_gradient("L").point(_FALL_OFF).resize((across, across))

    def shine(self, picture: Image.Image, moment: float) -> None:
        angle = 2 * pi * (self._turns * moment + self._phase)
        x = self._centre[0] + self._orbit[0] * cos(angle) - self._mask.width / 2
        y = self._centre[1] + self._orbit[1] * sin(angle) - self._mask.height / 2
        picture.paste(self._colour, (round(x), round(y)), self._mask)


def _ground(size: tuple[int, int], angle: float, dark: Colour, bright: Colour) -> Image.Image:
    """A gradient one and a half times the picture, so that a moving window of it stays inside."""
    width, height = size
    gradient = (
        Image.linear_gradient("L").rotate(angle, Image.Resampling.BILINEAR, fillcolor=128).crop((40, 40, 216, 216))
    )
    return ImageOps.colorize(gradient.resize((width * 3 // 2 + 2, height * 3 // 2 + 2)), dark, bright)


def _words(prompt: str, mark: str, size: tuple[int, int]) -> Image.Image:
    width, height = size
    overlay = Image.new("RGBA", size)
    draw = ImageDraw.Draw(overlay)
    letters = max(10, height // 15)
    large, cyrillic = font(letters)
    small, _ = font(max(8, letters * 3 // 4))
    if not cyrillic:
        prompt, mark = transliterate(prompt), transliterate(mark)
    rows = lines(prompt, max(8, int(width / letters * 1.55)), 2)
    step = round(letters * 1.3)
    top = height - step * (len(rows) + 1) - letters // 2
    draw.rectangle((0, top - letters // 2, width, height), fill=(0, 0, 0, 150))
    for number, row in enumerate(rows):
        draw.text((letters, top + number * step), row, font=large, fill=(255, 255, 255, 255))
    draw.text((letters, top + len(rows) * step), mark, font=small, fill=(255, 225, 140, 255))
    return overlay


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
