"""Examples of ideas: an operator's own result stands on the page, until it is removed or deleted, or its owner is
forgotten."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.tables import jobs
from sandbox.client import ChatView, Msg
from tests.drivers.app import ADMIN_ID, World
from tests.e2e.media_kit import PHOTO, album, ordered, studio


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path) as started:
        yield started


async def first_page(chat: ChatView) -> Msg:
    """The first idea: the oil portrait."""
    await chat.send("/ideas")
    return await chat.wait(button="Use this idea")


def file_of(msg: Msg) -> str:
    return str(msg.message["photo"][-1]["file_id"])


async def test_a_reply_to_a_result_makes_it_the_example(world: World) -> None:
    olga, ann = (await world.admin()).private(), (await world.person()).private()
    _, result = await ordered(world, olga, "/flash a cat in a lace collar")
    await olga.reply(result, "/template oil_portrait")
    await olga.wait("This is now the example of “Oil portrait”")
    page = await first_page(ann)
    assert file_of(page) == file_of(result)
    assert page.caption.startswith("💡 Oil portrait")
    assert "lace" not in page.caption
    await ann.click("›", on=page)
    card = await ann.wait("Film still")
    assert file_of(card) != file_of(result)
    await ann.click("‹", on=card)
    assert file_of(await ann.wait("Oil portrait")) == file_of(result)
    await olga.send("/template")
    listed = await olga.wait("Reply to a result")
    assert "★ oil_portrait, film_still" in listed.text
    await olga.send("/template oil_portrait off")
    await olga.wait("“Oil portrait” has no example any more")
    await olga.send("/template oil_portrait off")
    await olga.wait("“Oil portrait” has no example.")
    assert file_of(await first_page(ann)) != file_of(result)


async def test_a_song_and_a_film_are_examples_too(world: World) -> None:
    olga, ann = (await world.admin()).private(), (await world.person()).private()
    for command, slug, kind, shelf in (
        ("/suno a quiet song", "birthday_song", "audio", "Music"),
        ("/pika --style 5 a lake", "living_landscape", "video", "Video"),
    ):
        _, result = await ordered(world, olga, command)
        await olga.reply(result, f"/template {slug}")
        await olga.wait("This is now the example")
        await ann.send("/ideas")
        page = await ann.wait(button=shelf)
        await ann.click(shelf, on=page)
        shown = await ann.wait({"Music": "Birthday song", "Video": "Living landscape"}[shelf])
        assert (shown.id, shown.kind) == (page.id, kind)


async def test_one_of_several_results_is_meant(world: World) -> None:
    olga, ann = (await world.admin()).private(), (await world.person()).private()
    await ordered(world, olga, "/flash --n 2 a hare")
    _, second = await album(olga)
    await olga.reply(second, "/template oil_portrait")
    await olga.wait("This is now the example")
    assert file_of(await first_page(ann)) == file_of(second)


async def test_what_cannot_be_an_example_is_told(world: World) -> None:
    olga = (await world.admin()).private()
    job, result = await ordered(world, olga, "/flash a fox")
    await olga.reply(result, "/template lofi")
    await olga.wait("“Lo-fi for work” makes something else (🎵 Music)")
    await olga.reply(result, "/template oil_portrat")
    await olga.wait("Did you mean: oil_portrait")
    await olga.reply(result, "/template qqqqqq")
    assert "Reply to a result" in (await olga.wait("There is no idea called “qqqqqq”")).text
    await olga.reply(result, "/template oil_portrait on")
    await olga.wait("Reply to a result")
    await olga.send("/template oil_portrait")
    await olga.wait("reply to the result that is to be its example")
    photo = await olga.photo(PHOTO)
    await olga.reply(photo, "/template oil_portrait")
    await olga.wait("That message is not a result of yours")
    await world.easel.originals.delete(job)
    await olga.reply(result, "/template oil_portrait")
    await olga.wait("That result was deleted")


async def test_another_persons_result_is_no_example(world: World) -> None:
    olga, ann = await world.admin(), await world.person()
    group = await world.tg.group("Club", [ann, olga])
    _, result = await ordered(world, ann.in_(group), "/flash a fox")
    await olga.in_(group).reply(result, "/template oil_portrait")
    await olga.private().wait("That message is not a result of yours")


async def test_users_do_not_have_the_command(world: World) -> None:
    ann = (await world.person()).private()
    _, result = await ordered(world, ann, "/flash a fox")
    await ann.reply(result, "/template oil_portrait")
    await ann.wait("/help")
    assert file_of(await first_page(ann)) != file_of(result)


async def test_a_deleted_result_is_an_example_no_more(world: World) -> None:
    olga, ann = (await world.admin()).private(), (await world.person()).private()
    job, result = await ordered(world, olga, "/flash a cat")
    await olga.reply(result, "/template oil_portrait")
    await olga.wait("This is now the example")
    await world.easel.originals.delete(job)
    page = await first_page(ann)
    assert page.kind == "photo"
    assert file_of(page) != file_of(result)
    await olga.send("/template")
    assert "☆ oil_portrait" in (await olga.wait("Reply to a result")).text


async def test_an_operator_who_is_forgotten_leaves_no_example(world: World) -> None:
    olga, ann = (await world.admin()).private(), (await world.person()).private()
    _, result = await ordered(world, olga, "/flash a cat")
    await olga.reply(result, "/template oil_portrait")
    await olga.wait("This is now the example")
    await olga.send("/forget")
    await olga.click("Erase everything", on=await olga.wait(button="Erase everything"))
    await world.job(lambda job: not job.user_id)
    assert file_of(await first_page(ann)) != file_of(result)
    assert ADMIN_ID in world.settings.admin_ids


async def test_a_file_that_telegram_has_no_more_gives_way_to_the_card(world: World) -> None:
    olga, ann = (await world.admin()).private(), (await world.person()).private()
    job, result = await ordered(world, olga, "/flash a cat")
    await olga.reply(result, "/template oil_portrait")
    await olga.wait("This is now the example")
    gone = [{**each, "file_id": "AgAC-another-bots"} for each in (await delivered(world, job.id))]
    await write(world, job.id, gone)
    page = await first_page(ann)
    assert (page.kind, file_of(page) != file_of(result)) == ("photo", True)


async def delivered(world: World, job_id: str) -> list[dict[str, object]]:
    def read(conn: Connection) -> list[dict[str, object]]:
        return list(conn.execute(sa.select(jobs.c.delivered).where(jobs.c.id == job_id)).scalar_one())

    return await world.easel.db.read(read)


async def write(world: World, job_id: str, value: list[dict[str, object]]) -> None:
    await world.easel.db.transaction(
        lambda conn: conn.execute(sa.update(jobs).where(jobs.c.id == job_id).values(delivered=value))
    )
