"""Recordings as people send them."""

from array import array
from io import BytesIO

import av

RATE = 48_000


def recording(seconds: float = 3.0) -> bytes:
    """A voice message: Opus in Ogg."""
    file = BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", format="s16", bit_rate=16_000)
        for start in range(0, round(seconds * RATE), 960):
            frame = av.AudioFrame(format="s16", layout="mono", samples=960)
            frame.sample_rate, frame.pts = RATE, start
            frame.planes[0].update(array("h", [(n * 37 % 2000) - 1000 for n in range(960)]).tobytes())
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()
