"""A conversation as NeuroAPI's models are sent it: messages, parameters, tools. The answer is read by
answer.py."""

from typing import Any

from bot.providers.base import ChatTool, GenerationFailed, OptionRefused, Picture, ProviderError, ProviderOrder
from bot.providers.neuroapi.errors import ParameterRefused

OURS = ("stream_options", "tools", "tool_choice")
"""What is sent although no person set it: where a model does not take one of these, it is asked without."""
_JSON_WISH = "Answer with one JSON object and nothing else."


def messages(order: ProviderOrder) -> list[dict[str, Any]]:
    """The conversation, with its pictures in the last message; in JSON mode with the word JSON in it, without which the
    service refuses."""
    said: list[dict[str, Any]] = [{"role": turn.role, "content": turn.content} for turn in order.turns]
    said = said or [{"role": "user", "content": order.prompt}]
    if order.parameters.get("json") and not any("json" in one["content"].lower() for one in said):
        rules = sum(1 for one in said if one["role"] == "system")
        said.insert(rules, {"role": "system", "content": _JSON_WISH})
    if order.pictures:
        said[-1]["content"] = [{"type": "text", "text": said[-1]["content"]}, *map(_picture, order.pictures)]
    return said


def _picture(picture: Picture) -> dict[str, object]:
    """Shown small: what a large one costs nobody can tell beforehand, and the same can be told of a small one."""
    return {"type": "image_url", "image_url": {"url": picture.url, "detail": "low"}}


def parameters(order: ProviderOrder) -> dict[str, object]:
    """What is sent beside model, conversation and stream: what was set, and nothing else."""
    sent: dict[str, object] = {name: value for name, value in order.parameters.items() if name != "json"}
    if order.parameters.get("json"):
        sent["response_format"] = {"type": "json_object"}
    if order.tools:
        sent["tools"] = [_tool(tool) for tool in order.tools]
        sent["tool_choice"] = "auto"  # services that are compatible differ in what they take for granted
    return sent


def refused(error: ParameterRefused, order: ProviderOrder) -> ProviderError:
    """What it means that the service does not take a parameter: the order may be told without it where it sends it."""
    sent = {"response_format" if name == "json" else name: name for name in order.parameters}
    param = next((sent[name] for name in error.named if name in sent), None)
    return GenerationFailed(error.detail) if param is None else OptionRefused(error.detail, param)


def _tool(tool: ChatTool) -> dict[str, object]:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}
