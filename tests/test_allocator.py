"""The allocator's settings are taken by this C library, and where there are none to be set nothing breaks."""

import asyncio
import ctypes
import platform
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bot import allocator
from bot.allocator import spare_memory

PROGRAM = """
import ctypes, threading
from bot.allocator import spare_memory

assert spare_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

def churn():  # films come and go, and small things of theirs stay between them
    for _ in range(200):
        film = libc.malloc(3_000_000)
        ctypes.memset(film, 1, 3_000_000)
        libc.malloc(64)
        libc.free(film)

before = resident()
threads = [threading.Thread(target=churn) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(resident() - before)
"""


def test_films_that_come_and_go_in_many_threads_leave_nothing_behind() -> None:
    if platform.libc_ver()[0] != "glibc":
        assert not spare_memory()
        return
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) < 4_000_000


async def test_free_pages_are_given_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    twice = asyncio.Event()
    loop = asyncio.get_running_loop()

    def trim(padding: int) -> None:
        asked.append(padding)
        if len(asked) == 2:
            loop.call_soon_threadsafe(twice.set)

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace(malloc_trim=trim))
    monkeypatch.setattr(allocator, "TRIM_EVERY", 0.01)
    giving = asyncio.create_task(allocator.give_back_now_and_then())
    async with asyncio.timeout(10):
        await twice.wait()
    giving.cancel()
    assert asked[:2] == [0, 0]


async def test_without_such_a_library_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_name: str | None) -> object:
        raise OSError("no such library")

    monkeypatch.setattr(ctypes, "CDLL", none)
    assert spare_memory() is False
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(allocator.give_back_now_and_then(), 0.05)
