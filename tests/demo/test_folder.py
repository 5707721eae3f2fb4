"""The demo and `make clean` touch only what they made: a folder `demo` with other people's files survives both."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.demo import play
from bot.demo.folder import MARKER, DemoFolder, NotOurs

ROOT = Path(__file__).parents[2]


def clean(folder: Path) -> str:
    """`make clean` in a folder of its own."""
    shutil.copyfile(ROOT / "Makefile", folder / "Makefile")
    command = ["make", "--no-print-directory", "clean"]  # within `make test` it would tell the folder, too
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=20, check=True)
    return done.stdout


def theirs(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "thesis.txt").write_text("years of work")
    return folder


@pytest.mark.parametrize("kind", ["folder", "empty", "link", "file"])
def test_a_folder_of_that_name_that_no_demo_made_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    at = tmp_path / "demo"
    match kind:
        case "folder":
            theirs(at)
        case "empty":
            at.mkdir()
        case "link":
            at.symlink_to(theirs(tmp_path / "elsewhere"))
        case _:
            at.write_text("years of work")
    before = sorted(map(str, tmp_path.rglob("*")))
    monkeypatch.setattr(play, "FOLDER", at)
    assert main(["demo"]) == 2
    said = capsys.readouterr().err
    assert "was not made by the demo, so it is left alone" in said
    assert len(said.splitlines()) == 1
    assert sorted(map(str, tmp_path.rglob("*"))) == before
    assert "demo was not made by the demo, so it is left alone." in clean(tmp_path)
    (tmp_path / "Makefile").unlink()
    assert sorted(map(str, tmp_path.rglob("*"))) == before


def test_the_next_demo_and_make_clean_remove_what_the_demo_made_and_nothing_else(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "demo")
    folder.begin()
    for name in ("easel.db", "pika.mp4"):
        folder.file(name).write_text("made")
    folder.end()
    (folder.path / "notes.txt").write_text("mine")
    (tmp_path / "outside.txt").write_text("mine")
    with (folder.path / MARKER).open("a") as marker:
        marker.write("../outside.txt\n/etc/hosts\n\n..\n")  # a damaged list leads nowhere else
    again = DemoFolder(tmp_path / "demo")
    again.begin()
    assert sorted(path.name for path in again.path.iterdir()) == [MARKER, "notes.txt"]
    again.file("pika.mp4").write_text("made")
    again.end()
    assert "demo holds files that the demo did not make" in clean(tmp_path)
    assert [path.name for path in again.path.iterdir()] == ["notes.txt"]
    assert (tmp_path / "outside.txt").read_text() == "mine"


def test_a_clean_folder_goes_as_a_whole(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "demo")
    folder.begin()
    folder.file("easel.db").write_text("made")
    folder.end()
    assert clean(tmp_path) == ""
    assert not folder.path.exists()


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    first = DemoFolder(tmp_path / "demo")
    first.begin()
    first.file("easel.db").write_text("in use")
    with pytest.raises(NotOurs, match="a demo runs in"):
        DemoFolder(tmp_path / "demo").begin()
    assert (tmp_path / "demo" / "easel.db").read_text() == "in use"
    first.end()


@pytest.mark.parametrize("ours", [True, False])
def test_make_clean_removes_a_virtual_environment_only_if_make_made_it(tmp_path: Path, ours: bool) -> None:
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "pyvenv.cfg").write_text("")
    if ours:
        (venv / ".made-by-make").touch()
    said = clean(tmp_path)
    assert venv.exists() is not ours
    assert ("left alone" in said) is not ours


def test_make_marks_what_it_makes() -> None:
    makefile = (ROOT / "Makefile").read_text()
    recipe = makefile.partition("\n$(BIN)/python:")[2].partition("\n\n")[0]
    assert "[ -e $(VENV) ] || { mkdir -p $(VENV) && touch $(MADE); }" in recipe.splitlines()[1]
