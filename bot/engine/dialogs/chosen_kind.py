"""What a person tapped in the menu to make: the text that they send next is not asked about again.

Kept as a draft, so that it outlives a restart and every process knows it.
"""

from typing import Final

from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.engine.dialogs import drafts
from bot.storage.clock import now

PURPOSE: Final = "wish"
HEEDED: Final = 600.0
"""Seconds for which a tap counts: later the text is about something else."""


def note(conn: Connection, user_id: int, kind: Kind | None) -> None:
    """The newest tap; None: the person turned to something else."""
    draft_id = _id(user_id)
    drafts.delete(conn, draft_id)
    if kind is not None:
        data = {"kind": kind.value}
        drafts.create(conn, id=draft_id, user_id=user_id, purpose=PURPOSE, chat_id=user_id, thread_id=None, data=data)


def look(conn: Connection, user_id: int) -> Kind | None:
    """What was tapped within the last ten minutes; only reads."""
    draft = drafts.get(conn, _id(user_id))
    if draft is None or now(conn) - draft.created_at > HEEDED or draft.data.get("kind") not in set(Kind):
        return None
    return Kind(draft.data["kind"])


def _id(user_id: int) -> str:
    return drafts.draft_id("wish", user_id)
