"""Methods by which a bot gets its updates and answers button presses."""

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json
from sandbox.telegram.methods.base import Handler
from sandbox.telegram.wire.errors import ApiError, bad
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.updates import BY_WEBHOOK, WEBHOOK_ACTIVE

ANSWER_MAX = 200
CONNECTIONS_MAX = 100
SECRET_MAX = 256


def _bounded(value: int | None, default: int, low: int, high: int) -> int:
    return max(low, min(high, default if value is None else value))


async def get_updates(core: Core, params: Params) -> list[Json]:
    """getUpdates."""
    if core.webhook.url:
        raise ApiError(409, WEBHOOK_ACTIVE)
    core.updates.set_allowed(params.json("allowed_updates"))
    timeout = min(float(params.integer("timeout", 0) or 0), core.config.long_poll_max)
    limit = _bounded(params.integer("limit"), 100, 1, 100)
    return await core.updates.poll(params.integer("offset", 0) or 0, limit, max(0.0, timeout))


async def set_webhook(core: Core, params: Params) -> bool:
    """setWebhook: plain http is taken too, since everything is local here."""
    url, secret = params.text("url"), params.text("secret_token")
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        raise bad("bad webhook: invalid webhook URL specified")
    if len(secret) > SECRET_MAX:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
    if params.boolean("drop_pending_updates"):
        core.updates.pending.clear()
    core.updates.set_allowed(params.json("allowed_updates"))
    if url:
        core.updates.end_poller(BY_WEBHOOK)
    await core.webhook.set(url, secret, _bounded(params.integer("max_connections"), 40, 1, CONNECTIONS_MAX))
    return True


async def delete_webhook(core: Core, params: Params) -> bool:
    """deleteWebhook."""
    if params.boolean("drop_pending_updates"):
        core.updates.pending.clear()
    await core.webhook.set("", "", 40)
    return True


async def get_webhook_info(core: Core, _params: Params) -> Json:
    """getWebhookInfo."""
    return core.webhook.info()


async def answer_callback_query(core: Core, params: Params) -> bool:
    """answerCallbackQuery: once per query, in time."""
    text = params.text("text")
    if len(text) > ANSWER_MAX:
        raise bad("MESSAGE_TOO_LONG")
    answer: Json = {"text": text, "show_alert": params.boolean("show_alert"), "url": params.text("url") or None}
    query = core.callbacks.answer(params.text("callback_query_id"), answer)
    details: dict[str, Any] = {"query_id": query.id, "user_id": query.user_id, "message_id": query.message_id}
    core.events.add("answered", query.chat_id, answer=answer, **details)
    return True


RECEIVING_METHODS: dict[str, Handler] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "answerCallbackQuery": answer_callback_query,
}
