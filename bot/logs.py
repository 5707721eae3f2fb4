"""Structured logs for the console or as JSON. Secrets never reach them: every line passes one redactor."""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, Final, TextIO

import structlog

REDACTED: Final = "[redacted]"
SHORTEST: Final = 6
"""Shorter secrets would blank out ordinary words."""
TOKEN: Final = re.compile(r"\b\d{6,}:[A-Za-z0-9_-]{30,}")
"""Telegram bot tokens are recognised by their looks, too: file URLs and exception texts carry them."""
OURS: Final = ("bot", "easel", "tests", "benchmarks", "alembic.runtime.migration")
"""Whose lines are told from LOG_LEVEL on. Libraries write about their own work, some of them a line per call: of theirs
only warnings are told, whatever they are called and whichever is added."""


class Redactor:
    """Replaces known secrets, and whatever looks like a bot token, in texts and in nested log values."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: tuple[str, ...] = ()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Makes a secret known; one shorter than six characters is ignored."""
        if len(secret) >= SHORTEST and secret not in self._secrets:
            self._secrets = tuple(sorted((*self._secrets, secret), key=len, reverse=True))

    def text(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, REDACTED)
        return TOKEN.sub(REDACTED, text)

    def value(self, value: Any, depth: int = 4) -> Any:
        """A log value without secrets: containers are walked, other objects are told by repr."""
        match value:
            case str():
                return self.text(value)
            case bytes():
                return self.text(value.decode("utf-8", "replace"))
            case None | bool() | int() | float():
                return value
            case dict() if depth:
                return {self.value(k, 0): self.value(v, depth - 1) for k, v in value.items()}
            case list() | tuple() | set() | frozenset() if depth:
                return [self.value(item, depth - 1) for item in value]
            case _:
                return self.text(str(value) if isinstance(value, BaseException) else repr(value))

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """The structlog processor; it runs after exceptions became text."""
        for name, value in event.items():
            if not name.startswith("_"):
                event[name] = self.value(value)
        return event


def configure_logs(*, level: str, style: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> Redactor:
    """Sets up structlog and the standard library's logging alike; `style` is console or json. May be called again."""
    redactor = Redactor(secrets)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redactor,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    wanted = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(max(logging.WARNING, wanted))
    for name in OURS:
        logging.getLogger(name).setLevel(wanted)
    return redactor
