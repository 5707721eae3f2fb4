"""What the chat model is reminded of: a person's conversation per chat, bounded in tokens, and what each answer is for.

Tokens are counted by an estimate that errs upwards: a third of the text's UTF-8 bytes and a few for each message. Real
tokenizers find about a quarter in English and less than that in Russian; the estimate decides what is sent and held,
what the service counts decides what is charged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Job, JobState
from bot.domain.money import Credits
from bot.engine.conversations import waiting
from bot.providers.base import ChatTurn
from bot.storage import job_rows
from bot.storage.clock import now
from bot.storage.job_rows import LIVE
from bot.storage.statements import insert_new
from bot.storage.tables import asks, conversations, jobs, messages

PER_MESSAGE = 6
"""Tokens that a message costs beside its words."""
DELIVERY_WAITED = 60.0
"""Seconds for which the next question waits for the delivery of the last answer."""
KEPT = 200
"""Messages of one conversation that are kept at most."""
FORGOTTEN_AFTER = 30 * 24 * 3600.0
"""Seconds after its last answer for which a conversation is kept."""

ANSWERS_NEAR = 3
"""Answers that are looked at for the one that stands in a message."""


class Purpose(StrEnum):
    """What an answer is for."""

    CHAT = "chat"
    IMPROVE = "improve"
    """A better wording of an order's prompt: no part of the conversation."""
    HEAR = "hear"
    """The words of a voice message, which are then what its person wrote."""
    DESCRIBE = "describe"
    """A prompt for a picture that the model is shown: no part of it either."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a job of the kind `ask` knows beside what every job does."""

    purpose: Purpose = Purpose.CHAT
    replaces: str = ""
    """The job whose answer this one takes the place of in the memory."""
    draft_id: str = ""
    """The order whose prompt is improved."""
    question_id: int = 0
    """The message that asked."""
    free: bool = False
    seconds: float = 0.0
    """The length of the voice message; of use to its price alone, and not stored."""


def estimate(text: str) -> int:
    """Tokens of a message with this text, rather too many than too few."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // 3) + PER_MESSAGE


def estimated(turns: Sequence[ChatTurn]) -> int:
    return sum(estimate(turn.content) for turn in turns)


def note(conn: Connection, job_id: str, ask: Ask) -> None:
    """Stores what a job is for, with the job."""
    values = {"purpose": ask.purpose.value, "replaces": ask.replaces, "draft_id": ask.draft_id}
    conn.execute(sa.insert(asks).values(job_id=job_id, **values, question_id=ask.question_id, free=ask.free))


def ask_of(conn: Connection, job_id: str) -> Ask:
    """What a job is for; one ordered like any other is a chat."""
    row = conn.execute(sa.select(asks).where(asks.c.job_id == job_id)).mappings().one_or_none()
    if row is None:
        return Ask()
    return Ask(Purpose(row["purpose"]), row["replaces"], row["draft_id"], row["question_id"], bool(row["free"]))


def begin(conn: Connection, chat_id: int, user_id: int) -> bool:
    """Opens the conversation of that person in that chat; True when there was none. One that a clock ahead of today's
    began would forget what is said until that moment comes: it begins now."""
    moment = now(conn)
    if insert_new(conn, conversations, chat_id=chat_id, user_id=user_id, started_at=moment, updated_at=moment):
        return True
    mine = sa.and_(conversations.c.chat_id == chat_id, conversations.c.user_id == user_id)
    conn.execute(sa.update(conversations).where(mine, conversations.c.started_at > moment).values(started_at=moment))
    conn.execute(sa.update(conversations).where(mine).values(updated_at=moment))
    return False


def begun(conn: Connection, chat_id: int, user_id: int) -> bool:
    """Whether the person has a conversation in that chat, whose price they were told."""
    mine = sa.and_(conversations.c.chat_id == chat_id, conversations.c.user_id == user_id)
    return conn.execute(sa.select(conversations.c.user_id).where(mine)).first() is not None


def is_young(conn: Connection, chat_id: int, user_id: int, *, within: float) -> bool:
    """Whether that conversation had a question or an answer within the last seconds: the person is still in it."""
    mine = sa.and_(conversations.c.chat_id == chat_id, conversations.c.user_id == user_id)
    touched = conn.execute(sa.select(conversations.c.updated_at).where(mine)).scalar_one_or_none()
    return within > 0 and touched is not None and now(conn) - touched <= within


def goes_on(conn: Connection, job: Job, *, within: float) -> bool:
    """Whether the answer follows another one of its conversation, which was given so many seconds before at most."""
    mine = sa.and_(messages.c.chat_id == job.target.chat_id, messages.c.user_id == job.user_id)
    lately = sa.and_(messages.c.job_id != job.id, messages.c.created_at > job.created_at - within)
    return conn.execute(sa.select(messages.c.id).where(mine, lately).limit(1)).first() is not None


def forget(conn: Connection, chat_id: int, user_id: int) -> bool:
    """Ends the conversation and drops its messages; an answer under way is forgotten, and what waits for its end.
    False: there was none."""
    waiting.drop(conn, chat_id, user_id)
    conn.execute(sa.delete(messages).where(messages.c.chat_id == chat_id, messages.c.user_id == user_id))
    mine = sa.and_(conversations.c.chat_id == chat_id, conversations.c.user_id == user_id)
    return bool(conn.execute(sa.delete(conversations).where(mine)).rowcount)


def remembered(conn: Connection, chat_id: int, user_id: int, *, room: int, without: str = "") -> tuple[ChatTurn, ...]:
    """The latest exchanges that fit into `room` tokens, oldest first, always question and answer together. `without`
    leaves out one job's."""
    mine = sa.and_(messages.c.chat_id == chat_id, messages.c.user_id == user_id, messages.c.job_id != without)
    newest = sa.select(messages.c.job_id, messages.c.role, messages.c.content).where(mine)
    found: list[tuple[str, ChatTurn]] = [
        (row.job_id, ChatTurn(row.role, row.content))
        for row in conn.execute(newest.order_by(messages.c.id.desc()).limit(KEPT))
    ]
    kept: list[ChatTurn] = []
    for (answered, answer), (asked, question) in zip(found[::2], found[1::2], strict=False):
        cost = estimate(answer.content) + estimate(question.content)
        if answered != asked or cost > room:
            break
        room -= cost
        kept += [answer, question]
    return tuple(reversed(kept))


