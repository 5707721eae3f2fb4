"""No secret reaches the logs, whoever logs it and however deep it hides."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import REDACTED, Redactor, configure_logs
from bot.providers.neuroapi.provider import NeuroApi
from sandbox.neuroapi import NeuroApiServer
from tests.providers.neuro_kit import ask, told

TOKEN = "424242:sandbox-token"
REAL = "1234567890:AAFabcdefghijklmnopqrstuvwxyz012345"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("style", ["console", "json"])
def test_secrets_are_redacted_in_every_kind_of_line(style: str) -> None:
    stream = io.StringIO()
    configure_logs(level="info", style=style, secrets=[TOKEN, "k-secret"], stream=stream)
    log = structlog.get_logger("easel")
    plain = logging.getLogger("aiogram.something")
    log.info(f"event {TOKEN}", address=f"https://api.telegram.org/file/bot{TOKEN}/a.jpg", nested={"k-secret": [TOKEN]})
    plain.warning("fetching %s", f"bot{TOKEN}/getFile")
    plain.info("a token we were not told of: %s", REAL)
    for logger in (log, plain):
        try:
            raise RuntimeError(f"GET https://api.telegram.org/bot{TOKEN}/getMe failed")
        except RuntimeError:
            logger.exception("call failed")
    log.info("bytes and objects", raw=TOKEN.encode(), error=ValueError(TOKEN))
    written = stream.getvalue()
    assert TOKEN not in written
    assert REAL not in written
    assert "k-secret" not in written
    assert written.count(REDACTED) >= 8
    assert "Traceback" in written


def test_json_lines_are_json() -> None:
    stream = io.StringIO()
    configure_logs(level="info", style="json", stream=stream)
    structlog.get_logger("easel").info("said", number=5, flag=True, nothing=None, ratio=0.5)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["level"], line["number"], line["flag"]) == ("said", "info", 5, True)
    assert (line["nothing"], line["ratio"], line["logger"]) == (None, 0.5, "easel")


def test_levels_hold_for_both_kinds_of_loggers() -> None:
    stream = io.StringIO()
    configure_logs(level="warning", style="console", stream=stream)
    structlog.get_logger("easel").info("quiet")
    logging.getLogger("other").info("quiet")
    structlog.get_logger("easel").warning("loud")
    assert "quiet" not in stream.getvalue()
    assert "loud" in stream.getvalue()


def test_short_secrets_do_not_blank_out_words() -> None:
    redactor = Redactor(["", "a", "token"])
    assert redactor.text("a token of thanks") == "a token of thanks"


def test_a_secret_that_holds_another_goes_whole() -> None:
    redactor = Redactor(["secret", "secret-and-more"])
    assert redactor.text("secret-and-more, secret") == f"{REDACTED}, {REDACTED}"


@pytest.mark.parametrize("level", ["debug", "info"])
async def test_libraries_write_no_line_per_call(level: str) -> None:
    stream = io.StringIO()
    configure_logs(level=level, style="console", stream=stream)
    async with NeuroApiServer(scale=0) as service:
        provider = NeuroApi(base_url=service.base_url, key="sk-neuroapi-sandbox")
        events, error = await told(provider, ask("hello"))
        await provider.aclose()
    assert (bool(events), error) == (True, None)
    assert stream.getvalue() == ""
    for library in ("httpx2", "httpcore2", "openai", "aiogram", "whatever.comes.next"):
        logging.getLogger(library).info("a line")
        logging.getLogger(library).warning("trouble of %s", library)
    assert "a line" not in stream.getvalue()
    assert stream.getvalue().count("trouble of") == 5
