"""What an operator was asked and has not decided yet: drafts that wait for a button or for a last word."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection

from bot.domain.jobs import Target
from bot.engine.dialogs import drafts, inbox
from bot.engine.dialogs.drafts import Draft
from bot.storage.database import Database


class Confirmations:
    """Questions by their id, which is made of what asked for them: an update that comes again finds its question."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def ask(
        self,
        id: str,  # noqa: A002  # the field's name
        *,
        asker: int,
        purpose: str,
        data: dict[str, Any],
        at: Target | None = None,
    ) -> Draft:
        """Keeps the question for a day; returns the one that is there already. `at`: where its message stands; None:
        nowhere yet, and it belongs into the private chat with `asker`, a Telegram id."""
        place = at or Target(asker, None, 0)

        def keep_question(conn: Connection) -> Draft:
            return drafts.create(
                conn,
                id=id,
                user_id=asker,
                purpose=purpose,
                chat_id=place.chat_id,
                thread_id=place.thread_id,
                message_id=place.message_id,
                data=data,
            )[0]

        return await self._db.transaction(keep_question)

    async def of(self, asker: int, id: str, purposes: Collection[str]) -> Draft | None:  # noqa: A002  # as above
        """The question of one of these purposes, also one whose effect was not told yet; None for another person's, and
        for one that ended or expired."""
        draft = await self._db.read(lambda conn: drafts.get(conn, id))
        return draft if draft is not None and draft.user_id == asker and draft.purpose in purposes else None

    async def at(self, asker: int, message_id: int, purpose: str) -> Draft | None:
        """The question of that purpose in that message of the private chat with `asker`."""
        return await self._db.read(lambda conn: drafts.at(conn, purpose, asker, message_id))

    async def save(self, draft: Draft) -> None:
        """Writes what changed about it."""
        await self._db.transaction(lambda conn: drafts.save(conn, draft))

    async def placed(self, id: str, message_id: int) -> None:  # noqa: A002  # as above
        """Notes in which message the question stands. Read anew: its button may have been pressed by now."""

        def note_question(conn: Connection) -> None:
            draft = drafts.get(conn, id)
            if draft is not None:
                draft.message_id = message_id
                drafts.save(conn, draft)

        await self._db.transaction(note_question)

    async def asked_again(self, id: str, changes: dict[str, Any]) -> None:  # noqa: A002  # as above
        """The question is another one now, which is all that became of the update."""
        ticket = inbox.current()

        def change_question(conn: Connection) -> None:
            draft = drafts.get(conn, id)
            if draft is not None:
                draft.data |= changes
                drafts.save(conn, draft)
            inbox.done(conn, ticket)

        await self._db.transaction(change_question)

    async def call_off(self, id: str) -> bool:  # noqa: A002  # as above
        """Drops the question; False when it was decided before, or is gone."""
        ticket = inbox.current()

        def drop(conn: Connection) -> bool:
            inbox.done(conn, ticket)
            return drafts.call_off(conn, id)

        return await self._db.transaction(drop)

    async def end(self, id: str, *, changed: Draft | None = None) -> None:  # noqa: A002  # as above
        """Question and update are done with, and what this means for another draft is written.

        Not in the transaction of the effect where that is announced first: a crash after that would leave the
        announcement standing for ever, and an update that comes again does nothing twice.
        """
        ticket = inbox.current()

        def end_question(conn: Connection) -> None:
            drafts.delete(conn, id)
            if changed is not None:
                drafts.save(conn, changed)
            inbox.done(conn, ticket)

        await self._db.transaction(end_question)
