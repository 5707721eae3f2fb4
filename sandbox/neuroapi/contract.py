"""What NeuroAPI documents about requests, and the strict check of one against it. Where its document only says
"compatible with OpenAI", OpenAI's own rules hold: ranges, the order of tool messages, "json" in words for JSON mode."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sandbox.kit.check import Refused, Rule, flag, members, number, one_of, text, whole

CHAT: Mapping[str, bool] = MappingProxyType({"gpt-5-mini": False, "gpt-4o-mini": True, "o4-mini": False})
"""Chat models, and whether they take the parameters of sampling."""
MODELS: Mapping[str, bool] = MappingProxyType({**CHAT, "dall-e-3": False, "gpt-image-1": False, "whisper-1": False})
"""The same, those of images, and the one that listens."""
RECORDINGS = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm")
CONTEXT_MAX = 128_000  # tokens
PICTURE_TOKENS = 1_200
PICTURES = re.compile(r"https?://\S+|data:image/(?:jpeg|png|webp|gif);base64,[A-Za-z0-9+/]+={0,2}")
_SAMPLING = ("temperature", "top_p", "stop", "presence_penalty", "frequency_penalty")
_PROMPT_MAX = 4_000


def tokens(words: str) -> int:
    """About as many as a tokenizer would find."""
    return max(1, len(words.encode()) // 4) if words else 0


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat request that passed the check."""

    body: Mapping[str, Any]

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body["messages"])

    @property
    def question(self) -> str:
        """The last words of the user."""
        said = [words_of(message) for message in self.messages if message["role"] == "user"]
        return said[-1] if said else ""

    @property
    def pictures(self) -> int:
        """How many pictures are shown."""
        return sum(len(parts) - 1 for each in self.messages if isinstance(parts := each.get("content"), list))

    @property
    def prompt_tokens(self) -> int:
        words = sum(4 + tokens(words_of(message)) for message in self.messages)
        return words + PICTURE_TOKENS * self.pictures


def words_of(message: Mapping[str, Any]) -> str:
    """What a message says, without its pictures."""
    content = message.get("content")
    if isinstance(content, list):
        return " ".join(str(part["text"]) for part in content if part["type"] == "text")
    return str(content or "")


def check_chat(body: dict[str, object]) -> Chat:
    """Raises Refused for anything the documentation does not allow; its code is OpenAI's."""
    rules: dict[str, Rule] = {
        "model": text(),
        "messages": _messages,
        "temperature": number(0, 2),
        "top_p": number(0, 1),
        "stop": _stop,
        "presence_penalty": number(-2, 2),
        "frequency_penalty": number(-2, 2),
        "seed": whole(-(2**63), 2**63 - 1),
        "tools": _tools,
        "tool_choice": _tool_choice,
        "stream": flag,
        "stream_options": _stream_options,
        "response_format": _response_format,
    }
    members(body, rules, ("model", "messages"))
    name = str(body["model"])
    if name not in CHAT:
        raise Refused(f"The model `{name}` does not exist", "model_not_found", 404)
    if not CHAT[name] and (unsupported := [one for one in _SAMPLING if one in body]):
        said = f"Unsupported parameter: '{unsupported[0]}' is not supported with this model."
        raise Refused(said, "unsupported_parameter")
    if "stream_options" in body and body.get("stream") is not True:
        raise Refused("stream_options is only for stream true")
    if "tool_choice" in body and "tools" not in body:
        raise Refused("tool_choice is only for tools")
    chat = Chat(body)
    _in_order(chat.messages)
    wants_json = body.get("response_format") == {"type": "json_object"}
    if wants_json and not any("json" in words_of(message).lower() for message in chat.messages):
        raise Refused("'messages' must contain the word 'json' in some form, to use 'response_format'")
    return chat


@dataclass(frozen=True, slots=True)
class Pictures:
    """An image request that passed the check."""

    body: Mapping[str, object]
    model: str
    prompt: str
    count: int
    size: tuple[int, int]
    b64: bool


def check_images(body: dict[str, object]) -> Pictures:
    """Raises Refused for anything the documentation does not allow for that model."""
    name = body.get("model")
    own: Mapping[str, Rule]
    match name:
        case "dall-e-3":
            sizes = ("1024x1024", "1792x1024", "1024x1792")
            own = {"n": one_of(1), "size": one_of(*sizes), "response_format": one_of("url", "b64_json")}
        case "gpt-image-1":
            own = {
                "quality": one_of("auto", "low", "medium", "high"),
                "size": one_of("auto", "1024x1024", "1536x1024", "1024x1536"),
            }
        case _:
            raise Refused(f"The model `{name}` does not exist", "model_not_found", 404)
    members(body, {"model": text(), "prompt": text(_PROMPT_MAX), **own}, ("model", "prompt"))
    prompt, size = str(body["prompt"]), str(body.get("size", "1024x1024" if name == "dall-e-3" else "auto"))
    if size == "auto":
        size = "1536x1024" if "landscape" in prompt.lower() else "1024x1024"
    width, _, height = size.partition("x")
    count = int(str(body.get("n", 1)))
    b64 = name == "gpt-image-1" or body.get("response_format") == "b64_json"
    return Pictures(body, name, prompt, count, (int(width), int(height)), b64)


