"""The calls of tools in an answer, put together from whatever pieces a service sends them in.

OpenAI numbers the calls by `index` and sends name and id with the first piece. Compatible services leave the number
out, send null or the same one for every call, repeat name and id in each piece, or send the arguments as an object.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.providers.kit.json_reading import plain

CALLS = 8
"""Calls of one answer that are kept."""
NAME_LIMIT = 200


@dataclass
class Call:
    """One call as far as it was heard."""

    id: str = ""
    index: int | None = None
    name: str = ""
    pieces: list[str] = field(default_factory=list)

    @property
    def arguments(self) -> str:
        return plain("".join(self.pieces))

    @property
    def whole(self) -> bool:
        """Whether its arguments are one JSON object: then nothing more can belong to it."""
        text = self.arguments.strip()
        if not (text.startswith("{") and text.endswith("}")):
            return False
        try:
            return isinstance(json.loads(text), dict)
        except (ValueError, RecursionError):
            return False


@dataclass
class Calls:
    """All calls of one answer, in their order."""

    made: list[Call] = field(default_factory=list)

    def hear(self, listed: object) -> int:
        """Takes the `tool_calls` of one event or message. Returns the characters that they added."""
        added = 0
        for place, piece in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(piece, dict) and isinstance(piece.get("function"), dict):
                added += self._piece(piece, piece["function"], place)
        return added

    def hear_legacy(self, function: object) -> int:
        """Takes a `function_call`, the form before tools."""
        return self._piece({}, function, 0) if isinstance(function, dict) else 0

    def best(self, known: Collection[str]) -> Call | None:
        """The first call of a known tool with readable arguments; else the first. None where there is none."""
        good = (call for call in self.made if call.whole and (not known or call.name in known))
        return next(good, self.made[0] if self.made else None)

    def others(self, known: Collection[str]) -> list[Call]:
        """The good calls beside the best: readable, of a known tool, and not the same as one before."""
        best = self.best(known)
        told = {best.arguments} if best is not None else set()
        found = []
        for call in self.made:
            if call is not best and call.whole and (not known or call.name in known) and call.arguments not in told:
                told.add(call.arguments)
                found.append(call)
        return found

    def _piece(self, piece: dict[str, object], function: dict[str, object], place: int) -> int:
        name, arguments = function.get("name"), function.get("arguments")
        named = name[:NAME_LIMIT] if isinstance(name, str) else ""
        said = json.dumps(arguments, ensure_ascii=False, default=float) if isinstance(arguments, dict) else arguments
        text = said if isinstance(said, str) else ""
        if not named and not text:
            return 0
        call = self._which(piece, named, place)
        if call is None:
            return 0
        if named and (not call.name or (call.name != named and not call.pieces)):
            call.name = (call.name + named)[:NAME_LIMIT]
        if text:
            call.pieces.append(text)
        return len(text)

    def _which(self, piece: dict[str, object], named: str, place: int) -> Call | None:
        """The call that a piece belongs to, begun if need be; None for a repetition and beyond CALLS."""
        number, given = piece.get("index"), piece.get("id")
        index = number if type(number) is int else None
        label = given if isinstance(given, str) else ""
        same = [call for call in self.made if index is None or call.index in (index, None)]
        if label and any(call.id for call in same):
            same = [call for call in same if call.id == label]
        last = same[-1] if same else None
        if last is not None and last.whole and label and last.id == label:
            return None
        if last is not None and not (
            named and last.name and (last.whole or (index is None and not label and place > 0))
        ):
            last.id = last.id or label
            return last
        if len(self.made) >= CALLS or (last is not None and not named):
            return None
        self.made.append(Call(label, index))
        return self.made[-1]
