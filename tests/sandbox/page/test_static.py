"""The files of the page: vendored ones are as published, texts are never run as code, and it stays small."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

import sandbox

STATIC = Path(sandbox.__file__).parent / "page" / "static"
VENDOR = STATIC / "vendor"
WIRE_MAX = 300_000
OWN = sorted(STATIC.glob("*.js"))
IMPORT = re.compile(r"""^(?:import|export)\b[^;"'=(]*["']([^"']+)["']""", re.MULTILINE)
CODE_FROM_TEXT = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc")


def test_every_vendored_file_has_the_hash_that_is_written_down() -> None:
    rows = re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (VENDOR / "README.md").read_text(), re.MULTILINE)
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")}
    assert dict(rows) == found
    assert found


@pytest.mark.parametrize("path", [*OWN, STATIC / "index.html"], ids=lambda path: path.name)
def test_no_text_can_become_code(path: Path) -> None:
    text = path.read_text()
    assert [word for word in CODE_FROM_TEXT if word.lower() in text.lower()] == []


def test_the_page_holds_no_script_or_style_of_its_own() -> None:
    page = (STATIC / "index.html").read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page) == []
    assert re.findall(r"""(?:src|href)=["'](?:/|\w+:)""", page) == []


@pytest.mark.parametrize("path", [*OWN, *VENDOR.glob("*.js")], ids=lambda path: path.name)
def test_every_import_is_a_file_that_is_there(path: Path) -> None:
    for name in IMPORT.findall(path.read_text()):
        assert name.startswith("./"), name
        assert (path.parent / name).is_file(), name


def test_it_is_small_on_the_wire() -> None:
    sizes = [len(gzip.compress(path.read_bytes())) for path in STATIC.rglob("*") if path.is_file()]
    assert sum(sizes) <= WIRE_MAX
    assert len(OWN) <= 15
