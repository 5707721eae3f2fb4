from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.sandbox.page.page_kit import Page, page


@pytest_asyncio.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Page]:
    async with page(tmp_path) as running:
        yield running
