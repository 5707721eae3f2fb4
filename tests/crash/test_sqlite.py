"""The crash matrix on SQLite."""

import asyncio

import pytest

from tests.crash.matrix import Case

DIALECT = "sqlite"
pytestmark = [pytest.mark.crash, pytest.mark.xdist_group(DIALECT), pytest.mark.asyncio(loop_scope="module")]


async def test_nobody_is_cheated(case: Case, outcomes: dict[Case, asyncio.Task[None]]) -> None:
    await outcomes[case]
