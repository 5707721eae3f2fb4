"""NeuroAPI's errors, in OpenAI's shape."""

import re

from aiohttp import web

_KNOWN: dict[int, tuple[str, str, str | None]] = {
    400: ("The request is invalid", "invalid_request_error", None),
    401: ("Incorrect API key provided", "invalid_request_error", "invalid_api_key"),
    402: ("Payment required", "insufficient_quota", "billing_hard_limit_reached"),
    403: ("This key may not use the model", "permission_error", "model_not_allowed"),
    404: ("The model does not exist", "invalid_request_error", "model_not_found"),
    429: ("Rate limit reached", "requests", "rate_limit_exceeded"),
    500: ("The server had an error", "server_error", None),
}
_PARAMETER = re.compile(r"Unsupported (?:parameter|value): '(\w+)'")
_UNSUPPORTED = "Unsupported parameter: '{}' is not supported with this model."
_QUOTA = "You exceeded your current quota, please check your plan and billing details"
BY_NAME = {
    "insufficient_quota": (429, _QUOTA, "insufficient_quota"),
    "no_channel": (503, "No available channel for the model", "model_not_found"),
    "content_policy": (400, "Your request was rejected by the safety system", "content_policy_violation"),
    "context_length": (400, "This model's maximum context length is exceeded", "context_length_exceeded"),
    "unsupported_parameter": (400, _UNSUPPORTED.format("temperature"), "unsupported_parameter"),
    "unsupported_seed": (400, _UNSUPPORTED.format("seed"), "unsupported_parameter"),
    "unsupported_size": (400, "Unsupported value: 'size' does not support '1792x1024'.", "unsupported_value"),
    "unsupported_stream_options": (400, "Unrecognized request argument supplied: 'stream_options'", ""),
    "unsupported_tools": (400, _UNSUPPORTED.format("tools"), "unsupported_parameter"),
    "error_200": (200, "The server had an error", "server_error"),
}


def failure(status: int, message: str = "", code: str = "") -> web.Response:
    """An error in the documented form."""
    words, kind, known = _KNOWN.get(status, _KNOWN[500])
    kind = "insufficient_quota" if code == "insufficient_quota" else kind
    named = _PARAMETER.match(message) if code.startswith("unsupported_") else None
    error = {"message": message or words, "type": kind, "param": named[1] if named else None, "code": code or known}
    return web.json_response({"error": error}, status=status)
