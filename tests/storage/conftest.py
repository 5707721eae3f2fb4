"""A migrated SQLite file of a test's own."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path, sqlite_template: Path) -> Path:
    return shutil.copyfile(sqlite_template, tmp_path / "easel.db")
