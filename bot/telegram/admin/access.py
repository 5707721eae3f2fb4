"""Who the operator's side exists for, as aiogram Filters: any other callable object would count as a yes."""

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.telegram.context.context import Context
from bot.telegram.ui.callbacks import acts

__all__ = ["OperatorMessage", "OperatorPress", "acts"]


class OperatorMessage(Filter):
    """Messages that an operator wrote themselves: forwarded words and what another bot put into their mouth are not."""

    async def __call__(self, message: Message, ctx: Context) -> bool:
        if message.from_user is None or not ctx.is_admin(message.from_user.id):
            return False
        return message.forward_origin is None and message.via_bot is None and message.sender_chat is None


class OperatorPress(Filter):
    """Presses of an operator."""

    async def __call__(self, query: CallbackQuery, ctx: Context) -> bool:
        return ctx.is_admin(query.from_user.id)
