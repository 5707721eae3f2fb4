"""Virtual time for the outbox: a loop whose clock jumps, a wire that records what would go out and fails on demand."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from selectors import DefaultSelector
from typing import Any

from aiogram.methods import EditMessageText, SendMessage, TelegramMethod

from bot.domain.jobs import Target
from bot.engine.supervisor import Supervisor
from bot.telegram.outbox.flood_limits import Rates
from bot.telegram.outbox.outbox import Outbox

Call = tuple[float, str, int | None, str]


class Wire:
    """Records what would go out, when; raises what is scripted, in order, and takes `latency` seconds."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.script: list[Exception | None] = []
        self.latency = 0.0
        self.latencies: list[float] = []
        """Of the next calls; then `latency`."""
        self.began: list[Call] = []
        self.last: TelegramMethod[Any] | None = None

    async def __call__(self, method: TelegramMethod[Any], request_timeout: int | None = None) -> Any:
        loop = asyncio.get_running_loop()
        call = (
            loop.time() - 1000.0,
            method.__api_method__,
            getattr(method, "chat_id", None),
            str(getattr(method, "text", "")),
        )
        self.began.append(call)
        self.last = method
        if latency := self.latencies.pop(0) if self.latencies else self.latency:
            await asyncio.sleep(latency)
        self.calls.append(call)
        if self.script and (error := self.script.pop(0)) is not None:
            raise error
        return "result"

    def texts(self) -> list[str]:
        return [text for _, _, _, text in self.calls]

    def times(self) -> list[float]:
        return [round(at, 2) for at, _, _, _ in self.calls]


Play = Callable[[Outbox, Wire], Awaitable[None]]


def play(scene: Play, **rates: Any) -> Wire:
    """Runs a scene in virtual time and returns what went out."""

    async def run() -> Wire:
        wire = Wire()
        supervisor = Supervisor()
        outbox = Outbox(wire, spawn=supervisor.spawn, rates=Rates(**rates), clock=VirtualClock(), jitter=lambda: 0.0)
        await scene(outbox, wire)
        await supervisor.stop()
        return wire

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(run())


def say(text: str, chat: int = 5) -> SendMessage:
    return SendMessage(chat_id=chat, text=text)


def edit(text: str, chat: int = 5, message: int = 1) -> EditMessageText:
    return EditMessageText(chat_id=chat, message_id=message, text=text)


WHERE = Target(5, None, 1)
SOMETHING = say("x")


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer when nothing is left to do: minutes pass in milliseconds."""

    def __init__(self) -> None:
        super().__init__(DefaultSelector())
        self._now = 1000.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        self_any: Any = self
        while self_any._scheduled and self_any._scheduled[0]._cancelled:
            timer = heapq.heappop(self_any._scheduled)
            timer._scheduled = False
            self_any._timer_cancelled_count -= 1
        if not self_any._ready and self_any._scheduled:
            self._now = max(self._now, self_any._scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]


class VirtualClock:
    """The clock of the running virtual loop."""

    def time(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
