"""The catalogue with typical times as in the sandbox: polling goes by them."""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_FOLDER: Final = TemporaryDirectory(prefix="easel-catalog-")


@cache
def quick_file() -> Path:
    """The same for all tests of the process."""
    return quick_catalog(Path(_FOLDER.name))


def quick_catalog(folder: Path, change: Callable[[str], str] = lambda text: text) -> Path:
    """One in a folder of the test's own, changed."""
    text = files("bot").joinpath("catalog.toml").read_text(encoding="utf-8")
    path = folder / "catalog.toml"
    path.write_text(change(re.sub(r"typical_seconds = \d+", "typical_seconds = 0.1", text)), encoding="utf-8")
    return path
