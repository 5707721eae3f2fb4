"""The buttons under a user's request for credits: one tap tops up, and a request is answered once by all admins."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.domain.money import AmountError, Credits, parse_amount
from bot.domain.users import ById, who_of
from bot.engine.credits.adjustments import Adjustment, AdjustmentKind
from bot.engine.dialogs import drafts
from bot.telegram.admin.access import acts
from bot.telegram.admin.credits.adjustment import announcement, carry_out, choice, question
from bot.telegram.admin.credits.topup import wait_for
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import MESSAGE_MAX, units
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.ui.callbacks import AdminAction

REQUEST: Final = re.compile(r"([0-9]{1,9})\.([a-z2-7]{13})", re.ASCII)
"""What telegram/credits/request.py puts into a button: whole credits and the id of the request."""


def build_router() -> Router:
    router = Router(name="admin-asked")
    router.callback_query.register(press, AdminAction.filter(), acts("topup"))
    return router


@dataclass(frozen=True, slots=True)
class Request:
    user_id: int
    amount: Credits
    key: str
    """The same for every button of a request and every admin's message: answered once."""


def request_of(pressed: AdminAction, maximum: Credits) -> Request | None:
    """What the button says; None for what no button of ours says, or above what a top-up may be by now."""
    who, found = who_of(pressed.id), REQUEST.fullmatch(pressed.arg)
    if not isinstance(who, ById) or found is None:
        return None
    try:
        amount = parse_amount(found[1], maximum=maximum)
    except AmountError:
        return None
    return Request(who.id, amount, drafts.draft_id("ask", who.id, found[2]))


async def press(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    """Tops up, or asks first when the amount is a large one. The request's message says what became of it."""
    request = request_of(callback_data, ctx.options.max_topup)
    user = await ctx.engine.people.find(request.user_id) if request is not None else None
    if request is None or user is None:
        await replies.answer_callback(query, "order-toast-stale")
        return
    move = Adjustment(AdjustmentKind.TOP_UP, request.key, user, request.amount, t.plain("admin-note-asked"))
    if request.amount > ctx.options.confirm_topup_above:
        await replies.answer_callback(query)
        await _ask(replies, query, move)
        return
    said = await replies.first_on(query, _below(query, announcement(t, move)))
    if said is None:
        await replies.answer_callback(query, "admin-toast-untold", alert=True)
        return
    draft = await wait_for(replies, move, drafts.draft_id("cb", query.id), said)
    await carry_out(replies, said, move, draft, partial(_below, query))
    await replies.answer_callback(query)


async def _ask(replies: AdminReplies, query: CallbackQuery, move: Adjustment) -> None:
    engine, draft_id = replies.ctx.engine, drafts.draft_id("cb", query.id)
    available = await engine.adjustments.available_for(move)
    await engine.confirmations.ask(draft_id, asker=replies.person.id, purpose=move.kind.value, data=move.to_data())
    await replies.show(query, question(replies.t, move, available), choice(replies.t, draft_id, danger=False))


def _below(query: CallbackQuery, report: Html) -> Html:
    """The request as it stands, and below it the report; the report alone where the request cannot be read any more."""
    if not isinstance(query.message, Message) or not query.message.text:
        return report
    whole = f"{query.message.html_text}\n\n{report}"
    return Html(whole) if units(whole) <= MESSAGE_MAX else report
