"""Updates in, by polling or by webhook: on disk in the inbox before Telegram hears that they arrived.

Only what one person sends beyond the throttle is not: it is left out here, before it costs anything, and told once.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.methods import DeleteWebhook, GetUpdates, SetWebhook

from bot.engine.dialogs.process_inbox import Arrived
from bot.telegram.context.safety import Safety
from bot.telegram.context.throttle import Throttle
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.outbox.progress_edits import Spawn
from bot.telegram.updates import clean_json
from bot.telegram.updates.classify import HURRIED, Kind, kind_of
from bot.telegram.updates.clean_json import Unreadable
from bot.telegram.updates.immediate import Passers
from bot.telegram.updates.worker import InboxPump

log = structlog.get_logger(__name__)

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


@dataclass(frozen=True, slots=True)
class _Sorted:
    """An update with what it is; `wait`: seconds, above 0 where it is beyond the throttle."""

    raw: Any
    text: str
    kind: Kind
    wait: float


class Intake:
    """Takes raw updates in. `accept` returns when they are committed. What `admins` send is never left out."""

    def __init__(
        self,
        bot: EaselBot,
        pump: InboxPump,
        spawn: Spawn,
        *,
        admins: Collection[int] = frozenset(),
        safety: Safety | None = None,
    ) -> None:
        self._bot = bot
        self._pump = pump
        self._passers = Passers(bot, pump, spawn)
        self._admins = admins
        self._safety = safety or Safety()
        self.received = 0
        """Updates taken in since the start, repeated ones too, for the metrics."""
        self.left_out = 0
        """Of these, what was beyond the throttle."""

    async def accept_body(self, body: bytes) -> None:
        """A webhook's body. Raises UnreadableUpdate, Overloaded, and what the database raises: then Telegram must send
        it again."""
        try:
            update, text = clean_json.read(body)
        except Unreadable as error:
            raise UnreadableUpdate(str(error)) from error
        if not _is_update(update):
            raise UnreadableUpdate("not an update")
        await self._accept([(update, text)])

    async def accept(self, updates: Sequence[dict[str, Any]]) -> None:
        """Commits updates to the inbox in one transaction (T0), and starts those that cannot wait."""
        readable = []
        for update in updates:
            try:
                readable.append(clean_json.written(update))
            except Unreadable as error:
                log.error("update.unreadable", update=update["update_id"], error=str(error))  # noqa: TRY400
        await self._accept(readable)

    async def said(self, update_id: int, message: dict[str, Any]) -> None:
        """Takes in what a person said as the message that they might have written, under a number of ours. The voice
        message counted against the throttle: its words do not."""
        raw, text = clean_json.written({"update_id": update_id, "message": message})
        kind = kind_of(raw, self._admins, bot_id=self._bot.id, name=self._bot.known_name)
        await self._pump.accept([Arrived(update_id, text, raw, kind.person, kind.step, kind.first)])

    async def _accept(self, updates: Sequence[tuple[dict[str, Any], str]]) -> None:
        self.received += len(updates)
        found = [self._sorted(raw, text) for raw, text in updates]
        patient = [
            Arrived(one.raw["update_id"], one.text, one.raw, one.kind.person, one.kind.step, one.kind.first)
            for one in found
            if not one.wait and HURRIED.isdisjoint(one.raw)
        ]
        if patient:
            try:
                await self._pump.accept(patient)
            except BaseException:  # it comes again, and must not count twice then
                self._give_back(found)
                raise
        # Queries wait for the commit of the rest: where it fails all of the request comes again, and they would be
        # answered twice.
        if len(patient) == len(found):
            return
        for one in found:
            if one.wait:
                self._leave_out(one)
            elif not HURRIED.isdisjoint(one.raw):
                self._passers.hurry(one.raw, one.kind)

    def _sorted(self, raw: dict[str, Any], text: str) -> _Sorted:
        kind = kind_of(raw, self._admins, bot_id=self._bot.id, name=self._bot.known_name)
        wait = self._throttle(raw).take(kind.person, kind.album) if kind.counts else 0.0
        return _Sorted(raw, text, kind, wait)

    def _throttle(self, raw: dict[str, Any]) -> Throttle:
        return self._safety.typing if "inline_query" in raw else self._safety.throttle

    def _give_back(self, found: Sequence[_Sorted]) -> None:
        counted = {(one.kind.person, one.kind.album or one.raw["update_id"]): one for one in found if one.kind.counts}
        for one in counted.values():
            self._throttle(one.raw).give_back(one.kind.person)

    def _leave_out(self, one: _Sorted) -> None:
        """Nothing of it is stored. The person is told once in a while; a tap's waiting is always ended."""
        self.left_out += 1
        tap = "callback_query" in one.raw
        if "inline_query" in one.raw or not self._passers.free(one.kind.person):
            return
        told = self._safety.throttle.tell(one.kind.person)
        if told or tap:
            self._passers.leave_out(one.raw, one.kind, one.wait if told else 0.0)


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
            # After the commit only: Telegram forgets what lies before the offset, and a crash in between would lose it.
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
