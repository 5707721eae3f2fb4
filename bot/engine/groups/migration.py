"""A basic group that became a supergroup: everything of it goes on under the new id. Messages have other ids there, so
whatever stood in one has none until it is sent anew."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import CANCELLABLE, Job, Target
from bot.engine.accounts import groups, users
from bot.engine.accounts.users import User
from bot.engine.conversations import waiting
from bot.engine.dialogs import drafts as order_drafts
from bot.engine.dialogs.drafts import Draft
from bot.engine.jobs import store
from bot.engine.jobs.run import message_moves
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.statements import insert_new, queue_up
from bot.storage.tables import asks, conversations, drafts, fleeting, jobs, messages
from bot.storage.tables import groups as group_rows


@dataclass(frozen=True, slots=True)
class Moved:
    """What had a message in the old chat and needs one in the new: jobs under way and open drafts, by id."""

    jobs: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()


class GroupMigrations:
    """Telegram tells of a migration several times: each may be told again."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def move(self, old: int, new: int) -> Moved:
        """Everything of the group goes on under its new id; all processes are told. Idempotent: again, it is what came
        under the old id meanwhile."""

        def move(conn: Connection) -> Moved:
            moved = migrate(conn, old, new)
            self._db.notify(conn, groups.CHANGED)
            return moved

        return await self._db.transaction(move)

    async def waiting(self, job_id: str, chat_id: int) -> Job | None:
        """The moved job, while it still needs its message there."""
        job = await self._db.read(lambda conn: store.get(conn, job_id))
        return job if waits(job, chat_id) else None

    async def placed(self, job_id: str, target: Target) -> bool:
        """Notes the message that a moved job got. False: it has one by now, or needs none any more."""

        def note_placed(conn: Connection) -> bool:
            placed = place(conn, job_id, target)
            if placed:
                self._db.notify(conn, message_moves.MOVED)
            return placed

        return await self._db.transaction(note_placed)

    async def menu(self, draft_id: str, purpose: str, chat_id: int) -> tuple[Draft, User | None] | None:
        """The moved draft of that purpose and its user, while it still needs its message there."""

        def look(conn: Connection) -> tuple[Draft | None, User | None]:
            draft = order_drafts.get(conn, draft_id)
            return draft, users.find(conn, draft.user_id) if draft is not None else None

        draft, user = await self._db.read(look)
        if draft is None or draft.purpose != purpose or draft.sent or draft.chat_id != chat_id:
            return None
        return draft, user


def migrate(conn: Connection, old: int, new: int) -> Moved:
    """Settings, jobs, drafts, conversations and what they need, from one id to the other. Again: what came under the
    old id meanwhile. The caller notifies groups.CHANGED."""
    queue_up(conn, f"migration:{old}")
    _settings(conn, old, new)
    moved = Moved(_jobs(conn, old, new), _drafts(conn, old, new))
    _conversations(conn, old, new)
    conn.execute(sa.delete(fleeting).where(fleeting.c.chat_id == old))  # nothing can be deleted there any more
    return moved


def place(conn: Connection, job_id: str, target: Target) -> bool:
    """Notes the message that a moved job got in its new chat. False: it has one by now, or needs none any more. The
    caller notifies message_moves.MOVED."""
    waiting = sa.and_(
        jobs.c.id == job_id,
        jobs.c.chat_id == target.chat_id,
        jobs.c.message_id == 0,
        jobs.c.state.in_([state.value for state in CANCELLABLE]),
    )
    return bool(conn.execute(sa.update(jobs).where(waiting).values(message_id=target.message_id)).rowcount)


def waits(job: Job | None, chat_id: int) -> bool:
    """Whether the moved job still needs its message there."""
    return job is not None and job.state in CANCELLABLE and job.target == Target(chat_id, None, 0)


def _settings(conn: Connection, old: int, new: int) -> None:
    """The old group's, unless an admin changed a setting in the new one already; once."""
    row = conn.execute(sa.select(group_rows).where(group_rows.c.chat_id == old)).mappings().one_or_none()
    if row is not None and row["moved_to"] is not None:
        return
    if row is not None:
        after = groups.of(conn, new)
        before = groups.read(new, row["settings"] or {}, after.presence.value)
        if not groups.settings_of(after):
            groups.change(conn, new, lambda _: before)
    insert_new(conn, group_rows, chat_id=old, updated_at=now(conn))
    conn.execute(sa.update(group_rows).where(group_rows.c.chat_id == old).values(moved_to=new))


def _jobs(conn: Connection, old: int, new: int) -> tuple[str, ...]:
    here = jobs.c.chat_id == old
    shown = sa.and_(here, jobs.c.message_id != 0, jobs.c.state.in_([state.value for state in CANCELLABLE]))
    live = tuple(conn.execute(sa.select(jobs.c.id).where(shown).order_by(jobs.c.created_at)).scalars())
    questions = asks.c.job_id.in_(sa.select(jobs.c.id).where(here))
    conn.execute(sa.update(asks).where(questions).values(question_id=0))
    albums = sa.select(jobs.c.id, jobs.c.delivered).where(here, jobs.c.ordered > 1)
    for row in conn.execute(albums).all():
        kept = [{name: value for name, value in each.items() if name != "message_id"} for each in row.delivered]
        if kept != row.delivered:
            conn.execute(sa.update(jobs).where(jobs.c.id == row.id).values(delivered=kept))
    conn.execute(sa.update(jobs).where(here).values(chat_id=new, thread_id=None, message_id=0))
    return live


def _drafts(conn: Connection, old: int, new: int) -> tuple[str, ...]:
    here = drafts.c.chat_id == old
    shown = sa.and_(here, sa.or_(drafts.c.message_id != 0, drafts.c.ephemeral_id != 0))  # others are just being sent
    ids = tuple(conn.execute(sa.select(drafts.c.id).where(shown).order_by(drafts.c.created_at)).scalars())
    nowhere = {"chat_id": new, "thread_id": None, "message_id": 0, "ephemeral_id": 0, "reply_to": 0}
    conn.execute(sa.update(drafts).where(here).values(**nowhere))
    conn.execute(sa.update(drafts).where(drafts.c.user_id == old).values(user_id=new))  # who spoke as the group
    return ids


def _conversations(conn: Connection, old: int, new: int) -> None:
    """One that was begun in the new chat already goes on with what was said in the old one before it."""
    begun = sa.select(conversations.c.user_id, conversations.c.started_at).where(conversations.c.chat_id == old)
    for row in conn.execute(begun).all():
        mine = sa.and_(conversations.c.chat_id == old, conversations.c.user_id == row.user_id)
        there = sa.and_(conversations.c.chat_id == new, conversations.c.user_id == row.user_id)
        if conn.execute(sa.update(conversations).where(there).values(started_at=row.started_at)).rowcount:
            conn.execute(sa.delete(conversations).where(mine))
        else:
            conn.execute(sa.update(conversations).where(mine).values(chat_id=new))
    conn.execute(sa.update(messages).where(messages.c.chat_id == old).values(chat_id=new))
    waiting.move(conn, old, new)
