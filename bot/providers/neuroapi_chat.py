"""A conversation for NeuroAPI's models, and their answer as it comes: pieces of text, the call of a tool, the usage."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.jobs import Asset
from bot.providers.base import BadResult, ChatTool, ConnectionLost, ProviderOrder, Refused, Succeeded
from bot.providers.reading import plain

TEXT_LIMIT = 400_000
"""Characters of an answer: four times what the longest of any model has."""
_JSON_WISH = "Answer with one JSON object and nothing else."


def messages(order: ProviderOrder) -> list[dict[str, str]]:
    """The conversation; in JSON mode with the word JSON in it, without which the service refuses."""
    said = [{"role": turn.role, "content": turn.content} for turn in order.turns]
    said = said or [{"role": "user", "content": order.prompt}]
    if order.parameters.get("json") and not any("json" in one["content"].lower() for one in said):
        rules = sum(1 for one in said if one["role"] == "system")
        said.insert(rules, {"role": "system", "content": _JSON_WISH})
    return said


def parameters(order: ProviderOrder) -> dict[str, object]:
    """What is sent beside model, conversation and stream: what was set, and nothing else."""
    sent: dict[str, object] = {name: value for name, value in order.parameters.items() if name != "json"}
    if order.parameters.get("json"):
        sent["response_format"] = {"type": "json_object"}
    if order.tools:
        sent["tools"] = [_tool(tool) for tool in order.tools]
        sent["tool_choice"] = "auto"  # services that are compatible differ in what they take for granted
    return sent


def _tool(tool: ChatTool) -> dict[str, object]:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


@dataclass
class Answer:
    """What was heard so far. Unknown fields and values of another type than documented are passed over."""

    pieces: list[str] = field(default_factory=list)
    size: int = 0
    called: str = ""
    arguments: list[str] = field(default_factory=list)
    finish: str = ""
    usage: dict[str, str] = field(default_factory=dict)
    unreadable: int = 0

    @property
    def text(self) -> str:
        return plain("".join(self.pieces))

    def hear(self, data: object) -> bool:
        """Takes one event, or a whole answer, which has a message in place of the delta. True: there is more text."""
        if not isinstance(data, dict):
            self.unreadable += 1
            return False
        self._count(data.get("usage"))
        choices = data.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return False
        if isinstance(choice.get("finish_reason"), str):
            self.finish = choice["finish_reason"]
        said = choice.get("delta", choice.get("message"))
        if not isinstance(said, dict):
            return False
        self._call(said.get("tool_calls"))
        return self._add(self.pieces, said.get("content"))

    def ended(self) -> Succeeded:
        """The end. Raises Refused, BadResult, or ConnectionLost when it broke off before its end was told."""
        if not self.finish:
            raise ConnectionLost(f"the answer ended early: {self.size} characters, {self.unreadable} unreadable events")
        text = self.text
        if not text.strip() and not self.called:
            if self.finish == "content_filter":
                raise Refused("finish_reason content_filter")
            raise BadResult(f"an answer without words, finish_reason {self.finish[:40]}")
        facts = dict(self.usage)
        if self.called:
            called = {"name": plain(self.called), "arguments": plain("".join(self.arguments))}
            facts["call"] = json.dumps(called, ensure_ascii=False)
        if self.finish in ("length", "content_filter"):
            facts["finish"] = self.finish
        return Succeeded((Asset(text=text),), facts=facts)

    def _count(self, usage: object) -> None:
        """Usage as the service counts it: facts only when both numbers are there."""
        if not isinstance(usage, Mapping):
            return
        counted = {name: usage.get(name) for name in ("prompt_tokens", "completion_tokens")}
        if all(type(count) is int and 0 <= count < 10**9 for count in counted.values()):
            self.usage = {name: str(count) for name, count in counted.items()}

    def _call(self, calls: object) -> None:
        """The first tool that is called, in as many pieces as it comes; others are passed over."""
        for call in calls if isinstance(calls, list) else ():
            if not isinstance(call, dict) or call.get("index", 0) != 0:
                continue
            function = call.get("function")
            if isinstance(function, dict):
                name = function.get("name")
                self.called = self.called or (name[:200] if isinstance(name, str) else "")
                self._add(self.arguments, function.get("arguments"))
            if "index" not in call:
                return

    def _add(self, pieces: list[str], piece: object) -> bool:
        if not isinstance(piece, str) or not piece:
            return False
        self.size += len(piece)
        if self.size > TEXT_LIMIT:
            raise BadResult(f"an answer of more than {TEXT_LIMIT} characters")
        pieces.append(piece)
        return True