def check_recording(fields: Mapping[str, object], name: str, data: bytes) -> str:
    """The model. Raises Refused for a form that OpenAI's reference does not allow."""
    members(fields, {"model": text(), "response_format": one_of("json")}, ("model",))
    if fields["model"] != "whisper-1":
        raise Refused(f"The model `{fields['model']}` does not exist", "model_not_found", 404)
    if name.rpartition(".")[2] not in RECORDINGS or not data:
        raise Refused(f"{name!r} is no recording: its name must end in one of {', '.join(RECORDINGS)}")
    return str(fields["model"])


def _messages(value: object) -> str | None:
    if not isinstance(value, list) or not value:
        return "a list with at least one message is wanted"
    for place, message in enumerate(value):
        if wrong := _message(message):
            return f"[{place}]: {wrong}"
    return None


def _message(message: object) -> str | None:
    if not isinstance(message, dict):
        return "not an object"
    role, content = message.get("role"), message.get("content")
    extra = {"assistant": {"tool_calls"}, "tool": {"tool_call_id"}}.get(str(role), set())
    if role not in ("user", "assistant", "system", "tool"):
        return f"{role!r} is no role"
    if strange := sorted(set(message) - {"role", "content"} - extra):
        return f"unknown keys: {', '.join(strange)}"
    calls = message.get("tool_calls")
    if calls is not None and (not isinstance(calls, list) or not calls or not all(map(_good_call, calls))):
        return "tool_calls are not as the model made them"
    if role == "tool" and not isinstance(message.get("tool_call_id"), str):
        return "tool_call_id is not a text"
    parts = _parts(content) if role == "user" and isinstance(content, list) else ""
    good = isinstance(content, str) or (content is None and calls) or parts is None
    return None if good else parts or f"{content!r} is not a text"


def _parts(content: list[object]) -> str | None:
    """Words first, then pictures, as OpenAI's vision takes them."""
    if not content or not all(isinstance(part, dict) for part in content):
        return "content is no list of parts"
    words, *pictures = content
    if not pictures:
        return "words alone are a text"
    if not isinstance(words, dict) or set(words) != {"type", "text"} or not isinstance(words["text"], str):
        return "the first part is no text"
    return None if all(map(_good_picture, pictures)) else "a part is no image_url"


def _good_picture(part: Any) -> bool:
    if set(part) != {"type", "image_url"} or part["type"] != "image_url" or not isinstance(part["image_url"], dict):
        return False
    url, detail = part["image_url"].get("url"), part["image_url"].get("detail", "auto")
    whole = isinstance(url, str) and PICTURES.fullmatch(url) is not None
    return whole and not set(part["image_url"]) - {"url", "detail"} and detail in ("auto", "low", "high")


def _good_call(call: object) -> bool:
    if not isinstance(call, dict) or set(call) != {"id", "type", "function"} or call["type"] != "function":
        return False
    function = call["function"]
    strings = isinstance(function, dict) and set(function) == {"name", "arguments"}
    return strings and all(isinstance(value, str) for value in (call["id"], *function.values()))


def _in_order(messages: list[dict[str, Any]]) -> None:
    """Each call of a tool is answered by a tool message before anything else is said."""
    due: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in due:
                raise Refused("a tool message answers no tool_calls before it")
            due.remove(message["tool_call_id"])
        elif due:
            raise Refused("tool_calls must be followed by tool messages for each of them")
        else:
            due = [call["id"] for call in message.get("tool_calls") or ()]
    if due:
        raise Refused("tool_calls must be followed by tool messages for each of them")


def _stop(value: object) -> str | None:
    many = value if isinstance(value, list) else [value]
    good = 1 <= len(many) <= 4 and all(isinstance(one, str) and one for one in many)
    return None if good else "a text, or one to four of them"


def _tools(value: object) -> str | None:
    good = isinstance(value, list) and 1 <= len(value) <= 128 and all(map(_good_tool, value))
    return None if good else "a list of {type: function, function: {name, description?, parameters?}}"


def _good_tool(tool: object) -> bool:
    if not isinstance(tool, dict) or set(tool) != {"type", "function"} or tool["type"] != "function":
        return False
    function = tool["function"]
    if not isinstance(function, dict) or set(function) - {"name", "description", "parameters", "strict"}:
        return False
    return isinstance(function.get("name"), str) and isinstance(function.get("parameters", {}), dict)


def _tool_choice(value: object) -> str | None:
    if value in ("none", "auto", "required"):
        return None
    named = isinstance(value, dict) and set(value) == {"type", "function"} and value["type"] == "function"
    return None if named else f"{value!r} is not none, auto, required or a function"


def _stream_options(value: object) -> str | None:
    good = isinstance(value, dict) and set(value) == {"include_usage"} and isinstance(value["include_usage"], bool)
    return None if good else "only include_usage, true or false"


def _response_format(value: object) -> str | None:
    return None if value in ({"type": "json_object"}, {"type": "text"}) else "only json_object or text"
