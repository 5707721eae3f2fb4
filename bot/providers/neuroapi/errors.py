"""What NeuroAPI's refusals mean, in OpenAI's form {"error": {message, type, code}}, also those within a stream."""

import re

from bot.providers.base import (
    BadKey,
    Busy,
    GenerationFailed,
    NotPermitted,
    OutOfFunds,
    ProviderError,
    Refused,
    UnknownModel,
    UpstreamDown,
)
from bot.providers.kit import http
from bot.providers.kit.json_api import FUNDS
from bot.providers.kit.json_reading import parsed, plain

_FUNDS = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
_POLICY = {"content_policy_violation", "moderation_blocked", "content_filter", "image_content_policy_violation"}
_REJECTED = re.compile(r"(safety|moderation) system|content[ _-](management )?policy|usage polic", re.IGNORECASE)
"""Only wordings that can mean nothing else: a plain failure called a refusal would blame the user's prompt."""
_UNSUPPORTED = {"unsupported_parameter", "unsupported_value", "unknown_parameter", "invalid_parameter", "invalid_value"}
_OF_PARAMETERS = re.compile(
    r"(unsupported|unknown|unrecogni[sz]ed|invalid|unexpected)\b.{0,40}\b(param|argument|value|field)|not support",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"['\"`]([a-z_]{1,64})['\"`]")
MESSAGE_LOOK = 500
"""Characters of an error's words in which a parameter's name is looked for."""
_BY_STATUS = {
    401: BadKey,
    402: OutOfFunds,
    403: NotPermitted,
    **dict.fromkeys((408, 409, 425), UpstreamDown),
}


def error_in(data: object, *, event: bool = False) -> dict[str, object] | None:
    """The error that an answer holds, whatever its status, or one `event` of a stream; None when it holds none.

    Services put it under `error`, into a choice, or say it in place of an answer. An `error` of empty fields, which
    some send with every success, is none.
    """
    if not isinstance(data, dict):
        return None
    choices = data.get("choices")
    for place in (data, *(choices[:1] if isinstance(choices, list) else ())):
        error = place.get("error") if isinstance(place, dict) else None
        if isinstance(error, str) and error.strip():
            return {"message": error}
        if isinstance(error, dict) and any(error.values()):
            return error
    if choices or data.get("data"):
        return None
    said = next((data[name] for name in ("message", "detail", "msg") if isinstance(data.get(name), str)), "")
    said = "" if event else said  # a stream may hold events that no document names
    named = data.get("object") == "error" or data.get("type") == "error" or data.get("success") is False
    return {**data, **({"message": said} if said else {})} if said or named else None


def refusal(status: int, body: bytes, wait: float, key: str) -> ProviderError:
    """What an answer means that is no success. `wait`: the seconds that it asks for, 0 where it asks for none."""
    return http.turned_away(status, _meaning(status, body, wait, key), wait)


def _meaning(status: int, body: bytes, wait: float, key: str) -> ProviderError:
    error = error_in(parsed(body))
    said = _said(f"HTTP {status}", error, key)
    if (meant := _by_code(error or {}, said, wait)) is not None:
        return meant
    if status == 429:
        return Busy(said, wait)
    if status in (400, 422) and (named := _parameters(error or {})):
        return ParameterRefused(said, named)
    if status == 403 and body.lstrip()[:1] == b"<":  # a firewall before the service, often over the words of one prompt
        return UpstreamDown(said)
    if status in _BY_STATUS:
        return _BY_STATUS[status](said)
    return GenerationFailed(said) if 400 <= status < 500 and error is not None else UpstreamDown(said)


class ParameterRefused(GenerationFailed):
    """The service does not take a parameter. `named`: what its words may mean, the likeliest first; which of them were
    sent is known where the request was made."""

    def __init__(self, detail: str, named: tuple[str, ...]) -> None:
        super().__init__(detail)
        self.named = named


def _parameters(error: dict[str, object]) -> tuple[str, ...]:
    """The parameters that an error names: in its own field, or within quotes in words that speak of a parameter."""
    param, message = error.get("param"), error.get("message")
    named = [param.removeprefix("body.").partition("[")[0].partition(".")[0]] if isinstance(param, str) else []
    words = message[:MESSAGE_LOOK] if isinstance(message, str) else ""
    if str(error.get("code")) in _UNSUPPORTED or _OF_PARAMETERS.search(words):
        named += _QUOTED.findall(words)
    return tuple(dict.fromkeys(name for name in named if name))


def failure(error: dict[str, object], key: str) -> ProviderError:
    """What an error means that came with a success's status, or within a stream."""
    said = _said("", error, key)
    return _by_code(error, said, 0.0) or _by_number(error.get("code"), said) or GenerationFailed(said)


def _by_number(code: object, said: str) -> ProviderError | None:
    """Some tell the status that the answer should have had as the error's code."""
    number = int(code) if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) == 3 else code
    if number == 429:
        return Busy(said)
    if type(number) is int and (number in _BY_STATUS or 500 <= number < 600):
        return _BY_STATUS.get(number, UpstreamDown)(said)
    return None


def _by_code(error: dict[str, object], said: str, wait: float) -> ProviderError | None:
    words = {str(error.get("code")), str(error.get("type"))}
    if words & _FUNDS or FUNDS.search(said):
        return OutOfFunds(said)
    if words & _POLICY or _REJECTED.search(said):
        return Refused(said)
    if "invalid_api_key" in words:
        return BadKey(said)
    if "model_not_found" in words:
        return UnknownModel(said)
    if "rate_limit_exceeded" in words:
        return Busy(said, wait)
    return None


def _said(before: str, error: dict[str, object] | None, key: str) -> str:
    parts = [before]
    for name in ("code", "message"):
        value = (error or {}).get(name)
        if isinstance(value, str):
            parts.append(value)
    text = plain(" ".join(part for part in parts if part))
    return text.replace(key, "[key]") if key else text
