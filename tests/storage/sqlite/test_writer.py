"""SQLite's writer: group commit with a savepoint each, answers after COMMIT, back-pressure, one process, durability."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.database import Database, DatabaseBusy, DatabaseUnavailable, open_database
from bot.storage.migrate import migrate
from bot.storage.sqlite import writer
from tests.storage.test_database import said, say


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    opened = await open_database(f"sqlite:///{path}")
    yield opened
    await opened.close()


class Gate:
    """A transaction that holds the writer up until it is opened, so that what follows waits together."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()

    def __call__(self, conn: Connection) -> None:
        self.reached.set()
        assert self._open.wait(10)
        time.sleep(writer.GROUP_SECONDS)  # its own group takes nobody in any more

    def open(self) -> None:
        self._open.set()


async def waiting(database: Database, *fns: Callable[[Connection], object]) -> list[asyncio.Task[object]]:
    """Hands the transactions over, in this order."""
    tasks = [asyncio.create_task(database.transaction(fn)) for fn in fns]
    await asyncio.sleep(0.01)
    return tasks


def visible(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as conn:
        return [row[0] for row in conn.execute("SELECT key FROM alerts ORDER BY key")]


async def test_members_of_a_group_are_answered_after_their_common_commit(database: Database, path: Path) -> None:
    first, last = Gate(), Gate()
    held_up = await waiting(database, first)
    a, b = await waiting(database, say("a"), last)
    first.open()
    await asyncio.to_thread(last.reached.wait, 10)
    await asyncio.sleep(0.05)  # `a` has run; the group waits for its last member
    assert not a.done()
    assert visible(path) == []
    last.open()
    await a
    assert visible(path) == ["a"]
    await asyncio.gather(b, *held_up)


async def test_a_failing_member_does_not_hurt_its_neighbours(database: Database, path: Path) -> None:
    gate = Gate()

    def fail(conn: Connection) -> None:
        say("half")(conn)
        raise ValueError("no")

    def stop(conn: Connection) -> None:
        raise StopIteration

    def forget(conn: Connection) -> None:
        conn.begin_nested()
        say("forgotten")(conn)

    held_up = await waiting(database, gate)
    tasks = await waiting(database, say("a"), fail, say("b"), stop, forget, say("a"), say("c"))
    gate.open()
    results = await asyncio.gather(*held_up, *tasks, return_exceptions=True)
    kinds = [None, str, ValueError, str, RuntimeError, RuntimeError, sa.exc.IntegrityError, str]
    assert [r if r is None else type(r) for r in results] == kinds
    assert visible(path) == ["a", "b", "c"]


async def test_a_failing_commit_fails_the_whole_group_and_the_next_one_works(database: Database, path: Path) -> None:
    def strange_table(conn: Connection) -> None:
        conn.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        conn.exec_driver_sql("CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")

    def orphan(conn: Connection) -> None:
        conn.exec_driver_sql("INSERT INTO child VALUES (5)")  # refused at the COMMIT only

    await database.transaction(strange_table)
    gate = Gate()
    held_up = await waiting(database, gate)
    tasks = await waiting(database, say("a"), orphan, say("b"))
    gate.open()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(r) for r in results] == [sqlite3.IntegrityError] * 3
    assert visible(path) == []
    await asyncio.gather(*held_up)
    await database.transaction(say("c"))
    assert visible(path) == ["c"]


async def test_a_cancelled_caller_s_transaction_still_commits(database: Database, path: Path) -> None:
    gate = Gate()
    held_up = await waiting(database, gate)
    a, b = await waiting(database, say("a"), say("b"))
    a.cancel()
    await asyncio.wait([a])
    gate.open()
    await asyncio.gather(b, *held_up)
    assert visible(path) == ["a", "b"]


async def test_transactions_run_in_the_order_in_which_they_were_asked_for(database: Database) -> None:
    order: list[int] = []

    def note(n: int) -> Callable[[Connection], None]:
        return lambda _: order.append(n)

    await asyncio.gather(*(database.transaction(note(n)) for n in range(2000)))
    assert order == list(range(2000))


async def test_callers_wait_for_a_place_and_may_still_step_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "WAITING", 2)
    database = await open_database(f"sqlite:///{path}")
    gate = Gate()
    held_up = await waiting(database, gate)
    a, b, c = await waiting(database, say("a"), say("b"), say("c"))
    b.cancel()  # it had no place yet
    await asyncio.wait([b])
    gate.open()
    await asyncio.gather(a, c, *held_up)
    assert visible(path) == ["a", "c"]
    await database.close()


