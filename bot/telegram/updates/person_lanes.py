"""What of each person is in hand, in the order in which it is handled: one after the other, taps and payments before
messages. What keeps a message does not keep a tap: after a second the next taps are handled beside it. A text that may
have been cut waits a moment for its rest."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.engine.dialogs.inbox_turns import Step, step_of
from bot.telegram.outbox.progress_edits import Spawn
from bot.telegram.updates.batches import Taken
from bot.telegram.updates.cut_texts import goes_on, may_go_on, whole

OVERTAKES_AFTER: Final = 1.0
"""Seconds for which a tap waits for the end of the person's message: long enough for what was typed just before it."""
REST_WITHIN: Final = 1.0
"""Seconds for which a text that may have been cut waits for its next piece."""


@dataclass(slots=True)
class _Lane:
    messages: deque[Taken] = field(default_factory=deque)
    pressing: deque[Taken] = field(default_factory=deque)
    """Taps and payments."""
    busy: bool = False
    """Whether a message is being handled."""
    free: asyncio.Event | None = None
    """Set once it is through, for taps that wait for that."""
    more: asyncio.Event | None = None
    """Set by the next message, for a text that waits for its rest."""
    overtaking: asyncio.Task[Any] | None = None


class Lanes:
    """`handle` is called for each; what it raises ends the person's lane. At most two of one person's at a time."""

    def __init__(self, spawn: Spawn, handle: Callable[[Taken], Awaitable[None]]) -> None:
        self._spawn = spawn
        self._handle = handle
        self._lanes: dict[int, _Lane] = {}
        self.tasks: set[asyncio.Task[Any]] = set()

    def add(self, person: int, taken: Taken) -> None:
        """Puts the update behind what the person has here."""
        lane = self._lanes.get(person)
        new = lane is None
        if lane is None:
            lane = self._lanes[person] = _Lane()
        if step_of(taken.item.urgency) is Step.MESSAGE:
            lane.messages.append(taken)
            if lane.more is not None:
                lane.more.set()
        else:
            lane.pressing.append(taken)
            # One at a time: two would handle taps of one person out of their order.
            if lane.busy and lane.overtaking is None:
                lane.free = asyncio.Event()
                lane.overtaking = self._start(self._overtake(lane, lane.free))
        if new:
            self._start(self._drain(person, lane))

    def clear(self) -> Iterable[Taken]:
        """Takes out what was not begun."""
        for lane in self._lanes.values():
            yield from (*lane.pressing, *lane.messages)
            lane.pressing.clear()
            lane.messages.clear()
            if lane.more is not None:
                lane.more.set()

    def _start(self, coro: Any) -> asyncio.Task[Any]:
        task = self._spawn(coro, name="updates")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def _drain(self, person: int, lane: _Lane) -> None:
        try:
            while True:
                # Taps that wait beside a message were typed before the next one: it begins when they are through.
                if lane.overtaking is not None:
                    await asyncio.wait({lane.overtaking})
                if lane.pressing:
                    await self._handle(lane.pressing.popleft())
                elif lane.messages:
                    lane.busy = True
                    try:
                        if (text := await self._gathered(lane)) is not None:
                            await self._handle(text)
                    finally:
                        lane.busy = False
                        if lane.free is not None:
                            lane.free.set()
                else:
                    return
        finally:
            if self._lanes.get(person) is lane:
                del self._lanes[person]

    async def _gathered(self, lane: _Lane) -> Taken | None:
        """The next message, with all of its text. None: the stop took it meanwhile.

        Pieces stay in the lane until their text is whole: a stop then hands back all of them, not the rest alone.
        """
        count = 1
        while may_go_on(lane.messages[count - 1].raw):
            if len(lane.messages) == count:
                await self._next(lane)
            if len(lane.messages) <= count or not goes_on(lane.messages[count - 1].raw, lane.messages[count].raw):
                break
            count += 1
        if len(lane.messages) < count:
            return None
        return whole([lane.messages.popleft() for _ in range(count)])

    async def _next(self, lane: _Lane) -> None:
        lane.more = asyncio.Event()
        try:
            async with asyncio.timeout(REST_WITHIN):
                await lane.more.wait()
        except TimeoutError:
            pass
        finally:
            lane.more = None

    async def _overtake(self, lane: _Lane, free: asyncio.Event) -> None:
        try:
            try:
                async with asyncio.timeout(OVERTAKES_AFTER):
                    await free.wait()
            except TimeoutError:
                while lane.pressing:
                    await self._handle(lane.pressing.popleft())
        finally:
            lane.overtaking = None
