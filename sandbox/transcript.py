"""The events of a chat as a conversation to read."""

from typing import Any

INDENT = "    "


def _buttons(message: dict[str, Any]) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return ["  ".join(f"[{button['text']}]" for button in row) for row in rows]


def _content(view: dict[str, Any]) -> list[str]:
    message = view["message"]
    lines: list[str] = []
    if view["kind"] == "service":
        lines.append("(service message)")
    elif view["kind"] != "text":
        media = message[view["kind"]]
        media = media[-1] if isinstance(media, list) else media
        facts = [f"{media['width']}x{media['height']}"] if media.get("width") else []
        facts += [f"{media['duration']} s"] if media.get("duration") else []
        facts += [str(media[name]) for name in ("performer", "title") if media.get(name)]
        lines.append(f"({' · '.join([view['kind'], *facts])})")
    words = message.get("text") or message.get("caption") or ""
    lines += words.splitlines()
    return lines + _buttons(message)


def _lines(event: dict[str, Any]) -> list[str]:
    match event["type"]:
        case "new":
            view = event["view"]
            first, *rest = _content(view) or [""]
            return [f"{view['from_name']}: {first}", *(INDENT + line for line in rest)]
        case "edited":
            view = event["view"]
            first, *rest = _content(view) or [""]
            return [f"{view['from_name']} (edits #{view['message_id']}): {first}", *(INDENT + line for line in rest)]
        case "deleted":
            return [f"(message #{event['message_id']} is deleted)"]
        case "clicked":
            return [f"{event['user_name']} taps [{event['button']}]"]
        case "answered" if event["answer"]["text"]:
            return [f"(toast: {event['answer']['text']})"]
        case _:
            return []


def transcript_of(events: list[dict[str, Any]]) -> str:
    """One paragraph per event, oldest first; chat actions, reactions and silent answers are left out."""
    return "\n".join(line for event in events for line in _lines(event))
