"""The simulated files are what they claim to be: decoded here by the libraries that players are made of."""

from io import BytesIO
from time import process_time

import av
import pytest
from PIL import Image, ImageChops

from sandbox import media
from sandbox.media import text
from sandbox.media.scene import Scene
from sandbox.media.song import RATE, title


def frames(data: bytes) -> list[Image.Image]:
    with av.open(BytesIO(data), "r") as container:
        return [frame.to_image() for frame in container.decode(video=0)]  # type: ignore[no-untyped-call]


def boxes(data: bytes) -> list[bytes]:
    """The names of an MP4's top-level boxes, in order."""
    names, at = [], 0
    while at < len(data):
        names.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4], "big")
    return names


def apart(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, 0 to 255."""
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)


def test_a_video_is_a_playable_h264_mp4_that_starts_before_it_is_all_there() -> None:
    started = process_time()
    data = media.video("A serene lake surrounded by mountains", "Pika", 3.0, "Watercolor")
    assert process_time() - started < 3  # about 0.2 on an idle core
    assert len(data) < 300_000
    order = boxes(data)
    assert order[0] == b"ftyp"
    assert order.index(b"moov") < order.index(b"mdat")
    with av.open(BytesIO(data), "r") as container:
        (stream,) = container.streams.video
        assert len(container.streams) == 1
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.width, stream.height) == (480, 270)
        assert container.duration == 3_000_000
        assert container.metadata["artist"] == "Simulated"
        times = [frame.time for frame in container.decode(stream)]
    assert len(times) == 36
    assert times == pytest.approx([number / 12 for number in range(36)])


def test_a_video_moves_and_differs_by_prompt_and_style() -> None:
    lake = frames(media.video("a lake", "Pika", 1.0))
    assert apart(lake[0], lake[6]) > 1
    assert apart(lake[0], frames(media.video("a forest", "Pika", 1.0))[0]) > 5
    assert apart(lake[0], frames(media.video("a lake", "Pika", 1.0, "Anime"))[0]) > 5


def test_the_monochrome_style_has_no_colour() -> None:
    picture = Scene("a lake", "Pika", "Black & White", (480, 270)).at(0.0).crop((0, 0, 480, 150))
    red, green, blue = picture.split()
    assert ImageChops.difference(red, green).getextrema() == (0, 0)
    assert ImageChops.difference(green, blue).getextrema() == (0, 0)


def test_the_prompt_and_the_mark_are_drawn() -> None:
    """The lower band changes with the prompt's letters, also Russian ones, and carries the mark in its own colour."""
    scenes = [Scene(prompt, "Pika", None, (480, 270)).at(0.0) for prompt in ("тихое озеро", "тихое", "")]
    inks = [
        sum(1 for pixel in scene.crop((0, 180, 480, 245)).get_flattened_data() if _white(pixel)) for scene in scenes
    ]
    assert inks[0] > inks[1] > inks[2]
    mark = scenes[2].crop((0, 235, 480, 270)).get_flattened_data()
    assert sum(1 for pixel in mark if _golden(pixel)) > 30


def test_without_a_cyrillic_font_letters_are_transliterated() -> None:
    assert text.transliterate("Щука и ёжик, любовь – 湖") == "Shchuka i yozhik, lyubov' ? ?"


def test_long_prompts_end_in_an_ellipsis() -> None:
    assert text.lines("one two  three\nfour", 9, 2) == ["one two", "three…"]
    assert text.lines("word " * 50, 20, 2)[1].endswith("…")
    assert all(len(line) <= 20 for line in text.lines("word " * 50, 20, 2))
    assert text.lines("  ", 20, 2) == [""]


def test_a_song_is_a_tagged_mp3_with_a_melody() -> None:
    data = media.song("An upbeat pop song about summer", 5.0)
    assert len(data) < 100_000
    with av.open(BytesIO(data), "r") as container:
        (stream,) = container.streams.audio
        assert len(container.streams) == 1
        assert stream.codec_context.name == "mp3float"
        assert stream.sample_rate == RATE
        assert container.metadata["title"] == "An upbeat pop song about summer (simulated)"
        assert container.metadata["artist"] == "Simulated"
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(5.0, abs=0.15)
        loudness = [_peak(frame) for frame in container.decode(stream)]
    assert max(loudness) > 0.2
    assert max(loudness) <= 1.05
    assert len({round(value, 2) for value in loudness}) > 10


def test_songs_differ_by_prompt_and_repeat_for_the_same() -> None:
    assert media.song("one", 1.0) == media.song("one", 1.0)
    assert media.song("one", 1.0) != media.song("two", 1.0)


def test_song_titles_are_short_and_marked() -> None:
    assert title("la " * 100) == f"{('la ' * 20)} (simulated)"


@pytest.mark.parametrize(("fmt", "kind"), [("png", "PNG"), ("jpeg", "JPEG")])
def test_an_image_has_the_size_and_the_format_asked_for(fmt: str, kind: str) -> None:
    data = media.image("a cat", (320, 200), "png" if fmt == "png" else "jpeg")
    with Image.open(BytesIO(data)) as picture:
        assert (picture.format, picture.size, picture.mode) == (kind, (320, 200), "RGB")
        assert len(set(picture.convert("L").get_flattened_data())) > 20


def test_made_files_are_kept() -> None:
    assert media.video("kept", "Pika", 1.0) is media.video("kept", "Pika", 1.0)
    assert media.image("kept") is media.image("kept")
    for cached in (media.video, media.song, media.image):
        assert cached.cache_parameters()["maxsize"] == 32


@pytest.mark.parametrize("seconds", [0.1, 100, float("nan")])
def test_lengths_are_bounded(seconds: float) -> None:
    with pytest.raises(ValueError, match="lasts"):
        media.video("x", "Pika", seconds)
    with pytest.raises(ValueError, match="lasts"):
        media.song("x", seconds)


@pytest.mark.parametrize("size", [(0, 100), (100, 5000)])
def test_image_sizes_are_bounded(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="pixels"):
        media.image("x", size)


def _white(pixel: object) -> bool:
    return isinstance(pixel, tuple) and min(pixel) > 240


def _golden(pixel: object) -> bool:
    return isinstance(pixel, tuple) and pixel[0] > 200 and pixel[1] > 180 and pixel[2] < 170


def _peak(frame: av.AudioFrame) -> float:
    samples = memoryview(bytes(frame.planes[0])).cast("f")[: frame.samples]
    return max(abs(value) for value in samples)
