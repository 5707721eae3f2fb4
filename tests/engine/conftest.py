"""Two processes on one PostgreSQL."""

import itertools
from collections.abc import AsyncIterator

import pytest

from bot.storage.database import Database, open_database
from tests.drivers.postgres import PostgresServer

_numbers = itertools.count(1)


@pytest.fixture
async def two(postgres: PostgresServer) -> AsyncIterator[tuple[Database, Database]]:
    """The same database opened twice, as two processes have it."""
    name = f"two_{next(_numbers)}"
    url = postgres.create(name, template="template")
    first, second = await open_database(url), await open_database(url)
    yield first, second
    await first.close()
    await second.close()
    postgres.drop(name)
