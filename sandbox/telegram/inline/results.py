"""Results of inline and guest queries, checked as the real server does: ids, titles, contents, files, keyboards."""

import re
from typing import Any, Final

from sandbox.telegram.chats.files import FileStore
from sandbox.telegram.chats.model import Json
from sandbox.telegram.chats.posting import TEXT_MAX, caption_of
from sandbox.telegram.wire.entities import formatted
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.html import utf16_len
from sandbox.telegram.wire.markup import parse_markup
from sandbox.telegram.wire.params import Params

RESULTS_MAX: Final = 50
ID_BYTES: Final = 64
OFFSET_BYTES: Final = 64
START: Final = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
FILES: Final = {
    "photo": ("photo_file_id", "photo"),
    "video": ("video_file_id", "video"),
    "audio": ("audio_file_id", "audio"),
    "document": ("document_file_id", "document"),
    "mpeg4_gif": ("mpeg4_file_id", "animation"),
    "gif": ("gif_file_id", "animation"),
}
"""Cached results: the field of the file, and what it must be. Those by URL are not emulated."""
TITLED: Final = frozenset({"video", "document"})


def results_of(raw: Any, files: FileStore) -> list[Json]:
    """The checked results of an answer."""
    if not isinstance(raw, list):
        raise bad("can't parse inline query results: expected an Array")
    if len(raw) > RESULTS_MAX:
        raise bad("RESULTS_TOO_MUCH")
    found = [result_of(each, files) for each in raw]
    if len({each["id"] for each in found}) < len(found):
        raise bad("RESULT_ID_DUPLICATE")
    return found


def result_of(raw: Any, files: FileStore) -> Json:
    """One result as the message that it becomes, beside what a person sees of it in the list."""
    if not isinstance(raw, dict):
        raise bad("can't parse inline query result: expected an Object")
    given = Params(raw)
    name, kind = given.text("id"), given.text("type")
    if not 1 <= len(name.encode()) <= ID_BYTES:
        raise bad("RESULT_ID_INVALID")
    markup, other = parse_markup(given.json("reply_markup"))
    if other is not None:
        raise bad("inline keyboard expected")
    shown = {"id": name, "type": kind, "title": given.text("title"), "description": given.text("description")}
    content = _article(given) if kind == "article" else _file(kind, given, files)
    return {**shown, "content": {**content, "markup": markup}}


def _article(given: Params) -> Json:
    if not given.text("title").strip():
        raise bad("ARTICLE_TITLE_EMPTY")
    content = given.json("input_message_content")
    if not isinstance(content, dict):
        raise bad("input message content is not specified")
    return _words(content)


def _words(content: Json) -> Json:
    inner = Params(content)
    text, entities = formatted(inner.text("message_text"), inner.text("parse_mode"), inner.objects("entities"))
    if not text:
        raise bad("message text is empty")
    if utf16_len(text) > TEXT_MAX:
        raise bad("MESSAGE_TOO_LONG")
    return {"text": text, "entities": entities}


def _file(kind: str, given: Params, files: FileStore) -> Json:
    if kind not in FILES:
        raise bad(f'can\'t parse inline query result: type "{kind}" is unsupported')
    name, wanted = FILES[kind]
    if not given.text(name):
        raise bad(f"{name} is empty: results by URL are not emulated")
    if kind in TITLED and not given.text("title"):
        raise bad("title is empty")
    media = files.get(given.text(name))
    if media is None or media.kind != wanted:
        raise bad("wrong file identifier specified")
    content = given.json("input_message_content")
    if isinstance(content, dict):
        return _words(content)
    caption, entities = caption_of(given)
    return {"media": media, "caption": caption, "caption_entities": entities}


def button_of(raw: Any) -> Json | None:
    """The button over the results: into the private chat, or a Mini App."""
    if raw is None:
        return None
    if not isinstance(raw, dict) or not str(raw.get("text") or "").strip():
        raise bad("can't parse inline query results button: text is empty")
    start = raw.get("start_parameter")
    if (start is None) == (raw.get("web_app") is None):
        raise bad("exactly one of web_app and start_parameter must be used")
    if start is not None and not START.match(str(start)):
        raise bad("START_PARAM_INVALID")
    return {"text": raw["text"], "start_parameter": start}


def refuse_upload(params: Params, media: Params) -> None:
    """An inline message takes no new file (Bot API, editMessageMedia)."""
    if any(media.text(name).startswith("attach://") or name in params.files for name in ("media", "cover")):
        raise bad("can't upload a new file to an inline message")
