"""A short simulated song: a seeded pentatonic melody over a bass, so that any two notes go together."""

from array import array
from functools import lru_cache
from io import BytesIO
from math import exp, pi, sin
from random import Random

import av

RATE = 22_050
PENTATONIC = (0, 2, 4, 7, 9)
_FRAME = 576  # samples per MP3 frame at this rate; the encoder takes nothing else but a shorter last one


@lru_cache(maxsize=32)
def song(prompt: str, seconds: float = 5.0) -> bytes:
    """An MP3 (mono, 64 kbit/s) with title and artist in its tags.

    `seconds` is 1 to 30. Raises ValueError outside of that.
    """
    if not 1 <= seconds <= 30:
        raise ValueError(f"a simulated song lasts 1 to 30 seconds, not {seconds}")
    samples = _melody(Random(prompt), round(seconds * RATE))
    file = BytesIO()
    with av.open(file, "w", format="mp3") as container:
        container.metadata.update(title=title(prompt), artist="Simulated", comment="simulated by the sandbox")
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono", format="s16p", bit_rate=64_000)
        for start in range(0, len(samples), _FRAME):
            part = samples[start : start + _FRAME]
            frame = av.AudioFrame(format="s16p", layout="mono", samples=len(part))
            frame.sample_rate, frame.pts = RATE, start
            frame.planes[0].update(part.tobytes())
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def title(prompt: str) -> str:
    """What the tags call the song made from `prompt`; always says that it is simulated."""
    return f"{' '.join(prompt.split())[:60]} (simulated)"


def _melody(rng: Random, length: int) -> "array[int]":
    beat = round(RATE * 60 / rng.randrange(92, 132) / 2)
    root = rng.randrange(45, 57)
    mix = [0.0] * length
    step = rng.randrange(len(PENTATONIC) * 2)
    for number, start in enumerate(range(0, length, beat)):
        step = max(0, min(len(PENTATONIC) * 2, step + rng.choice((-2, -1, -1, 0, 1, 1, 2))))
        if rng.random() > 0.12:
            _strike(mix, start, root + 12 + 12 * (step // 5) + PENTATONIC[step % 5], beat * 2, 0.34)
        if number % 4 == 0:
            _strike(mix, start, root + rng.choice((0, 0, 7, 9)) - 12, beat * 4, 0.42)
    fade = RATE // 4
    for back in range(1, min(fade, length) + 1):
        mix[-back] *= back / fade
    return array("h", (round(30_000 * max(-1.0, min(1.0, value))) for value in mix))


def _strike(mix: list[float], start: int, note: int, length: int, loudness: float) -> None:
    """Adds one plucked note (MIDI number) that dies away."""
    for offset, value in enumerate(_pluck(note, min(length, len(mix) - start))):
        mix[start + offset] += loudness * value


@lru_cache(maxsize=32)
def _pluck(note: int, length: int) -> "array[float]":
    turn = 2 * pi * 440 * 2 ** ((note - 69) / 12) / RATE
    decay = exp(-3.2 / RATE)
    wave = array("f", bytes(4 * length))
    force = 1.0
    for number in range(length):
        angle = turn * number
        attack = min(1.0, number / 120)
        wave[number] = attack * force * (sin(angle) + 0.35 * force * sin(2 * angle)) / 1.35
        force *= decay
    return wave
