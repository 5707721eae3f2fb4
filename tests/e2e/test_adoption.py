"""The first day of a fresh bot: models that edit and animate pictures are on sale without a hand of the operator's."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.jobs import JobState
from bot.engine.operations import adoption
from tests.drivers.app import ADMIN_ID, World, easel
from tests.e2e.media_kit import PHOTO, confirmed, studio

EDITS = {"fal-ai/nano-banana/edit", "fal-ai/flux-pro/kontext", "fal-ai/flux/dev/image-to-image"}
FILMS = {"fal-ai/minimax-video/image-to-video", "fal-ai/kling-video/image-to-video"}


async def adopted(world: World, count: int = 5) -> dict[str, Kind]:
    """What was adopted, once it is so many."""
    base = {m.slug for m in world.easel.shop.base.models}
    async with asyncio.timeout(10):
        while True:
            await world.easel.shop.refresh()
            found = {m.upstream_id: m.kind for m in world.easel.shop.catalog.models if m.slug not in base}
            if len(found) >= count:
                return found
            await asyncio.sleep(0.02)


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with studio(sqlite_url, tmp_path, providers=("neuroartist",), adopt_models=True) as started:
        yield started


async def test_a_fresh_bot_edits_and_animates_photos(world: World) -> None:
    assert await adopted(world) == {**dict.fromkeys(EDITS, Kind.EDIT), **dict.fromkeys(FILMS, Kind.VIDEO)}
    chat = (await world.person()).private()
    edit = next(m.slug for m in world.easel.shop.models if m.upstream_id == "fal-ai/flux-pro/kontext")
    await chat.photo(PHOTO, f"/{edit} make it night")
    job, result = await confirmed(world, chat)
    assert (job.state, job.prompt, result.kind) == (JobState.DONE, "make it night", "photo")
    film = next(m.slug for m in world.easel.shop.models if m.upstream_id == "fal-ai/minimax-video/image-to-video")
    await chat.photo(PHOTO, f"/{film} the cat blinks")
    job, result = await confirmed(world, chat)
    assert (job.state, job.kind, result.kind in ("video", "animation")) == (JobState.DONE, Kind.VIDEO, True)


async def test_an_admin_takes_one_off_for_good(world: World) -> None:
    chat = (await world.admin()).private()
    await adopted(world)
    (slug,) = [m.slug for m in world.easel.shop.models if m.upstream_id == "fal-ai/flux-pro/kontext"]
    await chat.send(f"/models off {slug}")
    await chat.wait("off sale")
    await world.restart(adopt_max_price=Decimal(75))  # another rule: the list is read anew
    await asyncio.sleep(0.5)
    assert len(await adopted(world)) == 5
    assert slug not in {m.slug for m in world.easel.shop.models}


async def test_the_operator_decides_whether_and_how_dear(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=("neuroartist",), adopt_models=False) as world:
        await asyncio.sleep(0.5)
        assert await adopted(world, 0) == {}
        await world.restart(adopt_models=True, adopt_max_price=Decimal(5))
        assert set(await adopted(world, 3)) == EDITS
        await world.restart(adopt_max_price=Decimal(400))
        assert set(await adopted(world, 6)) == EDITS | FILMS | {"fal-ai/veo3/image-to-video"}


@pytest.mark.parametrize(
    ("language", "said"), [("en", "New on sale, by ADOPT_MODELS"), ("ru", "Новое в продаже (ADOPT_MODELS)")]
)
async def test_admins_are_told_in_their_language(sqlite_url: str, language: str, said: str) -> None:
    async with easel(sqlite_url, providers=("neuroartist",)) as world:
        chat = (await world.tg.user("Olga", language=language, id=ADMIN_ID)).private()
        await chat.send("/start")
        await chat.wait()
        await world.restart(adopt_models=True)
        told = await chat.wait(said)
        assert all(name in told.text for name in EDITS | FILMS)
        assert "/models off" in told.text


async def test_an_admin_who_comes_later_is_told_then(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adoption, "TELL_EVERY", 0.0)
    monkeypatch.setattr(adoption, "ROUND", 0.1)
    async with easel(sqlite_url, providers=("neuroartist",), adopt_models=True) as world:
        await adopted(world)
        chat = (await world.admin()).private()
        told = await chat.wait("New on sale")
        assert all(name in told.text for name in EDITS | FILMS)
        await asyncio.sleep(0.5)
        assert len([m for m in await chat.messages() if "New on sale" in m.text]) == 1
