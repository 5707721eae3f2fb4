"""Callback queries waiting for their one answer, and the people waiting to see it."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.telegram.chats.model import Json
from sandbox.telegram.wire.errors import bad

QUERIES_KEPT = 10_000
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Query:
    """One press of a button by a user; `answer` stays None until the bot answers."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    born: float
    answer: Json | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Callbacks:
    """Open and answered queries, the oldest forgotten beyond the bound."""

    def __init__(self, ttl: Callable[[], float], clock: Callable[[], float]) -> None:
        self._ttl = ttl
        self._clock = clock
        self._queries: OrderedDict[str, Query] = OrderedDict()
        self._next = 7_000_000_000_000_001

    def open(self, user_id: int, chat_id: int, message_id: int) -> Query:
        """A fresh query."""
        query = Query(str(self._next), user_id, chat_id, message_id, self._clock())
        self._next += 1
        self._queries[query.id] = query
        while len(self._queries) > QUERIES_KEPT:
            self._queries.popitem(last=False)
        return query

    def find(self, query_id: str) -> Query | None:
        """The query of that id, as long as it is remembered."""
        return self._queries.get(query_id)

    def is_old(self, query: Query) -> bool:
        """Whether its time has passed."""
        return self._clock() - query.born > self._ttl()

    def answer(self, query_id: str, answer: Json) -> Query:
        """Answers a query once; unknown, expired and answered ones are refused alike."""
        query = self._queries.get(query_id)
        if query is None or query.answer is not None or self.is_old(query):
            raise bad(QUERY_TOO_OLD)
        query.answer = answer
        query.done.set()
        return query

    def unanswered(self) -> list[Json]:
        """Queries the bot never answered, oldest first."""
        return [
            {"id": query.id, "user_id": query.user_id, "chat_id": query.chat_id, "message_id": query.message_id}
            for query in self._queries.values()
            if query.answer is None
        ]
