"""What a person was asked for to fill a template: words for its blank, a picture, or one after the other."""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from bot.domain.jobs import Input
from bot.engine.dialogs import awaited_input, chosen_kind
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Awaited:
    """The template that waits, and what of it came already."""

    slug: str
    asked_at: int = 0
    """The message that asked: a reply to another one is about something else."""
    words: str = ""
    picture: Input | None = None


_CODEC: Final = TypeAdapter(Awaited)


class TemplateAnswers:
    """One transaction or read per call."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def wait(self, user_id: int, awaited: Awaited | None) -> None:
        """The person's next message belongs to this template; None: to none, if one waited."""

        def note_answer(conn: Connection) -> None:
            if awaited is not None:
                chosen_kind.note(conn, user_id, None)
                awaited_input.note_template(conn, user_id, _CODEC.dump_python(awaited, mode="json"))
            elif awaited_input.template_of(conn, user_id) is not None:
                awaited_input.clear(conn, user_id)

        await self._db.transaction(note_answer)

    async def awaited(self, user_id: int) -> Awaited | None:
        data = await self._db.read(lambda conn: awaited_input.template_of(conn, user_id))
        return _read(data) if data is not None else None


def _read(data: dict[str, Any]) -> Awaited | None:
    try:
        return _CODEC.validate_python(data)
    except ValidationError:  # written by another version
        return None
