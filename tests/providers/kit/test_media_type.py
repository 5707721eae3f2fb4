"""What a file is, whatever its name and its server say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog.models import Kind
from bot.providers.kit.media_type import HEAD, sniff
from sandbox import media

SAMPLES = {
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "image/gif": b"GIF89a\x01\x00",
    "image/avif": b"\x00\x00\x00\x1cftypavif\x00\x00",
    "image/heic": b"\x00\x00\x00\x1cftypheic\x00\x00",
    "video/mp4": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00",
    "video/quicktime": b"\x00\x00\x00\x14ftypqt  \x00\x00",
    "video/webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm",
    "video/x-matroska": b"\x1aE\xdf\xa3\x9fB\x82\x88matroska",
    "video/x-msvideo": b"RIFF\x24\x00\x00\x00AVI LIST",
    "audio/mpeg": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "audio/mp4": b"\x00\x00\x00\x20ftypM4A \x00\x00",
    "audio/ogg": b"OggS\x00\x02\x00\x00",
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "audio/flac": b"fLaC\x00\x00\x00\x22",
    "audio/aac": b"\xff\xf1\x50\x80\x00\x1f\xfc",
}
PLAYED = {"video/mp4": "video", "audio/mpeg": "audio", "audio/mp4": "audio"}


@pytest.mark.parametrize("mime", SAMPLES)
def test_media(mime: str) -> None:
    found = sniff(SAMPLES[mime])
    assert found is not None
    assert found.mime == mime
    still = mime in ("image/png", "image/jpeg", "image/webp")
    assert found.media == PLAYED.get(mime, "photo" if still else "document")
    assert found.suffix.startswith(".")


@pytest.mark.parametrize("frame", [b"\xff\xfb\x90\x64", b"\xff\xf3\x84\xc4", b"\xff\xe3\x18\xc4"])
def test_mp3_without_a_tag(frame: bytes) -> None:
    found = sniff(frame + bytes(100))
    assert found is not None
    assert found.mime == "audio/mpeg"


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<!doctype html><html>",
        b'{"status": "Error"}',
        b"\xef\xbb\xbf<html>",
        "\ufeff<html>".encode("utf-16"),
        b"Not Found",
        b"%PDF-1.7",
        b"MZ\x90\x00",
        bytes(HEAD),
        b"\xff\xff\xff\xff",
        b"RIFF\x24\x00\x00\x00ABCD",
        b"ftyp",
    ],
)
def test_no_media(head: bytes) -> None:
    assert sniff(head) is None


@pytest.mark.parametrize("mime", SAMPLES)
def test_what_was_ordered_decides(mime: str) -> None:
    film, song = sniff(SAMPLES[mime], Kind.VIDEO), sniff(SAMPLES[mime], Kind.MUSIC)
    assert (film is not None) is (mime.startswith("video/") or mime == "image/gif")
    assert (song is not None) is (mime.startswith("audio/") or mime in ("video/mp4", "video/webm"))
    if mime == "video/mp4":
        assert song is not None
        assert (song.media, song.mime) == ("audio", "audio/mp4")


def test_real_files() -> None:
    song, film = (
        sniff(media.song("a lake")[:HEAD], Kind.MUSIC),
        sniff(media.video("a lake", "Pika", 1.0)[:HEAD], Kind.VIDEO),
    )
    assert song is not None
    assert film is not None
    assert (song.media, film.media) == ("audio", "video")


@given(st.binary(max_size=64), st.sampled_from([None, *Kind]))
def test_anything(head: bytes, expect: Kind | None) -> None:
    sniff(head, expect)
