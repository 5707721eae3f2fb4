"""What waits for a message of a person: an order for a value or for words, the settings for flags, a template for what
it lacks.

Kept as a draft, so that it outlives a restart and every process knows it; the newest question is the one that waits.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.engine.dialogs import drafts
from bot.storage.clock import now

PURPOSE: Final = "typing"
HEEDED: Final = 600.0
"""Seconds for which a message that is no reply counts as the answer."""


def note(conn: Connection, user_id: int, draft_id: str) -> None:
    """From now on this draft waits, instead of anything else of the person."""
    _keep(conn, user_id, {"draft": draft_id})


def note_flags(conn: Connection, user_id: int, kind: Kind) -> None:
    """From now on the settings wait for the usual flags of this kind."""
    _keep(conn, user_id, {"flags": kind.value})


def note_template(conn: Connection, user_id: int, data: Mapping[str, Any]) -> None:
    """From now on a template waits; `data` says which, and what it has already."""
    _keep(conn, user_id, {"template": dict(data)})


def template_of(conn: Connection, user_id: int) -> dict[str, Any] | None:
    """What `note_template` was given."""
    waiting = drafts.get(conn, _id(user_id))
    if waiting is None or now(conn) - waiting.created_at > HEEDED:
        return None
    found = waiting.data.get("template")
    return found if isinstance(found, dict) else None


def _keep(conn: Connection, user_id: int, data: dict[str, Any]) -> None:
    clear(conn, user_id)
    drafts.create(conn, id=_id(user_id), user_id=user_id, purpose=PURPOSE, chat_id=user_id, thread_id=None, data=data)


def look(conn: Connection, user_id: int, *, reply_to: int | None) -> drafts.Draft | None:
    """The order's draft that waits. `reply_to`: the message that was answered, which then must be the draft's."""
    waiting = drafts.get(conn, _id(user_id))
    draft = drafts.get(conn, str(waiting.data.get("draft", ""))) if waiting is not None else None
    if waiting is None or draft is None or (draft.user_id != user_id and not draft.is_unclaimed):
        return None
    if reply_to is not None:
        return draft if reply_to == draft.message_id else None
    return draft if now(conn) - waiting.created_at <= HEEDED else None


def flags_of(conn: Connection, user_id: int) -> Kind | None:
    """The kind whose usual flags are awaited."""
    waiting = drafts.get(conn, _id(user_id))
    if waiting is None or now(conn) - waiting.created_at > HEEDED or waiting.data.get("flags") not in set(Kind):
        return None
    return Kind(waiting.data["flags"])


def clear(conn: Connection, user_id: int) -> None:
    drafts.delete(conn, _id(user_id))


def _id(user_id: int) -> str:
    return drafts.draft_id("typing", user_id)
