"""Updates in, by polling or by webhook: on disk in the inbox before Telegram hears that they arrived."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Final

import orjson
import structlog
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.methods import DeleteWebhook, GetUpdates, SetWebhook
from aiogram.types import Update
from pydantic import ValidationError

from bot.telegram.bot import EaselBot
from bot.telegram.inbox_pump import InboxPump
from bot.telegram.inbox_rounds import Arrived
from bot.telegram.progress import Spawn

log = structlog.get_logger(__name__)

HURRIED: Final = frozenset({"inline_query", "pre_checkout_query"})
"""They must be answered within seconds and mean nothing later: they pass by the inbox."""
HURRIED_AT_ONCE: Final = 100
HOLD: Final = 30
"""Seconds that Telegram holds a poll open while nothing comes."""
SLACK: Final = 15
BATCH: Final = 100
BACKOFF: Final = (1.0, 2.0, 5.0, 15.0, 30.0)
LARGEST_ID: Final = 2**63
"""What the database's integers hold; Telegram's ids are far smaller."""
ALIVE: Final = 3.0 * (HOLD + SLACK)
"""Seconds without an answered poll after which polling counts as dead."""


class UnreadableUpdate(Exception):
    """What came in is not JSON, or not an update."""


class Intake:
    """Takes raw updates in. `accept` returns when they are committed."""

    def __init__(self, bot: EaselBot, pump: InboxPump, spawn: Spawn) -> None:
        self._bot = bot
        self._pump = pump
        self._spawn = spawn
        self._hurried: set[asyncio.Task[Any]] = set()
        self.received = 0
        """Updates taken in since the start, repeated ones too, for the metrics."""

    async def accept_body(self, body: bytes) -> None:
        """A webhook's body. Raises UnreadableUpdate, and what the database raises: then Telegram must send it again."""
        update, text = _loads(body)
        if not _is_update(update):
            raise UnreadableUpdate("not an update")
        await self._accept([(update, text)])

    async def accept(self, updates: Sequence[dict[str, Any]]) -> None:
        """Commits updates to the inbox in one transaction (T0), and starts those that cannot wait."""
        await self._accept([(update, _dumps(update)) for update in updates])

    async def _accept(self, updates: Sequence[tuple[dict[str, Any], str]]) -> None:
        self.received += len(updates)
        patient = [Arrived(raw["update_id"], text, raw) for raw, text in updates if HURRIED.isdisjoint(raw)]
        if patient:
            await self._pump.accept(patient)
        if len(patient) == len(updates):
            return
        for raw, _ in updates:
            if not HURRIED.isdisjoint(raw):
                self._hurry(raw)

    def _hurry(self, raw: dict[str, Any]) -> None:
        if len(self._hurried) >= HURRIED_AT_ONCE and "pre_checkout_query" not in raw:
            log.warning("update.dropped", update=raw["update_id"], why="too many at once")
            return
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as error:
            log.error("update.unreadable", update=raw["update_id"], error=str(error)[:500])  # noqa: TRY400
            return
        task = self._spawn(self._pump.feed(update), name=f"update:{update.update_id}")
        self._hurried.add(task)
        task.add_done_callback(self._hurried.discard)


class Poller:
    """Long polling. The offset advances only past updates that are committed."""

    def __init__(self, bot: EaselBot, intake: Intake, allowed: Sequence[str]) -> None:
        self._bot = bot
        self._intake = intake
        self._allowed = list(allowed)
        self._offset: int | None = None
        self._answered_at: float | None = None

    @property
    def alive(self) -> bool:
        """Whether Telegram answered lately: a poll, or at the start that it will hold one."""
        now = asyncio.get_running_loop().time()
        return self._answered_at is not None and now - self._answered_at < ALIVE

    async def run(self) -> None:
        """Polls until cancelled. A webhook set earlier is taken down; what it left pending is kept."""
        failures = 0
        hooked = True
        while True:
            try:
                if hooked:
                    await self._bot(DeleteWebhook(drop_pending_updates=False))
                    hooked = False
                    self._answered_at = asyncio.get_running_loop().time()  # the first poll may be held for HOLD
                await self._poll()
            except Exception as error:
                pause = _pause(error, failures)
                failures += 1
                hooked = hooked or "webhook" in str(error).lower()
                log.error("polling.failed", error=str(error)[:300], failures=failures, pause=pause)  # noqa: TRY400
                await asyncio.sleep(pause)
            else:
                failures = 0

    async def _poll(self) -> None:
        ask = GetUpdates(offset=self._offset, limit=BATCH, timeout=HOLD, allowed_updates=self._allowed)
        found = await self._bot.http.raw_updates(self._bot, ask, HOLD + SLACK)
        self._answered_at = asyncio.get_running_loop().time()
        updates = [update for update in found if _is_update(update)]
        if len(updates) < len(found):
            log.error("update.unreadable", count=len(found) - len(updates))
        if updates:
            await self._intake.accept(updates)
            self._offset = max(update["update_id"] for update in updates) + 1


async def set_webhook(bot: EaselBot, *, url: str, secret: str, allowed: Sequence[str]) -> None:
    """Has Telegram post updates to `url` with the secret; pending ones are kept. Raises what Telegram answers."""
    hook = SetWebhook(
        url=url,
        secret_token=secret,
        allowed_updates=list(allowed),
        drop_pending_updates=False,  # they may hold payments
        max_connections=40,
    )
    await bot(hook)


def _pause(error: Exception, failures: int) -> float:
    if isinstance(error, TelegramRetryAfter):
        return float(error.retry_after)
    if isinstance(error, TelegramUnauthorizedError):
        return BACKOFF[-1]  # the token was revoked: only the operator can help
    least = 3 if isinstance(error, TelegramConflictError) else 0  # another process polls: do not fight it
    return BACKOFF[min(max(failures, least), len(BACKOFF) - 1)]


def _is_update(value: object) -> bool:
    number = value.get("update_id") if isinstance(value, dict) else None
    return type(number) is int and abs(number) < LARGEST_ID


def _loads(body: bytes) -> tuple[Any, str]:
    """What the body says, and its text to be stored: as it came wherever orjson can read that again."""
    try:
        return orjson.loads(body), body.decode()
    except ValueError:
        pass
    try:
        update = json.loads(body)  # takes lone surrogates, which orjson refuses
    except (ValueError, RecursionError) as error:
        raise UnreadableUpdate("not JSON") from error
    return update, _dumps(update)


def _dumps(update: Any) -> str:
    try:
        return orjson.dumps(update).decode()
    except (TypeError, ValueError):
        return json.dumps(update)
