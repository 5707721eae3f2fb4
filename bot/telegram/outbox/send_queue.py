"""Who calls next: in each chat those that matter more first, new messages one after another, all within the limits.
Answers to newcomers let everything else pass."""

import asyncio
from bisect import insort
from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import TelegramMethod

from bot.telegram.api import retry
from bot.telegram.api.session import NotSent
from bot.telegram.outbox.flood_limits import Clock, FloodLimits, is_counted
from bot.telegram.outbox.in_flight import Chat, Flight

WAITING_PER_CHAT: Final = 60
WAITING_OVERALL: Final = 5_000
LOOK: Final = 30.0
"""Seconds after which one that waits for others looks again by itself."""
NOTICE_WAITS: Final = 30.0
"""Seconds by which a notice lets answers and results pass that come after it."""
ALBUM: Final = "sendMediaGroup"
NEW: Final = ("send", "copy", "forward")

Key = tuple[Hashable, Hashable]

newcomer: ContextVar[bool] = ContextVar("newcomer", default=False)
"""Whether the call answers a person who was never served before (engine/dialogs/regulars.py)."""


@dataclass(slots=True, eq=False)
class Turn:
    """One call: where it belongs, what it must not overtake, and since when it waits."""

    method: TelegramMethod[Any]
    chat: Chat | None
    key: Key | None
    """Calls with the same key are carried one after another; None: in no order."""
    cost: int
    upload: bool
    newcomer: bool
    rank: tuple[bool, float, int]
    wake: asyncio.Event | None = None
    flight: Flight | None = None

    def __lt__(self, other: "Turn") -> bool:
        return self.rank < other.rank


