"""The one tool of the chat model: create(kind, prompt, model, style). A call orders nothing: it proposes an order,
which becomes a draft that the person sees with its price."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.catalog.models import Kind, Model
from bot.domain.visible import visible
from bot.providers.base import ChatTool

NAME = "create"
MAKES = (Kind.IMAGE, Kind.VIDEO, Kind.MUSIC, Kind.AUDIO, Kind.SOLID)
"""What can be made from words alone."""
MODELS_NAMED = 40
STYLES_NAMED = 60
FIELD = 200
"""Characters of kind, model and style that are looked at."""


@dataclass(frozen=True, slots=True)
class ProposedOrder:
    """What the chat model asked to have made. All of it is the model's words: untrusted."""

    kind: str = ""
    prompt: str = ""
    model: str = ""
    style: str = ""


def create_tool(models: Iterable[Model]) -> ChatTool | None:
    """The tool for what is on sale among these; None when nothing of it can be made from words."""
    sold = [m for m in models if m.kind in MAKES and m.prompt_limit > 0 and m.inputs.minimum == 0]
    if not sold:
        return None
    kinds = [kind.value for kind in MAKES if any(m.kind is kind for m in sold)]
    properties: dict[str, Any] = {
        "kind": {"type": "string", "enum": kinds, "description": "What to make."},
        "prompt": {"type": "string", "description": "What it shall show or sound like, in the user's words."},
        "model": {"type": "string", "enum": [m.slug for m in sold[:MODELS_NAMED]], "description": _about(sold)},
    }
    styles = _styles(sold)
    if styles:
        known = ", ".join(styles)
        properties["style"] = {"type": "string", "description": f"Only if the user asked for one of: {known}."}
    return ChatTool(
        NAME,
        "Prepares an order of an image, a video, music or the like. Call it when the user asks for something to be"
        " made, not for talk about it. The user sees the price and confirms it first. Leave out model and style unless"
        " the user named them.",
        {"type": "object", "properties": properties, "required": ["kind", "prompt"]},
    )


def _about(sold: Sequence[Model]) -> str:
    named = (f"{m.slug} ({m.kind.value}, {m.title.of('en')})" for m in sold[:MODELS_NAMED])
    return f"Only if the user named one: {', '.join(named)}."


def _styles(sold: Sequence[Model]) -> list[str]:
    options = (m.option("style") for m in sold)
    titles = (choice.title.of("en") for option in options if option is not None for choice in option.choices)
    return list(dict.fromkeys(titles))[:STYLES_NAMED]


def words(tool: ChatTool) -> str:
    """The tool as text, to count its tokens."""
    return f"{tool.name} {tool.description} {json.dumps(dict(tool.parameters), ensure_ascii=False)}"


def read_call(call: str) -> ProposedOrder | None:
    """The proposal in Job.facts["call"]; None for another tool's call and for what cannot be read."""
    found = _object(call)
    arguments = found.get("arguments")
    given = _object(arguments) if isinstance(arguments, str) else arguments
    if found.get("name") != NAME or not isinstance(given, dict) or not given:
        return None
    return ProposedOrder(
        _field(given, "kind"), _field(given, "prompt", 0), _field(given, "model"), _field(given, "style")
    )


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _field(given: dict[str, Any], name: str, limit: int = FIELD) -> str:
    value = given.get(name)
    text = value.strip() if isinstance(value, str) and visible(value) else ""
    return text[:limit] if limit else text
