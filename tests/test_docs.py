"""What the documentation says lies somewhere, lies there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/architecture.md",
    "docs/glossary.md",
    "docs/adding-a-provider.md",
    "docs/writing-texts.md",
)
ROOMS = ("bot", "bot/telegram", "bot/engine", "")
"""From where pages name paths: the glossary from bot/, a table of the chat's folders from bot/telegram."""
PATH = re.compile(r"`((?:[a-z0-9_]+/)+[a-z0-9_]*(?:\.[a-z]+)?)`")


def there(path: str) -> bool:
    found = [ROOT / room / path for room in ROOMS]
    within = (each.is_dir() for each in (ROOT / "bot").rglob(path.rstrip("/"))) if path.endswith("/") else ()
    return any(each.exists() or each.with_name(f"{each.name}.py").exists() for each in found) or any(within)


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    named = set(PATH.findall((ROOT / page).read_text(encoding="utf-8")))
    assert [path for path in sorted(named) if not there(path)] == []


def test_every_word_of_the_glossary_stands_once_and_in_order() -> None:
    rows = [line.split("|") for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()]
    words = [row[1].strip() for row in rows if len(row) == 5][2:]
    assert len(words) > 40
    assert words == sorted(set(words))


def test_no_folder_of_the_bot_holds_more_than_fifteen_modules() -> None:
    folders = {path.parent for package in ("bot", "sandbox") for path in (ROOT / package).rglob("*.py")}
    counts = {folder.relative_to(ROOT): len(list(folder.glob("*.py"))) for folder in folders}
    frozen = {Path("bot/storage/migrations/versions")}
    assert {folder: count for folder, count in counts.items() if count > 16 and folder not in frozen} == {}


def mirrored(place: Path) -> Path:
    return place.relative_to("tests") if place.is_relative_to("tests/sandbox") else "bot" / place.relative_to("tests")


def test_every_test_lies_in_the_folder_of_what_it_tests() -> None:
    places = {path.parent.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")}
    of_no_module = {Path("tests/e2e"), Path("tests/crash")}  # whole chats, and kills
    assert [place for place in sorted(places - of_no_module) if not (ROOT / mirrored(place)).is_dir()] == []
    flat = [path for name in ("engine", "telegram") for path in (ROOT / "tests" / name).glob("test_*.py")]
    assert flat == [], "where folders are capabilities, no test lies beside them"
