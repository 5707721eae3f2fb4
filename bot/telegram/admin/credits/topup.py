"""/topup and /debit: who, how much and why, understood or explained; what needs a second look asks first."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import InlineKeyboardMarkup, Message
from sqlalchemy import Connection

from bot import ledger
from bot.domain.errors import NotEnoughCredits
from bot.domain.jobs import Target
from bot.domain.money import Credits
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts, inbox
from bot.telegram.admin.credits.adjustment import SURE, Move, MoveKind, announcement, carry_out, choice, question
from bot.telegram.admin.credits.arguments import NOTE, FormError, Wish, parse_wish
from bot.telegram.admin.person_lookup import NobodyFound, find, replied_of
from bot.telegram.admin.replies import AdminReplies, Said, person_line
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.clip import one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import draft_id_of

GIVEN = 60
"""Units of a wrong word that the answer repeats."""
Asked = tuple[Html, InlineKeyboardMarkup | None]


def build_router() -> Router:
    router = Router(name="admin-money")
    router.message.register(top_up, is_command("topup"))
    router.message.register(debit, is_command("debit"))
    return router


async def top_up(
    message: Message,
    command: CommandObject,
    ctx: Context,
    person: User,
    t: Speech,
    ticket: inbox.Ticket | None,
) -> None:
    await _move(AdminReplies(ctx, person, t, ticket), message, command, MoveKind.TOP_UP)


async def debit(
    message: Message,
    command: CommandObject,
    ctx: Context,
    person: User,
    t: Speech,
    ticket: inbox.Ticket | None,
) -> None:
    await _move(AdminReplies(ctx, person, t, ticket), message, command, MoveKind.DEBIT)


async def _move(clerk: AdminReplies, message: Message, command: CommandObject, kind: MoveKind) -> None:
    options = clerk.ctx.options
    try:
        wish = parse_wish(command.args or "", replied=replied_of(message), maximum=options.max_topup)
        user = await clerk.ctx.db.read(lambda conn: find(conn, wish.who))
    except FormError as error:
        await clerk.answer(message, form_text(clerk.t, error, kind, options.max_topup))
        return
    except NobodyFound as error:
        await clerk.answer(message, nobody_text(clerk.t, error))
        return
    move = Move(kind, draft_id_of(message), user, wish.amount, wish.note)
    draft = await clerk.ctx.db.read(lambda conn: drafts.get(conn, move.key))
    if draft is not None and draft.data.get(SURE):  # an attempt before this one was cut off
        await carry_out(clerk, said_in(draft), move, draft.id)
    elif draft is not None or _must_confirm(wish, kind, options.confirm_topup_above):
        await ask(clerk, message, move)
    else:
        await _announce(clerk, message, move)


def _must_confirm(wish: Wish, kind: MoveKind, above: Credits) -> bool:
    return wish.ask or kind is MoveKind.DEBIT or wish.amount > above


async def _announce(clerk: AdminReplies, message: Message, move: Move) -> None:
    """Moves at once, but not before the operator was told of it: what cannot be told does not move."""
    said = await clerk.first(message, announcement(clerk.t, move))
    if said is not None:
        await clerk.ctx.db.transaction(lambda conn: wait_for(conn, clerk, move, move.key, said))
        await carry_out(clerk, said, move, move.key)


def wait_for(conn: Connection, clerk: AdminReplies, move: Move, draft_id: str, said: Said) -> None:
    """The draft of a move that was announced: an attempt after this one ends it in the same message."""
    drafts.create(
        conn,
        id=draft_id,
        user_id=clerk.person.id,
        purpose=move.kind.value,
        chat_id=said.at.chat_id,
        thread_id=said.at.thread_id,
        message_id=said.at.message_id,
        data={**move.to_data(), SURE: True},
    )


def said_in(draft: drafts.Draft) -> Said:
    """Where the draft's move was announced."""
    return Said(Target(draft.chat_id, draft.thread_id, draft.message_id), open=draft.chat_id != draft.user_id)


async def ask(clerk: AdminReplies, message: Message, move: Move) -> None:
    """Asks for a confirmation, once: a redelivered command finds its question standing."""

    def ask_move(conn: Connection) -> tuple[drafts.Draft, Credits]:
        draft, _ = drafts.create(
            conn,
            id=move.key,
            user_id=clerk.person.id,
            purpose=move.kind.value,
            chat_id=clerk.person.id,
            thread_id=None,
            data=move.to_data(),
        )
        available = ledger.balance(conn, move.user.account_id).available
        if move.kind is MoveKind.DEBIT and available < move.amount:
            drafts.delete(conn, move.key)
            raise NotEnoughCredits(available=available, needed=move.amount)
        return draft, available

    try:
        draft, available = await clerk.ctx.db.transaction(ask_move)
    except NotEnoughCredits as refusal:
        person = person_line(clerk.t, move.user)
        said = clerk.t("admin-not-enough", person=person, available=credits_text(clerk.t, refusal.available))
        await clerk.answer(message, said)
        return
    if not draft.message_id:
        keyboard = choice(clerk.t, move.key, danger=move.kind is MoveKind.DEBIT)
        asked = question(clerk.t, move, available)
        sent = await clerk.answer(message, asked, keyboard, openly="admin-open-unasked")
        await stands(clerk, move.key, sent)


async def stands(clerk: AdminReplies, draft_id: str, message_id: int) -> None:
    """Notes in which message the draft's question stands."""

    def note_question(conn: Connection) -> None:
        draft = drafts.get(conn, draft_id)
        if draft is not None:
            draft.message_id = message_id
            drafts.save(conn, draft)

    await clerk.ctx.db.transaction(note_question)


def form_text(t: Speech, error: FormError, kind: MoveKind, maximum: Credits) -> Html:
    """What is wrong, and the form with examples."""
    given = one_line(error.given, GIVEN)
    said = t(f"admin-form-{error.problem}", given=given, maximum=credits_text(t, maximum), longest=NOTE)
    return lines([said, t("admin-form", command="topup" if kind is MoveKind.TOP_UP else "debit")])


def nobody_text(t: Speech, error: NobodyFound) -> Html:
    return t(f"admin-nobody-{error.reason}", sought=error.sought)
