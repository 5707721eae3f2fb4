"""Cards of inline and guest mode: offered, posted, pressed. Of their message the bot knows the name only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import Job
from bot.domain.money import Credits
from bot.engine.accounts import preferences
from bot.engine.accounts.preferences import Preferences
from bot.engine.accounts.users import User
from bot.engine.dialogs import inbox, inline_cards
from bot.engine.dialogs.drafts import Draft
from bot.engine.jobs import store
from bot.storage.cooldowns import acquire_cooldown
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Typing:
    """What the database says of who types behind the bot's name."""

    available: Credits | None
    """None: the person who types has no account yet."""
    own: Preferences
    recent: list[Job]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A card whose button was pressed."""

    draft: Draft | None
    job: Job | None
    """What the card became."""
    here: bool
    """Whether the press came from this card's message, by who may press there."""
    first: bool
    """The message was not known until now."""
    own: Preferences


class Cards:
    """Drafts behind inline messages."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def typing(self, person: User, *, most: int) -> Typing:
        """`most`: of their recent results."""

        def read(conn: Connection) -> Typing:
            recent = inline_cards.recent(conn, person.account_id, most=most)
            available = ledger.balance(conn, person.account_id).available if person.account_id else None
            return Typing(available, preferences.of(conn, person.id), recent)

        return await self._db.read(read)

    async def offer(self, name: str, user_id: int, data: Mapping[str, Any]) -> None:
        """The draft behind an answer that is about to be shown; a person's oldest beyond a hundred go."""
        await self._db.transaction(lambda conn: inline_cards.offer(conn, id=name, user_id=user_id, data=dict(data)))

    async def post(self, name: str, user_id: int, data: Mapping[str, Any]) -> Preferences:
        """The draft of a card that is about to stand in a chat. Returns what its orders begin with."""

        def keep_card(conn: Connection) -> Preferences:
            inline_cards.post(conn, id=name, user_id=user_id, data=dict(data))
            return preferences.of(conn, user_id)

        return await self._db.transaction(keep_card)

    async def stands_in(self, name: str, inline_id: str, *, user_id: int | None = None) -> None:
        """Notes in which message it stands. With a `user_id` only that person's."""

        def bind(conn: Connection) -> None:
            draft = inline_cards.find(conn, name)
            if draft is not None and user_id in (None, draft.user_id):
                inline_cards.bind(conn, draft, inline_id)

        await self._db.transaction(bind)

    async def press(self, name: str, user_id: int, inline_id: str) -> Pressed:
        """Looks the card up for a press that came from that message, which becomes the card's if it had none and the
        person may press there."""

        def find_card(conn: Connection) -> Pressed:
            draft, job = inline_cards.find(conn, name), store.get(conn, name)
            first = draft is not None and draft.purpose == inline_cards.OFFERED
            mine = draft is not None and (draft.is_unclaimed or draft.user_id == user_id)
            here = draft is not None and mine and inline_cards.bind(conn, draft, inline_id)
            is_unclaimed = draft is not None and draft.is_unclaimed  # what it means must not depend on who taps
            own = Preferences() if is_unclaimed else preferences.of(conn, user_id)
            return Pressed(draft, job, here, first, own)

        return await self._db.transaction(find_card)

    async def requote(self, draft: Draft) -> None:
        """Its price is told now."""
        await self._db.transaction(lambda conn: inline_cards.requote(conn, draft))

    async def retry(self, job: Job, name: str, data: Mapping[str, Any]) -> Draft | None:
        """The card that takes the place of a failed job in its message. None: it became a job already."""

        def retry_card(conn: Connection) -> Draft | None:
            if store.get(conn, name) is not None:
                return None
            current = store.get(conn, job.id)
            if current is not None and current.notice_due:  # its last word was read: again, it would cover what follows
                store.close_notice(conn, current)
            at = job.target.inline_id
            draft = inline_cards.post(conn, id=name, user_id=job.user_id, data=dict(data), inline_id=at)
            inline_cards.requote(conn, draft)
            return draft

        return await self._db.transaction(retry_card)

    async def asks_first(self, job_id: str, *, every: float) -> bool:
        """Whether this tap on Cancel is the first within `every` seconds, so that another is to mean it. The update is
        handled with it: delivered again, the same tap would count as the second."""
        ticket = inbox.current()

        def ask_first(conn: Connection) -> bool:
            first = acquire_cooldown(conn, f"inline-cancel:{job_id}", every=every)
            if first:
                inbox.done(conn, ticket)
            return first

        return await self._db.transaction(ask_first)
