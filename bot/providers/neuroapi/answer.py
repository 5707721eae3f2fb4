"""The answer of a chat model as it comes, in any of the forms that OpenAI-compatible services give it.

Words are a text, a list of parts, or null beside a tool's call; thoughts and refusals may stand among them. The end is
told by `finish_reason`, by `[DONE]`, by the usage that follows the last choice, or by nothing: then only an answer that
is complete by itself counts. Unknown fields and values of another type are passed over.
"""

import json
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Final

from bot.domain.jobs import Asset
from bot.providers.base import BadResult, ConnectionLost, GenerationFailed, NoWords, Refused, Succeeded
from bot.providers.kit.json_reading import plain
from bot.providers.neuroapi.reasoning import without_thoughts
from bot.providers.neuroapi.tool_calls import Call, Calls

DONE: Final = object()
"""In place of an event: the service said that nothing more comes."""
TEXT_LIMIT = 400_000
"""Characters of an answer: four times what the longest of any model has."""
MORE_CALLS = 2
"""Calls beside the first that are told."""
PARTS = 200
"""Parts of one message that are looked at."""
_THOUGHTS = ("think", "thought", "reason")
_FILTERED = {"content_filter", "safety", "prohibited_content", "blocklist", "recitation", "refusal", "sensitive"}
_FAILED = {"error", "failed", "insufficient_system_resource"}
_LENGTH = {"length", "max_tokens"}
_ENDINGS = tuple(".!?…。！？)]}»”\"'`")
"""How a text ends that was not broken off within a sentence; or with a symbol, such as a smile."""
_NONE = ("", "null", "none")


