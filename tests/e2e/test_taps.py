"""How many taps lead to a result, counted: what people do most takes the fewest."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.jobs import Job, JobState
from sandbox.client_chat import ChatView
from sandbox.client_views import Msg
from sandbox.media import image
from tests.drivers.app import World
from tests.e2e.media_kit import PHOTO, studio
from tests.e2e.test_adoption import adopted


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path) as started:
        yield started


class Taps:
    """Presses and counts."""

    def __init__(self, chat: ChatView) -> None:
        self.chat, self.count = chat, 0

    async def tap(self, label: str, said: str) -> Msg:
        """Presses the button of the message that says that."""
        message = await self.chat.wait(said, button=label)
        await self.chat.click(label, on=message)
        self.count += 1
        return message


def another(colour: str) -> bytes:
    return image(f"a {colour} cat", (200, 200), "jpeg")


async def made(world: World, words: str) -> Job:
    """The finished order of these words."""
    return await world.job(lambda job: job.prompt == words and job.state is JobState.DONE and not job.notice_due)


async def below(chat: ChatView, label: str) -> None:
    """Orders up to that price begin without a question."""
    await chat.send("/settings")
    await chat.click("Confirmation", on=await chat.wait("Settings"))
    await chat.click(label, on=await chat.wait("Price without a question"))
    await chat.wait("Saved", button=f"✓ {label}")


@pytest.mark.parametrize(("language", "confirm"), [("en", "Confirm"), ("ru", "Подтвердить")])
async def test_a_picture_from_plain_text_is_one_tap(world: World, language: str, confirm: str) -> None:
    taps = Taps((await world.person(language=language)).private())
    await taps.chat.send("a red fox")
    await taps.tap(confirm, "a red fox")
    job = await made(world, "a red fox")
    assert (job.kind.value, taps.count) == ("image", 1)


async def test_a_picture_is_no_tap_below_ones_price(world: World) -> None:
    chat = (await world.person()).private()
    await below(chat, "Up to 10")
    await chat.send("a red fox")
    assert (await made(world, "a red fox")).kind.value == "image"


async def test_a_question_is_asked_about_below_ones_price_too(world: World) -> None:
    chat = (await world.person()).private()
    await below(chat, "Up to 10")
    await chat.send("why is the sky blue?")
    card = await chat.wait("It sounds like a question", button="💬 Ask")
    assert await world.jobs() == []
    await chat.click("💬 Ask", on=card)
    assert (await made(world, "why is the sky blue?")).kind.value == "ask"


async def test_a_video_with_a_style_is_two_taps_and_the_same_again_one(world: World) -> None:
    taps = Taps((await world.person()).private())
    await taps.chat.send("a video of a lake")
    await taps.tap("Watercolor", "a video of a lake")
    await taps.tap("Confirm", "Pika · Watercolor")
    job = await made(world, "a video of a lake")
    assert (job.model, job.options, taps.count) == ("pika", {"style": "4"}, 2)
    taps.count = 0
    await taps.chat.send("a video of the sea")
    await taps.tap("Confirm", "Pika · Watercolor\na video of the sea")
    assert ((await made(world, "a video of the sea")).options, taps.count) == ({"style": "4"}, 1)


async def test_four_pictures_are_two_taps_and_four_do_not_travel_on(world: World) -> None:
    ann = await world.person()
    taps = Taps(ann.private())
    await taps.chat.send("a red fox")
    await taps.tap("×4", "a red fox")
    await taps.tap("Confirm", "Images: 4")
    job = await made(world, "a red fox")
    assert (job.ordered, taps.count) == (4, 2)
    await taps.chat.send("a blue fox")
    card = await taps.chat.wait("a blue fox", button="✓ ×1")
    assert "Images" not in card.text


async def test_words_that_became_another_kind_by_a_slip_are_changed_in_place(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("a red fox")
    card = await chat.wait("a red fox", button="✓ 🖼 Image")
    await chat.click("🎵 Music", on=card)
    await chat.wait("Suno", button="✓ 🎵 Music")
    await chat.click("🖼 Image", on=card)
    back = await chat.wait("a red fox", button="✓ 🖼 Image")
    assert back.id == card.id
    assert await world.jobs() == []


async def test_a_group_gets_a_card_too(world: World) -> None:
    ann = await world.person()
    group = await world.tg.group("Studio", [ann])
    chat = ann.in_(group)
    await chat.send("/image a red fox")
    await chat.click("Confirm", on=await chat.wait("a red fox", button="Confirm"))
    assert (await made(world, "a red fox")).kind.value == "image"


async def test_stale_and_forged_buttons_of_a_card_change_nothing(world: World) -> None:
    chat = (await world.person()).private()
    await chat.send("/pika a lake")
    card = await chat.wait("a lake", button="Watercolor")
    draft = card.keyboard_rows[0][0]["callback_data"].split(":")[1]
    for act, arg in (
        ("set", ""),
        ("set", "0.99"),
        ("set", "99.0"),
        ("set", "0.-1"),
        ("set", "-1.0"),
        ("all", "7"),
        ("kind", "image"),  # the command named its kind
        ("kind", "ask"),
        ("model", "luma"),  # the list is not open
    ):
        answer = await chat.forge(card.id, f"d:{draft}:{act}:{arg}")
        assert answer.text == "This button is no longer valid.", (act, arg)
    assert (await chat.refresh(card)).text == card.text
    assert await world.jobs() == []


@pytest.mark.parametrize(
    ("language", "confirm", "others"),
    [
        ("en", "Confirm", ["🎬 Animate", "🔍 Upscale", "✂️ Remove"]),
        ("ru", "Подтвердить", ["🎬 Оживить", "🔍 Увеличить"]),
    ],
)
async def test_a_photo_with_words_is_one_tap(
    sqlite_url: str, tmp_path: Path, language: str, confirm: str, others: list[str]
) -> None:
    async with studio(sqlite_url, tmp_path, providers=("neuroartist",), adopt_models=True) as world:
        await adopted(world)
        taps = Taps((await world.person(language=language)).private())
        await taps.chat.photo(PHOTO, "make it night")
        card = await taps.chat.wait("make it night", button=confirm)
        assert all(card.button(label) is not None for label in others)
        await taps.tap(confirm, "make it night")
        assert ((await made(world, "make it night")).kind.value, taps.count) == ("edit", 1)
        await taps.chat.photo(PHOTO, "the cat blinks")
        await taps.tap(others[0], "the cat blinks")
        await taps.tap(confirm, "the cat blinks")
        assert (await made(world, "the cat blinks")).kind.value == "video"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "No model on sale now changes a picture"), ("ru", "Модели, которая меняет картинку")]
)
async def test_where_no_model_edits_photos_that_is_said_first(world: World, language: str, said: str) -> None:
    chat = (await world.person(language=language)).private()
    await chat.photo(PHOTO, "make it night")
    asked = await chat.wait(said)
    assert asked.button("🔍") is not None
    assert await world.jobs() == []


@pytest.mark.parametrize(
    ("language", "confirm", "three"), [("en", "Confirm", "3 pictures"), ("ru", "Подтвердить", "3 картинки")]
)
async def test_an_album_with_words_is_one_edit_of_all_its_pictures(
    sqlite_url: str, tmp_path: Path, language: str, confirm: str, three: str
) -> None:
    async with studio(sqlite_url, tmp_path, providers=("neuroartist",), adopt_models=True) as world:
        await adopted(world)
        taps = Taps((await world.person(language=language)).private())
        await taps.chat.photos([PHOTO, another("red"), another("blue")], "put them into one picture")
        card = await taps.chat.wait(three, button=confirm)
        await world.tg.redeliver(3)
        await taps.tap(confirm, three)
        job = await made(world, "put them into one picture")
        assert (len(job.inputs), len(set(job.inputs)), taps.count) == (3, 3, 1)
        assert job.target.message_id == card.id
        assert len([m for m in await taps.chat.messages() if m.from_bot and "one picture" in m.words]) == 1


async def test_an_album_never_begins_without_a_question(sqlite_url: str, tmp_path: Path) -> None:
    """Below one's price the first picture would be ordered before the others have come."""
    async with studio(sqlite_url, tmp_path, providers=("neuroartist",), adopt_models=True) as world:
        await adopted(world)
        chat = (await world.person()).private()
        await below(chat, "Up to 50")
        await chat.photos([PHOTO, another("red")], "put them into one picture")
        await chat.wait("2 pictures", button="Confirm")
        assert await world.jobs() == []


async def test_an_album_for_a_tool_of_one_picture_keeps_its_first(world: World) -> None:
    chat = (await world.person()).private()
    await chat.photos([PHOTO, another("red")], "/upscale")
    card = await chat.wait("1 picture", button="Confirm")
    await chat.click("Confirm", on=card)
    job = await world.finished()
    assert (job.kind.value, len(job.inputs)) == ("upscale", 1)
