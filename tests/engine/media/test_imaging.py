"""Pictures from outside: what is taken, what is refused and why, and previews within Telegram's bounds."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from bot.engine.media.imaging import PREVIEW_BYTES, BadPicture, Flaw, Look, cleaned, measured, preview
from bot.engine.media.metadata import stripped
from sandbox.media import image
from tests.providers.files import HEIC, SVG, TURNED_HEIC, coded, picture

SECRET = "Anna Petrova, 55.7522 N"


def encoded(fmt: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(file, fmt, **options)
    return file.getvalue()


def animated(fmt: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    file = BytesIO()
    frames[0].save(file, fmt, save_all=True, append_images=frames[1:])
    return file.getvalue()


def bomb(side: int = 60_000) -> bytes:
    """A PNG of 3.6 thousand million pixels in a few bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("fmt", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
async def test_pictures_are_taken(fmt: str, mime: str) -> None:
    data = encoded(fmt)
    look, clean = await cleaned(data)
    assert look == Look(mime, 40, 30)
    assert clean == data, "what tells nothing stays as it is"


def with_secrets(fmt: str, orientation: int = 1) -> bytes:
    """A picture of a left red and a right blue half, with the place and the words that a phone would add."""
    picture = Image.new("RGB", (64, 32), "red")
    picture.paste("blue", (32, 0, 64, 32))
    notes = picture.getexif()
    notes[0x0112], notes[0x010E] = orientation, SECRET
    notes.get_ifd(0x8825)[29] = "2026:11:21"  # GPS
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><where>{SECRET}</where></x:xmpmeta>'.encode()
    words = PngInfo()
    words.add_text("Comment", SECRET)
    words.add_itxt("XML:com.adobe.xmp", xmp.decode())
    file = BytesIO()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, object] = {"pnginfo": words} if fmt == "PNG" else {"xmp": xmp, "comment": SECRET.encode()}
    picture.save(file, fmt, exif=notes, icc_profile=srgb, quality=95, **more)
    return file.getvalue() + (SECRET.encode() if fmt == "JPEG" else b"")


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP"])
async def test_what_a_camera_wrote_goes_and_the_picture_stays(fmt: str) -> None:
    data = with_secrets(fmt)
    assert SECRET.encode() in data
    _, clean = await cleaned(data)
    assert SECRET.encode() not in clean
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(clean)) as after:
        assert not after.getexif()
        assert after.info.get("icc_profile") == before.info["icc_profile"], "colours stay"
        assert after.tobytes() == before.tobytes(), "to the last bit"


@pytest.mark.parametrize(("orientation", "size"), [(1, (300, 200)), (6, (200, 300))])
async def test_of_a_jpeg_with_several_pictures_the_first_is_taken(orientation: int, size: tuple[int, int]) -> None:
    behind = Image.new("RGB", (300, 200), "green")
    notes = behind.getexif()
    notes[0x0112] = orientation
    file = BytesIO()
    Image.new("RGB", (300, 200), "red").save(file, "MPO", save_all=True, append_images=[behind], exif=notes)
    look, clean = await cleaned(file.getvalue())
    assert look == Look("image/jpeg", *size)
    with Image.open(BytesIO(clean)) as taken:
        assert (taken.format, taken.size) == ("JPEG", size)
    assert len(clean) < len(file.getvalue()) / 1.5


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_is_turned_as_it_is_to_be_seen(fmt: str) -> None:
    look, clean = await cleaned(with_secrets(fmt, orientation=6))
    assert (look.width, look.height) == (32, 64)
    assert SECRET.encode() not in clean
    with Image.open(BytesIO(clean)) as after:
        assert not after.getexif()
        top, bottom = (after.convert("RGB").getpixel((16, y)) for y in (8, 56))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > 60 > top[2], "red, which was left"
    assert bottom[2] > 200 > 60 > bottom[0], "blue, which was right"


@pytest.mark.parametrize(
    ("data", "mime", "size"),
    [
        (coded("GIF"), "image/png", (64, 48)),
        (coded("BMP"), "image/png", (64, 48)),
        (coded("TIFF"), "image/jpeg", (64, 48)),
        (coded("TIFF", picture(mode="RGBA")), "image/png", (64, 48)),
        (coded("TIFF", picture(mode="CMYK")), "image/jpeg", (64, 48)),
        (coded("AVIF"), "image/jpeg", (64, 48)),
        (HEIC, "image/jpeg", (64, 48)),
        (TURNED_HEIC, "image/jpeg", (48, 64)),
    ],
    ids=["gif", "bmp", "tiff", "tiff with transparency", "cmyk", "avif", "heic", "heic turned"],
)
async def test_still_pictures_of_other_forms_are_taken_as_services_take_them(
    data: bytes, mime: str, size: tuple[int, int]
) -> None:
    look, clean = await cleaned(data)
    assert look == Look(mime, *size)
    assert b"Easel" not in clean, "nothing of the camera"
    with Image.open(BytesIO(clean)) as after:
        corner = after.convert("RGB").getpixel((2, 2) if size[0] > size[1] else (size[0] - 3, 2))
    assert isinstance(corner, tuple)
    assert corner[2] > 150 > 90 > corner[0], "the corner is blue still"