def remember(conn: Connection, job: Job) -> None:
    """Stores question and answer of a chat that is done, unless the conversation was forgotten meanwhile."""
    ask = ask_of(conn, job.id)
    chat_id, user_id = job.target.chat_id, job.user_id
    mine = sa.and_(conversations.c.chat_id == chat_id, conversations.c.user_id == user_id)
    begun = conn.execute(sa.select(conversations.c.started_at).where(mine)).scalar_one_or_none()
    if ask.purpose is not Purpose.CHAT or begun is None or begun > job.created_at:
        return
    if ask.replaces:
        conn.execute(sa.delete(messages).where(messages.c.job_id == ask.replaces))
    answer = "\n\n".join(asset.text for asset in job.assets if asset.text) or CALLED
    moment = now(conn)
    asked = f"{SHOWN}\n{job.prompt}" if job.inputs else job.prompt
    for role, content in (("user", asked), ("assistant", answer)):
        values = {"role": role, "content": content, "tokens": estimate(content), "created_at": moment}
        insert_new(conn, messages, chat_id=chat_id, user_id=user_id, job_id=job.id, **values)
    conn.execute(sa.update(conversations).where(mine).values(updated_at=moment))
    _trim(conn, chat_id, user_id)


SHOWN = "(I show you a picture.)"
"""What stands in the memory for a picture, which goes with the newest question alone."""
CALLED = "(I prepared the order that was asked for.)"
"""What the model is reminded of where it called a tool without a word."""


def _trim(conn: Connection, chat_id: int, user_id: int) -> None:
    of_this = sa.and_(messages.c.chat_id == chat_id, messages.c.user_id == user_id)
    newest = sa.select(messages.c.id).where(of_this).order_by(messages.c.id.desc()).limit(KEPT).subquery()
    oldest = sa.select(sa.func.min(newest.c.id)).scalar_subquery()
    conn.execute(sa.delete(messages).where(of_this, messages.c.id < oldest))


