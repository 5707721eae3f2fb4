"""What a person chose for good, kept as one JSON object with their row: every value has a default and a bound."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.tables import users


@dataclass(frozen=True, slots=True)
class Preferences:
    """Unknown and missing values fall back to these."""

    confirm_above: int = -1
    """Micro-credits: orders at or below this price need no confirmation; -1: every order does."""
    chat_model: str = ""
    """Slug of the model that answers; "": the first on sale."""
    temperature: str = ""
    """Of chat answers, a decimal; "": what the model does by itself."""
    chat_mode: bool = False
    """Plain text in the private chat goes to the chat model."""


def of(conn: Connection, user_id: int) -> Preferences:
    """The person's preferences; the defaults for an unknown person."""
    stored = conn.execute(sa.select(users.c.preferences).where(users.c.id == user_id)).scalar_one_or_none()
    return _read(stored or {})


def change(conn: Connection, user_id: int, changed: Callable[[Preferences], Preferences]) -> Preferences:
    """Stores what `changed` makes of them."""
    statement = sa.select(users.c.preferences).where(users.c.id == user_id).with_for_update()
    after = changed(_read(conn.execute(statement).scalar_one_or_none() or {}))
    conn.execute(sa.update(users).where(users.c.id == user_id).values(preferences=asdict(after)))
    return after


def _read(stored: dict[str, Any]) -> Preferences:
    base = Preferences()
    known = {name: stored[name] for name in asdict(base) if type(stored.get(name)) is type(getattr(base, name))}
    return replace(base, **known)
