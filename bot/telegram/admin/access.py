"""Who the operator's side exists for, as aiogram Filters: any other callable object would count as a yes.

They give the handlers their `replies`, and the question whose button was pressed.
"""

from collections.abc import Collection
from typing import Any

from aiogram.dispatcher.event.bases import CancelHandler
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.callbacks import AdminAction, acts

__all__ = ["OperatorMessage", "OperatorPress", "OwnQuestion", "acts"]


class OperatorMessage(Filter):
    """Messages that an operator wrote themselves: forwarded words and what another bot put into their mouth are not."""

    async def __call__(self, message: Message, ctx: Context, person: User, t: Speech) -> bool | dict[str, Any]:
        if message.from_user is None or not ctx.is_admin(message.from_user.id):
            return False
        if message.forward_origin is not None or message.via_bot is not None or message.sender_chat is not None:
            return False
        return {"replies": AdminReplies(ctx, person, t)}


class OperatorPress(Filter):
    """Presses of an operator."""

    async def __call__(self, query: CallbackQuery, ctx: Context, person: User, t: Speech) -> bool | dict[str, Any]:
        return {"replies": AdminReplies(ctx, person, t)} if ctx.is_admin(query.from_user.id) else False


class OwnQuestion(Filter):
    """Gives the `draft` behind a pressed button where it is this operator's own and still waits. Otherwise the press is
    answered here with the text `gone`, and no handler hears of it."""

    def __init__(self, purposes: Collection[str], *, gone: str) -> None:
        self._purposes = frozenset(purposes)
        self._gone = gone

    async def __call__(
        self, query: CallbackQuery, callback_data: AdminAction, replies: AdminReplies
    ) -> dict[str, Draft]:
        draft = await replies.ctx.engine.confirmations.of(replies.person.id, callback_data.id, self._purposes)
        if draft is None:
            await replies.answer_callback(query, self._gone, alert=True)
            raise CancelHandler
        return {"draft": draft}
