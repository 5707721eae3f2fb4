"""/topup and /debit: who, how much and why, understood or explained; what needs a second look asks first."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import InlineKeyboardMarkup, Message

from bot.domain.errors import NotEnoughCredits
from bot.domain.jobs import Target
from bot.domain.money import Credits
from bot.engine.credits.adjustments import Adjustment, AdjustmentKind
from bot.engine.dialogs.drafts import Draft
from bot.telegram.admin.command_forms import explained
from bot.telegram.admin.credits.adjustment import SURE, announcement, carry_out, choice, question
from bot.telegram.admin.credits.arguments import AdjustmentForm, parse_adjustment
from bot.telegram.admin.person_lookup import find, replied_of
from bot.telegram.admin.replies import AdminReplies, Said, person_line
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import draft_id_of

Asked = tuple[Html, InlineKeyboardMarkup | None]


def build_router() -> Router:
    router = Router(name="admin-money")
    router.message.register(top_up, is_command("topup"))
    router.message.register(debit, is_command("debit"))
    return router


async def top_up(message: Message, command: CommandObject, replies: AdminReplies) -> None:
    await _move(replies, message, command, AdjustmentKind.TOP_UP)


async def debit(message: Message, command: CommandObject, replies: AdminReplies) -> None:
    await _move(replies, message, command, AdjustmentKind.DEBIT)


async def _move(replies: AdminReplies, message: Message, command: CommandObject, kind: AdjustmentKind) -> None:
    usage = replies.t("admin-form", command="topup" if kind is AdjustmentKind.TOP_UP else "debit")
    async with explained(replies, message, usage):
        maximum = replies.ctx.options.max_topup
        form = parse_adjustment(command.args or "", replied=replied_of(message), maximum=maximum)
        user = await find(replies.ctx.engine.people, form.who)
        move = Adjustment(kind, draft_id_of(message), user, form.amount, form.note)
        await _begin(replies, message, form, move)


async def _begin(replies: AdminReplies, message: Message, form: AdjustmentForm, move: Adjustment) -> None:
    kind = move.kind
    draft = await replies.ctx.engine.confirmations.of(replies.person.id, move.key, {kind.value})
    if draft is not None and draft.data.get(SURE):  # an attempt before this one was cut off
        await carry_out(replies, said_in(draft), move, draft)
    elif draft is not None or _must_confirm(form, kind, replies.ctx.options.confirm_topup_above):
        await ask(replies, message, move)
    else:
        await _announce(replies, message, move)


def _must_confirm(form: AdjustmentForm, kind: AdjustmentKind, above: Credits) -> bool:
    return form.ask or kind is AdjustmentKind.DEBIT or form.amount > above


async def _announce(replies: AdminReplies, message: Message, move: Adjustment) -> None:
    """Moves at once, but not before the operator was told of it: what cannot be told does not move."""
    said = await replies.first(message, announcement(replies.t, move))
    if said is not None:
        await carry_out(replies, said, move, await wait_for(replies, move, move.key, said))


async def wait_for(replies: AdminReplies, move: Adjustment, draft_id: str, said: Said) -> Draft:
    """The draft of a move that was announced: an attempt after this one ends it in the same message."""
    ask, data = replies.ctx.engine.confirmations.ask, {**move.to_data(), SURE: True}
    return await ask(draft_id, asker=replies.person.id, purpose=move.kind.value, data=data, at=said.at)


def said_in(draft: Draft) -> Said:
    """Where the draft's move was announced."""
    return Said(Target(draft.chat_id, draft.thread_id, draft.message_id), open=draft.chat_id != draft.user_id)


async def ask(replies: AdminReplies, message: Message, move: Adjustment) -> None:
    """Asks for a confirmation, once: a redelivered command finds its question standing."""
    engine, kind = replies.ctx.engine, move.kind
    try:
        available = await engine.adjustments.available_for(move)
    except NotEnoughCredits as refusal:
        person = person_line(replies.t, move.user)
        said = replies.t("admin-not-enough", person=person, available=credits_text(replies.t, refusal.available))
        await replies.answer(message, said)
        return
    draft = await engine.confirmations.ask(move.key, asker=replies.person.id, purpose=kind.value, data=move.to_data())
    if not draft.message_id:
        keyboard = choice(replies.t, move.key, danger=kind is AdjustmentKind.DEBIT)
        asked = question(replies.t, move, available)
        sent = await replies.answer(message, asked, keyboard, openly="admin-open-unasked")
        await engine.confirmations.placed(draft.id, sent)
