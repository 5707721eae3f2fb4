"""The child's side of a crash: what passes through database, provider and Telegram is named, and at one name it dies.

The names: `tx:<function>:before|inside|after` (inside: everything is written, nothing is committed;
`[some]` behind the function: it found something to do),
`call:<method[what it says]>:before|after`, `event:<event or error of the provider>:before|after` (the engine hears it).
"""

import os
import signal
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.methods import GetUpdates, Response, TelegramMethod
from sqlalchemy import Connection

from bot.app import Wrap
from bot.providers.base import Event, HealthCheck, Lost, Provider, ProviderOrder, Recovers, Resume
from bot.storage.database import Database
from bot.telegram.outbox.bot import EaselBot

T = TypeVar("T")

EXIT_CODE = 9
FROZEN = 600.0
"""Seconds that a frozen child waits for its SIGKILL."""
OUR_FAULT = "[ours]"
"""In a prompt: the provider raises what no provider may."""
SAID = {
    "You were not charged": "not charged",
    "Ready!": "ready",
    "⏳ Topping up": "announced",
    "⏳ Taking": "announced",
    "⏳ Refunding": "announced",
    "Their balance now": "moved",
    "You were given": "given",
    "Confirm": "card",
    "Yes, cancel it": "question",
    "Tap a number": "album",
    "off sale until": "alert",
    "back on sale": "alert",
    "An error of mine": "alert",
    "to start with": "welcome",
}
"""Words of a message or its buttons, and what the call is called then; the first match counts."""


@dataclass
class Trap:
    """Dies at the `hit`-th time that `at` is reached: at once (`freeze` False), or freezes and says so to be killed, or
    (`thaw`) stops until SIGCONT and goes on as if nothing had been."""

    tell: Callable[[dict[str, Any]], None]
    at: str = ""
    hit: int = 1
    freeze: bool = False
    record: bool = False
    thaw: bool = False
    _reached: Counter[str] = field(default_factory=Counter)

    def reach(self, name: str) -> None:
        self._reached[name] += 1
        if self.record and self._reached[name] == 1:
            self.tell({"seen": name})
        if name == self.at and self._reached[name] == self.hit:
            if not self.freeze:
                os._exit(EXIT_CODE)
            self.tell({"frozen": name})
            if self.thaw:
                os.kill(os.getpid(), signal.SIGSTOP)
            else:
                time.sleep(FROZEN)

    def wrap(self) -> Wrap:
        """What the wiring takes."""
        return Wrap(
            database=lambda inner: WatchedDatabase(inner, self),
            provider=lambda inner: WatchedProvider(inner, self),
            bot=lambda bot: watched_bot(bot, self),
        )


def name_of(fn: Callable[..., Any]) -> str:
    """A transaction's function by its own name; a lambda by the class (or module) and function around it."""
    while isinstance(fn, partial):
        fn = fn.func
    *around, name = fn.__qualname__.replace(".<locals>", "").split(".")
    return name if name != "<lambda>" else ".".join([fn.__module__.rpartition(".")[2], *around][-2:])


def some(value: object) -> str:
    """Sets claims that found something apart from the many that find nothing."""
    found = value[0] if isinstance(value, tuple) and value else value
    return "[some]" if isinstance(found, list | frozenset) and found else ""


class WatchedDatabase:
    """See Database."""

    def __init__(self, inner: Database, trap: Trap) -> None:
        self._inner = inner
        self._trap = trap
        self.read = inner.read
        self.notify = inner.notify
        self.listen = inner.listen
        self.shift_clock = inner.shift_clock
        self.close = inner.close

    @property
    def dialect(self) -> str:
        return self._inner.dialect

    @property
    def lost(self) -> bool:
        return self._inner.lost

    async def transaction(self, fn: Callable[[Connection], T]) -> T:
        name = f"tx:{name_of(fn)}"

        def within(conn: Connection) -> T:
            value = fn(conn)
            self._trap.reach(f"{name}{some(value)}:inside")
            return value

        self._trap.reach(f"{name}:before")
        value = await self._inner.transaction(within)
        self._trap.reach(f"{name}{some(value)}:after")
        return value


PASSED_THROUGH = ("cancel", "delete", "headers_for")
"""Capabilities that the watched provider has when the real one has them."""


class WatchedProvider:
    """See Provider and HealthCheck; Recovers where the real one does."""

    def __init__(self, inner: Provider, trap: Trap) -> None:
        self._inner = inner
        self._trap = trap
        self.name = inner.name
        self.resumable = inner.resumable
        for name in PASSED_THROUGH:
            if hasattr(inner, name):
                setattr(self, name, getattr(inner, name))
        if isinstance(inner, Recovers):
            setattr(self, "recover", self._recover)  # noqa: B010 - others must not have it

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        self._trap.reach("event:submit:before")
        if OUR_FAULT in order.prompt:
            raise RuntimeError("what no provider may raise")
        async with aclosing(self._inner.run(order, job_id=job_id, resume=resume)) as events:
            try:
                async for event in events:
                    name = f"event:{type(event).__name__}"
                    self._trap.reach(f"{name}:before")
                    yield event
                    self._trap.reach(f"{name}:after")
            except Exception as error:
                self._trap.reach(f"event:{type(error).__name__}:before")
                raise

    async def _recover(self, order: ProviderOrder, *, job_id: str, lost: Lost) -> AsyncGenerator[Event, None]:
        assert isinstance(self._inner, Recovers)
        self._trap.reach("event:look_up:before")
        async with aclosing(self._inner.recover(order, job_id=job_id, lost=lost)) as events:
            async for event in events:
                self._trap.reach("event:found:before")
                yield event

    async def ping(self) -> None:
        assert isinstance(self._inner, HealthCheck)
        self._trap.reach("event:ping:before")
        try:
            await self._inner.ping()
        finally:
            self._trap.reach("event:ping:after")


def watched_bot(bot: EaselBot, trap: Trap) -> EaselBot:
    """The same bot: its session now passes the failpoints."""
    raw_updates = bot.http.raw_updates

    async def call(
        make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Response[Any]:
        name = call_name(method)
        trap.reach(f"call:{name}:before")
        try:
            return await make_request(bot, method)
        finally:  # a refusal is an answer too: "not modified" of an edit that arrived before
            trap.reach(f"call:{name}:after")

    async def poll(bot: Bot, method: GetUpdates, timeout: int) -> list[Any]:
        trap.reach("call:getUpdates:before")
        found = await raw_updates(bot, method, timeout)
        trap.reach("call:getUpdates:after")
        return found

    bot.session.middleware.register(call)
    setattr(bot.http, "raw_updates", poll)  # noqa: B010 - polling passes by the session's middlewares
    return bot


def call_name(method: TelegramMethod[Any]) -> str:
    """The method, and for words what they are about: the last word of a job must not be taken for its progress."""
    name = method.__api_method__
    if name not in {"sendMessage", "editMessageText"}:
        return name
    markup = getattr(method, "reply_markup", None)
    said = getattr(method, "text", "") + (markup.model_dump_json() if markup is not None else "")
    default = "progress" if name == "editMessageText" else "other"
    return f"{name}[{next((what for words, what in SAID.items() if words in said), default)}]"
