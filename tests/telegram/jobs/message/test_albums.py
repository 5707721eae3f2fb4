"""Albums and files in a real chat: what goes together, what goes as a file, and what a crash in between leaves."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Asset, Delivered, Job, Target
from bot.domain.results import ResultFile, TooLarge
from bot.engine.ports import NotAllowed, TryLater
from sandbox.media import image, solid
from tests.telegram.kit import World, job, telegram, view


def picture(folder: Path, name: str, size: tuple[int, int] = (300, 200)) -> ResultFile:
    path = folder / f"{name}.png"
    path.write_bytes(image(name, size))
    return ResultFile(path, "photo", "image/png", path.stat().st_size)


def of_images(chat_id: int, message_id: int, count: int, **changes: object) -> Job:
    assets = tuple(Asset(f"https://cdn.example/{i}.png") for i in range(count))
    made = job(chat_id, message_id, model="pika", kind=Kind.IMAGE, options={}, assets=assets, ordered=count)
    return replace(made, **changes)  # type: ignore[arg-type]


class Notes:
    """What the engine would know after a crash."""

    def __init__(self) -> None:
        self.kept: list[tuple[Delivered, ...]] = []

    async def __call__(self, found: Sequence[Delivered]) -> None:
        self.kept.append(tuple(found))


async def test_photos_and_files_make_albums_of_their_own(world: World, tmp_path: Path) -> None:
    person, chat = await world.person()
    messages, notes = view(world), Notes()
    placed = of_images(person.id, (await messages.open(job(person.id))).message_id, 5)
    long = picture(tmp_path, "long", (2100, 100))  # 21 to 1: no photo
    huge = TooLarge(Asset("https://cdn.example/3.png"))
    results = (picture(tmp_path, "a"), long, picture(tmp_path, "b"), huge, picture(tmp_path, "long2", (16, 400)))
    delivery = await messages.deliver(placed, results, notes)
    assert [d.media for d in delivery.delivered] == ["photo", "document", "photo", "link", "document"]
    shown = {m.id: m for m in await chat.messages()}
    groups = [shown[d.message_id].message["media_group_id"] for d in delivery.delivered if d.message_id]
    assert groups[0] == groups[2] != groups[1] == groups[3]
    assert shown[delivery.delivered[1].message_id].message["document"]["file_name"].endswith("-2.png")
    told = shown[placed.target.message_id]
    links = [e["url"] for e in told.message["entities"] if e["type"] == "text_link"]
    assert links == ["https://cdn.example/3.png"]
    assert "4: too large for Telegram." in told.text
    assert [sum(d.media != "" for d in kept) for kept in notes.kept] == [1, 3, 5]


async def test_after_a_crash_only_the_rest_is_sent(world: World, tmp_path: Path) -> None:
    person, chat = await world.person()
    messages, notes = view(world), Notes()
    placed = of_images(person.id, (await messages.open(job(person.id))).message_id, 4)
    long = [picture(tmp_path, name, (2100, 100)) for name in "cd"]
    results = (picture(tmp_path, "a"), picture(tmp_path, "b"), *long)
    await world.tg.faults("drop_before", method="sendMediaGroup", times=1)
    with pytest.raises(TryLater):
        await messages.deliver(placed, results, notes)
    await messages.deliver(placed, results, notes)
    assert len([m for m in await chat.messages() if m.message.get("media_group_id")]) == 4
    half = replace(placed, delivered=notes.kept[0])
    assert [d.media for d in half.delivered].count("") == 2
    await messages.deliver(half, results, notes)  # the process died between the two albums
    assert len([m for m in await chat.messages() if m.message.get("media_group_id")]) == 6
    whole = replace(placed, delivered=notes.kept[-1])
    again = await messages.deliver(whole, (), notes)
    assert again.delivered == whole.delivered
    assert len([m for m in await chat.messages() if m.message.get("media_group_id")]) == 6


async def test_an_album_that_telegram_refuses_goes_one_by_one(tmp_path: Path) -> None:
    first, second = picture(tmp_path, "a", (900, 900)), picture(tmp_path, "b")
    async with telegram(photo_upload=first.size - 1) as world:  # less than documented: only a server can tell
        person, chat = await world.person()
        messages = view(world)
        placed = of_images(person.id, (await messages.open(job(person.id))).message_id, 2)
        delivery = await messages.deliver(placed, (first, second))
        assert [d.media for d in delivery.delivered] == ["document", "photo"]
        assert len([m for m in await chat.messages() if m.kind in ("document", "photo")]) == 2


async def test_a_message_that_is_gone_is_sent_anew_under_the_album(world: World, tmp_path: Path) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = of_images(person.id, (await messages.open(job(person.id))).message_id, 2)
    await chat.delete(await chat.last())
    delivery = await messages.deliver(placed, (picture(tmp_path, "a"), picture(tmp_path, "b")))
    last = await chat.last()
    assert (last.id, last.kind) == (delivery.target.message_id, "text")
    assert last.buttons[:2] == ["1", "2"]


@pytest.mark.parametrize(
    ("kind", "size", "media"),
    [
        (Kind.IMAGE, (400, 300), "photo"),
        (Kind.IMAGE, (2000, 100), "photo"),
        (Kind.IMAGE, (2001, 100), "document"),
        (Kind.IMAGE, (9000, 1000), "photo"),
        (Kind.IMAGE, (9000, 1001), "document"),
        (Kind.UPSCALE, (400, 300), "document"),
        (Kind.CUTOUT, (400, 300), "document"),
        (Kind.EDIT, (400, 300), "photo"),
    ],
)
async def test_pictures_beyond_photos_are_files_with_a_preview(
    world: World, tmp_path: Path, kind: Kind, size: tuple[int, int], media: str
) -> None:
    person, chat = await world.person()
    path = tmp_path / "a.png"
    Image.new("RGBA", size, (10, 200, 30, 128)).save(path)
    messages = view(world)
    placed = of_images(person.id, (await messages.open(job(person.id))).message_id, 1, kind=kind)
    await messages.deliver(placed, (ResultFile(path, "photo", "image/png", path.stat().st_size),))
    result = await chat.last()
    assert result.kind == media
    if media == "document":
        preview = result.message["document"]["thumbnail"]
        assert max(preview["width"], preview["height"]) == 320
        assert await chat.media(result) == path.read_bytes()


async def test_a_solid_is_a_file_without_a_preview(world: World, tmp_path: Path) -> None:
    person, chat = await world.person()
    path = tmp_path / "toy.glb"
    path.write_bytes(solid("a toy"))
    messages = view(world)
    placed = of_images(person.id, (await messages.open(job(person.id))).message_id, 1, kind=Kind.SOLID)
    await messages.deliver(placed, (ResultFile(path, "document", "model/gltf-binary", path.stat().st_size),))
    document = (await chat.last()).message["document"]
    assert document["file_name"].endswith(".glb")
    assert "thumbnail" not in document


async def test_fewer_than_ordered_are_told_in_the_caption(world: World, tmp_path: Path) -> None:
    person, chat = await world.person()
    messages = view(world)
    placed = of_images(person.id, (await messages.open(job(person.id))).message_id, 1, ordered=4)
    await messages.deliver(placed, (picture(tmp_path, "a"),))
    assert "1 of 4 arrived: you are charged for 1 only." in (await chat.last()).caption


async def test_results_whose_topic_is_gone_come_as_an_album_without_it(world: World, tmp_path: Path) -> None:
    ann, _ = await world.person()
    group = await world.tg.group("Friends", [ann], forum=True)
    topic = await group.topic(ann, "Pictures")
    messages = view(world)
    asked = of_images(group.id, 0, 2, target=Target(group.id, topic, 0))
    placed = replace(asked, target=await messages.open(asked))
    await group.rule_topic(ann, topic, "delete")
    delivery = await messages.deliver(placed, (picture(tmp_path, "a"), picture(tmp_path, "b")))
    assert [d.media for d in delivery.delivered] == ["photo", "photo"]
    *_, first, second, words = await ann.in_(group).messages()
    assert words.id == delivery.target.message_id
    assert first.message["media_group_id"] == second.message["media_group_id"]


@pytest.mark.parametrize("count", [1, 2])
async def test_a_group_that_lets_no_files_in_keeps_out_what_has_no_link(
    world: World, tmp_path: Path, count: int
) -> None:
    ann = await world.tg.user("Ann")
    group = await world.tg.group("Friends", [ann])
    messages = view(world)
    opened = await messages.open(job(group.id))
    placed = of_images(group.id, opened.message_id if count > 1 else 0, count)  # one alone would be an edit
    placed = replace(placed, assets=tuple(Asset(f"blob:{i}") for i in range(count)))
    await group.set_bot("restricted")
    with pytest.raises(NotAllowed):
        await messages.deliver(placed, tuple(picture(tmp_path, str(i)) for i in range(count)))
