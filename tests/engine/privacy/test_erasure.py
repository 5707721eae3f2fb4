"""Erasing a person: nothing in any table tells of them afterwards, and the books are as right as before."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.catalog.models import Kind
from bot.domain.jobs import NOWHERE, Asset, Delivered, Input, Job, JobState
from bot.domain.limits.admission import BalanceMoved, StillWorking
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users, welcome_credits
from bot.engine.accounts.welcome_credits import Welcome
from bot.engine.conversations import memory
from bot.engine.conversations.memory import Ask
from bot.engine.dialogs import drafts, inbox
from bot.engine.media import blobs
from bot.engine.privacy import erasure, export
from bot.providers.base import Accepted, Running, Succeeded
from bot.storage import cooldowns
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.job_rows import delivered_json
from bot.storage.tables import jobs, messages, metadata, template_examples
from tests.engine.kit import Kit, engine

ANN = 987654321
"""A number that nothing else has."""
SECRETS = (str(ANN), "Annabel", "annabel_x", "glade", "file-lived", "pasture", "private note", "elsewhere.example")
KEY = b"a key"


def everything(conn: Connection) -> Iterator[tuple[str, str]]:
    """Every value of every table, with where it stands."""
    for table in metadata.sorted_tables:
        for row in conn.execute(sa.select(table)).mappings():
            for name, value in row.items():
                text = json.dumps(value) if isinstance(value, dict | list) else str(value)
                yield f"{table.name}.{name}", text


def found(conn: Connection, *secrets: str) -> list[str]:
    return [f"{where}: {text[:80]}" for where, text in everything(conn) if any(secret in text for secret in secrets)]


async def a_life(kit: Kit) -> users.User:
    """Somebody who left a trace in every table that can have one."""

    def begin(conn: Connection) -> users.User:
        user, _ = users.seen(conn, user_id=ANN, username="annabel_x", name="Annabel", language_code="ru")
        amount = Credits(100 * CREDIT)
        ledger.top_up(
            conn, key="k", account_id=user.account_id, amount=amount, actor=None, note="private note on Annabel"
        )
        blobs.put(conn, "glade-photo", "image/png", b"glade")
        blobs.put(conn, "shared-photo", "image/png", b"both have it")
        return user

    user = await kit.db.transaction(begin)
    result = Asset("https://elsewhere.example/glade.mp4")
    kit.provider.scripts["a glade"] = (Accepted("ref-glade"), Running(), Succeeded((result,)))
    placed = await kit.order(user, "a glade", id="annsjob", message_id=ANN % 1000)
    await kit.finished(placed.job.id)
    await kit.db.transaction(lambda conn: _more(conn, user))
    return user


def _more(conn: Connection, user: users.User) -> None:
    inputs = [{"blob": "glade-photo"}, {"blob": "shared-photo"}]
    delivered = [{"file_id": "file-lived", "media": "video"}]
    conn.execute(
        sa.update(jobs).where(jobs.c.id == "annsjob").values(inputs=inputs, delivered=delivered, detail="glade")
    )
    memory.begin(conn, ANN, ANN)
    memory.note(conn, "annsjob", Ask(question_id=ANN))
    said: dict[str, Any] = {"chat_id": ANN, "user_id": ANN, "job_id": "annsjob", "created_at": now(conn), "tokens": 1}
    conn.execute(sa.insert(messages).values(**said, role="user", content="a pasture?"))
    example = {"slug": "idea", "job_id": "annsjob", "place": 0, "actor": ANN, "created_at": now(conn)}
    conn.execute(sa.insert(template_examples).values(**example))
    data = {"prompt": "pasture", "inputs": [{"blob": "glade-photo"}]}
    place: dict[str, Any] = {"chat_id": ANN, "thread_id": None}
    drafts.create(conn, id="mine", user_id=ANN, purpose="order", data=data, **place)
    about = {"user": ANN, "amount": 5, "note": "private note"}
    drafts.create(conn, id="admins", user_id=7, purpose="top_up", chat_id=7, thread_id=None, data=about)
    cooldowns.acquire_cooldown(conn, f"credits:{ANN}", every=60)
    inbox.put(conn, 1, 10, f'{{"message":{{"from":{{"id":{ANN},"first_name":"Annabel"}}}}}}')
    inbox.failed(conn, inbox.Ticket(1, 10))


async def erase(kit: Kit, user: users.User, agreed: float) -> None:
    amount = Credits(round(agreed * CREDIT))
    await kit.db.transaction(lambda conn: erasure.forget(conn, user, key=KEY, agreed=amount))


async def test_nothing_of_a_person_is_left_and_the_books_are_right(database: Database) -> None:
    async with engine(database) as kit:
        user, bob = await a_life(kit), await kit.person(222)
        other = {"prompt": "bob's words", "inputs": [{"blob": "shared-photo"}]}
        await kit.db.transaction(
            lambda conn: drafts.create(
                conn, id="bobs", user_id=222, purpose="order", chat_id=222, thread_id=None, data=other
            )
        )
        assert len(await kit.db.read(lambda conn: found(conn, *SECRETS))) > 15
        await erase(kit, user, 90)
        assert await kit.db.read(lambda conn: found(conn, *SECRETS)) == []
        assert await kit.db.read(lambda conn: blobs.get(conn, "glade-photo")) is None
        assert await kit.db.read(lambda conn: blobs.get(conn, "shared-photo")) is not None, "Bob's draft needs it"
        assert await kit.db.read(lambda conn: drafts.get(conn, "bobs")) is not None
        assert await kit.balance(user) == (0, 0)
        assert await kit.balance(bob) == (100, 0)
        lines = await kit.db.read(lambda conn: ledger.statement(conn, user.account_id, limit=10))
        assert [(line.kind, line.amount // CREDIT, line.note) for line in lines] == [
            ("debit", -90, ""),
            ("capture", -10, ""),
            ("top_up", 100, ""),
        ]
        job = await kit.job("annsjob")
        assert (job.state, job.kind, job.charged) == (JobState.DONE, Kind.VIDEO, 10 * CREDIT)
        await kit.clean()


async def test_who_returns_begins_anew_without_a_welcome(database: Database) -> None:
    welcome = Welcome(Credits(5 * CREDIT), key=KEY)

    def meet(conn: Connection) -> tuple[users.User, bool]:
        user, new = users.seen(conn, user_id=ANN, username=None, name="Annabel", language_code="en")
        assert new
        return user, welcome_credits.greet(conn, user, welcome).given

    async with engine(database) as kit:
        user, given = await kit.db.transaction(meet)
        assert given
        await erase(kit, user, 5)
        again, given = await kit.db.transaction(meet)
        assert not given
        assert again.account_id != user.account_id
        assert await kit.balance(again) == (0, 0)
        await erase(kit, again, 0)
        await kit.db.transaction(meet)
        await kit.clean()


async def test_a_live_job_hinders_it(database: Database) -> None:
    async with engine(database, start=False) as kit:
        user = await kit.person(ANN)
        await kit.order(user, id="live")
        with pytest.raises(StillWorking) as refused:
            await erase(kit, user, 90)
        assert refused.value.count == 1
        await kit.orders.cancel("live", account_id=user.account_id)
        with pytest.raises(StillWorking):
            await erase(kit, user, 100)  # its last word is still to be said
        assert await kit.db.read(lambda conn: users.find(conn, ANN)) is not None
        await kit.worker.start()
        await kit.finished("live")
        await erase(kit, user, 100)


async def test_another_balance_than_agreed_is_not_forfeited(database: Database) -> None:
    async with engine(database) as kit:
        user = await kit.person(ANN)
        with pytest.raises(BalanceMoved) as refused:
            await erase(kit, user, 99)
        assert refused.value.balance == 100 * CREDIT
        assert await kit.db.read(lambda conn: users.find(conn, ANN)) is not None
        assert await kit.balance(user) == (100, 0)


async def test_a_person_is_named_by_a_hash_that_needs_the_key(database: Database) -> None:
    one, other = welcome_credits.person_hash(KEY, ANN), welcome_credits.person_hash(b"another", ANN)
    assert one == welcome_credits.person_hash(KEY, ANN) != other
    assert str(ANN) not in one
    assert welcome_credits.derived_key("", "token") != welcome_credits.derived_key("own-secret", "token")
    assert welcome_credits.derived_key("own-secret", "token") == welcome_credits.derived_key("own-secret", "next")


def own_address(job: Job, index: int) -> str:
    return job.assets[index].url


@pytest.mark.parametrize(
    ("sent", "address", "told"),
    [
        (Delivered("", "link", large=True), "https://h/media/x?e=1", {"link": "https://h/media/x?e=1"}),
        (Delivered("", "link", large=True), "", {"why": export.LARGE}),
        (Delivered("", "link"), "", {"why": export.REFUSED}),
        (Delivered("", "link"), "http://127.0.0.1/x", {"why": export.REFUSED}),
        (Delivered("", NOWHERE), "", {"why": export.NOT_CAME}),
        (Delivered("f", "video"), "", {"file_id": "f"}),
    ],
)
async def test_a_result_that_is_a_link_says_where_or_why_not(
    database: Database, sent: Delivered, address: str, told: dict[str, str]
) -> None:
    async with engine(database) as kit:
        user = await a_life(kit)

        def look(conn: Connection) -> export.Data:
            conn.execute(sa.update(jobs).where(jobs.c.id == "annsjob").values(delivered=delivered_json([sent])))
            return export.gather(conn, user, lambda *_: address)

        (job,) = (await kit.db.transaction(look))["jobs"]
        assert job["results"] == [{"media": sent.media, **told}]


async def test_the_data_to_take_along(database: Database) -> None:
    async with engine(database) as kit:
        user = await a_life(kit)
        data = await kit.db.read(lambda conn: export.gather(conn, user, own_address))
        again = json.loads(export.as_json(data))
        assert again == data
        assert data["profile"]["name"] == "Annabel"
        assert data["balance"] == {"available": "90", "held": "0"}
        assert [(line["kind"], line["amount"]) for line in data["transfers"]] == [("capture", "-10"), ("top_up", "100")]
        (job,) = data["jobs"]
        assert (job["prompt"], job["state"], job["charged"]) == ("a glade", "done", "10")
        result = {"media": "video", "file_id": "file-lived", "link": "https://elsewhere.example/glade.mp4"}
        assert job["results"] == [result]
        assert data["conversations"][0]["text"] == "a pasture?"
        assert data["waiting_for_confirmation"][0]["prompt"] == "pasture"
        assert "ref-glade" not in str(data), "nothing of the operator's dealings upstream"
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            export.into_zip(archive, data)
        with zipfile.ZipFile(packed) as archive:
            assert json.loads(archive.read("data.json")) == data
            listed = archive.read("results.tsv").decode().splitlines()
        assert listed[1].split("\t") == ["annsjob", "1", *result.values(), "", ""]


def test_blobs_are_found_wherever_they_are_named() -> None:
    data = {"inputs": [{"blob": "a"}, {"own": "x"}], "assets": [{"url": "blob:b"}, {"url": "https://c"}], "n": 1}
    assert sorted(erasure._keys(data)) == ["a", "b"]
    assert Input("a").blob == "a"
