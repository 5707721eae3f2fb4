"""A Telegram that answers everything at once and remembers only what a benchmark must know."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from benchmarks import wire

TOKEN = "42:benchmark"
SECRET = "benchmark-secret-0123456789"
SECRET_HEADER = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
CHAT = re.compile(rb'chat_id(?:"\s*:\s*"?|=)(-?\d+)')
FORM_CHAT = re.compile(rb'name="chat_id"\s+(?:[0-9a-f]+\s+)?(-?\d{4,})\s')
"""In a form that brings a file, in chunks."""
ME = {"id": 42, "is_bot": True, "first_name": "Easel", "username": "easel_bench_bot"}


def fields(body: bytes) -> dict[str, Any]:
    """The parameters of a call, sent as JSON or as a form."""
    if body.startswith(b"{"):
        parsed: dict[str, Any] = orjson.loads(body)
        return parsed
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


class NullTelegram:
    """Every message is accepted and every edit is fine. `sent` hears (chat, message id, body) of each sendMessage."""

    def __init__(self, sent: Callable[[int, int, bytes], None] = lambda _chat, _message, _body: None) -> None:
        self.sent = sent
        self.delivered: Callable[[int], None] = lambda _chat: None
        """Hears the chat of each editMessageMedia."""
        self.calls: dict[str, int] = {}
        self.url = ""
        self.webhook = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._messages = 0

    async def start(self) -> None:
        self._server, self.url = await wire.serve(self._answer)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    def _answer(self, path: str, body: bytes) -> bytes:
        method = path.rpartition("/")[2]
        self.calls[method] = self.calls.get(method, 0) + 1
        if method in ("sendMessage", "editMessageText"):
            found = CHAT.search(body)
            chat = int(found[1]) if found else 0
            self._messages += 1
            message = b'{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"},"text":"."}}'
            if method == "sendMessage":
                self.sent(chat, self._messages, body)
            return message % (self._messages, chat)
        if method == "editMessageMedia":
            found = CHAT.search(body) or FORM_CHAT.search(body)
            self.delivered(int(found[1]) if found else 0)
        if method == "getMe":
            return orjson.dumps({"ok": True, "result": ME})
        if method == "setWebhook":
            self.webhook.set()
        return b'{"ok":true,"result":true}'


def person(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": f"User {number}", "language_code": "en"}


def chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private", "first_name": f"User {number}"}


def message(update_id: int, user: int, text: str) -> bytes:
    """An update with a message in a private chat."""
    update: dict[str, Any] = {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": int(time.time()),
            "from": person(user),
            "chat": chat(user),
            "text": text,
        },
    }
    if text.startswith("/"):
        update["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return orjson.dumps(update)


def press(update_id: int, user: int, message_id: int, markup: dict[str, Any], data: str) -> bytes:
    """An update with a press of a button under the bot's message."""
    under = {
        "message_id": message_id,
        "date": int(time.time()),
        "from": ME,
        "chat": chat(user),
        "text": ".",
        "reply_markup": markup,
    }
    query = {"id": str(update_id), "from": person(user), "message": under, "chat_instance": "1", "data": data}
    return orjson.dumps({"update_id": update_id, "callback_query": query})


def place(url: str) -> tuple[str, int]:
    """Host and port of an address."""
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80
