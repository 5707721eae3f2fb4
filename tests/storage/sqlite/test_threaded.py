"""SQLite's connections and their threads are aiosqlite's; a whole function goes there in one hop; no process hangs."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from bot.storage.database import Database, open_database
from bot.storage.sqlite import readers
from bot.storage.sqlite.database import writing_engine
from bot.storage.sqlite.threaded import ThreadedConnection
from tests.storage.test_database import said, say

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    opened = await open_database(f"sqlite:///{path}")
    yield opened
    await opened.close()


async def test_a_caller_cancelled_while_the_thread_connects_leaves_no_connection_open(path: Path) -> None:
    engine = writing_engine(path)
    connecting, go_on = threading.Event(), threading.Event()

    @event.listens_for(engine, "connect")
    def wait(_raw: object, _record: object) -> None:
        connecting.set()
        go_on.wait(5)

    opening = asyncio.create_task(ThreadedConnection.open(engine))
    await asyncio.to_thread(connecting.wait, 5)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    go_on.set()
    until = time.monotonic() + 5
    while _open_files(path) and time.monotonic() < until:
        await asyncio.sleep(0.01)
    assert not _open_files(path)


def _open_files(path: Path) -> list[str]:
    """What this process has open of a database, by the names that Linux tells."""
    links = (os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.is_symlink())
    return [link for link in links if link.startswith(str(path))]


async def test_what_we_take_of_aiosqlite_behind_its_public_names(path: Path) -> None:
    """The contract of `_tx` and `_thread`: should it break with a new release, it breaks here."""
    conn = await ThreadedConnection.open(writing_engine(path))
    order: list[int] = []

    def note(n: int) -> int:
        order.append(n)
        return threading.get_ident()

    threads = await asyncio.gather(*(conn.call(lambda n=n: note(n)) for n in range(50)))  # type: ignore[misc]
    assert order == list(range(50))
    assert set(threads) == {conn._thread.ident}
    assert conn._thread.daemon
    with pytest.raises(ZeroDivisionError):
        await conn.call(lambda: 1 / 0)
    cancelled = conn.call(lambda: note(50))
    cancelled.cancel()
    assert await conn.call(lambda: order[-1]) == 50
    assert await (await conn.execute("PRAGMA synchronous")).fetchone() == (2,)  # aiosqlite's own way to the same one
    await conn.close()
    conn._thread.join(5)
    assert not conn._thread.is_alive()


async def test_a_connection_serves_its_own_thread_only(path: Path) -> None:
    conn = await ThreadedConnection.open(writing_engine(path))
    with pytest.raises(sqlite3.ProgrammingError, match="thread"):
        conn.sql.connection.driver_connection.execute("SELECT 1")  # type: ignore[union-attr]
    await conn.close()


async def test_a_file_that_does_not_open_leaves_no_thread(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"no database" * 400)
    before = threading.active_count()
    with pytest.raises(DBAPIError):
        await ThreadedConnection.open(writing_engine(tmp_path / "bad.db"))
    async with asyncio.timeout(5):
        while threading.active_count() > before:
            await asyncio.sleep(0.01)


async def test_functions_go_to_their_thread_whole_and_in_one_hop(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops: list[ThreadedConnection] = []
    call = ThreadedConnection.call

    def counted(self: ThreadedConnection, fn: object) -> object:
        hops.append(self)
        return call(self, fn)  # type: ignore[arg-type]

    def several(conn: Connection) -> set[int]:
        found = set()
        for _ in range(3):
            said(conn)
            found.add(threading.get_ident())
        return found

    await database.read(said)
    monkeypatch.setattr(ThreadedConnection, "call", counted)
    (reader,) = await database.read(several)
    assert len(hops) == 1
    hops.clear()
    writers = await asyncio.gather(*(database.transaction(several) for _ in range(20)))
    assert set.union(*writers) != {reader}
    assert len(set.union(*writers)) == 1
    assert len(hops) <= 2  # the second one was asked for before the first had begun to take members


async def test_a_cancelled_reader_keeps_its_connection_until_it_is_through(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "READER_WAIT", 5.0)
    begun, through = threading.Semaphore(0), threading.Event()

    def slowly(_: Connection) -> None:
        begun.release()
        through.wait(10)

    slow = [asyncio.create_task(database.read(slowly)) for _ in range(readers.READERS)]
    for _ in slow:  # one that is cancelled while it still connects gives its place back at once
        assert await asyncio.to_thread(begun.acquire, timeout=5)
    for task in slow:
        task.cancel()
    await asyncio.wait(slow)
    next_one = asyncio.create_task(database.read(said))
    await asyncio.sleep(0.05)
    assert not next_one.done()
    through.set()
    assert await next_one == []


async def test_a_reader_that_met_an_error_is_not_used_again(database: Database) -> None:
    met: list[Connection] = []  # kept, for the names of threads and objects that have ended are given again

    def fail(conn: Connection) -> None:
        met.append(conn)
        raise ValueError

    with pytest.raises(ValueError):
        await database.read(fail)
    assert await database.read(lambda conn: conn is not met[0])


async def test_closing_waits_for_readers(path: Path) -> None:
    database = await open_database(f"sqlite:///{path}")

    def slowly(conn: Connection) -> list[str]:
        time.sleep(0.2)
        return said(conn)

    slow = asyncio.create_task(database.read(slowly))
    await asyncio.sleep(0.05)
    await database.close()
    assert slow.done()
    assert await slow == []


BEGINNING = (
    "import asyncio, sys, time\n"
    "from bot.storage.database import open_database\n"
    "def say(key):\n"
    "    return lambda conn: conn.exec_driver_sql('INSERT INTO alerts VALUES (?, 1.0)', (key,))\n"
    "async def main():\n"
    "    db = await open_database(sys.argv[1])\n"
    "    await db.read(lambda conn: conn.exec_driver_sql('SELECT 1').scalar_one())\n"
    "    await db.transaction(say('answered'))\n"
)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("    raise RuntimeError('fell over')\nasyncio.run(main())\n", 1),
        ("    globals()['kept'] = db\nasyncio.run(main())\n", 0),
        ("    db.transaction(say('unheard')).send(None)\n    raise SystemExit(3)\nasyncio.run(main())\n", 3),
        ("    print('up', flush=True)\n    await asyncio.sleep(60)\nasyncio.run(main())\n", -signal.SIGTERM),
    ],
    ids=["an exception", "kept for ever", "in the middle of a group", "SIGTERM"],
)
async def test_a_process_that_never_closed_its_database_ends(path: Path, ending: str, code: int) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", BEGINNING + ending, f"sqlite:///{path}"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if code < 0:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"up\n"
        os.kill(process.pid, -code)
    try:
        _, told = await asyncio.wait_for(process.communicate(), 20)
    except TimeoutError:
        process.kill()
        await process.communicate()
        raise AssertionError("it hangs") from None
    assert process.returncode == code, told.decode()
    database = await open_database(f"sqlite:///{path}")  # the lock went with it
    assert "answered" in await database.read(said)
    await database.transaction(say("next"))
    await database.close()
