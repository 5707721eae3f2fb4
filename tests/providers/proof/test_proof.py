"""Eight right bytes with rubbish behind them are no result; a good file is one however it begins."""

import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.catalog.models import Kind
from bot.providers.base import BadResult
from bot.providers.kit.media_type import HEAD, Sniffed, sniff
from bot.providers.proof import Cut, Rubbish, proved
from sandbox import media
from tests.providers import files
from tests.providers.files import HEIC, HTML, SVG, TURNED_HEIC, bare, box, coded, film, glb, song

EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


def archive() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as made:
        made.writestr("a.obj", "v 0 0 0")
    return file.getvalue()


GOOD: dict[str, tuple[Kind, Callable[[], bytes], str]] = {
    "png": (Kind.IMAGE, lambda: coded("PNG"), "photo"),
    "jpeg": (Kind.IMAGE, lambda: coded("JPEG"), "photo"),
    "progressive jpeg": (Kind.IMAGE, lambda: coded("JPEG", progressive=True), "photo"),
    "jpeg without its last two bytes": (Kind.IMAGE, lambda: coded("JPEG")[:-2], "photo"),
    "jpeg with a film behind it": (Kind.IMAGE, lambda: coded("JPEG") + film(), "photo"),
    "webp": (Kind.IMAGE, lambda: coded("WEBP"), "photo"),
    "moving webp": (Kind.IMAGE, lambda: files.moving("WEBP"), "document"),
    "moving png": (Kind.IMAGE, lambda: files.moving("PNG"), "document"),
    "gif": (Kind.IMAGE, lambda: coded("GIF"), "document"),
    "avif": (Kind.IMAGE, lambda: coded("AVIF"), "document"),
    "heic": (Kind.IMAGE, lambda: HEIC, "document"),
    "heic turned": (Kind.IMAGE, lambda: TURNED_HEIC, "document"),
    "heix": (Kind.IMAGE, lambda: HEIC.replace(b"ftypheic", b"ftypheix"), "document"),
    "tiff": (Kind.IMAGE, lambda: coded("TIFF"), "document"),
    "bmp": (Kind.IMAGE, lambda: coded("BMP"), "document"),
    "svg": (Kind.IMAGE, lambda: SVG, "document"),
    "svg with a type": (
        Kind.IMAGE,
        lambda: SVG.replace(b"\n", b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'),
        "document",
    ),
    "mp4": (Kind.VIDEO, film, "video"),
    "mp4, index first": (Kind.VIDEO, lambda: film(first=True), "video"),
    "mp4, zeros behind": (Kind.VIDEO, lambda: film() + bytes(500), "video"),
    "mp4, another box first": (Kind.VIDEO, lambda: files.late_ftyp(film()), "document"),
    "mp4, another long box first": (Kind.VIDEO, lambda: files.late_ftyp(film(), HEAD), "document"),
    "mp4, a box put in front by others": (Kind.VIDEO, lambda: box(b"free", bytes(8)) + film(), "document"),
    "mp4 turned": (Kind.VIDEO, lambda: files.turned(film()), "video"),
    "hevc in mp4": (Kind.VIDEO, lambda: film("mp4", "libx265"), "video"),
    "mov": (Kind.VIDEO, lambda: film("mov"), "document"),
    "webm": (Kind.VIDEO, lambda: film("webm", "libvpx"), "document"),
    "mkv": (Kind.VIDEO, lambda: film("matroska"), "document"),
    "avi": (Kind.VIDEO, lambda: film("avi"), "document"),
    "ts": (Kind.VIDEO, lambda: film("mpegts"), "document"),
    "gif film": (Kind.VIDEO, lambda: files.moving("GIF"), "document"),
    "mp3": (Kind.MUSIC, song, "audio"),
    "mp3 without tags": (Kind.MUSIC, lambda: bare(song()), "audio"),
    "mp3 after zeros": (Kind.MUSIC, lambda: bytes(512) + bare(song()), "document"),
    "mp3 after an empty line": (Kind.MUSIC, lambda: b"\r\n" + bare(song()), "document"),
    "mp3 that counts its tags, too": (Kind.MUSIC, lambda: files.xing(song(), len(song())), "audio"),
    "wav whose padding is missing": (Kind.MUSIC, lambda: files.riff(song("wav", "pcm_s16le"), 1), "document"),
    "m4a": (Kind.MUSIC, lambda: song("ipod", "aac"), "audio"),
    "sound in mp4": (Kind.MUSIC, lambda: song("mp4", "aac"), "audio"),
    "ogg": (Kind.MUSIC, lambda: song("ogg", "flac"), "document"),
    "wav": (Kind.MUSIC, lambda: song("wav", "pcm_s16le"), "document"),
    "wav of a stream": (Kind.MUSIC, lambda: (w := song("wav", "pcm_s16le"))[:4] + b"\xff" * 4 + w[8:], "document"),
    "flac": (Kind.MUSIC, lambda: song("flac", "flac"), "document"),
    "aac": (Kind.MUSIC, lambda: song("adts", "aac"), "document"),
    "aiff": (Kind.MUSIC, lambda: song("aiff", "pcm_s16be"), "document"),
    "glb": (Kind.SOLID, glb, "document"),
    "glb of the sandbox": (Kind.SOLID, lambda: media.solid("a fox"), "document"),
    "zip": (Kind.SOLID, archive, "document"),
}
EVIL = SVG.replace(b"<rect", b"<script>alert(1)</script><rect")
LAUGHS = b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
BAD: dict[str, tuple[Kind, Callable[[], bytes], type[BadResult]]] = {
    "ftyp and a page": (Kind.VIDEO, lambda: film()[:24] + HTML, Rubbish),
    "an mp4 of noise": (Kind.VIDEO, lambda: files.with_noise(film(first=True)), Rubbish),
    "an mp4 cut, index first": (Kind.VIDEO, lambda: film(first=True)[:-200], Cut),
    "an mp4 cut, index last": (Kind.VIDEO, lambda: film()[:2000], Cut),
    "an mp4 whose index lies": (Kind.VIDEO, lambda: files.far_index(film()), Cut),
    "an mp4 with sound alone": (Kind.VIDEO, lambda: song("mp4", "aac"), Rubbish),
    "an mp4 with a film alone": (Kind.MUSIC, film, Rubbish),
    "a webm cut": (Kind.VIDEO, lambda: film("webm", "libvpx")[:1000], Cut),
    "an avi cut": (Kind.VIDEO, lambda: film("avi")[:3000], Cut),
    "a transport stream of nothing": (Kind.VIDEO, lambda: (b"G" + bytes(187)) * 100, Rubbish),
    "a matroska of noise": (Kind.VIDEO, lambda: film("matroska")[:60] + HTML * 10, BadResult),
    "a tag and a page": (Kind.MUSIC, lambda: b"ID3\x04\0\0\0\0\0\0" + HTML, Rubbish),
    "an mp3 cut": (Kind.MUSIC, lambda: song()[: len(song()) // 2], Cut),
    "ogg and a page": (Kind.MUSIC, lambda: b"OggS\0\2" + HTML, Rubbish),
    "flac and a page": (Kind.MUSIC, lambda: b"fLaC\0\0\0\x22" + HTML, Rubbish),
    "an mp3 of more bytes": (Kind.MUSIC, lambda: files.xing(song(), len(song()) + 1), Cut),
    "a wav cut": (Kind.MUSIC, lambda: song("wav", "pcm_s16le")[:2000], Cut),
    "a png of zeros": (Kind.IMAGE, lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000), Rubbish),
    "a png cut": (Kind.IMAGE, lambda: coded("PNG", files.picture((640, 480)))[:-60], Cut),
    "half a jpeg": (Kind.IMAGE, lambda: (j := coded("JPEG", files.picture((640, 480))))[: len(j) // 2], Cut),
    "a jpeg head and a page": (Kind.IMAGE, lambda: b"\xff\xd8\xff\xe0" + HTML, Rubbish),
    "a webp cut": (Kind.IMAGE, lambda: coded("WEBP")[:-20], Cut),
    "a heic cut": (Kind.IMAGE, lambda: HEIC[:-60], Cut),
    "a heic of zeros": (Kind.IMAGE, lambda: HEIC[:24] + bytes(200), Rubbish),
    "a tiff of nothing": (Kind.IMAGE, lambda: b"II*\0" + bytes(100), Rubbish),
    "svg with a script": (Kind.IMAGE, lambda: EVIL, Rubbish),
    "svg that does something on a click": (Kind.IMAGE, lambda: SVG.replace(b"<rect", b'<rect onclick="x()"'), Rubbish),
    "svg with a link that runs": (
        Kind.IMAGE,
        lambda: SVG.replace(b"<rect", b'<a href=" java\nscript:x"/><rect'),
        Rubbish,
    ),
    "svg with a link that runs later": (
        Kind.IMAGE,
        lambda: SVG.replace(
            b"<rect", b'<a><animate attributeName="href" values="#a; java&#9;script:x();#b" dur="1s"/></a><rect'
        ),
        Rubbish,
    ),
    "svg with entities": (Kind.IMAGE, lambda: SVG.replace(b"<svg", b"<!-- -->" + LAUGHS + b"<svg"), BadResult),
    "svg cut": (Kind.IMAGE, lambda: SVG[:-4], Cut),
    "svg nested without end": (Kind.IMAGE, lambda: SVG[: SVG.find(b"<rect")] + b"<g>" * 5000, Rubbish),
    "a page with a drawing": (Kind.IMAGE, lambda: b"<svg/><html>" + SVG, Rubbish),
    "a glb of rubbish": (Kind.SOLID, lambda: b"glTF" + HTML, Rubbish),
    "a glb cut": (Kind.SOLID, lambda: glb(5000), Cut),
    "a zip cut": (Kind.SOLID, lambda: archive()[:60], Cut),
    "a zip of nothing": (Kind.SOLID, lambda: b"PK\x03\x04" + bytes(50) + EMPTY_ZIP, Rubbish),
}


async def prove(folder: Path, data: bytes, kind: Kind) -> Sniffed:
    path = folder / "x.part"
    path.write_bytes(data)
    found = sniff(data[:HEAD], kind)
    if found is None:
        raise BadResult("not even the first bytes")
    return await proved(path, found, kind)


@pytest.mark.parametrize("name", GOOD)
async def test_a_good_file_is_a_result(tmp_path: Path, name: str) -> None:
    kind, make, shown = GOOD[name]
    assert (await prove(tmp_path, make(), kind)).media == shown


@pytest.mark.parametrize("name", BAD)
async def test_rubbish_is_none(tmp_path: Path, name: str) -> None:
    kind, make, why = BAD[name]
    with pytest.raises(why):
        await prove(tmp_path, make(), kind)


@pytest.mark.parametrize("form", ["jpeg", "svg", "mp4", "mp3", "webm", "heic", "png"])
@settings(deadline=None, max_examples=15)
@given(at=st.integers(8, 10_000), what=st.binary(min_size=1, max_size=40))
async def test_hostile_bytes_anywhere_are_a_bad_result_or_a_good_one(
    tmp_path_factory: pytest.TempPathFactory, form: str, at: int, what: bytes
) -> None:
    kind, make, _ = GOOD[form]
    data = make()
    at %= len(data)
    with suppress(BadResult):
        await prove(tmp_path_factory.mktemp("x"), data[:at] + what + data[at + len(what) :], kind)


async def test_what_others_put_in_front_of_a_film_is_taken_away(tmp_path: Path) -> None:
    await prove(tmp_path, box(b"free", bytes(8)) + film(), Kind.VIDEO)
    assert (tmp_path / "x.part").read_bytes() == film()
    assert [path.name for path in tmp_path.iterdir()] == ["x.part"]


async def test_it_is_taken_away_in_its_place(tmp_path: Path) -> None:
    """A copy would take room of its own, and come to stand where a fetch that was given up has removed its file."""
    path = tmp_path / "x.part"
    path.write_bytes(box(b"free", bytes(2_000_000)) + film())
    found, before = sniff(box(b"free", bytes(8)) + film(), Kind.VIDEO), path.stat().st_ino
    assert found is not None
    await proved(path, found, Kind.VIDEO)
    assert (path.read_bytes(), path.stat().st_ino) == (film(), before)


def peak() -> int:
    return int(psutil.Process().memory_info().rss)


async def test_an_index_of_two_thousand_million_samples_takes_no_memory(tmp_path: Path) -> None:
    await prove(tmp_path, film(), Kind.VIDEO)
    before, begun = peak(), time.monotonic()
    with pytest.raises(Rubbish, match="more samples"):
        await prove(tmp_path, files.index_bomb(), Kind.VIDEO)
    assert peak() - before < 50_000_000
    assert time.monotonic() - begun < 5


async def test_endless_boxes_end(tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(Rubbish, match="more boxes"):
        await prove(tmp_path, film()[:32] + box(b"free", b"") * 200_000, Kind.VIDEO)
    assert time.monotonic() - begun < 20


async def test_a_picture_too_large_to_be_decoded_is_looked_at_by_its_form(tmp_path: Path) -> None:
    """What is enlarged here may have more pixels than are decoded: it is good, and takes no memory."""
    data = files.pixel_bomb()
    before = peak()
    assert (await prove(tmp_path, data, Kind.UPSCALE)).mime == "image/png"
    with pytest.raises(Cut):
        await prove(tmp_path, data[:-50], Kind.UPSCALE)
    assert peak() - before < 100_000_000
