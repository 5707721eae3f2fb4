"""A short simulated film."""

from fractions import Fraction
from functools import lru_cache
from io import BytesIO

import av

from sandbox.media.scene import Scene

WIDTH, HEIGHT, RATE = 480, 270, 12


@lru_cache(maxsize=32)
def video(prompt: str, label: str, seconds: float = 3.0, style: str | None = None) -> bytes:
    """An MP4 (H.264, yuv420p, 480x270, no sound) that a player can start before it is all there: `moov` comes first.

    `seconds` is 0.5 to 20. Raises ValueError outside of that.
    """
    if not 0.5 <= seconds <= 20:
        raise ValueError(f"a simulated film lasts 0.5 to 20 seconds, not {seconds}")
    scene = Scene(prompt, label, style, (WIDTH, HEIGHT))
    frames = round(seconds * RATE)
    file = BytesIO()
    # +faststart reopens the file by its name, which memory has not; a reserved place for moov in front does the same.
    options = {"moov_size": str(4096 + 40 * frames)}
    with av.open(file, "w", format="mp4", options=options) as container:
        container.metadata.update(title=prompt[:200], artist="Simulated", comment=f"simulated by the sandbox: {label}")
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "27", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, RATE)
        for number in range(frames):
            frame = av.VideoFrame.from_image(scene.at(number / frames))  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()
