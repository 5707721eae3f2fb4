"""Times for a server of the Bot API that does not know <tg-time>: older than 9.5, as operators may run their own."""

import re
from typing import Any, Final

TAG: Final = re.compile(r"</?tg-time\b[^<>]*>")
TEXTS: Final = ("text", "caption", "message_text")
REFUSED: Final = (b"nsupported start tag", b"tg-time")
"""What is in the refusal of such a server."""


def refused(answer: bytes) -> bool:
    """Whether the call was refused because of a time in it."""
    return all(words in answer for words in REFUSED)


def without_times(fields: Any) -> Any:
    """The call with its times as they are written, in UTC. Only in HTML: elsewhere the tag is the words of a person."""
    if isinstance(fields, list):
        return [without_times(each) for each in fields]
    if not isinstance(fields, dict):
        return fields
    html = fields.get("parse_mode") == "HTML"
    return {
        name: TAG.sub("", value) if html and name in TEXTS and isinstance(value, str) else without_times(value)
        for name, value in fields.items()
    }
