"""Bytes put aside in the database: pictures that orders work on, and results that came without an address.

Every process can read them, and they go with the transaction that needs them. Bounded by their time to live.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.jobs import BLOB, Asset
from bot.storage.clock import now
from bot.storage.statements import insert_new
from bot.storage.tables import blobs

LIFETIME = 48 * 3600.0
"""Seconds: longer than a draft lives and a delivery is tried."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes and what they are."""

    mime: str
    data: bytes


def put(conn: Connection, key: str, mime: str, data: bytes) -> None:
    """Stores bytes under a key of the caller's; the same key again keeps the first. They live LIFETIME seconds."""
    moment = now(conn)
    ends = moment + LIFETIME
    if not insert_new(conn, blobs, key=key, mime=mime, data=data, created_at=moment, expires_at=ends):
        conn.execute(sa.update(blobs).where(blobs.c.key == key).values(expires_at=ends))


def name_of(data: bytes) -> str:
    """A key made of the bytes themselves: the same picture sent twice is stored once."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def get(conn: Connection, key: str) -> Blob | None:
    """None once its time has passed."""
    row = conn.execute(sa.select(blobs).where(blobs.c.key == key)).mappings().one_or_none()
    if row is None or row["expires_at"] <= now(conn):
        return None
    return Blob(row["mime"], bytes(row["data"]))


def keep(conn: Connection, keys: Sequence[str]) -> bool:
    """Lets these live LIFETIME from now, in the transaction of the order that needs them. False: one is gone."""
    if not keys:
        return True
    moment = now(conn)
    mine = sa.and_(blobs.c.key.in_(keys), blobs.c.expires_at > moment)
    kept = conn.execute(sa.update(blobs).where(mine).values(expires_at=moment + LIFETIME)).rowcount
    return kept == len(set(keys))


def put_aside(conn: Connection, job_id: str, assets: Sequence[Asset]) -> tuple[Asset, ...]:
    """The assets of a job with the bytes of those that have some put aside: their address names the blob."""
    found: list[Asset] = []
    for index, asset in enumerate(assets):
        if not asset.data:
            found.append(asset)
            continue
        key = f"{job_id}.{index}"
        put(conn, key, asset.mime, asset.data)
        found.append(replace(asset, url=BLOB + key, data=b""))
    return tuple(found)


def drop(conn: Connection, keys: Sequence[str]) -> None:
    """Removes bytes that their owner deleted."""
    if keys:
        conn.execute(sa.delete(blobs).where(blobs.c.key.in_(keys)))


def sweep(conn: Connection) -> int:
    """Drops the blobs that no job or draft needs any more; returns how many."""
    return conn.execute(sa.delete(blobs).where(blobs.c.expires_at <= now(conn))).rowcount
