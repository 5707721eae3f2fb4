"""Voice messages on their way to words: the recording and the message that it came in, kept until they are words."""

from typing import Any, Final

from sqlalchemy import Connection

from bot.domain.jobs import Input, Target
from bot.engine.dialogs import drafts
from bot.engine.media import blobs
from bot.storage.database import Database

VOICE: Final = "voice"
"""The purpose of the draft that holds the message."""


class Voices:
    """By the id of the draft that is kept with the job's `Ask`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def keep(
        self, draft_id: str, user_id: int, at: Target, message: dict[str, Any], *, mime: str, data: bytes
    ) -> Input:
        """Idempotent. Returns the recording as an order has it."""
        key = blobs.name_of(data)

        def keep_voice(conn: Connection) -> None:
            blobs.put(conn, key, mime, data)
            drafts.create(
                conn,
                id=draft_id,
                user_id=user_id,
                purpose=VOICE,
                chat_id=at.chat_id,
                thread_id=at.thread_id,
                data={"message": message},
                reply_to=at.message_id,
            )

        await self._db.transaction(keep_voice)
        return Input(blob=key, mime=mime)

    async def message(self, draft_id: str) -> dict[str, Any] | None:
        """The message as it came; None: its person had everything erased, or a day has passed."""
        draft = await self._db.read(lambda conn: drafts.get(conn, draft_id))
        return draft.data.get("message") if draft is not None and draft.purpose == VOICE else None
