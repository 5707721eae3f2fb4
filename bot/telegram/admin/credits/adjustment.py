"""One move of credits by an operator's hand: carried out once per key, told to the user, reported to the operator."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiogram.types import InlineKeyboardMarkup

from bot.domain.errors import KeyReused, NotEnoughCredits
from bot.domain.money import Credits
from bot.engine.accounts.users import User
from bot.engine.credits.adjustments import Adjusted, Adjustment, AdjustmentKind, Repeated
from bot.engine.dialogs.drafts import Draft, DraftGone
from bot.telegram.admin.replies import UNNAMED, AdminReplies, Said, person_line
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import NAME, one_line
from bot.telegram.ui.keyboards import button, markup

NOTE_UNITS = 400
SURE: Final = "sure"
"""In a draft's data: the move waits for no confirmation, only for its announcement."""
WARNED: Final = "warned"
"""In a draft's data: the id of the earlier move that its question has told of."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a move ended: for the operator in private, and without figures for a group."""

    text: Html
    openly: Html


async def carry_out(
    replies: AdminReplies,
    said: Said,
    move: Adjustment,
    draft: Draft,
    frame: Callable[[Html], Html] = lambda text: text,
) -> None:
    """Makes the move that `said` announces and says there how it ended, in the words that `frame` gives it; asks there
    once more for a move that repeats another."""
    try:
        outcome = await execute(replies, move, draft)
    except Repeated as repeated:
        await _ask_again(replies, said, move, draft, repeated)
        return
    except DraftGone:
        decided = replies.t("admin-toast-decided")
        outcome = Outcome(decided, decided)
    await replies.last(said, frame(outcome.text), outcome.openly)
    await replies.ctx.engine.confirmations.end(draft.id)


async def execute(replies: AdminReplies, move: Adjustment, draft: Draft) -> Outcome:
    """Moves the credits and tells the user if it is news. Raises DraftGone, Repeated: then nothing moved."""
    adjustments, meant = replies.ctx.engine.adjustments, draft.data.get(WARNED, "")
    try:
        made = await adjustments.make(move, actor=replies.person, draft_id=draft.id, meant=meant)
    except NotEnoughCredits as refusal:
        available = credits_text(replies.t, refusal.available)
        refused = replies.t("admin-not-enough", person=person_line(replies.t, move.user), available=available)
        return Outcome(refused, replies.t("admin-open-unmoved"))
    except KeyReused:
        made = Adjusted(new=False, available=Credits(0))
    if not made.new:
        return Outcome(await _done_before(replies, move), replies.t("admin-open-before"))
    theirs = replies.speech_of(move.user)
    told = await replies.tell(
        move.user,
        f"admin-told-{move.kind}",
        amount=credits_text(theirs, move.amount),
        balance=credits_text(theirs, made.available),
    )
    return Outcome(
        _report(replies, move, made.available, told), replies.t(f"admin-open-{move.kind}", name=named(move.user))
    )


async def _ask_again(replies: AdminReplies, said: Said, move: Adjustment, draft: Draft, repeated: Repeated) -> None:
    """Turns the announcement into a question. In a group there is none to be asked: the draft goes."""
    t, ago = replies.t, replies.t.duration(repeated.same.ago)
    available = await replies.ctx.engine.books.available(move.user.account_id)
    text = lines([t(f"admin-same-{move.kind}", ago=ago), question(t, move, available)])
    await replies.last(said, text, t("admin-open-same", ago=ago), choice(t, draft.id, danger=True))
    if said.open:
        await replies.ctx.engine.confirmations.end(draft.id)
        return
    await replies.ctx.engine.confirmations.asked_again(draft.id, {WARNED: repeated.same.id, SURE: False})


def announcement(t: Speech, move: Adjustment) -> Html:
    """What is said before anything moves."""
    return t(f"admin-first-{move.kind}", person=person_line(t, move.user), amount=credits_text(t, move.amount))


def named(user: User) -> str:
    return one_line(user.name, NAME) or UNNAMED


def _report(replies: AdminReplies, move: Adjustment, balance: Credits, told: bool | None) -> Html:
    t = replies.t
    done = t(
        f"admin-done-{move.kind}",
        person=person_line(t, move.user),
        amount=credits_text(t, move.amount),
        by=named(replies.person),
    )
    after = t("admin-balance-now", balance=credits_text(t, balance))
    return lines([done, after, note_line(t, move.note), told_line(t, told)])


def note_line(t: Speech, note: str) -> Html:
    return t("admin-note", note=one_line(note, NOTE_UNITS)) if note else Html("")


def told_line(t: Speech, told: bool | None) -> Html:
    """Only what the operator has to know: that the user could not be told."""
    return t("admin-not-told") if told is False else Html("")


async def _done_before(replies: AdminReplies, move: Adjustment) -> Html:
    """What was made under this key, by whom and when."""

    made, t = await replies.ctx.engine.adjustments.made_before(move), replies.t
    if made is None:
        return t("admin-done-before")
    by = one_line(made.actor.name, NAME) if made.actor is not None else UNNAMED
    amount = credits_text(t, made.entry.amount)
    return t("admin-done-before-by", amount=amount, by=by or UNNAMED, time=t.moment(made.entry.created_at))


def question(t: Speech, move: Adjustment, available: Credits) -> Html:
    """Asks before the move, with what it does to the balance."""
    after = available + move.amount if move.kind is AdjustmentKind.TOP_UP else available - move.amount
    asked = t(f"admin-ask-{move.kind}", person=person_line(t, move.user), amount=credits_text(t, move.amount))
    balance = t("admin-ask-balance", before=t.money(available), after=t.money(Credits(after)))
    return lines([asked, balance, note_line(t, move.note)])


def choice(t: Speech, draft_id: str, *, danger: bool) -> InlineKeyboardMarkup:
    """Confirm and Cancel of a draft."""
    yes = button(t.plain("admin-tap-confirm"), AdminAction(act="ok", id=draft_id), "danger" if danger else "success")
    return markup([[yes, button(t.plain("admin-tap-cancel"), AdminAction(act="no", id=draft_id))]])