@pytest.mark.parametrize("progressive", [False, True])
async def test_a_jpeg_that_lacks_its_end_alone_is_whole(progressive: bool) -> None:
    data = encoded("JPEG", (200, 200), progressive=progressive)
    for short in (data[:-1], data[:-2]):
        _, clean = await cleaned(short)
        with Image.open(BytesIO(data)) as before, Image.open(BytesIO(clean)) as after:
            assert after.tobytes() == before.tobytes(), "to the last bit"


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"", Flaw.EMPTY),
        (b"hello", Flaw.UNREADABLE),
        (b"%PDF-1.7 not a picture", Flaw.UNREADABLE),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", Flaw.UNREADABLE),
        (encoded("JPEG", (200, 200))[:3000], Flaw.UNREADABLE),
        (encoded("JPEG", (200, 200))[:3000] + b"\xff", Flaw.UNREADABLE),
        (encoded("PNG", (200, 200))[:3000], Flaw.UNREADABLE),
        (encoded("WEBP", (200, 200))[:3000], Flaw.UNREADABLE),
        (animated("GIF"), Flaw.ANIMATED),
        (animated("PNG"), Flaw.ANIMATED),
        (animated("WEBP"), Flaw.ANIMATED),
        (bomb(), Flaw.TOO_MANY_PIXELS),
        (bomb(9_000), Flaw.TOO_MANY_PIXELS),
        (HEIC[:-60], Flaw.UNREADABLE),
        (HEIC[:24] + bytes(300), Flaw.UNREADABLE),
        (SVG, Flaw.UNREADABLE),
    ],
)
async def test_others_are_refused_with_the_reason(data: bytes, flaw: Flaw) -> None:
    with pytest.raises(BadPicture) as refused:
        await cleaned(data)
    assert refused.value.flaw is flaw


@given(
    st.binary(max_size=400), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF....WEBP", b"GIF89a"])
)
@settings(deadline=None)
async def test_hostile_bytes_never_do_more_than_be_refused(noise: bytes, head: bytes) -> None:
    with pytest.raises(BadPicture):
        await cleaned(head + noise)


@given(
    st.sampled_from(
        [encoded("JPEG"), encoded("PNG"), encoded("WEBP"), b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF____WEBP"]
    ),
    st.integers(0, 400),
    st.binary(max_size=60),
)
@settings(deadline=None)
def test_a_broken_form_is_said_to_be_none(data: bytes, at: int, noise: bytes) -> None:
    broken = data[:at] + noise + data[at + len(noise) :]
    assert stripped(broken) is None or len(stripped(broken) or b"") <= len(broken) + 1


@pytest.mark.parametrize(
    ("data", "sides"),
    [
        (image("a lake", (1600, 800)), (320, 160)),
        (encoded("PNG", (900, 900), "RGBA"), (320, 320)),
        (encoded("WEBP", (100, 50)), (100, 50)),
        (encoded("PNG", (4000, 2), "L"), (320, 1)),
    ],
)
async def test_previews_are_small_jpegs(tmp_path: Path, data: bytes, sides: tuple[int, int]) -> None:
    path = tmp_path / "picture"
    path.write_bytes(data)
    made = await preview(path)
    assert made is not None
    assert len(made) < PREVIEW_BYTES
    with Image.open(BytesIO(made)) as shown:
        assert (shown.format, shown.size) == ("JPEG", sides)


async def test_transparency_becomes_white(tmp_path: Path) -> None:
    path = tmp_path / "cutout.png"
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(path)
    made = await preview(path)
    assert made is not None
    with Image.open(BytesIO(made)) as shown:
        assert shown.convert("RGB").getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("data", [b"", b"glTF....", bomb(), encoded("PNG", (300, 300))[:2000]])
async def test_what_has_no_preview_has_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "thing.bin"
    path.write_bytes(data)
    assert await preview(path) is None


async def test_sizes_are_read_from_the_head(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(encoded("PNG", (300, 200))[:200])
    assert await measured(path) == Look("image/png", 300, 200)
    path.write_bytes(b"no picture")
    assert await measured(path) is None
