"""`python -m bot topup`: credits without a chat. The running bot tells the user; the next one does on SQLite."""

import argparse
import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import AmountError, Credits, from_decimal, parse_amount, to_decimal
from bot.domain.visible import visible
from bot.engine.accounts import users
from bot.engine.credits import notices
from bot.engine.dialogs.drafts import draft_id
from bot.settings import Settings
from bot.storage.clock import now
from bot.storage.database import Database, DatabaseBusy, open_database
from bot.storage.migrate import migrate
from bot.storage.statements import queue_up

GIVEN, NOT_GIVEN, USAGE = 0, 1, 2
REPEATS: Final = 600.0
"""Seconds within which the same amount for the same user is asked for once more."""
LARGEST_ID: Final = 2**52
"""Bot API, User: ids have at most 52 significant bits."""


def describe(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("user", help="Telegram id, or @username of a user that the bot has seen")
    parser.add_argument("amount", help="credits, such as 100 or 12.50")
    parser.add_argument("note", nargs="*", default=[], help="why; kept with the transfer")
    parser.add_argument("--yes", action="store_true", help="do not ask: about an unknown id, or the same amount again")


async def top_up(settings: Settings, options: argparse.Namespace) -> int:
    """Gives the credits and leaves a notice for the user, in one transaction; returns the process's exit code."""
    note = " ".join(options.note)
    note = note if visible(note) else "command line"
    if note[:1].isdigit():
        return _refuse(f"Is the amount {options.amount} or {options.amount}{note.split()[0]}? Write a number without"
                       " blanks, and begin the note with a word.")  # fmt: skip
    try:
        amount = parse_amount(options.amount, maximum=from_decimal(settings.max_topup))
    except AmountError:
        return _refuse(
            f"The amount must be above 0, at most {settings.max_topup}, with at most two places, such as 12.50."
        )
    try:
        await asyncio.to_thread(migrate, settings.database_url)
        db = await open_database(settings.database_url)
    except DatabaseBusy as error:
        return _refuse(_beside(error, settings, options))
    try:
        return await _give(db, options, amount, note)
    finally:
        await db.close()


def _beside(error: DatabaseBusy, settings: Settings, options: argparse.Namespace) -> str:
    who = "as an admin" if settings.admin_ids else "as an admin (name yourself in ADMIN_IDS)"
    return (
        f"{error}, for SQLite lets one process write. Or leave it running and send the bot, {who}:\n"
        f"  /topup {options.user} {' '.join([options.amount, *options.note])}\n"
        "If you stop the bot: run this command again, and start the bot: it tells the user then."
    )


class _Doubted(Exception):
    """Something has to be asked before: the transaction is undone."""


async def _give(db: Database, options: argparse.Namespace, amount: Credits, note: str) -> int:
    who = options.user
    person = await db.read(lambda conn: _known(conn, who))
    user_id = int(who) if who.isascii() and who.isdigit() else 0
    if person is None and not 0 < user_id < LARGEST_ID:
        _say_error(f"The bot has not seen {who}. Give the numeric Telegram id instead.")
        return NOT_GIVEN

    sure = options.yes

    def give(conn: Connection) -> Credits:
        user = _known(conn, who)
        # Of two commands at once the second sees what the first gave, also where one names the user and one the id.
        queue_up(conn, f"topup:{user.id if user is not None else user_id}")
        if not sure and (doubt := _doubt(conn, who, user, amount)):
            raise _Doubted(doubt)
        if user is None:
            user = users.seen(conn, user_id=user_id, username=None, name="", language_code="")[0]
        key = draft_id("cli", user.account_id, now(conn))
        ledger.top_up(conn, key=key, account_id=user.account_id, amount=amount, actor=None, note=note)
        notices.leave(conn, key, user_id=user.id, amount=amount)
        return ledger.balance(conn, user.account_id).available

    try:
        balance = await db.transaction(give)
    except _Doubted as doubt:
        if not _agreed(str(doubt)):
            made = "Nothing was given and no account was made." if person is None else "Nothing was given."
            _say_error(f"{made} With --yes this command does not ask.")
            return NOT_GIVEN
        sure = True
        balance = await db.transaction(give)
    sys.stdout.write(f"{who} got {_plain(amount)} credits and has {_plain(balance)} now.\n")
    return GIVEN


def _known(conn: Connection, who: str) -> users.User | None:
    if who.lstrip("-").isdigit():
        return users.find(conn, int(who))
    return users.find_by_username(conn, who)


def _doubt(conn: Connection, who: str, person: users.User | None, amount: Credits) -> str:
    """What has to be asked before; "" when nothing."""
    if person is None:
        return f"The bot has not seen {who}. Make an account for this Telegram id and give it {_plain(amount)} credits?"
    about: dict[str, Any] = {"account_id": person.account_id, "amount": amount, "actor": None}
    same = ledger.same_before(conn, kind="top_up", key="", within=REPEATS, **about)
    return f"{who} got the same amount from this command {same.ago:.0f} s ago. Once more?" if same is not None else ""


def _agreed(question: str) -> bool:
    """Asks on the terminal; no answer is a no, and so is Ctrl+C. The event loop stands still meanwhile: this command
    has nothing else to do, and a thread that reads would keep the process until the next line comes."""
    with contextlib.suppress(KeyboardInterrupt), _interruptible():  # first: Ctrl+C may come with the question
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")
    sys.stderr.write("\n")
    return False


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl+C is an exception at once: asyncio's handler would only cancel the task, which reads and hears nothing."""
    if threading.current_thread() is not threading.main_thread():  # signals are none of other threads' business
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    task = asyncio.current_task()
    try:
        if task is not None and task.cancelling():  # Ctrl+C came a moment before the handler did
            raise KeyboardInterrupt
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _plain(amount: Credits) -> str:
    found: Decimal = to_decimal(amount).normalize()
    return f"{found:f}"


def _refuse(text: str) -> int:
    _say_error(text)
    return USAGE


def _say_error(text: str) -> None:
    sys.stderr.write(text + "\n")
