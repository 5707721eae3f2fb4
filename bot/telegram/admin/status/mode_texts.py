"""What /status tells of inline and guest mode: whether BotFather has them on, and whether orders can be taken there."""

from aiogram.exceptions import TelegramAPIError
from aiogram.methods import GetMe

from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.ui.clip import one_line

DETAIL = 150


async def switched_off(ctx: Context) -> tuple[str, ...]:
    """The texts about what BotFather has off; none when Telegram does not say."""
    try:
        me = await ctx.outbox.call(GetMe())
    except TelegramAPIError:
        return ()
    modes = {"inline-status-no-inline": me.supports_inline_queries, "inline-status-no-guest": me.supports_guest_queries}
    return tuple(key for key, on in modes.items() if on is False)


def mode_lines(ctx: Context, t: Speech, off: tuple[str, ...]) -> list[Html]:
    told = [t(key) for key in off]
    if ctx.staging.trouble is not None:
        told.append(t(f"inline-status-{ctx.staging.trouble.value}", detail=one_line(ctx.staging.detail, DETAIL)))
    if ctx.feedback.missed:
        told.append(t("inline-status-no-feedback", count=ctx.feedback.missed))
    return told
