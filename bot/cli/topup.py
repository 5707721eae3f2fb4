"""`python -m bot topup`: credits without a chat. The running bot tells the user; the next one does on SQLite."""

import argparse
import asyncio
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal

from bot.domain.money import AmountError, Credits, from_decimal, parse_amount, to_decimal
from bot.domain.notes import LONGEST, NoteTooLong, note_of
from bot.domain.users import ById, ByName, Who, who_of
from bot.engine.accounts.users import User
from bot.engine.credits.adjustments import Adjustment, AdjustmentKind, Repeated
from bot.engine.dialogs.drafts import DraftGone, draft_id
from bot.engine.use_cases import UseCases
from bot.settings import Settings
from bot.wiring.use_cases import DatabaseBusy, use_cases_of

GIVEN, NOT_GIVEN, USAGE = 0, 1, 2


def describe(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("user", help="Telegram id, or @username of a user that the bot has seen")
    parser.add_argument("amount", help="credits, such as 100 or 12.50")
    parser.add_argument("note", nargs="*", default=[], help="why; kept with the transfer")
    parser.add_argument("--yes", action="store_true", help="do not ask: about an unknown id, or the same amount again")


async def top_up(settings: Settings, options: argparse.Namespace) -> int:
    """Gives the credits and leaves a notice for the user; returns the process's exit code."""
    try:
        note = note_of(" ".join(options.note)) or "command line"
    except NoteTooLong:
        return _refuse(f"The note must have at most {LONGEST} characters.")
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
        async with use_cases_of(settings) as engine:
            return await give(engine, options, amount, note)
    except DatabaseBusy as error:
        return _refuse(_beside(error, settings, options))


def _beside(error: DatabaseBusy, settings: Settings, options: argparse.Namespace) -> str:
    who = "as an admin" if settings.admin_ids else "as an admin (name yourself in ADMIN_IDS)"
    return (
        f"{error}, for SQLite lets one process write. Or leave it running and send the bot, {who}:\n"
        f"  /topup {options.user} {' '.join([options.amount, *options.note])}\n"
        "If you stop the bot: run this command again, and start the bot: it tells the user then."
    )


async def give(engine: UseCases, options: argparse.Namespace, amount: Credits, note: str) -> int:
    """Finds the user, or opens an account for an unknown id, and gives; asks about what may be a mistake."""
    who = options.user
    meant_user = who_of(who) or who_of(f"@{who}")
    user = await _known(engine, meant_user)
    if user is None:
        if not isinstance(meant_user, ById) or meant_user.id == 0:
            _say_error(f"The bot has not seen {who}. Give the numeric Telegram id instead.")
            return NOT_GIVEN
        doubt = (
            f"The bot has not seen {who}. Make an account for this Telegram id and give it {_plain(amount)} credits?"
        )
        if not options.yes and not _agreed(doubt):
            return _not_given("Nothing was given and no account was made.")
        user = await engine.people.open(meant_user.id)
    asked = Adjustment(AdjustmentKind.TOP_UP, draft_id("cli", user.account_id, time.time_ns()), user, amount, note)
    meant = ""
    while True:
        try:
            made = await engine.adjustments.make(asked, actor=None, meant=meant, notice=True)
        except Repeated as repeated:
            doubt = f"{who} got the same amount from this command {repeated.same.ago:.0f} s ago. Once more?"
            if not options.yes and not _agreed(doubt):
                return _not_given("Nothing was given.")
            meant = repeated.same.id
        except DraftGone:
            _say_error(f"{who} had all their data erased meanwhile. Nothing was given.")
            return NOT_GIVEN
        else:
            sys.stdout.write(f"{who} got {_plain(amount)} credits and has {_plain(made.available)} now.\n")
            return GIVEN


async def _known(engine: UseCases, who: Who | None) -> User | None:
    match who:
        case ById(user_id):
            return await engine.people.find(user_id)
        case ByName(username):
            return await engine.people.named(username)
    return None


def _not_given(why: str) -> int:
    _say_error(f"{why} With --yes this command does not ask.")
    return NOT_GIVEN


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
