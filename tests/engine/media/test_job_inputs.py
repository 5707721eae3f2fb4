"""How an order's pictures go out: inside the request or behind a link, never without them."""

import base64
from dataclasses import replace

import pytest

from bot.domain.catalog.models import Inputs
from bot.domain.jobs import Cause, Input
from bot.engine.media import blobs
from bot.engine.media.job_inputs import INLINE_MAX, Pictures, PicturesGone, named_only
from bot.providers.base import Picture
from bot.storage.database import Database
from tests.engine.kit import catalog, engine, model
from tests.telegram.kit import job

LARGE = b"\xff\xd8" + bytes(INLINE_MAX)
MODEL = replace(model(), inputs=Inputs(1, 3))


async def put(db: Database, data: bytes) -> str:
    key = blobs.name_of(data)
    await db.transaction(lambda conn: blobs.put(conn, key, "image/jpeg", data))
    return key


def link(key: str, seconds: float) -> str:
    return f"https://pictures.example/{key}?{seconds:g}"


async def test_small_ones_go_inside_and_large_ones_behind_a_link(database: Database) -> None:
    small, large = await put(database, b"\xff\xd8 small"), await put(database, LARGE)
    inputs = (Input(large, "image/jpeg"), Input(small, "image/jpeg", own="its-name"), Input(own="other"))
    ordered = job(7, inputs=inputs)
    inside = "data:image/jpeg;base64," + base64.b64encode(b"\xff\xd8 small").decode()
    assert await Pictures(database, link).of(ordered, MODEL) == (
        Picture(link(large, 60)),
        Picture(inside, "its-name"),
        Picture(own="other"),
    )
    assert (await Pictures(database).of(ordered, MODEL))[0].url.startswith("data:image/jpeg;base64,/9gAAAA")
    long_model = replace(MODEL, longest_seconds=9000)
    assert (await Pictures(database, link).of(ordered, long_model))[0].url.endswith("?1800")


async def test_what_is_gone_or_too_much_is_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await put(database, LARGE)
    with pytest.raises(PicturesGone):
        await Pictures(database).of(job(7, inputs=(Input("nothing"),)), MODEL)
    monkeypatch.setattr("bot.engine.media.job_inputs.INLINE_TOTAL", len(LARGE) + 1)
    twice = job(7, inputs=(Input(key), Input(key)))
    with pytest.raises(PicturesGone):
        await Pictures(database).of(twice, MODEL)
    assert len(await Pictures(database, link).of(twice, MODEL)) == 2
    database.shift_clock(blobs.LIFETIME + 1)
    with pytest.raises(PicturesGone):
        await Pictures(database).of(job(7, inputs=(Input(key),)), MODEL)


async def test_an_order_whose_picture_is_gone_fails_before_the_provider_hears_of_it(database: Database) -> None:
    async with engine(database, what=catalog(MODEL), start=False) as kit:
        user = await kit.person(1)
        key = await put(database, LARGE)
        placed = await kit.order(user, inputs=(Input(key, "image/jpeg"),))
        await kit.worker.start()
        job = await kit.finished(placed.job.id)
        assert (job.cause, job.submitted_at) == (Cause.INTERNAL, None)
        assert kit.provider.submits == []
        assert await kit.balance(user) == (100, 0)


async def test_names_need_nobody_to_bring_them() -> None:
    assert await named_only(job(7, inputs=(Input(own="its-name"),)), MODEL) == (Picture(own="its-name"),)