def under_way(conn: Connection, chat_id: int, account_id: int) -> Job | None:
    """The answer that this person waits for in this chat; one that Telegram does not take blocks
    the chat for a short time only."""
    job = _newest(conn, chat_id, account_id, finished=False)
    stuck = job is not None and job.delivering_at is not None and now(conn) - job.delivering_at > DELIVERY_WAITED
    return None if stuck else job


def last(conn: Connection, chat_id: int, user_id: int, account_id: int) -> Job | None:
    """The newest finished answer of the present conversation, failed ones too; None when there is none."""
    mine = sa.and_(conversations.c.chat_id == chat_id, conversations.c.user_id == user_id)
    begun = conn.execute(sa.select(conversations.c.started_at).where(mine)).scalar_one_or_none()
    job = _newest(conn, chat_id, account_id, finished=True) if begun is not None else None
    return job if job is not None and begun is not None and job.created_at >= begun else None


def _newest(conn: Connection, chat_id: int, account_id: int, *, finished: bool) -> Job | None:
    states = [state.value for state in JobState if state.finished is finished]
    found = (
        sa.select(jobs)
        .join(asks, asks.c.job_id == jobs.c.id)
        .where(jobs.c.account_id == account_id, jobs.c.kind == Kind.ASK.value, jobs.c.state.in_(states))
        .where(jobs.c.chat_id == chat_id, asks.c.purpose == Purpose.CHAT.value)
    )
    row = conn.execute(found.order_by(jobs.c.created_at.desc()).limit(1)).mappings().one_or_none()
    return job_rows.job_of(row) if row is not None else None


def said_near(conn: Connection, chat_id: int, message_id: int) -> list[Job]:
    """The answers that may stand in that message of the chat: the one that does, else the latest before it, for a long
    one has further messages behind its first."""
    before = sa.and_(jobs.c.chat_id == chat_id, jobs.c.message_id <= message_id, jobs.c.message_id != 0)
    heard = sa.exists().where(asks.c.job_id == jobs.c.id, asks.c.purpose == Purpose.HEAR.value)
    of_chat = sa.and_(jobs.c.kind == Kind.ASK.value, jobs.c.state == JobState.DONE.value, before, ~heard)
    newest = sa.select(jobs).where(of_chat).order_by(jobs.c.message_id.desc()).limit(ANSWERS_NEAR)
    found = [job_rows.job_of(row) for row in conn.execute(newest).mappings()]
    return found[:1] if found and found[0].target.message_id == message_id else found


def improving(conn: Connection, account_id: int, draft_id: str) -> list[Job]:
    """The account's improvements under way of that order's prompt."""
    found = (
        sa.select(jobs)
        .join(asks, asks.c.job_id == jobs.c.id)
        .where(jobs.c.account_id == account_id, LIVE)
        .where(asks.c.purpose == Purpose.IMPROVE.value, asks.c.draft_id == draft_id)
    )
    return [job_rows.job_of(row) for row in conn.execute(found).mappings()]


def improvements(conn: Connection, account_id: int, *, within: float) -> int:
    """Free improvements that this account had in the last `within` seconds."""
    moment = now(conn)
    mine = sa.and_(jobs.c.account_id == account_id, asks.c.free.is_(sa.true()))
    recent = sa.and_(mine, jobs.c.created_at > moment - within, jobs.c.created_at <= moment)
    joined = jobs.join(asks, asks.c.job_id == jobs.c.id)
    return int(conn.execute(sa.select(sa.func.count()).select_from(joined).where(recent)).scalar_one())


def spent(conn: Connection, account_id: int) -> Credits:
    """What this account's answers have cost, less what was refunded."""
    mine = sa.and_(jobs.c.account_id == account_id, jobs.c.kind == Kind.ASK.value, jobs.c.refunded.is_(sa.false()))
    total = conn.execute(sa.select(sa.func.sum(jobs.c.charged)).where(mine)).scalar_one_or_none()
    return Credits(int(total or 0))


def sweep(conn: Connection) -> int:
    """Forgets conversations that no user went on with; returns how many."""
    old = sa.select(conversations.c.chat_id, conversations.c.user_id).where(
        conversations.c.updated_at < now(conn) - FORGOTTEN_AFTER
    )
    stale = conn.execute(old.limit(KEPT)).all()
    return sum(forget(conn, row.chat_id, row.user_id) for row in stale)
