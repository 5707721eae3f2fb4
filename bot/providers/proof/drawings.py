"""SVG drawings: XML whose root is an `svg`, and which runs nothing."""

from pathlib import Path
from typing import Final
from xml.parsers import expat

from bot.providers.proof.flaws import Cut, Rubbish

BYTES_MAX: Final = 20 * 1024 * 1024
PIECE: Final = 64 * 1024
DEPTH_MAX: Final = 500
NAMESPACE: Final = "http://www.w3.org/2000/svg"
_RUNS: Final = frozenset({"script", "handler", "iframe", "embed", "object"})
"""Elements that run code, or bring in what does."""
_BROKEN_OFF: Final = (
    expat.errors.XML_ERROR_NO_ELEMENTS,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
)


class _Reader:
    def __init__(self) -> None:
        self._depth = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity
        self.parser.ExternalEntityRefHandler = self._outside

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self._depth += 1
        if self._depth == 1 and (local != "svg" or space not in ("", NAMESPACE)):
            raise Rubbish(f"the root is {local[:20]!r}, no svg")
        if self._depth > DEPTH_MAX:
            raise Rubbish("the drawing is nested too deeply")
        if local.lower() in _RUNS or any(_runs(each, value) for each, value in attributes.items()):
            raise Rubbish("the drawing has a script in it")

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _entity(self, *_: object) -> None:
        """A few of them can stand for gigabytes, or for files of ours."""
        raise Rubbish("the drawing declares entities")

    def _outside(self, *_: object) -> int:
        return 0


def check_drawing(path: Path) -> None:
    """Raises Rubbish for what is no SVG or has a script in it, Cut for one that breaks off."""
    if path.stat().st_size > BYTES_MAX:
        raise Rubbish("the drawing is too large to be looked at")
    reader = _Reader()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                reader.parser.Parse(piece, False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        raise (Cut if why in _BROKEN_OFF else Rubbish)(f"the drawing is no XML: {why}") from None


def _runs(attribute: str, value: str) -> bool:
    """Animations give a list of values, parted by semicolons: any of them may become a link that runs."""
    name = attribute.rpartition(" ")[2].lower()
    values = "".join(value.split()).lower().split(";")
    return name.startswith("on") or any(each.startswith(("javascript:", "data:text/html")) for each in values)
