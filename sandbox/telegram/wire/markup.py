"""Reply markup as the real server checks it: buttons of one known type, lengths, styles."""

import re
from typing import Any

from sandbox.telegram.chats.model import Json
from sandbox.telegram.wire.errors import ApiError, bad

BUTTON_TYPES = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
    "disabled",
)
STYLES = ("", "default", "primary", "danger", "success")
BUTTONS_MAX = 100
OTHER_MARKUP = ("keyboard", "remove_keyboard", "force_reply")
_URL = re.compile(
    r"^(?:https?://)?[^\s/?#]+\.[^\s/?#.]+\S*$|^https?://(?:localhost|\[)\S*$|^(?:tg|ton|tonsite)://\S+$", re.IGNORECASE
)


def _wrong(what: str) -> ApiError:
    return bad(f"can't parse inline keyboard button: {what}")


def _button(raw: Any) -> Json:
    if not isinstance(raw, dict):
        raise _wrong("InlineKeyboardButton must be an Object")
    if not isinstance(raw.get("text"), str):
        raise _wrong('Can\'t find field "text"')
    text = raw["text"].strip()
    if not text:
        raise bad("BUTTON_TEXT_INVALID")
    style = str(raw.get("style") or "").lower()
    if style not in STYLES:
        raise _wrong("invalid button style specified")
    kind = next((name for name in BUTTON_TYPES if raw.get(name) is not None), None)
    if kind is None or (kind in {"url", "callback_data"} and raw[kind] == ""):
        raise _wrong("Text buttons are unallowed in the inline keyboard")
    button: Json = {"text": text, kind: raw[kind]}
    if style not in ("", "default"):
        button["style"] = style
    if raw.get("icon_custom_emoji_id"):
        button["icon_custom_emoji_id"] = str(raw["icon_custom_emoji_id"])
    _check(kind, raw[kind], button)
    return button


def _check(kind: str, value: Any, button: Json) -> None:
    match kind:
        case "callback_data":
            if not isinstance(value, str):
                raise _wrong('Field "callback_data" must be of type String')
            if not 1 <= len(value.encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
        case "copy_text":
            text = value.get("text") if isinstance(value, dict) else None
            if not isinstance(text, str):
                raise _wrong('Can\'t find field "text"')
            if not 1 <= len(text) <= 256:
                raise bad("BUTTON_COPY_TEXT_INVALID")
            button["copy_text"] = {"text": text}
        case "url":
            if not _URL.match(str(value)):
                raise bad(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
        case "web_app":
            url = value.get("url", "") if isinstance(value, dict) else ""
            if not str(url).startswith("https://"):
                raise bad(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
        case _:
            pass


def parse_markup(raw: Any) -> tuple[Json | None, Json | None]:
    """(inline keyboard, other keyboard), each None when absent; an empty inline keyboard counts as absent."""
    if raw in (None, ""):
        return None, None
    if not isinstance(raw, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in raw:
        rows = raw["inline_keyboard"]
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise bad('field "inline_keyboard" must be an Array of Arrays')
        checked = [[_button(button) for button in row] for row in rows]
        checked = [row for row in checked if row]
        if sum(len(row) for row in checked) > BUTTONS_MAX:
            raise bad("reply markup is too long")
        return ({"inline_keyboard": checked} if checked else None), None
    if any(name in raw for name in OTHER_MARKUP):
        return None, raw
    return None, None
