"""What the modules of the matrix share: which cases, and the running of several at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.crash import matrix
from tests.crash.bots import Bots
from tests.crash.matrix import Case, Databases

EVERYTHING = "--crash-everything"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(EVERYTHING, action="store_true", help="every failpoint with both kinds of kill")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        everything = bool(metafunc.config.getoption(EVERYTHING, default=False))
        found = matrix.cases(metafunc.module.DIALECT, everything=everything)
        metafunc.parametrize("case", found, ids=str)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bots() -> AsyncIterator[Bots]:
    async with Bots() as started:
        yield started


@pytest.fixture(scope="module")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Of the kind that the module names as DIALECT."""
    if request.module.DIALECT == "sqlite":
        return Databases(request.getfixturevalue("sqlite_template"), None)
    return Databases(None, request.getfixturevalue("postgres"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, bots: Bots, databases: Databases
) -> AsyncIterator[dict[Case, asyncio.Task[None]]]:
    """The module's selected cases, under way: each test waits for its own while the others go on."""
    room = asyncio.Semaphore(matrix.AT_ONCE)

    async def one(case: Case, folder: Path) -> None:
        async with room:
            await matrix.run(case, bots, databases, folder)

    items: list[Any] = [i for i in request.session.items if getattr(i, "module", None) is request.module]
    chosen: list[Case] = [item.callspec.params["case"] for item in items]
    began = time.monotonic()
    tasks = {case: asyncio.create_task(one(case, tmp_path_factory.mktemp("case"))) for case in chosen}
    yield tasks
    left = [str(case) for case, task in tasks.items() if not task.done()]
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    stopped = request.session.shouldstop or request.session.shouldfail
    assert stopped or not left, (
        f"other workers waited for {left}: a group's tests belong to one, or each runs all cases"
    )
    print(f"{len(tasks)} crashes on {request.module.DIALECT} in {time.monotonic() - began:.0f} s")
