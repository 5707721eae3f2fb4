"""Files as services make them, good, cut, unusual and hostile; made by the libraries that read them."""

import base64
import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

import av
from PIL import Image, ImageDraw

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'
HTML = b"<!doctype html><html><body>The file has moved</body></html>" * 20
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA"
    "AAAERAAAEAAQAAAAABoQABAAAAAAAAAF8AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAA"
    "AADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkA"
    "AAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAA"
    "AAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAG"
    "dtZGF0AAAAWygBr1iIXCW7/859yOtF/pil45hVGVfoEOPKIdaBrS2KEXVpI088uA3bLGCyyG30wJ6+tDMgi54Glb96VcXy3vzaH/uXM5bD4Y5A"
    "+pa3fXzWB+RRtCuqf5rFhD4="
)
"""64 x 48 pixels, as libheif's encoder made it once: nothing in our dependencies writes this form."""
TURNED_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAAB7AABAAAAAAAAAF8AAgAAAAACSwABAAAAAAAAADYAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEH"
    "BpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAJ1tZGF0AAAA"
    "WygBr1iIXCW7/859yOtF/pil45hVGVfoEOPKIdaBrS2KEXVpI088uA3bLGCyyG30wJ6+tDMgi54Glb96VcXy3vzaH/uXM5bD4Y5A+pa3fXzWB+"
    "RRtCuqf5rFhD4AAAAGRXhpZgAATU0AKgAAAAgAAgEPAAIAAAAGAAAAJgESAAMAAAABAAYAAAAAAABFYXNlbAA="
)
"""The same, 48 x 64 to be seen, with a note of the camera's maker ("Easel")."""


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    made = Image.new("RGB", size, (200, 30, 30))
    ImageDraw.Draw(made).rectangle([0, 0, size[0] // 2, size[1] // 2], fill=(20, 20, 220))
    return made.convert(mode)


def coded(form: str, image: Image.Image | None = None, **how: Any) -> bytes:
    file = BytesIO()
    (image or picture()).save(file, form, **how)
    return file.getvalue()


def moving(form: str) -> bytes:
    return coded(form, save_all=True, append_images=[Image.new("RGB", (64, 48), "white")], duration=100)


@cache
def film(form: str = "mp4", codec: str = "libx264", *, first: bool = False, frames: int = 10) -> bytes:
    """`first`: with the index before the pictures."""
    file = BytesIO()
    options = {"moov_size": "4096"} if first else {}
    with av.open(file, "w", format=form, options=options) as out:
        stream: Any = out.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_image(picture((320, 180 + 2 * number)).resize((320, 180)))  # type: ignore[no-untyped-call]
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


@cache
def song(form: str = "mp3", codec: str = "libmp3lame") -> bytes:
    file = BytesIO()
    with av.open(file, "w", format=form) as out:
        stream: Any = out.add_stream(codec, rate=44_100)
        size = 1152
        for number in range(38):
            frame = av.AudioFrame(format=stream.format.name, layout="stereo", samples=size)
            frame.sample_rate, frame.pts = 44_100, number * size
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def bare(mp3: bytes) -> bytes:
    """A song from its first frame on."""
    return mp3[mp3.find(b"\xff\xfb") :]


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def late_ftyp(mp4: bytes, size: int = 8) -> bytes:
    """The same film with a box in front, of whose bytes its index knows."""
    at = mp4.find(b"stco") + 12
    place = int.from_bytes(mp4[at : at + 4]) + 8 + size
    return box(b"free", bytes(size)) + mp4[:at] + place.to_bytes(4) + mp4[at + 4 :]


def turned(mp4: bytes) -> bytes:
    """The same film with a matrix that turns it by 90 degrees, as phones and some services write it."""
    data = bytearray(mp4)
    at = data.find(b"tkhd")
    at += 8 + (20 if data[at + 4] == 0 else 32) + 16
    data[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 180 << 16, 0, 1 << 30)
    return bytes(data)


def with_noise(mp4: bytes) -> bytes:
    """The film's own head and index, and noise for its pictures."""
    at = mp4.find(b"mdat") + 4
    size = int.from_bytes(mp4[at - 8 : at - 4]) - 8
    noise = b"".join(zlib.crc32(bytes([n % 251, n // 251])).to_bytes(4) for n in range(size // 4 + 1))[:size]
    return mp4[:at] + noise + mp4[at + size :]


def index_bomb(samples: int = 2_000_000_000) -> bytes:
    """A film of 700 bytes whose index tells of two thousand million samples of one byte."""
    made = film(first=True)
    at = made.find(b"stsz") + 4
    return made[: at + 4] + struct.pack(">II", 1, samples) + made[at + 12 :]


def pixel_bomb(side: int = 14_000) -> bytes:
    """A black and white PNG of some kilobytes that would take 200 MB and more once it is decoded."""
    body = zlib.compress(bytes((side // 8 + 1) * side), 1)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def glb(told: int | None = None) -> bytes:
    said = b'{"asset":{"version":"2.0"}}     '
    chunk = struct.pack("<I4s", len(said), b"JSON") + said
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunk) if told is None else told) + chunk


def far_index(mp4: bytes) -> bytes:
    """A whole film whose first chunk is said to lie beyond its end."""
    at = mp4.find(b"stco") + 12
    return mp4[:at] + struct.pack(">I", len(mp4) + 10) + mp4[at + 4 :]


def xing(mp3: bytes, told: int) -> bytes:
    """The song with another number of bytes in the frame that its encoder wrote for players."""
    at = next(found for name in (b"Xing", b"Info") if (found := mp3.find(name)) >= 0)
    return mp3[: at + 12] + told.to_bytes(4) + mp3[at + 16 :]


def riff(file: bytes, more: int) -> bytes:
    """The same file, said to be longer by so many bytes."""
    return file[:4] + (int.from_bytes(file[4:8], "little") + more).to_bytes(4, "little") + file[8:]
