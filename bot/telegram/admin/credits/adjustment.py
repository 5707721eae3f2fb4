"""One move of credits by an operator's hand: carried out once per key, told to the user, reported to the operator."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from aiogram.types import InlineKeyboardMarkup
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import KeyReused, NotEnoughCredits
from bot.domain.money import Credits
from bot.engine.accounts import users
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts
from bot.engine.dialogs.drafts import DraftGone
from bot.ledger import Entry, Same
from bot.storage.statements import queue_up
from bot.telegram.admin.replies import NOBODY, AdminReplies, Said, person_line
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import NAME, one_line
from bot.telegram.ui.keyboards import button, markup

LOOK_BACK = 200
"""Lines of the statement in which an earlier move of the same key is looked for, to say whose it was."""
NOTE_UNITS = 400
REPEATS: Final = 600.0
"""Seconds within which the same amount by the same operator for the same person is asked for once more."""
SURE: Final = "sure"
"""In a draft's data: the move waits for no confirmation, only for its announcement."""
WARNED: Final = "warned"
"""In a draft's data: the id of the earlier move that its question has told of."""


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
    user = users.find(conn, draft.data["user"])
    if user is None:
        return None
    amount = Credits(draft.data["amount"])
    return Move(MoveKind(draft.purpose), draft.data["key"], user, amount, draft.data["note"])


class Repeated(Exception):
    """This operator moved the same amount for the same person a moment ago, and was not told so yet: nothing moved."""

    def __init__(self, same: Same) -> None:
        super().__init__(same.id)
        self.same = same


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a move ended: for the operator in private, and without figures for a group."""

    text: Html
    openly: Html


async def carry_out(
    clerk: AdminReplies,
    said: Said,
    move: Move,
    draft_id: str,
    frame: Callable[[Html], Html] = lambda text: text,
) -> None:
    """Makes the move that `said` announces and says there how it ended, in the words that `frame` gives it; asks there
    once more for a move that repeats another."""
    try:
        outcome = await execute(clerk, move, draft_id)
    except Repeated as repeated:
        await _ask_again(clerk, said, move, draft_id, repeated.same)
        return
    except DraftGone:
        decided = clerk.t("admin-toast-decided")
        outcome = Outcome(decided, decided)
    await clerk.last(said, frame(outcome.text), outcome.openly)
    await clerk.end(draft_id)


async def execute(clerk: AdminReplies, move: Move, draft_id: str) -> Outcome:
    """Moves the credits and marks the draft decided in one transaction; tells the user if it is news. Idempotent by the
    move's key. Raises DraftGone, Repeated: then nothing moved."""

    def move_credits(conn: Connection) -> tuple[bool, Credits]:
        queue_up(conn, f"moves:{move.user.account_id}")  # of two equal moves at once the second must see the first
        draft = drafts.decide(conn, draft_id)
        actor, account_id = clerk.person.account_id, move.user.account_id
        about: dict[str, Any] = {"account_id": account_id, "amount": move.amount, "actor": actor, "key": move.key}
        same = ledger.same_before(conn, kind=move.kind.value, within=REPEATS, **about)
        if same is not None and same.id != draft.data.get(WARNED):
            raise Repeated(same)
        moves = ledger.top_up if move.kind is MoveKind.TOP_UP else ledger.debit
        return moves(conn, note=move.note, **about), ledger.balance(conn, account_id).available

    try:
        new, balance = await clerk.ctx.db.transaction(move_credits)
    except NotEnoughCredits as refusal:
        available = credits_text(clerk.t, refusal.available)
        refused = clerk.t("admin-not-enough", person=person_line(clerk.t, move.user), available=available)
        return Outcome(refused, clerk.t("admin-open-unmoved"))
    except KeyReused:
        new, balance = False, Credits(0)
    if not new:
        return Outcome(await _done_before(clerk, move), clerk.t("admin-open-before"))
    theirs = clerk.speech_of(move.user)
    told = await clerk.tell(
        move.user,
        f"admin-told-{move.kind}",
        amount=credits_text(theirs, move.amount),
        balance=credits_text(theirs, balance),
    )
    return Outcome(_report(clerk, move, balance, told), clerk.t(f"admin-open-{move.kind}", name=named(move.user)))


async def _ask_again(clerk: AdminReplies, said: Said, move: Move, draft_id: str, same: Same) -> None:
    """Turns the announcement into a question. In a group there is none to be asked: the draft goes."""
    t, ago = clerk.t, clerk.t.duration(same.ago)
    available = (await clerk.ctx.db.read(lambda conn: ledger.balance(conn, move.user.account_id))).available
    text = lines([t(f"admin-same-{move.kind}", ago=ago), question(t, move, available)])
    await clerk.last(said, text, t("admin-open-same", ago=ago), choice(t, draft_id, danger=True))

    def warned(conn: Connection) -> None:
        if said.open:
            drafts.delete(conn, draft_id)
        elif (draft := drafts.get(conn, draft_id)) is not None:
            draft.data[WARNED] = same.id
            draft.data[SURE] = False
            drafts.save(conn, draft)
        clerk.handled(conn)

    await clerk.ctx.db.transaction(warned)


def announcement(t: Speech, move: Move) -> Html:
    """What is said before anything moves."""
    return t(f"admin-first-{move.kind}", person=person_line(t, move.user), amount=credits_text(t, move.amount))


def named(user: User) -> str:
    return one_line(user.name, NAME) or NOBODY


def _report(clerk: AdminReplies, move: Move, balance: Credits, told: bool | None) -> Html:
    t = clerk.t
    done = t(
        f"admin-done-{move.kind}",
        person=person_line(t, move.user),
        amount=credits_text(t, move.amount),
        by=named(clerk.person),
    )
    after = t("admin-balance-now", balance=credits_text(t, balance))
    return lines([done, after, note_line(t, move.note), told_line(t, told)])


def note_line(t: Speech, note: str) -> Html:
    return t("admin-note", note=one_line(note, NOTE_UNITS)) if note else Html("")


def told_line(t: Speech, told: bool | None) -> Html:
    """Only what the operator has to know: that the user could not be told."""
    return t("admin-not-told") if told is False else Html("")


async def _done_before(clerk: AdminReplies, move: Move) -> Html:
    """What was made under this key, by whom and when."""

    def look(conn: Connection) -> tuple[Entry | None, User | None]:
        entries = ledger.statement(conn, move.user.account_id, limit=LOOK_BACK)
        entry = next((e for e in entries if e.id.partition(":")[2] == move.key), None)
        actor = users.by_account(conn, entry.actor) if entry is not None and entry.actor is not None else None
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
