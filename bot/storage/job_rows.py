"""Rows of the jobs table as domain objects, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from sys import intern
from types import MappingProxyType
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import RowMapping

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Asset, Cause, Delivered, Input, Job, JobState, Target
from bot.domain.money import Credits
from bot.storage.tables import jobs

T = TypeVar("T")
_NO_FACTS: Mapping[str, str] = MappingProxyType({})
"""One for all jobs without: thousands are alive."""

CHANGING = (
    *(jobs.c.chat_id, jobs.c.thread_id, jobs.c.message_id, jobs.c.inline_id, jobs.c.state, jobs.c.owner),
    *(jobs.c.epoch, jobs.c.attempt),
    *(jobs.c.tries, jobs.c.submitted_at, jobs.c.deadline, jobs.c.delivering_at, jobs.c.finished_at),
    *(jobs.c.upstream_ref, jobs.c.assets, jobs.c.cost, jobs.c.delivered, jobs.c.charged, jobs.c.refunded),
    *(jobs.c.cause, jobs.c.detail, jobs.c.notice_due, jobs.c.ready_sent, jobs.c.facts),
    jobs.c.requester,
)
"""What may differ from one moment of a job to the next; the rest is as it was ordered."""

# The words of the partial indexes in storage/tables: SQLite uses an index only for its own WHERE, to the letter.
LIVE = sa.text("state IN ('queued','submitting','running','delivering')")
"""A job that has not ended."""
SHOWN = sa.text("state = 'done' AND kind <> 'ask' AND CAST(delivered AS TEXT) <> '[]'")
"""A job whose results stand in a chat."""


def job_of(row: RowMapping) -> Job:
    """The job a row of `jobs` describes. Words that thousands of jobs share are one string."""
    return Job(
        id=row["id"],
        account_id=row["account_id"],
        user_id=row["user_id"],
        provider=intern(row["provider"]),
        model=intern(row["model"]),
        kind=Kind(row["kind"]),
        prompt=row["prompt"],
        options={intern(name): value for name, value in row["options"].items()},
        quote=Credits(row["quote"]),
        locale=intern(row["locale"]),
        target=Target(row["chat_id"], row["thread_id"], row["message_id"], row["inline_id"]),
        state=JobState(row["state"]),
        owner=intern(row["owner"]) if row["owner"] is not None else None,
        epoch=row["epoch"],
        attempt=row["attempt"],
        tries=row["tries"],
        created_at=row["created_at"],
        submitted_at=row["submitted_at"],
        deadline=row["deadline"],
        delivering_at=row["delivering_at"],
        finished_at=row["finished_at"],
        upstream_ref=row["upstream_ref"],
        assets=tuple(Asset(**a) for a in row["assets"]),
        cost=row["cost"],
        delivered=tuple(Delivered(**d) for d in row["delivered"]),
        charged=Credits(row["charged"]) if row["charged"] is not None else None,
        refunded=bool(row["refunded"]),
        cause=Cause(row["cause"]) if row["cause"] is not None else None,
        detail=row["detail"],
        notice_due=bool(row["notice_due"]),
        ready_sent=bool(row["ready_sent"]),
        ordered=row["ordered"],
        inputs=tuple(Input(**i) for i in row["inputs"]),
        facts=row["facts"] or _NO_FACTS,
        favourite=bool(row["favourite"]),
        requester=row["requester"],
    )


def changed(job: Job, row: RowMapping) -> Job:
    """The job with its CHANGING columns as in the row; what is equal stays the same object, for thousands are alive."""
    return replace(
        job,
        target=_same(job.target, Target(row["chat_id"], row["thread_id"], row["message_id"], row["inline_id"])),
        state=JobState(row["state"]),
        owner=_same(job.owner, row["owner"]),
        epoch=row["epoch"],
        attempt=row["attempt"],
        tries=row["tries"],
        submitted_at=_same(job.submitted_at, row["submitted_at"]),
        deadline=_same(job.deadline, row["deadline"]),
        delivering_at=row["delivering_at"],
        finished_at=row["finished_at"],
        upstream_ref=_same(job.upstream_ref, row["upstream_ref"]),
        assets=tuple(Asset(**a) for a in row["assets"]),
        cost=row["cost"],
        delivered=tuple(Delivered(**d) for d in row["delivered"]),
        charged=Credits(row["charged"]) if row["charged"] is not None else None,
        refunded=bool(row["refunded"]),
        cause=Cause(row["cause"]) if row["cause"] is not None else None,
        detail=row["detail"],
        notice_due=bool(row["notice_due"]),
        ready_sent=bool(row["ready_sent"]),
        facts=_same(job.facts, row["facts"]) or _NO_FACTS,
        requester=_same(job.requester, row["requester"]),
    )


def _same(before: T, after: T) -> T:
    return before if before == after else after


def assets_json(assets: Sequence[Asset]) -> list[dict[str, Any]]:
    """Bytes are not among them: they are put aside first."""
    stored: list[dict[str, Any]] = []
    for asset in assets:
        fields = {"url": asset.url, "own": asset.own, "text": asset.text, "mime": asset.mime}
        stored.append({name: value for name, value in fields.items() if value})
    return stored


def inputs_json(inputs: Sequence[Input]) -> list[dict[str, Any]]:
    return [{k: v for k, v in asdict(i).items() if v} for i in inputs]


def delivered_json(delivered: Sequence[Delivered]) -> list[dict[str, Any]]:
    return [
        {
            "file_id": d.file_id,
            "media": d.media,
            **({"message_id": d.message_id} if d.message_id else {}),
            **({"aside": True} if d.aside else {}),
            **({"large": True} if d.large else {}),
            **({"cover": d.cover} if d.cover else {}),
        }
        for d in delivered
    ]
