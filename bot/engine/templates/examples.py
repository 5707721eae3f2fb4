"""What shows a template: the result of an operator's own that they set as its example. It is looked up where the result
is kept, so that one that was deleted, or whose owner was erased, is shown no more."""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.templates import Template
from bot.domain.jobs import NOWHERE, Delivered, Job, JobState
from bot.engine.accounts.users import User
from bot.engine.jobs import store
from bot.engine.results.originals import DELETED
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.tables import template_examples

_GET: Final = sa.select(template_examples).where(template_examples.c.slug == sa.bindparam("slug"))


class NoExample(Exception):
    """The result cannot be the template's example; `why` names the reason."""

    GONE: Final = "gone"
    """It was deleted, or Telegram keeps nothing of it."""
    OTHER_KIND: Final = "other-kind"
    """The template makes something else."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TemplateExamples:
    """One transaction or read per call."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, slug: str) -> Delivered | None:
        """The file that shows the template; None where no example is set, or it is not to be had any more."""
        return await self._db.read(lambda conn: _file(conn, slug))

    async def set(self, person: User, template: Template, job: Job, place: int) -> None:
        """From now on this result of the person's own job shows the template. Raises NoExample."""
        if job.kind.makes is not template.kind.makes:
            raise NoExample(NoExample.OTHER_KIND)

        def set_example(conn: Connection) -> None:
            if _delivered(store.get(conn, job.id), place) is None:
                raise NoExample(NoExample.GONE)
            conn.execute(sa.delete(template_examples).where(template_examples.c.slug == template.slug))
            values = {"slug": template.slug, "job_id": job.id, "place": place, "actor": person.id}
            conn.execute(sa.insert(template_examples).values(**values, created_at=now(conn)))

        await self._db.transaction(set_example)

    async def remove(self, slug: str) -> bool:
        """True when there was one."""

        def remove_example(conn: Connection) -> bool:
            found = conn.execute(sa.delete(template_examples).where(template_examples.c.slug == slug))
            return bool(found.rowcount)

        return await self._db.transaction(remove_example)

    async def all(self) -> Mapping[str, bool]:
        """The templates for which one is set, and whether it is still to be had."""

        def look(conn: Connection) -> dict[str, bool]:
            slugs = conn.execute(sa.select(template_examples.c.slug)).scalars().all()
            return {slug: _file(conn, slug) is not None for slug in slugs}

        return await self._db.read(look)


def _file(conn: Connection, slug: str) -> Delivered | None:
    row = conn.execute(_GET, {"slug": slug}).mappings().one_or_none()
    return _delivered(store.get(conn, row["job_id"]), row["place"]) if row is not None else None


def _delivered(job: Job | None, place: int) -> Delivered | None:
    if job is None or job.state is not JobState.DONE or DELETED in job.facts or place >= len(job.delivered):
        return None
    known = job.delivered[place]
    return known if known.file_id and known.media != NOWHERE else None
