"""Cards of inline and guest mode: drafts that answers offer, and those whose card stands in a chat unknown to us.

A person who types gets an answer for every few letters, each with its draft: only the newest of those that were not
posted are kept. What is posted stays its day.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.engine.dialogs import drafts
from bot.engine.dialogs.drafts import Draft
from bot.storage.clock import now
from bot.storage.job_rows import SHOWN, job_of
from bot.storage.statements import queue_up
from bot.storage.tables import drafts as rows
from bot.storage.tables import jobs

OFFERED: Final = "inline"
POSTED: Final = "posted"
KEPT: Final = 100
"""Drafts of answers kept per person: those of one or two minutes of typing."""


def offer(conn: Connection, *, id: str, user_id: int, data: dict[str, Any]) -> Draft:  # noqa: A002  # the field's name
    """The draft behind an answer, priced now; the person's oldest beyond KEPT go."""
    draft = _create(conn, id, user_id, OFFERED, data)
    mine = sa.and_(sa.text("purpose = 'inline'"), rows.c.user_id == user_id)
    old = sa.select(rows.c.id).where(mine).order_by(rows.c.created_at.desc(), rows.c.id).offset(KEPT).limit(KEPT)
    gone = list(conn.execute(old).scalars())
    if gone:
        conn.execute(sa.delete(rows).where(rows.c.id.in_(gone)))
    return draft


def post(conn: Connection, *, id: str, user_id: int, data: dict[str, Any], inline_id: str = "") -> Draft:  # noqa: A002
    """The draft of a card that is about to stand in a chat, or takes the place of a job in its message (`inline_id`);
    one of this id that exists is returned as it is."""
    draft = _create(conn, id, user_id, POSTED, data)
    if inline_id and not draft.inline_id:
        _bound(conn, draft, inline_id)
    return draft


def _create(conn: Connection, id: str, user_id: int, purpose: str, data: dict[str, Any]) -> Draft:  # noqa: A002
    draft, made = drafts.create(conn, id=id, user_id=user_id, purpose=purpose, chat_id=0, thread_id=None, data=data)
    if made:
        requote(conn, draft)
    return draft


def find(conn: Connection, id: str) -> Draft | None:  # noqa: A002
    """The card's draft; None when it is gone, its day has passed, or the id is another draft's."""
    draft = drafts.get(conn, id)
    return draft if draft is not None and draft.purpose in (OFFERED, POSTED) else None


def bind(conn: Connection, draft: Draft, inline_id: str) -> bool:
    """Whether that message is the draft's card, which it becomes when the draft has none and no other draft has the
    message: presses can be forged under any message. A bound draft is kept its day."""
    if not draft.inline_id:
        queue_up(conn, f"card:{inline_id}")  # two may claim the message at once,
        queue_up(conn, f"card:{draft.id}")  # or be told of the draft's at once
        now_there = drafts.get(conn, draft.id)
        draft.inline_id = now_there.inline_id if now_there is not None else ""
    if draft.inline_id:
        return draft.inline_id == inline_id
    if _taken(conn, inline_id):
        return False
    _bound(conn, draft, inline_id)
    return True


def _bound(conn: Connection, draft: Draft, inline_id: str) -> None:
    draft.inline_id, draft.purpose = inline_id, POSTED
    values = {"inline_id": inline_id, "purpose": POSTED}
    conn.execute(sa.update(rows).where(rows.c.id == draft.id).values(**values))


def followed(conn: Connection, job: Job) -> bool:
    """Whether another try has taken the job's place in its inline message."""
    return bool(job.target.inline_id) and _taken(conn, job.target.inline_id, but=job.id)


def _taken(conn: Connection, inline_id: str, *, but: str = "") -> bool:
    used = sa.text("inline_id <> ''")  # the words of the partial indexes in storage/tables
    there = (
        sa.select(table.c.id).where(used, table.c.inline_id == inline_id, table.c.id != but).limit(1)
        for table in (rows, jobs)
    )
    return any(conn.execute(one).first() is not None for one in there)


def requote(conn: Connection, draft: Draft) -> None:
    """Its price was told at this moment."""
    draft.quoted_at = now(conn)
    conn.execute(sa.update(rows).where(rows.c.id == draft.id).values(quoted_at=draft.quoted_at))


def recent(conn: Connection, account_id: int, *, most: int) -> list[Job]:
    """The account's latest results that stand somewhere, newest first."""
    mine = sa.and_(SHOWN, jobs.c.account_id == account_id)
    newest = sa.select(jobs).where(mine).order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(most)
    return [job_of(row) for row in conn.execute(newest).mappings()]
