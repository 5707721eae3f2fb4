"""The chat's words: chosen by the conversation and the seed, marked as simulated, in the Markdown of a model."""

import json
import re
from random import Random
from typing import Any

from sandbox.neuroapi.contract import Chat

_WORDS_MAX = 6_000
_COUNT = re.compile(r"\b(\d{2,4}) (?:words|слов)", re.IGNORECASE)
_LONG = re.compile(r"\b(long|detailed|essay|подробн\w*|длинн\w*|эссе)\b", re.IGNORECASE)
_CODE = re.compile(r"\b(code|python|function|код|функци\w*)\b", re.IGNORECASE)
_LIST = re.compile(r"\b(list|steps|ideas|список|шаг\w*|иде\w*)\b", re.IGNORECASE)
_MAKE = re.compile(
    r"^\W*(?:please |can you |could you |пожалуйста,? )?"
    r"(?:draw|paint|make|create|generate|compose|нарисуй|сделай|создай|сгенерируй|сочини)(?:те)?\b"
    r"(?: me| us| мне| нам)?\s+",
    re.IGNORECASE,
)
_IMPROVE = re.compile(r"\b(improve|rewrite|enrich|enhance|улучши\w*|перепиши\w*)\b", re.IGNORECASE)
_RU = "“ru”"
SEEN = "A red fox in the snow, soft morning light (simulated)"
_KINDS = (
    ("video", r"\b(video|film|clip|видео\w*|фильм\w*|ролик\w*)\b"),
    ("music", r"\b(song|music|melody|track|песн\w*|музык\w*|мелоди\w*)\b"),
    ("3d", r"\b(3d)\b"),
)
_STYLE = re.compile(r"\s+(?:in|в стиле) (?:the )?([\w-]+)(?: style)?\W*$", re.IGNORECASE)
_ENGLISH = (
    "It depends on what you value, and the question is worth asking twice.",
    "A small experiment tells more than a long argument.",
    "Begin with what is known, and change one thing at a time.",
    "Light, shape and colour carry most of the meaning.",
    "What looks simple often took somebody a long time.",
    "Patience is cheaper than repair.",
)
_RUSSIAN = (
    "Всё зависит от того, что для вас важно.",
    "Небольшой опыт говорит больше, чем долгий спор.",
    "Начните с известного и меняйте что-то одно.",
    "Свет, форма и цвет несут большую часть смысла.",
    "То, что кажется простым, часто долго делали.",
    "Терпение дешевле починки.",
)


def call(chat: Chat) -> tuple[str, dict[str, object]] | None:
    """The tool to call with its arguments, where the user asks for something to be made and a tool does that."""
    tools = {tool["function"]["name"]: tool["function"] for tool in chat.body.get("tools", ())}
    choice = chat.body.get("tool_choice", "auto")
    forced = choice["function"].get("name") if isinstance(choice, dict) else None
    wanted = bool(_MAKE.match(chat.question)) and chat.messages[-1]["role"] == "user"
    name = forced or ("create" if "create" in tools else next(iter(tools), ""))
    if name not in tools or choice == "none" or not (forced or choice == "required" or (wanted and name == "create")):
        return None
    return name, _arguments(chat.question, tools[name].get("parameters", {}))


def answer(chat: Chat, seed: int) -> str:
    """The whole text; equal conversations and seeds get an equal one."""
    question = chat.question
    rng = Random(f"{chat.body.get('seed', seed)}\x1f{[message['content'] for message in chat.messages]}")
    russian = bool(re.search("[а-яё]", question, re.IGNORECASE))
    if chat.body.get("response_format") == {"type": "json_object"}:
        return json.dumps({"simulated": True, "question": question, "answer": rng.choice(_ENGLISH)}, ensure_ascii=False)
    if chat.messages[-1]["role"] == "tool":
        return "*(симуляция)* Готово." if russian else "*(simulated)* Done: see the confirmation above."
    if chat.pictures and any(str(each["content"]).startswith("Write a prompt") for each in chat.messages):
        return "Рыжая лиса на снегу, мягкий утренний свет (симуляция)" if russian or _RU in question else SEEN
    if any(_IMPROVE.search(str(message["content"])) for message in chat.messages if message["role"] == "system"):
        return (
            f"{question.strip()}, {'мягкий свет, тонкие детали' if russian else 'soft light, fine detail'} (simulated)"
        )
    return _cut("\n\n".join(_parts(question, rng, russian)), chat.body.get("stop"))


def _parts(question: str, rng: Random, russian: bool) -> list[str]:
    sentences = list(_RUSSIAN if russian else _ENGLISH)
    quoted = " ".join(question.split())[:200]
    parts = [f"**{'Симуляция ответа' if russian else 'Simulated answer'}:** {quoted}", rng.choice(sentences)]
    if _LIST.search(question):
        parts.append("\n".join(f"{number}. {line}" for number, line in enumerate(rng.sample(sentences, 3), 1)))
    if _CODE.search(question):
        parts.append('```python\ndef greet(name: str) -> str:\n    return f"Hello, <{name}> & welcome"\n```')
    found = _COUNT.search(question)
    wanted = min(int(found[1]), _WORDS_MAX) if found else 900 if _LONG.search(question) else 0
    have = sum(len(part.split()) for part in parts)
    while have < wanted:
        paragraph = " ".join(rng.choice(sentences) for _ in range(6))
        if len(parts) % 4 == 0:
            paragraph = f"## {len(parts) // 4}\n\n{paragraph}"
        parts.append(paragraph)
        have += len(paragraph.split())
    if not wanted and not russian:
        parts.append("- *first* this,\n- `then` that.")
    return parts


def _cut(text: str, stop: Any) -> str:
    """The text before the first stop sequence."""
    found = [text.index(one) for one in ([stop] if isinstance(stop, str) else stop or []) if one in text]
    return text[: min(found)] if found else text


def _arguments(question: str, schema: dict[str, Any]) -> dict[str, object]:
    """What the tool's own schema has a place for."""
    properties: dict[str, Any] = schema.get("properties", {})
    wish = _MAKE.sub("", question).strip(" .!?")
    style = _STYLE.search(wish)
    if style and "style" in properties:
        wish = wish[: style.start()]
    kind = next((name for name, pattern in _KINDS if re.search(pattern, wish, re.IGNORECASE)), "image")
    known: dict[str, object] = {"kind": kind, "prompt": wish}
    if style:
        known["style"] = style[1].lower()
    arguments = {name: value for name, value in known.items() if name in properties}
    for name in schema.get("required", ()):
        arguments.setdefault(name, (properties.get(name, {}).get("enum") or [wish])[0])
    return {name: _allowed(value, properties.get(name, {})) for name, value in arguments.items()}


def _allowed(value: object, schema: dict[str, Any]) -> object:
    choices = schema.get("enum")
    return value if not choices or value in choices else choices[0]