@dataclass
class Answer:
    """What was heard so far. `tools` are the names of those that may be called."""

    tools: Collection[str] = ()
    pieces: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    calls: Calls = field(default_factory=Calls)
    size: int = 0
    finish: str = ""
    told: bool = False
    """The end was told in another way than by `finish_reason`."""
    heard: bool = False
    """There was a choice, be it without words."""
    usage: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0

    @property
    def text(self) -> str:
        """The words as they are once nothing more comes."""
        return without_thoughts(plain("".join(self.pieces)), ended=True)

    @property
    def so_far(self) -> str:
        """The words that can be shown while more of them come."""
        said = "".join(self.pieces)
        if said and "\ud800" <= said[-1] <= "\udbff":  # the other half of the pair is in the next event
            said = said[:-1]
        return without_thoughts(plain(said), ended=False)

    @property
    def ended(self) -> bool:
        """Whether the service told that this is all: what breaks afterwards costs no more than the usage."""
        return bool(self.finish) or self.told

    def hear(self, data: object, *, whole: bool = False) -> bool:
        """Takes one event, DONE, or a `whole` answer, which has a message for the delta. True: there is more text."""
        if data is DONE:
            self.told = self.told or self.heard
            return False
        if not isinstance(data, dict):
            self.unreadable += 1
            return False
        self._count(data.get("usage"))
        choices = data.get("choices")
        listed = [each for each in choices if isinstance(each, dict)] if isinstance(choices, list) else []
        if not listed:
            self.told = self.told or (choices == [] and bool(self.size and self.usage.get("completion_tokens")))
            return False
        self.heard = True
        choice = next((each for each in listed if not each.get("index")), listed[0])
        self._count(choice.get("usage"))
        finish = choice.get("finish_reason")
        if isinstance(finish, str) and finish.strip().lower() not in _NONE:
            self.finish = finish.strip().lower()[:40]
        said = next((choice[name] for name in ("delta", "message") if isinstance(choice.get(name), dict)), None)
        if said is None:
            return self._add(self.pieces, choice.get("text"))  # the form before chats
        content = said.get("content")
        self.told = self.told or (whole and (content is None or isinstance(content, str | list | dict)))
        self.size += self.calls.hear(said.get("tool_calls")) + self.calls.hear_legacy(said.get("function_call"))
        self._add(self.refusals, said.get("refusal"))
        if not whole and said is choice.get("message") and isinstance(content, str):  # all of it again, at the end
            content = content.removeprefix("".join(self.pieces))
        return self._content(content)

    def close(self, *, measured: bool) -> None:
        """The body came to its proper end. `measured`: its length was told before, so that nothing can be missing."""
        call = self.calls.best(self.tools)
        if call is not None:
            self.told = self.told or call.whole or measured
        elif self.pieces:
            self.told = self.told or measured or _closed(self.text.rstrip())

    def result(self) -> Succeeded:
        """The end. Raises Refused, NoWords, GenerationFailed, or ConnectionLost when it broke off before its end."""
        if self.finish in _FAILED:
            raise GenerationFailed(f"finish_reason {self.finish}")
        if not self.ended:
            raise ConnectionLost(f"the answer ended early: {self.size} characters, {self.unreadable} unreadable events")
        text, call = self.text, self.calls.best(self.tools)
        if not text.strip() and call is None:
            self._nothing()
        facts = self._used(text)
        if call is not None:
            facts["call"] = _told(call)
            facts |= {f"call{n}": _told(each) for n, each in enumerate(self.calls.others(self.tools)[:MORE_CALLS], 2)}
        if self.finish in _LENGTH:
            facts["finish"] = "length"
        elif self.finish in _FILTERED:
            facts["finish"] = "content_filter"
        return Succeeded((Asset(text=text),), facts=facts)

    def _nothing(self) -> None:
        if self.finish in _FILTERED or "".join(self.refusals).strip():
            raise Refused(f"finish_reason {self.finish}: {plain(''.join(self.refusals))[:200]}")
        raise NoWords(f"an answer without words, finish_reason {self.finish or 'not told'}")

    def _content(self, content: object) -> bool:
        """The words of a message: a text, a part, or a list of parts."""
        if isinstance(content, str):
            return self._add(self.pieces, content)
        parts = content[:PARTS] if isinstance(content, list) else [content]
        more = False
        for part in parts:
            if isinstance(part, dict):
                kind = str(part.get("type", "")).lower()
                if any(word in kind for word in _THOUGHTS) or part.get("thought") is True:
                    continue
                self._add(self.refusals, part.get("refusal"))
                text = part.get("text")
                more = self._add(self.pieces, text.get("value") if isinstance(text, dict) else text) or more
        return more

    def _used(self, text: str) -> dict[str, str]:
        """What the service counted: facts only when both numbers are there and may be true."""
        counted = [self.usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
        if None in counted or (not counted[1] and (text.strip() or self.calls.made)):
            return {}
        return {name: str(self.usage[name]) for name in ("prompt_tokens", "completion_tokens")}

    def _count(self, usage: object) -> None:
        """The largest numbers told: some services tell them with every event, some zeros before or after."""
        if not isinstance(usage, Mapping):
            return
        for name, other in (("prompt_tokens", "input_tokens"), ("completion_tokens", "output_tokens")):
            count = _tokens(usage.get(name, usage.get(other)))
            if count is not None:
                self.usage[name] = max(count, self.usage.get(name, 0))

    def _add(self, pieces: list[str], piece: object) -> bool:
        if not isinstance(piece, str) or not piece:
            return False
        self.size += len(piece)
        if self.size > TEXT_LIMIT:
            raise BadResult(f"an answer of more than {TEXT_LIMIT} characters")
        pieces.append(piece)
        return True


def _told(call: Call) -> str:
    return json.dumps({"name": plain(call.name), "arguments": call.arguments}, ensure_ascii=False)


def _closed(text: str) -> bool:
    """Whether a text looks like one that was not broken off."""
    return text.endswith(_ENDINGS) or (bool(text) and unicodedata.category(text[-1]) == "So")


def _tokens(value: object) -> int | None:
    """A count of tokens; some services tell it as a fraction. None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() > 9:
            return None
        value = int(value.to_integral_value(ROUND_CEILING))
    return value if 0 <= value < 10**9 else None
