"""Whatever a service answers, the order ends, the money is where it belongs, and no fault of ours is the cause."""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import httpx
import httpx2
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.domain.jobs import Cause, JobState
from bot.domain.money import CREDIT
from bot.providers.base import Event, Provider, ProviderOrder, Resume
from bot.providers.neuroapi.provider import NeuroApi
from bot.providers.neuroflash import provider as neuroflash
from bot.storage.database import Database
from bot.storage.tables import pauses
from tests.engine.kit import Kit, ToyProvider, engine
from tests.providers.kit.test_polled_fuzz import World, answers, naive, neuroartist, objects, taken
from tests.providers.neuro_kit import Pieces, flash
from tests.providers.provider_kit import QUICK, Chunks

Answers = list[tuple[int, bytes]]
PICTURE = {"url": "https://h/a.png"}
ENDED: dict[str, object] = {
    "id": "ref-1",
    "job_id": "ref-1",
    "s": "c",
    "url": "https://h/a.png",
    "status": "completed",
    "result": {"images": [PICTURE, PICTURE]},
    "credits_used": 3.5,
    "data": [PICTURE, PICTURE],
    "images": [PICTURE],
}
"""Every service finds its success in it."""


def said(given: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[int, bytes]]:
    return st.tuples(st.just(200), given.map(lambda data: json.dumps(data).encode()))


nearly = said(objects.map(lambda odd: ENDED | dict(list(odd.items())[:1])))
"""Success but for one member."""
lists = st.lists(said(objects) | nearly | answers, min_size=1, max_size=3)
orders = said(taken) | nearly | answers


def pictures(found: Answers) -> Provider:
    status, body = found[0]
    answer = httpx2.Response(status, headers={"Content-Type": "application/json"}, stream=Pieces(body))
    transport = httpx2.MockTransport(lambda _: answer)
    return NeuroApi(base_url="https://h.test/v1", key="k", backoff=QUICK, transport=transport)


def history(found: Answers) -> Provider:
    turns = iter([*found, found[-1]] * 100)

    def answer(_: httpx.Request) -> httpx.Response:
        status, body = next(turns)
        return httpx.Response(status, stream=Chunks(body))

    return flash(answer)


SERVICES: dict[str, Callable[[Answers], Provider]] = {
    "naive": lambda found: World(found[:1], found).polled(naive),
    "neuroartist": lambda found: World(found[:1], found).polled(neuroartist),
    "neuroapi": pictures,
    "neuroflash": history,
}


class Anything(ToyProvider):
    """Each order is carried out by the next service of the list."""

    def __init__(self) -> None:
        super().__init__()
        self.inner: Provider = self

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        async with aclosing(self.inner.run(order, job_id=job_id, resume=resume)) as events:
            async for event in events:
                yield event


def on_sale_again(conn: Connection) -> None:
    conn.execute(sa.delete(pauses))


async def ended_well(kit: Kit, number: int) -> None:
    ann = await kit.person(number)
    job = await kit.finished((await kit.order(ann, results=2)).job.id)
    assert job.cause is not Cause.INTERNAL, job.detail
    charged = job.charged or 0
    assert charged <= job.quote
    assert (charged > 0) <= (job.state is JobState.DONE)
    assert await kit.balance(ann) == (100 - charged / CREDIT, 0)
    await kit.db.transaction(on_sale_again)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(SERVICES)), orders, lists), min_size=8, max_size=8))
async def test_any_answer_ends_the_order_and_the_books_are_right(
    monkeypatch: pytest.MonkeyPatch, database: Database, scripts: list[tuple[str, tuple[int, bytes], Answers]]
) -> None:
    monkeypatch.setattr(neuroflash, "NAMING_SECONDS", 0.01)
    provider = Anything()
    async with engine(database, provider=provider) as kit:
        first = 1 + len(await database.read(lambda conn: conn.exec_driver_sql("SELECT id FROM jobs").all()))
        kit.orders_made = first
        for number, (name, order, looks) in enumerate(scripts, first):
            provider.inner = SERVICES[name]([order, *looks])
            await ended_well(kit, 1000 + number)
