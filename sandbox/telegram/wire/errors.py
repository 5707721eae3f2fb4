"""The refusals of the Bot API: one exception that becomes the JSON error the real server would answer."""

from typing import Any


class ApiError(Exception):
    """A refused call: `code` is both the HTTP status and error_code, `parameters` the ResponseParameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON body of the refusal."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad(what: str) -> ApiError:
    """400; `what` is lower-cased in its first letter as the real server does, unless it is a CODE_LIKE_THIS."""
    if len(what) > 1 and not (what[1] == "_" or what[1].isupper()):
        what = what[0].lower() + what[1:]
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """403 with the real server's prefix."""
    return ApiError(403, f"Forbidden: {what}")


def too_many(retry_after: int) -> ApiError:
    """429 with retry_after in whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def too_large() -> ApiError:
    """413, an upload over the limit."""
    return ApiError(413, "Request Entity Too Large")
