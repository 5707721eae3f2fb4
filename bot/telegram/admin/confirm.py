"""Confirm and Cancel under an operator's question: only its asker may press, and only once it moves anything."""

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy import Connection

from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts, inbox
from bot.telegram.admin.access import acts
from bot.telegram.admin.credits.adjustment import MoveKind, announcement, carry_out, move_of
from bot.telegram.admin.jobs.refunds import PURPOSE as REFUND
from bot.telegram.admin.jobs.refunds import settle_refund
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.admin.users.bans import PURPOSE as BAN
from bot.telegram.admin.users.bans import settle_ban
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.callbacks import AdminAction

PURPOSES = frozenset({*(kind.value for kind in MoveKind), REFUND, BAN})


def build_router() -> Router:
    router = Router(name="admin-confirm")
    router.callback_query.register(confirm, AdminAction.filter(), acts("ok"))
    router.callback_query.register(cancel, AdminAction.filter(), acts("no"))
    return router


async def confirm(
    query: CallbackQuery,
    callback_data: AdminAction,
    ctx: Context,
    person: User,
    t: Speech,
    ticket: inbox.Ticket | None,
) -> None:
    """Does what was asked. A second tap, or one a day later, is told so and moves nothing."""
    clerk = AdminReplies(ctx, person, t, ticket)
    draft = await _own(clerk, callback_data.id)
    if draft is None:
        await clerk.toast(query, "admin-toast-decided", alert=True)
    elif draft.purpose == BAN:
        await _ban(clerk, query, draft)
    else:
        await _move(clerk, query, draft)


async def _ban(clerk: AdminReplies, query: CallbackQuery, draft: drafts.Draft) -> None:
    report = await settle_ban(clerk, draft)
    if report is None:
        await clerk.toast(query, "admin-toast-decided", alert=True)
        return
    await clerk.toast(query)
    await clerk.show(query, report)


async def _move(clerk: AdminReplies, query: CallbackQuery, draft: drafts.Draft) -> None:
    """Announces in the question's message what moves, moves it, and says there how that ended."""
    move = None if draft.purpose == REFUND else await clerk.ctx.db.read(lambda conn: move_of(conn, draft))
    if draft.purpose != REFUND and move is None:
        await clerk.toast(query, "admin-toast-decided", alert=True)
        return
    begins = announcement(clerk.t, move) if move is not None else clerk.t("admin-first-refund", job=draft.data["job"])
    said = await clerk.first_on(query, begins)
    if said is None:
        await clerk.toast(query, "admin-toast-untold", alert=True)
        return
    if move is not None:
        await carry_out(clerk, said, move, draft.id)
    else:
        report = await settle_refund(clerk, draft)
        await clerk.last(said, report, report)
        await clerk.end(draft.id)
    await clerk.toast(query)


async def cancel(
    query: CallbackQuery,
    callback_data: AdminAction,
    ctx: Context,
    person: User,
    t: Speech,
    ticket: inbox.Ticket | None,
) -> None:
    """Drops the question."""
    clerk = AdminReplies(ctx, person, t, ticket)
    draft = await _own(clerk, callback_data.id)

    def drop(conn: Connection) -> bool:
        clerk.handled(conn)
        return drafts.call_off(conn, callback_data.id)

    if draft is None or not await ctx.db.transaction(drop):
        await clerk.toast(query, "admin-toast-decided", alert=True)
        return
    await clerk.toast(query)
    await clerk.show(query, t("admin-cancelled"))


async def _own(clerk: AdminReplies, draft_id: str) -> drafts.Draft | None:
    """The operator's open question of that id; None when it is another's, decided or expired."""
    draft = await clerk.ctx.db.read(lambda conn: drafts.get(conn, draft_id))
    if draft is None or draft.user_id != clerk.person.id or draft.purpose not in PURPOSES:
        return None
    return draft
