"""One move of credits by an operator's hand: carried out once per key, told to the user, reported to the operator."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiogram.types import InlineKeyboardMarkup
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import KeyReused, NotEnoughCredits
from bot.domain.money import Credits
from bot.engine import drafts, people
from bot.engine.people import User
from bot.ledger import Entry
from bot.telegram.admin.clerk import NOBODY, Clerk, person_line
from bot.telegram.admin.clip import NAME, one_line
from bot.telegram.callbacks import AdminAction
from bot.telegram.keyboards import button, markup
from bot.telegram.order_card import credits_text, lines
from bot.telegram.texts import Html, Speech

LOOK_BACK = 200
"""Lines of the statement in which an earlier move of the same key is looked for, to say whose it was."""
NOTE_UNITS = 400


class MoveKind(StrEnum):
    """Also the purpose of the draft that waits for its confirmation."""

    TOP_UP = "top_up"
    DEBIT = "debit"


@dataclass(frozen=True, slots=True)
class Move:
    """`key` is the idempotency key: the same again moves nothing."""

    kind: MoveKind
    key: str
    user: User
    amount: Credits
    note: str

    def to_data(self) -> dict[str, Any]:
        return {"key": self.key, "user": self.user.id, "amount": int(self.amount), "note": self.note}


def move_of(conn: Connection, draft: drafts.Draft) -> Move | None:
    """The move that a draft waits to make; None when the user is gone."""
    user = people.find(conn, draft.data["user"])
    if user is None:
        return None
    amount = Credits(draft.data["amount"])
    return Move(MoveKind(draft.purpose), draft.data["key"], user, amount, draft.data["note"])


class DraftGone(Exception):
    """Confirmed, cancelled or expired since: nothing moved now."""


async def settle(clerk: Clerk, move: Move, *, draft_id: str | None = None) -> Html:
    """Moves the credits, marks the update handled and ends the draft in one transaction; tells the user if it is news.

    Returns the report. Raises DraftGone.
    """

    def carry_out(conn: Connection) -> tuple[bool, Credits]:
        if draft_id is not None and not drafts.delete(conn, draft_id):
            raise DraftGone
        move_credits = ledger.top_up if move.kind is MoveKind.TOP_UP else ledger.debit
        new = move_credits(
            conn,
            key=move.key,
            account_id=move.user.account_id,
            amount=move.amount,
            actor=clerk.person.account_id,
            note=move.note,
        )
        clerk.handled(conn)
        return new, ledger.balance(conn, move.user.account_id).available

    try:
        new, balance = await clerk.ctx.db.transaction(carry_out)
    except NotEnoughCredits as refusal:
        available = credits_text(clerk.t, refusal.available)
        return clerk.t("admin-not-enough", person=person_line(clerk.t, move.user), available=available)
    except KeyReused:
        new, balance = False, Credits(0)
    if not new:
        return await _done_before(clerk, move)
    theirs = clerk.speech_of(move.user)
    told = await clerk.tell(
        move.user,
        f"admin-told-{move.kind}",
        amount=credits_text(theirs, move.amount),
        balance=credits_text(theirs, balance),
    )
    return _report(clerk, move, balance, told)


def _report(clerk: Clerk, move: Move, balance: Credits, told: bool | None) -> Html:
    t = clerk.t
    done = t(
        f"admin-done-{move.kind}",
        person=person_line(t, move.user),
        amount=credits_text(t, move.amount),
        by=one_line(clerk.person.name, NAME) or NOBODY,
    )
    after = t("admin-balance-now", balance=credits_text(t, balance))
    return lines([done, after, note_line(t, move.note), told_line(t, told)])


def note_line(t: Speech, note: str) -> Html:
    return t("admin-note", note=one_line(note, NOTE_UNITS)) if note else Html("")


def told_line(t: Speech, told: bool | None) -> Html:
    """Only what the operator has to know: that the user could not be told."""
    return t("admin-not-told") if told is False else Html("")


async def _done_before(clerk: Clerk, move: Move) -> Html:
    """What was made under this key, by whom and when."""

    def look(conn: Connection) -> tuple[Entry | None, User | None]:
        entries = ledger.statement(conn, move.user.account_id, limit=LOOK_BACK)
        entry = next((e for e in entries if e.id.partition(":")[2] == move.key), None)
        actor = people.by_account(conn, entry.actor) if entry is not None and entry.actor is not None else None
        return entry, actor

    entry, actor = await clerk.ctx.db.read(look)
    t = clerk.t
    if entry is None:
        return t("admin-done-before")
    by = one_line(actor.name, NAME) if actor is not None else NOBODY
    amount = credits_text(t, entry.amount)
    return t("admin-done-before-by", amount=amount, by=by or NOBODY, time=t.when(entry.created_at))


def question(t: Speech, move: Move, available: Credits) -> Html:
    """Asks before the move, with what it does to the balance."""
    after = available + move.amount if move.kind is MoveKind.TOP_UP else available - move.amount
    asked = t(f"admin-ask-{move.kind}", person=person_line(t, move.user), amount=credits_text(t, move.amount))
    balance = t("admin-ask-balance", before=t.money(available), after=t.money(Credits(after)))
    return lines([asked, balance, note_line(t, move.note)])


def choice(t: Speech, draft_id: str, *, danger: bool) -> InlineKeyboardMarkup:
    """Confirm and Cancel of a draft."""
    yes = button(t.plain("admin-tap-confirm"), AdminAction(act="ok", id=draft_id), "danger" if danger else "success")
    return markup([[yes, button(t.plain("admin-tap-cancel"), AdminAction(act="no", id=draft_id))]])
