"""Erases a person: everything that tells who they are or what they asked for. The books stay, with opaque ids.

What stays: the account and its transfers without notes, the jobs as empty rows that the transfers are proved against,
the names that providers gave to results (so that no other user is ever given them), and a keyed hash of Telegram's id.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import BLOB, Job
from bot.domain.limits.admission import BalanceMoved, StillWorking
from bot.domain.money import Credits
from bot.engine.accounts import welcome_credits
from bot.engine.accounts.users import User
from bot.engine.credits import notices
from bot.storage import job_rows
from bot.storage.job_rows import LIVE
from bot.storage.statements import queue_up
from bot.storage.tables import (
    accounts,
    alerts,
    asks,
    blobs,
    conversations,
    drafts,
    inbox,
    jobs,
    messages,
    own_results,
    template_examples,
    transfer_notes,
    transfers,
    users,
    waiting,
    waiting_orders,
)

AT_ONCE: Final = 500
"""Keys in one statement."""
UPSTREAM: Final = 100
"""Jobs whose results are deleted at their provider when a person is forgotten."""
BLANK: Final[dict[str, Any]] = {
    "user_id": 0,
    "chat_id": 0,
    "thread_id": None,
    "message_id": 0,
    "inline_id": "",
    "prompt": "",
    "options": {},
    "inputs": [],
    "assets": [],
    "delivered": [],
    "facts": {},
    "detail": "",
    "upstream_ref": None,
    "locale": "",
    "favourite": False,
    "requester": "",
}


def unfinished(conn: Connection, account_id: int) -> int:
    """Jobs that hinder the erasing: under way, or with a last word still to be said."""
    mine = sa.and_(jobs.c.account_id == account_id, sa.or_(LIVE, jobs.c.notice_due.is_(sa.true())))
    return int(conn.execute(sa.select(sa.func.count()).select_from(jobs).where(mine)).scalar_one())


def kept_upstream(conn: Connection, account_id: int) -> list[Job]:
    """The newest jobs whose results a provider keeps, at most UPSTREAM: to be deleted there before. Of one that keeps
    results under names also those that it did not name in time."""
    keepers = sa.select(own_results.c.provider).distinct()
    there = sa.cast(jobs.c.assets, sa.Text) != "[]"
    mine = sa.select(jobs).where(jobs.c.account_id == account_id, jobs.c.provider.in_(keepers), there)
    newest = mine.order_by(jobs.c.created_at.desc()).limit(UPSTREAM)
    return [job_rows.job_of(row) for row in conn.execute(newest).mappings()]


def forget(conn: Connection, person: User, *, key: bytes, agreed: Credits) -> None:
    """Forfeits `agreed`, which must be the whole balance, and erases. The caller notifies people.CHANGED.

    Raises StillWorking, BalanceMoved: then nothing was changed. `key`: see welcomes.person_hash.
    """
    queue_up(conn, f"orders:{person.account_id}")
    conn.execute(sa.select(accounts.c.id).where(accounts.c.id == person.account_id).with_for_update())
    waiting = unfinished(conn, person.account_id)
    if waiting:
        raise StillWorking(waiting)
    balance = ledger.balance(conn, person.account_id).available
    if balance != agreed:
        raise BalanceMoved(balance)
    if balance:
        name, account_id = f"forget:{person.account_id}", person.account_id
        ledger.debit(conn, key=name, account_id=account_id, amount=balance, actor=account_id)
    welcome_credits.remember_forgotten(conn, key, person.id)
    _pictures(conn, person)
    _jobs(conn, person.account_id)
    _words(conn, person.id)
    _traces(conn, person.id)
    conn.execute(sa.delete(users).where(users.c.id == person.id))


def _jobs(conn: Connection, account_id: int) -> None:
    mine = sa.select(jobs.c.id).where(jobs.c.account_id == account_id)
    conn.execute(sa.update(asks).where(asks.c.job_id.in_(mine)).values(draft_id="", question_id=0))
    conn.execute(sa.delete(template_examples).where(template_examples.c.job_id.in_(mine)))
    conn.execute(sa.update(jobs).where(jobs.c.account_id == account_id).values(**BLANK))
    moved = sa.or_(transfers.c.debit == account_id, transfers.c.credit == account_id)
    conn.execute(
        sa.delete(transfer_notes).where(transfer_notes.c.transfer_id.in_(sa.select(transfers.c.id).where(moved)))
    )


def _words(conn: Connection, user_id: int) -> None:
    conn.execute(sa.delete(messages).where(messages.c.user_id == user_id))
    conn.execute(sa.delete(conversations).where(conversations.c.user_id == user_id))
    conn.execute(sa.delete(waiting).where(waiting.c.user_id == user_id))
    conn.execute(sa.delete(waiting_orders).where(waiting_orders.c.user_id == user_id))
    notices.forget_all(conn, user_id)
    about = sa.cast(drafts.c.data, sa.Text)  # an admin's question about this person
    named = sa.or_(*(about.like(f'%"user": {user_id}{end}%') for end in (",", "}")))
    conn.execute(sa.delete(drafts).where(sa.or_(drafts.c.user_id == user_id, named)))


def _traces(conn: Connection, user_id: int) -> None:
    """Cooldowns of this user and updates that could not be handled."""
    alone = re.compile(rf"(?<!\d){user_id}(?!\d)")
    found = conn.execute(sa.select(alerts.c.key).where(alerts.c.key.contains(str(user_id)))).scalars()
    for keys in _portions([key for key in found if alone.search(key)]):
        conn.execute(sa.delete(alerts).where(alerts.c.key.in_(keys)))
    failed = sa.and_(inbox.c.failed.is_(sa.true()), inbox.c.payload.contains(f'"id":{user_id},'))
    conn.execute(sa.update(inbox).where(failed).values(payload=""))


def _pictures(conn: Connection, person: User) -> None:
    """Bytes that only this person's orders and drafts name: the same picture of two people is stored once."""
    of_jobs = sa.select(jobs.c.inputs, jobs.c.assets).where(jobs.c.account_id == person.account_id)
    of_drafts = (
        sa.select(drafts.c.data)
        .where(drafts.c.user_id == person.id)
        .union_all(sa.select(waiting_orders.c.data).where(waiting_orders.c.user_id == person.id))
    )
    keys = {key for row in conn.execute(of_jobs) for part in row for key in _keys(part)}
    keys |= {key for data in conn.execute(of_drafts).scalars() for key in _keys(data)}
    others_jobs = sa.select(jobs.c.inputs).where(LIVE, jobs.c.account_id != person.account_id)
    with_pictures = sa.cast(drafts.c.data, sa.Text).contains('"blob": "')
    others_drafts = sa.select(drafts.c.data).where(drafts.c.user_id != person.id, with_pictures)
    for statement in (others_jobs, others_drafts) if keys else ():
        for data in conn.execute(statement).scalars():
            keys.difference_update(_keys(data))
    for portion in _portions(sorted(keys)):
        conn.execute(sa.delete(blobs).where(blobs.c.key.in_(portion)))


def _keys(data: Any) -> Iterator[str]:
    """The keys of blobs that JSON of ours names: as the `blob` of an input, or in the address of a result."""
    if isinstance(data, dict):
        if isinstance(data.get("blob"), str):
            yield data["blob"]
        for value in data.values():
            yield from _keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from _keys(value)
    elif isinstance(data, str) and data.startswith(BLOB):
        yield data.removeprefix(BLOB)


def _portions(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
