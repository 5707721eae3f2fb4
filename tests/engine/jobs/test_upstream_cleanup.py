"""After the user changed their mind: the provider is told to stop, and what it made is deleted there."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.domain.catalog.models import Inputs, Source
from bot.domain.errors import InputsGone
from bot.domain.jobs import Asset, Input, JobState
from bot.engine.jobs import upstream_cleanup
from bot.engine.media import ownership
from bot.engine.privacy import erasure
from bot.providers.base import Accepted, Provider, Running, Succeeded, UpstreamDown
from bot.storage.database import Database
from tests.engine.kit import ToyProvider, catalog, engine, model

MADE = Asset("https://cdn.example/a.png", own="/history/a")


class Obliging(ToyProvider):
    """Stops and deletes when told; raises what is waiting in `trouble` first."""

    def __init__(self, *, resumable: bool = True) -> None:
        super().__init__(resumable=resumable)
        self.cancelled: list[str] = []
        self.deleted: list[str] = []
        self.trouble: list[Exception] = []
        self.held = asyncio.Event()
        self.held.set()

    async def cancel(self, ref: str) -> None:
        await self.held.wait()
        self.cancelled.append(ref)
        if self.trouble:
            raise self.trouble.pop(0)

    async def delete(self, own: str) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.deleted.append(own)


async def test_a_cancelled_order_is_called_off_upstream(database: Database) -> None:
    provider = Obliging()
    async with engine(database, provider=provider) as kit:
        ann = await kit.person(1)
        provider.scripts["x"] = (Accepted("ref-1"), Running(), asyncio.Event())
        provider.held.clear()
        await kit.order(ann, "x")
        await kit.state("job1", JobState.RUNNING)
        await kit.orders.cancel("job1", account_id=ann.account_id)
        assert await kit.balance(ann) == (100, 0)  # nobody waits for the provider
        await kit.finished("job1")
        assert provider.cancelled == []
        provider.held.set()
        async with asyncio.timeout(5):
            while not provider.cancelled:
                await asyncio.sleep(0.01)
        assert provider.cancelled == ["ref-1"]


async def test_a_provider_that_will_not_stop_changes_nothing(database: Database) -> None:
    provider = Obliging()
    async with engine(database, provider=provider) as kit:
        ann = await kit.person(1)
        provider.scripts["x"] = (Accepted("ref-1"), asyncio.Event())
        provider.trouble.append(UpstreamDown("HTTP 503"))
        await kit.order(ann, "x")
        await kit.state("job1", JobState.RUNNING)
        await kit.orders.cancel("job1", account_id=ann.account_id)
        assert (await kit.finished("job1")).state is JobState.CANCELLED
        assert await kit.balance(ann) == (100, 0)
        assert provider.cancelled == ["ref-1"]


async def test_only_what_is_upstream_and_cancelled_is_called_off(database: Database) -> None:
    provider = Obliging()
    providers: dict[str, Provider] = {"toy": provider}
    async with engine(database, provider=provider) as kit:
        ann = await kit.person(1)
        provider.scripts["x"] = (Accepted("ref-1"), Succeeded((MADE,)))
        provider.scripts["y"] = (Running(), asyncio.Event())
        await kit.order(ann, "x")
        done = await kit.finished("job1")
        await kit.order(ann, "y")
        await kit.state("job2", JobState.SUBMITTING)
        await kit.orders.cancel("job2", account_id=ann.account_id)
        unknown = await kit.finished("job2")
        assert provider.cancelled == []
        assert not upstream_cleanup.to_call_off(providers, done)
        assert not upstream_cleanup.to_call_off(providers, unknown)
        cancelled = replace(done, state=JobState.CANCELLED)
        assert upstream_cleanup.to_call_off(providers, cancelled)
        assert not upstream_cleanup.to_call_off({"toy": ToyProvider()}, cancelled)
        await upstream_cleanup.call_off({"toy": ToyProvider()}, cancelled)


async def test_a_result_is_deleted_once_and_belongs_to_nobody(database: Database) -> None:
    provider = Obliging()
    providers: dict[str, Provider] = {"toy": provider}
    async with engine(database, provider=provider) as kit:
        ann = await kit.person(1)
        provider.scripts["x"] = (Succeeded((MADE, Asset("https://cdn.example/b.png"))),)
        await kit.order(ann, "x", results=2)
        job = await kit.finished("job1")
        provider.trouble.append(UpstreamDown("HTTP 503"))
        try:
            await upstream_cleanup.delete_result(database, providers, job, 0)
        except UpstreamDown:
            assert await database.read(lambda conn: ownership.owner(conn, "toy", MADE.own)) == "job1"
        else:
            raise AssertionError("the trouble was not told")
        assert await upstream_cleanup.delete_result(database, providers, job, 0)
        assert provider.deleted == [MADE.own]
        assert await database.read(lambda conn: ownership.owner(conn, "toy", MADE.own)) is None
        for index in (0, 2, -1):
            assert not await upstream_cleanup.delete_result(database, providers, job, index)
        assert not await upstream_cleanup.delete_result(database, {"toy": ToyProvider()}, job, 0)
        assert await upstream_cleanup.delete_result(database, providers, job, 1), "it has no name there, but an address"
        assert provider.deleted == [MADE.own, "https://cdn.example/b.png"]


async def test_what_is_kept_of_a_person_is_found_also_where_it_has_no_name(database: Database) -> None:
    provider = Obliging()
    async with engine(database, provider=provider) as kit:
        ann, bob = await kit.person(1), await kit.person(2)
        provider.scripts["unnamed"] = (Succeeded((Asset("https://cdn.example/b.png"),)),)
        provider.scripts["none"] = (UpstreamDown("503"),)
        await kit.order(ann, "unnamed", id="first")
        await kit.finished("first")
        assert await database.read(lambda conn: erasure.kept_upstream(conn, ann.account_id)) == [], (
            "no service keeps any"
        )
        provider.scripts["named"] = (Succeeded((MADE,)),)
        for number, prompt in enumerate(("named", "none")):
            await kit.order(bob, prompt, id=f"bobs{number}")
            await kit.finished(f"bobs{number}")
        for person, wanted in ((ann, ["first"]), (bob, ["bobs0"])):
            kept = await database.read(partial(erasure.kept_upstream, account_id=person.account_id))
            assert [job.id for job in kept] == wanted


async def test_nobody_deletes_what_is_anothers(database: Database) -> None:
    provider = Obliging()
    providers: dict[str, Provider] = {"toy": provider}
    async with engine(database, provider=provider) as kit:
        provider.scripts["x"] = (Succeeded((MADE,)),)
        await kit.order(await kit.person(1), "x")
        job = await kit.finished("job1")
        stranger = replace(job, id="job9")
        assert not await upstream_cleanup.delete_result(database, providers, stranger, 0)
        assert provider.deleted == []


async def test_what_a_provider_keeps_is_worked_on_by_whose_it_is_alone(database: Database) -> None:
    editor = replace(model("edit", 10), inputs=Inputs(1, 2, source=Source.OWN))
    async with engine(database, provider=Obliging(), what=catalog(model("pika", 10), editor)) as kit:
        ann, bob = await kit.person(1), await kit.person(2)
        kit.provider.scripts["a fox"] = (Accepted(None), Succeeded((MADE,)))
        made = await kit.finished((await kit.order(ann, "a fox")).job.id)
        hers = Input(own=MADE.own, provider="toy", job_id=made.id)
        for stolen in (hers, replace(hers, own="/history/is_unclaimed")):
            with pytest.raises(InputsGone):
                await kit.order(bob, "at night", slug="edit", inputs=(stolen,))
        assert await kit.balance(bob) == (100, 0)
        edited = await kit.finished((await kit.order(ann, "at night", slug="edit", inputs=(hers,))).job.id)
        assert edited.state is JobState.DONE
