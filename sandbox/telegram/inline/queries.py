"""Inline and guest queries: what people ask the bot for in any chat, its answers, and the messages made of them."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.telegram.chats.model import Json, Message
from sandbox.telegram.control.config import Config
from sandbox.telegram.wire.errors import bad

QUERY_MAX: Final = 256
"""Characters of an inline query: clients send no more (Bot API, InlineQuery)."""
KEPT: Final = 10_000
INVALID: Final = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class InlineQuery:
    """What a person typed behind the bot's name in a chat; the answer is None until the bot gives it."""

    id: str
    user_id: int
    chat_id: int
    text: str
    offset: str
    born: float
    answer: Json | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class GuestQuery:
    """A message that names the bot in a chat where it is no member: it may be answered once, soon."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    born: float
    answered: bool = False


class Inline:
    """Open queries and the messages made of answers; the oldest are forgotten beyond the bound."""

    def __init__(self, config: Config, clock: Callable[[], float]) -> None:
        self._config = config
        self._clock = clock
        self._queries: OrderedDict[str, InlineQuery] = OrderedDict()
        self._guests: OrderedDict[str, GuestQuery] = OrderedDict()
        self._cached: OrderedDict[tuple[int, str, str], tuple[float, InlineQuery]] = OrderedDict()
        self._places: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._next = 9_000_000_000_000_001

    def open(self, user_id: int, chat_id: int, text: str, offset: str) -> tuple[InlineQuery, bool]:
        """A query; False: the server answered it from what the bot let it cache, and the bot does not hear of it."""
        text = text[:QUERY_MAX]
        query = InlineQuery(self._number(), user_id, chat_id, text, offset, self._clock())
        _keep(self._queries, query.id, query)
        for owner in (user_id, 0):
            known = self._cached.get((owner, text, offset))
            if known is not None and known[0] > self._clock():
                query.answer = known[1].answer
                query.done.set()
                return query, False
        return query, True

    def answer(self, query_id: str, answer: Json, *, cache_time: int, personal: bool) -> InlineQuery:
        """Notes the answer; unknown and expired queries are refused alike."""
        query = self._queries.get(query_id)
        if query is None or self._clock() - query.born > self._config.inline_ttl:
            raise bad(INVALID)
        query.answer = answer
        query.done.set()
        if cache_time > 0:
            key = query.user_id if personal else 0, query.text, query.offset
            _keep(self._cached, key, (self._clock() + cache_time, query))
        return query

    def query(self, query_id: str) -> InlineQuery:
        """An answered query; 400 for any other."""
        query = self._queries.get(query_id)
        if query is None or query.answer is None:
            raise bad("there are no results")
        return query

    def summon(self, message: Message) -> GuestQuery:
        """A person named the bot in a chat where it is no member."""
        assert message.sender_id is not None
        guest = GuestQuery(self._number(), message.sender_id, message.chat_id, message.message_id, self._clock())
        _keep(self._guests, guest.id, guest)
        return guest

    def guest(self, query_id: str) -> GuestQuery:
        """The guest query, once and in time."""
        guest = self._guests.get(query_id)
        if guest is None or guest.answered or self._clock() - guest.born > self._config.guest_ttl:
            raise bad("GUEST_QUERY_ID_INVALID")
        return guest

    def name(self, message: Message) -> str:
        """Gives the message an inline_message_id."""
        message.inline_id = f"AAAA{self._number()}BQ"
        _keep(self._places, message.inline_id, (message.chat_id, message.message_id))
        return message.inline_id

    def place(self, inline_id: str) -> tuple[int, int]:
        """Chat and message of that name; 400 when there is none."""
        found = self._places.get(inline_id)
        if found is None:
            raise bad("MESSAGE_ID_INVALID")
        return found

    def _number(self) -> str:
        self._next += 1
        return str(self._next)


def _keep(kept: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    kept[key] = value
    while len(kept) > KEPT:
        kept.popitem(last=False)
