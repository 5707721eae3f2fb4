"""Everything that is stored about a person, as JSON for them to keep: no operator's costs, no provider's words."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import NOWHERE, SOURCE, Delivered, Job
from bot.domain.money import Credits, to_decimal
from bot.engine.accounts.users import User
from bot.engine.dialogs import inline_cards
from bot.engine.jobs import queries
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.tables import drafts, messages, users, waiting, waiting_orders

MOST: Final = 10_000
"""Jobs, and lines of the statement, and messages: the newest."""
Data = dict[str, Any]
Address = Callable[[Job, int], str]
"""Where its owner may fetch a result of a job by its number, for a while at least; "" for nowhere."""
LARGE: Final = "larger than what Telegram takes, and there is no link to it"
REFUSED: Final = "Telegram does not take the file, and there is no link to it"
NOT_CAME: Final = "it never came and was not paid for"
NOT_HAD: Final = "the file could not be had just now"
NO_ROOM: Final = "the file does not fit into this archive"


class Exports:
    """Reads only."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def gather(self, person: User, address: Address, *, jobs: int) -> tuple[Data, list[Job]]:
        """The person's data, and their newest orders, at most so many `jobs`, all of one moment."""

        def look(conn: Connection) -> tuple[Data, list[Job]]:
            return gather(conn, person, address), queries.of_account(conn, person.account_id, offset=0, limit=jobs)

        return await self._db.read(look)


def gather(conn: Connection, person: User, address: Address) -> Data:
    """The person's data at this moment. Times in UTC, amounts in credits."""
    balance = ledger.balance(conn, person.account_id)
    jobs = queries.of_account(conn, person.account_id, offset=0, limit=MOST)
    lines = ledger.statement(conn, person.account_id, limit=MOST)
    return {
        "made_at": _time(now(conn)),
        "newest_of_each_list_at_most": MOST,
        "profile": _profile(conn, person),
        "balance": {"available": _amount(balance.available), "held": _amount(balance.held)},
        "transfers": [
            {
                "id": line.id,
                "kind": line.kind,
                "amount": _amount(line.amount),
                "at": _time(line.created_at),
                "job": line.job_id,
                "note": line.note,
            }
            for line in lines
        ],
        "jobs": [_job(job, address) for job in jobs],
        "conversations": _conversations(conn, person.id),
        "waiting_questions": _waiting(conn, person.id),
        "waiting_for_confirmation": _drafts(conn, person.id),
        "waiting_for_credits": _unpaid(conn, person.id),
    }


def as_json(data: Data) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def into_zip(archive: zipfile.ZipFile, data: Data) -> None:
    """Adds the JSON, and a list of results with a line for each: job, place, kind of media, file id or link, and the
    name of the file in the archive where it is there, or why it is not."""
    lines = ["job\tnumber\tmedia\tfile_id\tlink\tfile\twhy"]
    for job in data["jobs"]:
        for number, result in enumerate(job["results"], 1):
            values = (job["id"], str(number), *(result.get(name, "") for name in _COLUMNS))
            lines.append("\t".join(value.translate(_FLAT) for value in values))
    archive.writestr("data.json", as_json(data))
    archive.writestr("results.tsv", "\n".join(lines) + "\n")


_COLUMNS: Final = ("media", "file_id", "link", "file", "why")
_FLAT: Final = {ord(char): " " for char in "\t\r\n"}


def _profile(conn: Connection, person: User) -> Data:
    row = conn.execute(sa.select(users).where(users.c.id == person.id)).mappings().one()
    return {
        "telegram_id": person.id,
        "account": person.account_id,
        "name": row["name"],
        "username": row["username"],
        "language": row["language"],
        "language_of_telegram": row["language_code"],
        "preferences": row["preferences"],
        "first_seen": _time(row["created_at"]),
        "last_seen": _time(row["seen_at"]),
    }


def _job(job: Job, address: Address) -> Data:
    return {
        "id": job.id,
        "state": job.state.value,
        "kind": job.kind.value,
        "model": job.model,
        "provider": job.provider,
        "prompt": job.prompt,
        "options": dict(job.options),
        "pictures": len(job.inputs),
        "made_from": [name for name in (*(i.job_id for i in job.inputs), job.facts.get(SOURCE, "")) if name],
        "favourite": job.favourite,
        "price": _amount(job.quote),
        "charged": _amount(job.charged or Credits(0)),
        "refunded": job.refunded,
        "ordered_at": _time(job.created_at),
        "finished_at": _time(job.finished_at) if job.finished_at is not None else None,
        "chat": job.target.chat_id,
        "message": job.target.message_id,
        "results": _results(job, address),
    }


def _results(job: Job, address: Address) -> list[dict[str, str]]:
    """What there is of each result, and why it is not there where there is neither a file nor a link."""
    found = []
    for number in range(max(len(job.assets), len(job.delivered))):
        asset = job.assets[number] if number < len(job.assets) else None
        sent = job.delivered[number] if number < len(job.delivered) else None
        link = address(job, number) if asset is not None else ""
        result = {"media": sent.media if sent else ""}
        result |= {"file_id": sent.file_id} if sent is not None and sent.file_id else {}
        result |= {"link": link} if link.startswith("https://") else {}
        result |= {"text": asset.text} if asset is not None and asset.text else {}
        if sent is not None and len(result) == 1:
            result["why"] = _why(sent)
        found.append(result)
    return found


def _why(sent: Delivered) -> str:
    if sent.media == NOWHERE:
        return NOT_CAME
    return LARGE if sent.large else REFUSED


def _conversations(conn: Connection, user_id: int) -> list[Data]:
    newest = sa.select(messages).where(messages.c.user_id == user_id).order_by(messages.c.id.desc()).limit(MOST)
    return [
        {"chat": row["chat_id"], "at": _time(row["created_at"]), "role": row["role"], "text": row["content"]}
        for row in conn.execute(newest).mappings()
    ]


def _waiting(conn: Connection, user_id: int) -> list[Data]:
    mine = sa.select(waiting).where(waiting.c.user_id == user_id).order_by(waiting.c.created_at).limit(MOST)
    return [
        {"chat": row["chat_id"], "at": _time(row["created_at"]), "text": row["text"]}
        for row in conn.execute(mine).mappings()
    ]


def _drafts(conn: Connection, user_id: int) -> list[Data]:
    orders = drafts.c.purpose.in_(("order", inline_cards.OFFERED, inline_cards.POSTED))
    mine = sa.select(drafts).where(drafts.c.user_id == user_id, orders)
    newest = mine.order_by(drafts.c.created_at.desc()).limit(MOST)
    return [
        {"at": _time(row["created_at"]), "prompt": _words(row["data"]), "model": row["data"].get("model")}
        for row in conn.execute(newest).mappings()
    ]


def _unpaid(conn: Connection, user_id: int) -> list[Data]:
    mine = sa.select(waiting_orders).where(waiting_orders.c.user_id == user_id)
    return [
        {"at": _time(row["created_at"]), "prompt": _words(row["data"]), "model": row["data"].get("model")}
        for row in conn.execute(mine).mappings()
    ]


def _words(data: Data) -> str:
    """Of an order, or as they were typed behind the bot's name."""
    return str(data.get("prompt") or data.get("text") or "")


def _amount(amount: Credits) -> str:
    return f"{to_decimal(amount):f}"


def _time(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).isoformat(timespec="seconds")
