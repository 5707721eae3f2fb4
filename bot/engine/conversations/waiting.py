"""What a person writes while an answer is under way: it waits, with what follows it, and is one question when that
answer has ended. One at most waits for each person in each chat."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import Target
from bot.storage.clock import now
from bot.storage.tables import waiting

BETWEEN = "\n\n"
"""Stands between two messages of one question."""


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """A question that was not asked yet: nothing is held for it. `id` becomes the job's."""

    id: str
    at: Target
    """The chat, and the first message of it."""
    text: str
    model: str
    options: Mapping[str, str]
    locale: str
    requester: str
    messages: tuple[int, ...] = ()


def look(conn: Connection, chat_id: int, user_id: int) -> WaitingQuestion | None:
    """What waits in that chat."""
    row = conn.execute(sa.select(waiting).where(_mine(chat_id, user_id))).mappings().one_or_none()
    if row is None:
        return None
    return WaitingQuestion(
        id=row["id"],
        at=Target(chat_id, row["thread_id"], row["question_id"]),
        text=row["text"],
        model=row["model"],
        options=dict(row["options"]),
        locale=row["locale"],
        requester=row["requester"],
        messages=tuple(row["messages"]),
    )


def joined(before: WaitingQuestion | None, text: str) -> str:
    """The words of both."""
    return f"{before.text}{BETWEEN}{text}" if before is not None else text


def add(conn: Connection, user_id: int, more: WaitingQuestion) -> None:
    """Stores it, or joins its words to what waits already: then model and options stay as they were. A message that was
    taken before is not taken again."""
    chat_id, number = more.at.chat_id, more.at.message_id
    before = look(conn, chat_id, user_id)
    if before is None:
        row = {
            "id": more.id,
            "thread_id": more.at.thread_id,
            "question_id": number,
            "messages": [number] if number else [],
            "text": more.text,
            "model": more.model,
            "options": dict(more.options),
            "locale": more.locale,
            "requester": more.requester,
        }
        conn.execute(sa.insert(waiting).values(chat_id=chat_id, user_id=user_id, created_at=now(conn), **row))
    elif more.id != before.id and number not in before.messages:
        numbers = [*before.messages, number] if number else list(before.messages)
        change = sa.update(waiting).where(_mine(chat_id, user_id))
        conn.execute(change.values(text=joined(before, more.text), messages=numbers))


def drop(conn: Connection, chat_id: int, user_id: int) -> bool:
    """False: nothing waited."""
    return bool(conn.execute(sa.delete(waiting).where(_mine(chat_id, user_id))).rowcount)


def move(conn: Connection, old: int, new: int) -> None:
    """A group has another id now; what its members wrote under both is one question."""
    for user_id in conn.execute(sa.select(waiting.c.user_id).where(waiting.c.chat_id == old)).scalars().all():
        mine, there = look(conn, old, user_id), look(conn, new, user_id)
        assert mine is not None
        drop(conn, old, user_id)
        drop(conn, new, user_id)
        whole = mine.text if there is None else joined(mine, there.text)
        moved = WaitingQuestion(
            mine.id, Target(new, None, 0), whole, mine.model, mine.options, mine.locale, mine.requester
        )
        add(conn, user_id, moved)


def _mine(chat_id: int, user_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(waiting.c.chat_id == chat_id, waiting.c.user_id == user_id)
