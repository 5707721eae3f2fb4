"""/status and /verify: first what needs the operator, then a page for each part; whether the books add up."""

import time
from collections.abc import Sequence
from typing import Final

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import GetWebhookInfo
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot import __version__
from bot.engine.catalog.shop import Offer, Why
from bot.engine.credits.books import Problem
from bot.telegram.admin.access import acts
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.admin.status import pages
from bot.telegram.admin.status.mode_texts import switched_off
from bot.telegram.admin.status.needs import State
from bot.telegram.admin.status.pages import Head, Shown
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import button, markup
from bot.telegram.ui.paging import wanted
from bot.telegram.ui.screen import HEIGHT, height

PROBLEMS: Final = 15
DETAIL: Final = 60


def build_router(*, started: float) -> Router:
    """`started`: of the process, by time.monotonic()."""
    router = Router(name="admin-status")
    page = StatusPage(started)
    router.message.register(page.status, is_command("status"))
    router.message.register(verify, is_command("verify"))
    router.callback_query.register(page.turn, AdminAction.filter(), acts("status"))
    router.callback_query.register(page.probe, AdminAction.filter(), acts("probe"))
    router.callback_query.register(verify_press, AdminAction.filter(), acts("verify"))
    return router


class StatusPage:
    """The handlers that know since when the process runs."""

    def __init__(self, started: float) -> None:
        self._started = started

    async def status(self, message: Message, ctx: Context, t: Speech, replies: AdminReplies) -> None:
        await replies.answer(message, *await self._page(ctx, t, ""))

    async def turn(
        self, query: CallbackQuery, callback_data: AdminAction, ctx: Context, t: Speech, replies: AdminReplies
    ) -> None:
        await replies.answer_callback(query)
        await replies.show(query, *await self._page(ctx, t, callback_data.arg))

    async def probe(
        self, query: CallbackQuery, callback_data: AdminAction, ctx: Context, t: Speech, replies: AdminReplies
    ) -> None:
        """Lets the next order of a provider without funds through, now instead of after its time."""
        known = callback_data.id in ctx.shop.catalog.terms
        allowed = known and await ctx.shop.allow_probe(callback_data.id)
        await replies.answer_callback(query, "admin-toast-probe" if allowed else "admin-toast-no-probe", alert=True)
        await replies.show(query, *await self._page(ctx, t, ""))

    async def _page(self, ctx: Context, t: Speech, arg: str) -> Shown:
        """`arg`: the page's name, and behind a dot its number."""
        name, _, number = arg.partition(".")
        if name == "off":
            return pages.off_page(t, off_sale(await ctx.shop.everything()), wanted(number))
        state, page = await look(ctx), wanted(number)
        match name:
            case "jobs":
                return pages.jobs_page(t, state, page)
            case "money":
                asked = (await ctx.provider_admin.states())[1]
                return pages.money_page(t, await ctx.engine.overview.money(), asked, state.figures, page)
            case "safety":
                return pages.safety_page(ctx, t, state, page)
            case "modes":
                return pages.modes_page(ctx, t, state, page)
            case _:
                uptime = t.duration(time.monotonic() - self._started)
                head = Head(__version__, uptime, ctx.engine.overview.database)
                return pages.first_page(ctx, t, state, head, page)


async def look(ctx: Context) -> State:
    figures = await ctx.engine.overview.figures()
    try:
        pending = (await ctx.outbox.call(GetWebhookInfo())).pending_update_count
    except TelegramAPIError:
        pending = None
    sold = sum(offer.why is None for offer in await ctx.shop.everything())
    return State(figures, await ctx.shop.pauses(), pending, sold, await switched_off(ctx))


def off_sale(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """What has a key and is not on sale."""
    return tuple(o for o in offers if o.why not in (None, Why.NO_KEY))


async def verify(message: Message, ctx: Context, t: Speech, replies: AdminReplies) -> None:
    """Proves the ledger now."""
    await replies.answer(message, *verify_page(t, await ctx.engine.books.verify()))


async def verify_press(query: CallbackQuery, ctx: Context, t: Speech, replies: AdminReplies) -> None:
    await replies.answer_callback(query)
    await replies.show(query, *verify_page(t, await ctx.engine.books.verify()))


def verify_page(t: Speech, problems: list[Problem]) -> tuple[Html, InlineKeyboardMarkup]:
    return verify_text(t, problems), markup([[button(t.plain("tap-back"), AdminAction(act="status", arg="money"))]])


def verify_text(t: Speech, problems: list[Problem]) -> Html:
    """As many problems as one screen shows, and how many there are."""
    if not problems:
        return t("admin-verify-clean")
    for most in range(min(PROBLEMS, len(problems)), 0, -1):
        if height(text := _problems(t, problems, most)) <= HEIGHT:
            return text
    return _problems(t, problems, 1)


def _problems(t: Speech, problems: list[Problem], most: int) -> Html:
    told = [
        t("admin-verify-line", rule=p.rule, subject=one_line(p.subject, DETAIL // 2), detail=one_line(p.detail, DETAIL))
        for p in problems[:most]
    ]
    rest = len(problems) - most
    return lines(
        [t("admin-verify-title", count=len(problems)), *told, t("admin-more", count=rest) if rest > 0 else Html("")]
    )