class SendQueue:
    """Take a turn `at_once` or `wait` for it, `land` it when the call was answered, take it again to call once more,
    `leave` at the end. From the first take to the end no other call with the same key goes out.
    """

    def __init__(self, limits: FloodLimits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._queues: dict[Chat | None, list[Turn]] = {}
        self._front: list[Turn] = []
        """Those whose chats let them go: they wait for the bot's own limit."""
        self._carried: dict[Key, Turn] = {}
        self._count = 0
        self._waiting = 0

    def turn(self, method: TelegramMethod[Any], *, upload: bool = False, notice: bool = False) -> Turn | None:
        """For a call; None when Telegram does not count it: it needs none. An `upload` keeps no order and holds up
        no other call; a `notice` lets pass what matters more."""
        name = method.__api_method__
        if not is_counted(name):
            return None
        chat = chat_of(method)
        cost = max(1, len(getattr(method, "media", ()))) if name == ALBUM else 1
        self._count += 1
        since = self._clock.time() + (NOTICE_WAITS if notice else 0.0)
        late = newcomer.get()
        key = None if upload else _key(method, chat)
        # Newcomers last, then by time; the count keeps calls of the same moment in their order.
        return Turn(method, chat, key, cost, upload, late, (late, since, self._count))

    def busy(self, chat: Chat | None) -> bool:
        """Whether something that matters more than progress waits, in this chat or overall."""
        return chat in self._queues or (bool(self._front) and not self._front[0].newcomer)

    def at_once(self, turn: Turn) -> bool:
        """Books the call when no other waits and there is room, as is usual; False: `wait`."""
        # What waits goes first, and a call with the same key must not be overtaken: of two edits the older
        # would stand last.
        if (self._front and self._front[0] < turn) or turn.chat in self._queues or not self._free(turn):
            return False
        now = self._clock.time()
        if self._limits.wait(turn.chat, now, cost=turn.cost, newcomer=turn.newcomer) > 0:
            return False
        self._go(turn, now)
        return True

    async def wait(self, turn: Turn) -> None:
        """Until the call may go out, and books it. Raises NotSent when too much is waiting, TelegramRetryAfter when the
        chat is to be left alone for longer than a minute."""
        queue = self._queues.get(turn.chat, [])
        bound = WAITING_OVERALL if turn.chat is None else WAITING_PER_CHAT
        if len(queue) >= bound or self._waiting >= WAITING_OVERALL:
            raise NotSent(method=turn.method, message="too much is waiting to be sent")
        self._queues[turn.chat] = queue
        insort(queue, turn)
        self._waiting += 1
        turn.wake = asyncio.Event()
        try:
            # No await lies between the last look and the booking: two turns cannot book the same free call.
            while (pause := self._pause(turn)) > 0:
                await self._clock.wait(turn.wake, pause)
                turn.wake.clear()
            self._go(turn, self._clock.time())
        finally:
            # However the wait ends, cancelled too, the next is woken: it would sleep on until its own look otherwise.
            self._waiting -= 1
            turn.wake = None
            queue.remove(turn)
            if not queue:
                del self._queues[turn.chat]
            self._step_back(turn)
            self._wake_next(turn.chat)

    def land(self, turn: Turn) -> None:
        """The call was answered, or given up."""
        if turn.flight is not None:
            self._limits.land(turn.flight, self._clock.time())
            turn.flight = None

    def move(self, turn: Turn, method: TelegramMethod[Any]) -> None:
        """The call goes to another chat from now on."""
        # The old key goes first: edits in the old chat do not wait for this call any more.
        self.leave(turn)
        turn.chat = chat_of(method)
        turn.key = _key(method, turn.chat) if turn.key is not None else None
        turn.method = method

    def leave(self, turn: Turn) -> None:
        """It is not called again: the next of its kind may go."""
        if turn.key is not None and self._carried.get(turn.key) is turn:
            # Only the turn that holds the key gives it back: one that moved to another chat holds another by then.
            del self._carried[turn.key]
            if turn.chat in self._queues:
                self._wake_next(turn.chat)

    def _go(self, turn: Turn, now: float) -> None:
        turn.flight = self._limits.book(turn.chat, now, cost=turn.cost, upload=turn.upload)
        if turn.key is not None:
            self._carried[turn.key] = turn

    def _free(self, turn: Turn) -> bool:
        return turn.key is None or self._carried.get(turn.key, turn) is turn

    def _pause(self, turn: Turn) -> float:
        """Seconds until it should look again unless it is woken; 0 when it may go."""
        if self._next(turn.chat) is not turn:
            self._step_back(turn)
            return LOOK
        now = self._clock.time()
        # The chat is asked before the bot: a turn whose chat must wait does not stand in front of the others.
        if turn.chat is not None:
            refused = self._limits.blocked(turn.chat, now)
            if refused > retry.LONGEST_WAIT:
                told = round(refused) or 1
                raise TelegramRetryAfter(method=turn.method, message="still refused", retry_after=told)
            if (wait := self._limits.chat_wait(turn.chat, now, cost=turn.cost)) > 0:
                self._step_back(turn)
                return wait
        if turn not in self._front:
            insort(self._front, turn)
        if self._front[0] is not turn:
            return LOOK
        return self._limits.overall_wait(now, cost=turn.cost, newcomer=turn.newcomer)

    def _next(self, chat: Chat | None) -> Turn | None:
        return next((turn for turn in self._queues.get(chat, ()) if self._free(turn)), None)

    def _wake_next(self, chat: Chat | None) -> None:
        turn = self._next(chat)
        if turn is not None and turn.wake is not None:
            turn.wake.set()

    def _step_back(self, turn: Turn) -> None:
        if turn not in self._front:
            return
        self._front.remove(turn)
        # The next in front waited for this turn alone: without a wake it would sleep until its own look.
        if self._front and (wake := self._front[0].wake) is not None:
            wake.set()


def chat_of(method: TelegramMethod[Any]) -> Chat | None:
    chat = getattr(method, "chat_id", None)
    return chat if isinstance(chat, int | str) else None


def _key(method: TelegramMethod[Any], chat: Chat | None) -> Key | None:
    """New messages of a chat keep their order, and the edits of one message; drafts replace each other anyway."""
    name = method.__api_method__
    if name.startswith(NEW):
        return None if name.endswith("Draft") else (chat, "new")
    if (inline := getattr(method, "inline_message_id", None)) is not None:
        return ("inline", inline)
    if (ephemeral := getattr(method, "ephemeral_message_id", None)) is not None:
        return (chat, (method.receiver_user_id, ephemeral))  # type: ignore[attr-defined]
    return (chat, getattr(method, "message_id", None))
