"""The history's queries on both databases: shelves, search, neighbours, ancestry, favourites, whose it is."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Delivered, Input, JobState
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.jobs import queries
from bot.engine.results import history
from bot.engine.results.history import Search, Shelf, words_of
from bot.storage import job_rows
from bot.storage.database import Database
from bot.storage.tables import jobs

SENT = job_rows.delivered_json([Delivered("file", "photo")])


async def person(db: Database, user_id: int) -> User:
    def make(conn: Connection) -> User:
        return users.seen(conn, user_id=user_id, username=None, name="Somebody", language_code="en")[0]

    return await db.transaction(make)


async def put(db: Database, user: User, id: str, prompt: str = "", **values: Any) -> None:
    """A job as if it were done at the second that its id ends with."""
    row = {
        "id": id,
        "account_id": user.account_id,
        "user_id": user.id,
        "provider": "toy",
        "model": "pika",
        "kind": Kind.IMAGE.value,
        "prompt": prompt,
        "options": {},
        "quote": 0,
        "locale": "en",
        "chat_id": user.id,
        "state": JobState.DONE.value,
        "turn": 0,
        "next_at": 0.0,
        "created_at": float("".join(c for c in id if c.isdigit()) or 0),
        "delivered": SENT,
        **values,
    }
    await db.transaction(lambda conn: conn.execute(sa.insert(jobs), row))


async def leafed(db: Database, search: Search) -> list[str]:
    """All ids of a shelf, from page to page by its own links."""
    found: list[str] = []
    page = await db.read(lambda conn: history.page(conn, search))
    while page is not None:
        found.append(page.job.id)
        assert page.number == len(found)
        older = page.older
        if not older:
            assert page.count == len(found)
            break
        page = await db.read(lambda conn: history.page(conn, search, older))  # noqa: B023
    return found


async def test_shelves_hold_what_was_made_and_nothing_else(database: Database) -> None:
    ann, bob = await person(database, 1), await person(database, 2)
    await put(database, ann, "a1")
    await put(database, ann, "a2", kind="video")
    await put(database, ann, "a3", kind="music", favourite=True)
    await put(database, ann, "a4", kind="audio")
    await put(database, ann, "a5", kind="cutout")
    await put(database, ann, "a6", kind="3d")
    await put(database, ann, "a7", kind="ask", delivered=job_rows.delivered_json([Delivered("", "text")]))
    await put(database, ann, "a8", state="failed")
    await put(database, ann, "a9", delivered=[], assets=[])  # deleted
    await put(database, bob, "b10", favourite=True)
    shelf = {s: await leafed(database, Search(ann.account_id, s)) for s in Shelf}
    assert shelf == {
        Shelf.ALL: ["a6", "a5", "a4", "a3", "a2", "a1"],
        Shelf.IMAGES: ["a5", "a1"],
        Shelf.VIDEOS: ["a2"],
        Shelf.MUSIC: ["a4", "a3"],
        Shelf.FAVOURITES: ["a3"],
    }


async def test_a_long_history_is_leafed_through_by_place(database: Database) -> None:
    ann = await person(database, 1)
    for n in range(25):
        await put(database, ann, f"a{n:02}", created_at=float(n // 2))  # pairs of the same moment
    mine = Search(ann.account_id)
    everything = await leafed(database, mine)
    assert everything == [f"a{n:02}" for n in reversed(range(25))]
    page = await database.read(lambda conn: history.page(conn, mine, "a12"))
    assert page is not None
    assert (page.number, page.count) == (13, 25)
    assert (page.newer, page.older, page.much_newer, page.much_older) == ("a13", "a11", "a22", "a02")
    first = await database.read(lambda conn: history.page(conn, mine))
    assert first is not None
    assert (first.newer, first.much_newer, first.older) == ("", "", "a23")
    gone = sa.update(jobs).where(jobs.c.id.in_(["a12", "a00"])).values(delivered=[])
    await database.transaction(lambda conn: conn.execute(gone))
    for id, instead in (("a12", "a11"), ("a00", "a01"), ("nobody's", "a24")):  # noqa: A001
        beside = await database.read(lambda conn: history.page(conn, mine, id))  # noqa: B023
        assert beside is not None
        assert beside.job.id == instead


async def test_words_are_found_in_any_case_and_signs_mean_themselves(database: Database) -> None:
    ann = await person(database, 1)
    await put(database, ann, "a1", "A Fox in the snow")
    await put(database, ann, "a2", "Лиса в снегу")
    await put(database, ann, "a3", "100% cotton, snake_case, C:\\temp and 'quotes' \"too\"")
    await put(database, ann, "a4", "a snowy foxglove")
    cases = {
        "fox": ["a4", "a1"],
        "FOX snow": ["a4", "a1"],
        "snow the": ["a1"],
        "лиса": ["a2"],
        "ЛИСА СНЕГУ": ["a2"],
        "%": ["a3"],
        "_": ["a3"],
        "\\": ["a3"],
        "'quotes'": ["a3"],
        '"too"': ["a3"],
        "fo%x": [],
        "fox' OR '1'='1": [],
        "\x00fox\ud800": ["a4", "a1"],
        "x" * 4000: [],
        "fox " * 1000: ["a4", "a1"],
        "   ": ["a4", "a3", "a2", "a1"],
    }
    for said, ids in cases.items():
        assert await leafed(database, Search(ann.account_id, words=words_of(said))) == ids, said[:40]
    assert max(len(words_of("y " * 2000)), len(words_of("a b c d e f g h i j"))) == history.WORDS


async def test_ancestry_follows_the_first_picture_and_stays_at_home(database: Database) -> None:
    ann, bob = await person(database, 1), await person(database, 2)

    def of(id: str) -> list[dict[str, Any]]:
        return job_rows.inputs_json([Input(blob="photo"), Input(job_id=id)])

    await put(database, bob, "b0")
    await put(database, ann, "a1", inputs=of("b0"))
    await put(database, ann, "a2", inputs=of("a1"), kind="upscale")
    await put(database, ann, "a3", inputs=of("a2"), kind="edit")
    await put(database, ann, "a4", inputs=of("a4"))
    for n in range(5, 20):
        await put(database, ann, f"a{n}", inputs=of(f"a{n - 1}"))

    def ids(of: str) -> Callable[[Connection], list[str]]:
        def look(conn: Connection) -> list[str]:
            job = job_rows.job_of(conn.execute(sa.select(jobs).where(jobs.c.id == of)).mappings().one())
            return [each.id for each in queries.ancestry(conn, job)]

        return look

    assert await database.read(ids("a3")) == ["a2", "a1"]
    assert await database.read(ids("a4")) == []
    assert await database.read(ids("a19")) == [f"a{n}" for n in range(18, 18 - queries.ANCESTORS, -1)]


async def test_favourites_are_their_owners_and_of_what_still_is_there(database: Database) -> None:
    ann, bob = await person(database, 1), await person(database, 2)
    await put(database, ann, "a1")
    await put(database, ann, "a2", delivered=[])

    def mark(id: str, user: User, *, on: bool = True) -> Callable[[Connection], bool]:
        return lambda conn: history.set_favourite(conn, id, user.account_id, on=on)

    assert not await database.transaction(mark("a1", bob))
    assert not await database.transaction(mark("a2", ann))
    assert not await database.transaction(mark("none", ann))
    assert await database.transaction(mark("a1", ann))
    assert await database.transaction(mark("a1", ann))
    assert await leafed(database, Search(ann.account_id, Shelf.FAVOURITES)) == ["a1"]
    assert await database.transaction(mark("a1", ann, on=False))
    assert await leafed(database, Search(ann.account_id, Shelf.FAVOURITES)) == []


async def test_the_index_is_used(database: Database) -> None:
    if database.dialect != "sqlite":  # a small table is read as a whole by PostgreSQL, whatever its indexes
        return

    def plan(conn: Connection) -> str:
        mine = history._wanted(conn, Search(1, Shelf.FAVOURITES))
        query = sa.select(jobs.c.id).where(mine).order_by(jobs.c.created_at.desc(), jobs.c.id.desc())
        text = str(query.compile(conn, compile_kwargs={"literal_binds": True}))
        return " ".join(row[-1] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))

    assert "USING INDEX ix_jobs_history" in await database.read(plan)
