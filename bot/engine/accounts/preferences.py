"""What a person chose for good, kept as one JSON object with their row: every value has a default and a bound."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.tables import users

OPERATORS: Final = -1
"""Preferences.notify_after: as long as the operator says."""
NEVER: Final = -2
PRESETS: Final = 20
"""A person has at most so many."""
PRESET_NAME: Final = 20
"""Characters."""
FLAGS_TEXT: Final = 300
"""Characters of a preset, and of the usual flags of a kind."""


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
    models: dict[str, str] = field(default_factory=dict)
    """Slug of the model that is chosen by itself, by kind; where it is not on sale, the person is asked as ever."""
    flags: dict[str, str] = field(default_factory=dict)
    """Flags that orders of a kind begin with, as text."""
    presets: dict[str, str] = field(default_factory=dict)
    """Flags by the name under which they can be typed."""
    notify_after: int = OPERATORS
    """Seconds an order must have taken for a "Ready" of its own; OPERATORS, NEVER."""
    improve: bool = True
    """Confirmations offer to improve the prompt."""


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
    texts = {n: {k: v for k, v in known[n].items() if isinstance(v, str)} for n in known if isinstance(known[n], dict)}
    return replace(base, **{**known, **texts})
