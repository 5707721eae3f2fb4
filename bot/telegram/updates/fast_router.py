"""Handlers found with few steps: aiogram spends more on the way to a handler than most handlers take.

Routers are joined into one that asks its handlers in one loop, and leaves out those whose first filter names other
commands or other buttons. The dispatcher goes straight to the routers, through the same middlewares.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiogram import Bot, Dispatcher, Router
from aiogram.dispatcher.event.bases import UNHANDLED, CancelHandler, SkipHandler
from aiogram.dispatcher.event.handler import CallableObject, HandlerObject
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.dispatcher.middlewares.error import ErrorsMiddleware
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import CallbackQuery, Message, TelegramObject, Update

SEPARATOR: Final = ":"
"""Between the prefix and the fields of callback data, unless a class of it says otherwise."""
USUAL: Final = ("message", "callback_query")
"""Asked for first: nearly every update is one of them."""


class Straight(Dispatcher):
    """aiogram's dispatcher on a shorter way: its middlewares are put around the routers once and not at every update,
    and the one for error handlers only where there are any. Everything is registered before the first update."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._entrance: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]] | None = None

    async def feed_update(self, bot: Bot, update: Update, **kwargs: Any) -> Any:
        """What the handler returned, UNHANDLED when none took it. The update must be mounted to the bot."""
        if self._entrance is None:
            self._entrance = self._built()
        return await self._entrance(update, {"dispatcher": self, **self.workflow_data, **kwargs, "bot": bot})

    def _built(self) -> Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]:
        mends = any(router.errors.handlers for router in self.chain_tail)
        around = [m for m in self.update.outer_middleware if mends or not isinstance(m, ErrorsMiddleware)]
        return self.update.outer_middleware.wrap_middlewares(around, self._listen_update)

    async def _listen_update(self, update: Update, **kwargs: Any) -> Any:
        for update_type in USUAL:
            if (event := getattr(update, update_type)) is not None:
                return await self.propagate_event(update_type, event, **kwargs, event_update=update)
        return await super()._listen_update(update, **kwargs)

    async def propagate_event(self, update_type: str, event: TelegramObject, **kwargs: Any) -> Any:
        if not _bare(self.observers.get(update_type)):
            return await super().propagate_event(update_type, event, **kwargs)
        for router in self.sub_routers:
            response = await router.propagate_event(update_type, event, **kwargs)
            if response is not UNHANDLED:
                return response
        return UNHANDLED


class Joined(Router):
    """A router without middlewares and without routers in it. Its own filters are asked first, as everywhere."""

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)
        self._indexes: dict[str, _HandlerIndex] = {}

    async def propagate_event(self, update_type: str, event: TelegramObject, **kwargs: Any) -> Any:
        """What aiogram's own does for such a router: the first handler whose filters pass takes the event. A filter or
        handler that answered it by itself raises CancelHandler, which ends the search."""
        observer = self.observers.get(update_type)
        if observer is None or not observer.handlers:
            return UNHANDLED
        kwargs["event_router"] = self
        if observer._handler.filters:
            passed, kwargs = await observer.check_root_filters(event, **kwargs)
            if not passed:
                return UNHANDLED
        for handler in self._index(update_type, observer).fitting(event):
            kwargs["handler"] = handler
            try:
                found = await _asked(handler, event, kwargs)
                if found is not None:
                    return await _called(handler, event, found)
            except SkipHandler:
                continue
            except CancelHandler:
                return None
        return UNHANDLED

    def _index(self, update_type: str, observer: TelegramEventObserver) -> "_HandlerIndex":
        index = self._indexes.get(update_type)
        if index is None or index.count != len(observer.handlers):
            index = self._indexes[update_type] = _HandlerIndex.of(observer.handlers)
        return index


@dataclass(frozen=True, slots=True)
class _HandlerIndex:
    """Handlers by the word that an event begins with: a command, or the prefix of a button's data."""

    count: int
    fits: dict[str, tuple[HandlerObject, ...]]
    """For each known word, who takes it and who takes any, in the order in which they were registered."""
    other: tuple[HandlerObject, ...]
    """Who takes any word."""

    @classmethod
    def of(cls, handlers: list[HandlerObject]) -> "_HandlerIndex":
        wants = [(handler, _words_of(handler)) for handler in handlers]
        known = {word for _, words in wants if words is not None for word in words}
        fits = {word: tuple(h for h, words in wants if words is None or word in words) for word in known}
        return cls(len(handlers), fits, tuple(h for h, words in wants if words is None))

    def fitting(self, event: TelegramObject) -> tuple[HandlerObject, ...]:
        """The handlers that may take the event. Their filters decide: those left out here would have said no."""
        return self.fits.get(_word(event), self.other)


def _words_of(handler: HandlerObject) -> frozenset[str] | None:
    """The words that the handler's first filter lets through; None: it does not go by them."""
    first = handler.filters[0].callback if handler.filters else None
    if type(first) is Command and all(isinstance(c, str) for c in first.commands):
        return frozenset(str(c).casefold() for c in first.commands)
    if isinstance(first, CallbackQueryFilter) and first.callback_data.__separator__ == SEPARATOR:
        return frozenset({first.callback_data.__prefix__})
    return None


def _word(event: TelegramObject) -> str:
    """Cut out as the two filters do it, which look at more than this."""
    if isinstance(event, Message):
        head = (event.text or event.caption or "").split(maxsplit=1)
        return head[0][1:].partition("@")[0].casefold() if head else ""
    if isinstance(event, CallbackQuery):
        return (event.data or "").partition(SEPARATOR)[0]
    return ""


async def _asked(handler: HandlerObject, event: TelegramObject, data: dict[str, Any]) -> dict[str, Any] | None:
    """What the handler is to be called with; None when a filter says no. Most do: `data` is not copied for them."""
    for each in handler.filters or ():
        said = await _called(each, event, data)
        if not said:
            return None
        if isinstance(said, dict):
            data = data | said
    return data


async def _called(it: CallableObject, event: TelegramObject, data: dict[str, Any]) -> Any:
    """The same as its `call`, without two wrappers where it is awaitable."""
    if not it.awaitable:
        return await it.call(event, **data)
    if it.varkw:
        return await it.callback(event, **data)
    return await it.callback(event, **{k: data[k] for k in it.params if k in data})


def _bare(observer: TelegramEventObserver | None) -> bool:
    """Whether there is nothing to go through here."""
    return observer is None or not (observer.handlers or observer.outer_middleware or observer._handler.filters)


def join_routers(name: str, *routers: Router) -> Router:
    """One router with the handlers of all of these and of those within them, asked in the same order.

    Raises ValueError for routers with filters or middlewares of their own: they would be lost. A handler here never
    returns UNHANDLED, which would end the search within one router and not within several.
    """
    one = Joined(name=name)
    for router in routers:
        for each in router.chain_tail:
            _take(one, each)
    return one


def _take(one: Router, router: Router) -> None:
    for event, observer in router.observers.items():
        if observer.middleware or observer.outer_middleware or observer._handler.filters:
            raise ValueError(f"router {router.name!r} has filters or middlewares of its own for {event}")
        one.observers[event].handlers.extend(observer.handlers)
