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


@cache
def sampling_file() -> Path:
    """The same with a chat model that takes the parameters of sampling."""
    options = 'shared = ["json", "temperature", "top_p", "stop", "seed", "presence", "frequency"]'
    folder = Path(_FOLDER.name) / "sampling"
    folder.mkdir()
    return quick_catalog(
        folder,
        lambda text: text.replace('"gpt-5-mini"', '"gpt-4o-mini"').replace('shared = ["json", "seed"]', options),
    )


def quick_catalog(folder: Path, change: Callable[[str], str] = lambda text: text) -> Path:
    """One in a folder of the test's own, changed."""
    text = files("bot").joinpath("catalog.toml").read_text(encoding="utf-8")
    path = folder / "catalog.toml"
    path.write_text(change(re.sub(r"typical_seconds = \d+", "typical_seconds = 0.1", text)), encoding="utf-8")
    return path
