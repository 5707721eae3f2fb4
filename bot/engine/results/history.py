"""A person's results as they leaf through them: shelves, search, neighbours, where a result comes from, favourites.

Paged by place, not by number: what was made or deleted meanwhile moves no page.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection
from sqlalchemy.ext.compiler import compiles

from bot.domain.catalog.models import Kind, Makes
from bot.domain.jobs import Job
from bot.domain.visible import visible
from bot.storage import job_rows
from bot.storage.job_rows import SHOWN
from bot.storage.tables import jobs

WORDS: Final = 8
"""Words of a search that count, each with at most WORD characters."""
WORD: Final = 64
STRIDE: Final = 10
"""Results that the quick way forward passes over."""


class Shelf(StrEnum):
    """What of the history is shown."""

    ALL = "all"
    IMAGES = "images"
    VIDEOS = "videos"
    MUSIC = "music"
    FAVOURITES = "favourites"


MAKES: Final = {Shelf.IMAGES: Makes.PICTURE, Shelf.VIDEOS: Makes.VIDEO, Shelf.MUSIC: Makes.SOUND}


@dataclass(frozen=True, slots=True)
class Search:
    """What is leafed through: one user's shelf, where a prompt has all of the `words`."""

    account_id: int
    shelf: Shelf = Shelf.ALL
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One result, newest first, and the jobs around it; "" where there is none. `number` counts from 1."""

    job: Job
    number: int
    count: int
    newer: str
    older: str
    much_newer: str
    much_older: str


class _folded(sa.sql.functions.GenericFunction[str]):  # noqa: N801  # the name in SQL
    """Letters of any case alike."""

    name = "easel_folded"
    inherit_cache = True


@compiles(_folded, "postgresql")
def _lowered(element: Any, compiler: Any, **kw: Any) -> str:
    return f"lower({compiler.process(element.clauses, **kw)})"


def words_of(text: str) -> tuple[str, ...]:
    """The words to look for, as the bounds have them, without what cannot be seen."""
    kept = "".join(c if unicodedata.category(c) not in ("Cc", "Cs", "Cn") else " " for c in text)
    return tuple(dict.fromkeys(word[:WORD] for word in kept.split()[:WORDS] if visible(word)))


def page(conn: Connection, search: Search, job_id: str = "") -> Page | None:
    """The page with that job, or with what is nearest to where it was; "" is the newest. None: an empty shelf."""
    mine = _wanted(conn, search)
    job = _at(conn, mine, search, job_id)
    if job is None:
        return None
    here = sa.tuple_(jobs.c.created_at, jobs.c.id)
    place = sa.tuple_(sa.literal(job.created_at), sa.literal(job.id))
    newest_first = (jobs.c.created_at.desc(), jobs.c.id.desc())
    oldest_first = (jobs.c.created_at, jobs.c.id)
    count = sa.select(sa.func.count()).select_from(jobs)
    ids = sa.select(jobs.c.id).limit(STRIDE)
    newer = list(conn.execute(ids.where(mine, here > place).order_by(*oldest_first)).scalars())
    older = list(conn.execute(ids.where(mine, here < place).order_by(*newest_first)).scalars())
    before = conn.execute(count.where(mine, here > place)).scalar_one() if len(newer) == STRIDE else len(newer)
    everything = conn.execute(count.where(mine)).scalar_one()
    return Page(
        job,
        before + 1,
        everything,
        *(newer[0] if newer else "", older[0] if older else ""),
        *(newer[-1] if newer else "", older[-1] if older else ""),
    )


def _at(conn: Connection, mine: ColumnElement[bool], search: Search, job_id: str) -> Job | None:
    anchor = None
    if job_id:
        found = sa.select(jobs.c.created_at, jobs.c.id).where(
            jobs.c.id == job_id, jobs.c.account_id == search.account_id
        )
        anchor = conn.execute(found).one_or_none()
    newest = sa.select(jobs).where(mine).order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(1)
    row = None
    if anchor is not None:
        here = sa.tuple_(jobs.c.created_at, jobs.c.id)
        not_newer = here <= sa.tuple_(sa.literal(anchor.created_at), sa.literal(anchor.id))
        row = conn.execute(newest.where(not_newer)).mappings().one_or_none()
        if row is None:  # it was the oldest
            oldest = sa.select(jobs).where(mine).order_by(jobs.c.created_at, jobs.c.id).limit(1)
            row = conn.execute(oldest).mappings().one_or_none()
    else:
        row = conn.execute(newest).mappings().one_or_none()
    return job_rows.job_of(row) if row is not None else None


def _wanted(conn: Connection, search: Search) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [jobs.c.account_id == search.account_id]
    if search.shelf is Shelf.FAVOURITES:
        wanted.append(jobs.c.favourite.is_(sa.true()))
    elif search.shelf in MAKES:
        kinds = [kind.value for kind in Kind if kind.makes is MAKES[search.shelf]]
        wanted.append(jobs.c.kind.in_(kinds))
    wanted += [_has(word, every_case=conn.dialect.name != "sqlite") for word in search.words]
    return sa.and_(SHOWN, *wanted)


def _has(word: str, *, every_case: bool) -> ColumnElement[bool]:
    """Whether the prompt has the word, in any case. `every_case`: a server whose locale is C folds ASCII only; the
    ways in which words are usually written help there."""
    folded = _folded(jobs.c.prompt).like(_folded(sa.literal(_pattern(word))), escape="\\")
    if word.isascii() or not every_case:
        return folded
    written = dict.fromkeys((word.lower(), word.capitalize(), word.upper()))
    return sa.or_(folded, *(jobs.c.prompt.like(_pattern(each), escape="\\") for each in written))


def _pattern(word: str) -> str:
    for special in "\\%_":
        word = word.replace(special, f"\\{special}")
    return f"%{word}%"


def set_favourite(conn: Connection, job_id: str, account_id: int, *, on: bool) -> bool:
    """False: there is no such result of theirs (any more). Doing it again is harmless."""
    mine = sa.and_(SHOWN, jobs.c.id == job_id, jobs.c.account_id == account_id)
    return bool(conn.execute(sa.update(jobs).where(mine).values(favourite=on)).rowcount)