async def test_groups_are_bounded(database: Database, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(writer, "GROUP", 3)
    seen: list[int] = []

    def count(n: int) -> Callable[[Connection], None]:
        def fn(conn: Connection) -> None:
            seen.append(len(visible(path)))  # what earlier groups committed
            say(f"k{n}")(conn)

        return fn

    gate = Gate()
    held_up = await waiting(database, gate)
    tasks = await waiting(database, *(count(n) for n in range(6)))
    gate.open()
    await asyncio.gather(*tasks, *held_up)
    assert len(set(seen)) >= 2
    assert all(after - before <= 3 for before, after in zip(sorted(set(seen)), sorted(set(seen))[1:], strict=False))


async def test_closing_commits_all_the_groups_that_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "GROUP", 3)
    database = await open_database(f"sqlite:///{path}")
    gate = Gate()
    held_up = await waiting(database, gate)
    tasks = await waiting(database, *(say(f"k{n}") for n in range(10)))
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0.01)
    gate.open()
    await closing
    assert await asyncio.gather(*tasks) == [f"k{n}" for n in range(10)]
    assert visible(path) == [f"k{n}" for n in range(10)]
    await asyncio.gather(*held_up)


async def test_another_process_is_told_to_wait_its_turn(database: Database, path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from bot.storage.database import open_database\n"
        "try: asyncio.run(open_database(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error); sys.exit(3)\n"
    )
    done = await asyncio.to_thread(_python, script, path)
    assert done.returncode == 3, done.stderr
    assert done.stdout == (
        f"DatabaseBusy another Easel process (process {os.getpid()}) uses this database: stop the bot first\n"
    )


async def test_the_lock_goes_with_its_holder(path: Path) -> None:
    first = await open_database(f"sqlite:///{path}")
    with pytest.raises(DatabaseBusy):
        await open_database(f"sqlite:///{path}")
    await first.close()
    second = await open_database(f"sqlite:///{path}")
    await second.close()


@pytest.mark.parametrize("when", ["after", "within"])
async def test_what_was_answered_survives_a_sudden_death(path: Path, when: str) -> None:
    script = (
        "import asyncio, os, sys\n"
        "from bot.storage.database import open_database\n"
        "async def main():\n"
        "    db = await open_database(sys.argv[1])\n"
        "    def write(key, die):\n"
        "        def fn(conn):\n"
        "            conn.exec_driver_sql('INSERT INTO alerts VALUES (?, 1.0)', (key,))\n"
        "            if die: os._exit(7)\n"
        "        return fn\n"
        "    await asyncio.gather(*(db.transaction(write(f'k{n}', False)) for n in range(20)))\n"
        f"    if {when!r} == 'after': os._exit(7)\n"
        "    await asyncio.gather(*(db.transaction(write(f'lost{n}', n == 2)) for n in range(3)))\n"
        "asyncio.run(main())\n"
    )
    done = await asyncio.to_thread(_python, script, path)
    assert done.returncode == 7, done.stderr
    database = await open_database(f"sqlite:///{path}")  # and the lock died with it
    assert await database.read(said) == sorted(f"k{n}" for n in range(20))
    await database.close()


def _python(script: str, path: Path) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-c", script, f"sqlite:///{path}")
    root = Path(__file__).parents[3]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=root)


async def test_the_writer_commits_to_the_disk_and_checks_references(database: Database) -> None:
    def pragma(name: str) -> Callable[[Connection], object]:
        return lambda conn: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()

    assert await database.transaction(pragma("synchronous")) == 2  # FULL
    assert await database.transaction(pragma("journal_mode")) == "wal"
    assert await database.transaction(pragma("foreign_keys")) == 1


async def test_a_missing_or_broken_file_is_told_readably(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="migrate"):
        await open_database(f"sqlite:///{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "bad.db").write_bytes(b"this is no database at all, whatever its name says" * 40)
    with pytest.raises(DatabaseUnavailable, match=r"bad\.db.*not a database"):
        await open_database(f"sqlite:///{tmp_path / 'bad.db'}")
    with pytest.raises(DatabaseUnavailable, match="not a database"):
        migrate(f"sqlite:///{tmp_path / 'bad.db'}")


async def test_a_foreign_writer_delays_but_breaks_nothing(database: Database, path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        (task,) = await waiting(database, say("a"))
        assert not task.done()
        foreign.execute("INSERT INTO alerts VALUES ('foreign', 1.0)")
        foreign.execute("COMMIT")
    await task
    assert await database.read(said) == ["a", "foreign"]
