"""A conversation as NeuroAPI's models are sent it: messages, parameters, tools. The answer is read by
neuroapi_answer.py."""

from bot.providers.base import ChatTool, ProviderOrder

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
