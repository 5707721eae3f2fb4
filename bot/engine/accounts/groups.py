"""Groups as their admins set them up, and where the bot stands in them: one row each, defaults without one."""

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind, Model
from bot.domain.chats import is_private
from bot.domain.limits.groups import COOLDOWNS, Group, GroupRefused, Presence, Who, Why, refused
from bot.storage.clock import now
from bot.storage.sql import Sql
from bot.storage.statements import insert_new, queue_up
from bot.storage.tables import groups

__all__ = [
    "CHANGED",
    "COOLDOWNS",
    "Group",
    "GroupRefused",
    "Presence",
    "Who",
    "Why",
    "admit",
    "change",
    "check",
    "found",
    "of",
    "reachable",
    "refused",
]

CHANGED: Final = "easel_groups"
"""The channel on which processes are told that a group's settings are others now."""
LISTED: Final = 500
"""Slugs that a group's list of models keeps at most: more than any catalogue has."""

_LAST = Sql(
    "SELECT max(created_at) FROM jobs WHERE account_id = ? AND chat_id = ? AND created_at > ? AND created_at <= ?"
    " AND state <> 'failed'"
    " AND NOT EXISTS (SELECT 1 FROM asks WHERE asks.job_id = jobs.id AND asks.purpose = 'improve')"
)


def of(conn: Connection, chat_id: int) -> Group:
    """The group's settings; the defaults for one that is not known and for private chats."""
    row = conn.execute(sa.select(groups).where(groups.c.chat_id == chat_id)).mappings().one_or_none()
    if row is None:
        return Group(chat_id)
    return read(chat_id, row["settings"] or {}, row["presence"], row["moved_to"])


def read(chat_id: int, settings: dict[str, Any], presence: str, moved_to: int | None = None) -> Group:
    """What a row says; whatever cannot be read in it falls back to its default."""
    who, cooldown = settings.get("who"), settings.get("cooldown")
    return Group(
        chat_id,
        who=Who(who) if who in set(Who) else Who.EVERYONE,
        language=str(settings.get("language") or ""),
        cooldown=cooldown if type(cooldown) is int and 0 <= cooldown <= COOLDOWNS[-1] else 0,
        quiet=settings.get("quiet") is True,
        kinds_off=_words(settings.get("kinds_off")),
        models_off=_words(settings.get("models_off")),
        presence=Presence(presence) if presence in set(Presence) else Presence.MEMBER,
        moved_to=moved_to,
    )


def change(conn: Connection, chat_id: int, changed: Callable[[Group], Group]) -> Group:
    """Stores what `changed` makes of the settings. Two at once meet one after the other. The caller notifies
    CHANGED."""
    queue_up(conn, f"group:{chat_id}")
    before = of(conn, chat_id)
    after = changed(before)
    if after != before:
        _store(conn, after)
    return after


def found(conn: Connection, chat_id: int, presence: Presence) -> bool:
    """Notes how the bot is there now. False: it was known. The caller notifies CHANGED."""
    queue_up(conn, f"group:{chat_id}")
    before = of(conn, chat_id)
    if before.presence is presence:
        return False
    insert_new(conn, groups, chat_id=chat_id, updated_at=now(conn))
    noted = sa.update(groups).where(groups.c.chat_id == chat_id)
    conn.execute(noted.values(presence=presence.value, updated_at=now(conn)))
    return True


def reachable(conn: Connection, chat_id: int) -> bool:
    """Whether what is made for this chat can be brought there, as far as Telegram told."""
    return chat_id >= 0 or of(conn, chat_id).presence is not Presence.GONE


def last_order_at(conn: Connection, chat_id: int, account_id: int, *, within: float) -> float | None:
    """When the member ordered there last, if that was within so many seconds; orders that failed do not count, and
    improved prompts are none."""
    moment = now(conn)
    found_at: float | None = _LAST.run(conn, account_id, chat_id, moment - within, moment).scalar_one_or_none()
    return found_at


def check(
    conn: Connection, chat_id: int, account_id: int, *, admin: bool, model: Model | None, kind: Kind | None = None
) -> GroupRefused | None:
    """`refused` with what is stored; None in private chats. `admin` matters only where `who` is ADMINS."""
    if is_private(chat_id):
        return None
    group = of(conn, chat_id)
    last = last_order_at(conn, chat_id, account_id, within=group.cooldown) if group.cooldown else None
    return refused(group, admin=admin, model=model, kind=kind, last_order_at=last, now=now(conn))


def admit(conn: Connection, chat_id: int, account_id: int, *, admin: bool, model: Model) -> None:
    """Raises the GroupRefused that `check` finds. Orders of one account must come one after the other."""
    if refusal := check(conn, chat_id, account_id, admin=admin, model=model):
        raise refusal


def settings_of(group: Group) -> dict[str, Any]:
    """The JSON that the groups table keeps: only what is no default."""
    stored = {
        "who": group.who.value if group.who is not Who.EVERYONE else "",
        "language": group.language,
        "cooldown": group.cooldown,
        "quiet": group.quiet,
        "kinds_off": sorted(group.kinds_off),
        "models_off": sorted(group.models_off)[:LISTED],
    }
    return {name: value for name, value in stored.items() if value}


def _store(conn: Connection, group: Group) -> None:
    insert_new(conn, groups, chat_id=group.chat_id, updated_at=now(conn))
    kept = sa.update(groups).where(groups.c.chat_id == group.chat_id)
    conn.execute(kept.values(settings=settings_of(group), presence=group.presence.value, updated_at=now(conn)))


def _words(stored: object) -> frozenset[str]:
    return frozenset(w for w in stored if isinstance(w, str)) if isinstance(stored, list) else frozenset()
