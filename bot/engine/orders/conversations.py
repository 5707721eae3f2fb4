"""A person's conversation with a chat model in one chat: what its commands and buttons ask."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from bot.domain.jobs import Job, Target
from bot.engine.accounts import preferences, users
from bot.engine.conversations import memory, waiting
from bot.engine.conversations.memory import Ask
from bot.engine.conversations.waiting import WaitingQuestion
from bot.engine.dialogs import awaited_input, chosen_kind, drafts
from bot.engine.dialogs.drafts import Draft
from bot.storage.database import Database

OFFERED: Final = "question"
"""The purpose of a draft whose words are asked with a tap."""
AWAITED: Final = "awaited question"
"""The purpose of a draft whose words are to come, in a group as the reply to its message."""


class Conversations:
    """By chat and person. Questions and Stop are `Asks`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def forget(self, chat_id: int, user_id: int) -> bool:
        """Begins anew; False: there was nothing to forget."""
        return await self._db.transaction(lambda conn: memory.forget(conn, chat_id, user_id))

    async def last(self, chat_id: int, user_id: int, account_id: int) -> Job | None:
        """The last question."""
        return await self._db.read(lambda conn: memory.last(conn, chat_id, user_id, account_id))

    async def under_way(self, user_id: int) -> Job | None:
        """The answer that the person is given in their private chat."""

        def look(conn: Connection) -> Job | None:
            person = users.find(conn, user_id)
            return memory.under_way(conn, user_id, person.account_id) if person is not None else None

        return await self._db.read(look)

    async def takes_text(self, user_id: int, *, young: float) -> bool:
        """Whether the person's plain text in private is a question: an answer is under way or is at most `young`
        seconds old, or they chose that it always is; and they tapped nothing else just before."""

        def look(conn: Connection) -> bool:
            if chosen_kind.look(conn, user_id) is not None:
                return False
            if preferences.of(conn, user_id).chat_mode or memory.is_young(conn, user_id, user_id, within=young):
                return True
            person = users.find(conn, user_id) if young > 0 else None
            return person is not None and memory.under_way(conn, user_id, person.account_id) is not None

        return await self._db.read(look)

    async def has_begun(self, chat_id: int, user_id: int) -> bool:
        """Whether the person has a conversation in that chat, whose price they were told."""
        return await self._db.read(lambda conn: memory.begun(conn, chat_id, user_id))

    async def goes_on(self, job: Job, *, young: float) -> bool:
        """Whether the answer follows another of at most `young` seconds before."""
        return await self._db.read(lambda conn: memory.goes_on(conn, job, within=young))

    async def said_near(self, chat_id: int, message_id: int) -> list[Job]:
        """The answers that may stand in that message: one that begins there, else the latest before it."""
        return await self._db.read(lambda conn: memory.said_near(conn, chat_id, message_id))

    async def offer(
        self, draft_id: str, user_id: int, at: Target, text: str, *, file: Mapping[str, Any] | None = None
    ) -> None:
        """Keeps words that the person may ask with a tap, in answer to the message of `at`; of a `file`, which is kept
        as Telegram names it. Idempotent."""

        def keep_words(conn: Connection) -> None:
            drafts.create(
                conn,
                id=draft_id,
                user_id=user_id,
                purpose=OFFERED,
                chat_id=at.chat_id,
                thread_id=at.thread_id,
                data={"text": text, **({"file": dict(file)} if file is not None else {})},
                reply_to=at.message_id,
            )

        await self._db.transaction(keep_words)

    async def offered(self, draft_id: str) -> Draft | None:
        """The words that were kept; None: they were asked, or their day has passed."""
        draft = await self._db.read(lambda conn: drafts.get(conn, draft_id))
        return draft if draft is not None and draft.purpose == OFFERED else None

    async def await_question(self, draft_id: str, user_id: int, at: Target) -> None:
        """From now on a message of this person there is the question that they have not written yet. Idempotent."""

        def note_awaited(conn: Connection) -> None:
            drafts.create(
                conn,
                id=draft_id,
                user_id=user_id,
                purpose=AWAITED,
                chat_id=at.chat_id,
                thread_id=at.thread_id,
                data={},
                reply_to=at.message_id,
            )
            awaited_input.note(conn, user_id, draft_id)

        await self._db.transaction(note_awaited)

    async def asks_at(self, draft_id: str, message_id: int) -> None:
        """Notes which message asks for it, 0 for one that only the person sees: a reply to it is the question."""

        def note_place(conn: Connection) -> None:
            draft = drafts.get(conn, draft_id)
            if draft is not None and draft.purpose == AWAITED:
                drafts.save(conn, replace(draft, message_id=message_id))

        await self._db.transaction(note_place)

    async def awaits_question(self, user_id: int, chat_id: int, reply_to: int | None) -> bool:
        """Whether this person's message there is an awaited question. `reply_to`: what it answers, None for a message
        that only the bot sees, which does not say."""

        def look(conn: Connection) -> bool:
            draft = awaited_input.look(conn, user_id, reply_to=reply_to)
            return draft is not None and (draft.purpose, draft.chat_id) == (AWAITED, chat_id)

        return await self._db.read(look)

    async def waiting(self, chat_id: int, user_id: int) -> WaitingQuestion | None:
        """What the person wrote there while an answer was under way."""
        return await self._db.read(lambda conn: waiting.look(conn, chat_id, user_id))

    async def drop_waiting(self, question: WaitingQuestion, user_id: int) -> None:
        """It is not asked, and the person knows why."""

        def drop_question(conn: Connection) -> None:
            now_there = waiting.look(conn, question.at.chat_id, user_id)
            if now_there is not None and now_there.id == question.id:
                waiting.drop(conn, question.at.chat_id, user_id)

        await self._db.transaction(drop_question)

    async def ask_of(self, job_id: str) -> Ask:
        """What an answer's job was asked for."""
        return await self._db.read(lambda conn: memory.ask_of(conn, job_id))
