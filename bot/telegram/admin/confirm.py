"""Confirm and Cancel under an operator's question: only its asker may press, and only once it moves anything."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.engine.credits.adjustments import AdjustmentKind
from bot.engine.dialogs.drafts import Draft
from bot.telegram.admin.access import OwnQuestion, acts
from bot.telegram.admin.credits.adjustment import announcement, carry_out
from bot.telegram.admin.jobs.refunds import PURPOSE as REFUND
from bot.telegram.admin.jobs.refunds import settle_refund
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.admin.users.bans import PURPOSE as BAN
from bot.telegram.admin.users.bans import settle_ban
from bot.telegram.ui.callbacks import AdminAction

PURPOSES = frozenset({*(kind.value for kind in AdjustmentKind), REFUND, BAN})


def build_router() -> Router:
    router = Router(name="admin-confirm")
    waits = OwnQuestion(PURPOSES, gone="admin-toast-decided")
    router.callback_query.register(confirm, AdminAction.filter(), acts("ok"), waits)
    router.callback_query.register(cancel, AdminAction.filter(), acts("no"), waits)
    return router


async def confirm(query: CallbackQuery, draft: Draft, replies: AdminReplies) -> None:
    """Does what was asked. A second tap, or one a day later, is told so and moves nothing."""
    if draft.purpose == BAN:
        await _ban(replies, query, draft)
    else:
        await _move(replies, query, draft)


async def _ban(replies: AdminReplies, query: CallbackQuery, draft: Draft) -> None:
    report = await settle_ban(replies, draft)
    if report is None:
        await replies.answer_callback(query, "admin-toast-decided", alert=True)
        return
    await replies.answer_press(query, report)


async def _move(replies: AdminReplies, query: CallbackQuery, draft: Draft) -> None:
    """Announces in the question's message what moves, moves it, and says there how that ended."""
    engine, move = replies.ctx.engine, None
    if draft.purpose != REFUND:
        move = await engine.adjustments.of_data(AdjustmentKind(draft.purpose), draft.data)
    if draft.purpose != REFUND and move is None:
        await replies.answer_callback(query, "admin-toast-decided", alert=True)
        return
    begins = (
        announcement(replies.t, move) if move is not None else replies.t("admin-first-refund", job=draft.data["job"])
    )
    said = await replies.first_on(query, begins)
    if said is None:
        await replies.answer_callback(query, "admin-toast-untold", alert=True)
        return
    if move is not None:
        await carry_out(replies, said, move, draft)
    else:
        report = await settle_refund(replies, draft)
        await replies.last(said, report, report)
        await engine.confirmations.end(draft.id)
    await replies.answer_callback(query)


async def cancel(query: CallbackQuery, draft: Draft, replies: AdminReplies) -> None:
    """Drops the question."""
    if not await replies.ctx.engine.confirmations.call_off(draft.id):
        await replies.answer_callback(query, "admin-toast-decided", alert=True)
        return
    await replies.answer_press(query, replies.t("admin-cancelled"))
