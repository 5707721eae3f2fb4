"""/status and /verify: what is on sale and why not, what waits, what settings switch off, whether the books add up."""

import time
from dataclasses import dataclass
from typing import Final

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import GetWebhookInfo
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot import __version__
from bot.engine.catalog.pauses import Pause
from bot.engine.catalog.shop import Offer, Why
from bot.engine.credits.books import Problem
from bot.engine.jobs.queries import QueueLine
from bot.engine.operations.overview import Figures
from bot.telegram.admin.access import acts
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.admin.status.mode_texts import mode_lines, switched_off
from bot.telegram.admin.status.pause_texts import bounded, pauses_lines
from bot.telegram.admin.status.safety_texts import guard_lines
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import NAME, one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import button, markup

PROBLEMS: Final = 15
DETAIL: Final = 150
PROVIDERS: Final = 8
OFF: Final = 8
"""Models that are not on sale told by name."""
Shown = tuple[Html, InlineKeyboardMarkup]


def build_router(*, started: float) -> Router:
    """`started`: of the process, by time.monotonic()."""
    router = Router(name="admin-status")
    page = StatusPage(started)
    router.message.register(page.status, is_command("status"))
    router.message.register(verify, is_command("verify"))
    router.callback_query.register(page.refresh, AdminAction.filter(), acts("status"))
    router.callback_query.register(page.probe, AdminAction.filter(), acts("probe"))
    return router


@dataclass(frozen=True, slots=True)
class State:
    """What /status tells."""

    figures: Figures
    pauses: tuple[Pause, ...]
    pending: int | None
    """Updates that Telegram still keeps; None: it did not say."""
    off: tuple[Offer, ...] = ()
    """What has a key and is not on sale."""
    modes: tuple[str, ...] = ()
    """What is said of those that BotFather has off."""


class StatusPage:
    """The handlers that know since when the process runs."""

    def __init__(self, started: float) -> None:
        self._started = started

    async def status(self, message: Message, ctx: Context, t: Speech, replies: AdminReplies) -> None:
        await replies.answer(message, *await self._page(ctx, t))

    async def refresh(self, query: CallbackQuery, ctx: Context, t: Speech, replies: AdminReplies) -> None:
        await replies.answer_callback(query)
        await replies.show(query, *await self._page(ctx, t))

    async def probe(
        self, query: CallbackQuery, callback_data: AdminAction, ctx: Context, t: Speech, replies: AdminReplies
    ) -> None:
        """Lets the next order of a provider without funds through, now instead of after its time."""
        known = callback_data.id in ctx.shop.catalog.terms
        allowed = known and await ctx.shop.allow_probe(callback_data.id)
        await replies.answer_callback(query, "admin-toast-probe" if allowed else "admin-toast-no-probe", alert=True)
        await replies.show(query, *await self._page(ctx, t))

    async def _page(self, ctx: Context, t: Speech) -> Shown:
        state = await look(ctx)
        head = t(
            "admin-status-title",
            version=__version__,
            uptime=t.duration(time.monotonic() - self._started),
            database=ctx.engine.overview.database,
        )
        return status_page(ctx, t, state, head)


async def look(ctx: Context) -> State:
    figures = await ctx.engine.overview.figures()
    try:
        pending = (await ctx.outbox.call(GetWebhookInfo())).pending_update_count
    except TelegramAPIError:
        pending = None
    off = tuple(o for o in await ctx.shop.everything() if o.why not in (None, Why.NO_KEY))
    return State(figures, await ctx.shop.pauses(), pending, off, await switched_off(ctx))


def status_page(ctx: Context, t: Speech, state: State, head: Html) -> Shown:
    text = bounded(lambda most: _text(ctx, t, state, head, most))
    probes = [
        [button(t.plain("admin-tap-probe", provider=_title(ctx, p.provider)), AdminAction(act="probe", id=p.provider))]
        for p in state.pauses[:PROVIDERS]
        if p.probe_at is not None and p.probe_job is None and not p.open_for_probe(state.figures.moment)
    ]
    again = [button(t.plain("admin-tap-refresh"), AdminAction(act="status"))]
    return text, markup([*probes, again])


def _text(ctx: Context, t: Speech, state: State, head: Html, most: int) -> Html:
    parts = [
        head,
        lines([t("admin-status-providers"), *_providers(ctx, t, state, most)]),
        *([off_lines(t, state.off)] if state.off else []),
        _work(t, state),
        guard_lines(ctx, t, state.figures.bans),
        lines([t("admin-status-switches"), *_switches(ctx, t, state.modes)]),
    ]
    return Html("\n\n".join(parts))


def off_lines(t: Speech, off: tuple[Offer, ...]) -> Html:
    """What is not on sale, each with its reason."""
    told = [
        t("market-off-line", model=one_line(t.title(o.model.title), NAME), slug=o.model.slug, why=str(o.why))
        for o in off[:OFF]
    ]
    rest = t("admin-more", count=len(off) - OFF) if len(off) > OFF else Html("")
    return lines([t("market-off-title", count=len(off)), *told, rest])


def _providers(ctx: Context, t: Speech, state: State, most: int) -> list[Html]:
    told: list[Html] = []
    for name, terms in list(ctx.shop.catalog.terms.items())[:PROVIDERS]:
        mine = [p for p in state.pauses if p.provider == name]
        title = one_line(terms.title, DETAIL)
        if not ctx.shop.has_key(name):
            told.append(t("admin-status-no-key", provider=title))
            continue
        models = sum(model.provider == name for model in ctx.shop.models)
        if ctx.shop.provider_off(name):
            told.append(t("providers-off", provider=title))
        else:
            told.append(t("admin-status-paused" if mine else "admin-status-on-sale", provider=title, models=models))
        told += pauses_lines(ctx, t, mine, state.figures.moment, most)
        line = state.figures.queues.get(name) or QueueLine(name, 0, 0, 0)
        told.append(
            t(
                "admin-status-queue",
                queued=line.queued,
                upstream=line.upstream,
                most=terms.concurrency,
                delivering=line.delivering,
            )
        )
    return told


def _work(t: Speech, state: State) -> Html:
    live = sum(line.queued + line.upstream + line.delivering for line in state.figures.queues.values())
    told = [t("admin-status-live", count=live), t("admin-status-updates", count=state.figures.updates)]
    if state.pending is not None:
        told.append(t("admin-status-pending", count=state.pending))
    told.append(t("admin-status-reconcile", count=state.figures.open_ends))
    told += [
        t("admin-status-reconcile-line", job=r.job_id, reason=one_line(r.reason, DETAIL), time=t.when(r.created_at))
        for r in state.figures.latest
    ]
    told += [
        t("admin-status-costly", name=one_line(each.name, NAME), id=str(each.user_id), count=each.count)
        for each in state.figures.costly
    ]
    return lines(told)


def _switches(ctx: Context, t: Speech, modes: tuple[str, ...]) -> list[Html]:
    """Settings that switch something off, or on what should be off."""
    options = ctx.options
    found = {
        "admin-switch-welcome": options.welcome == 0,
        "admin-switch-contact": not options.topup_contact.strip(),
        "admin-switch-polling": not options.webhook,
        "admin-switch-private-hosts": options.private_result_hosts,
    }
    told = [*(t(key) for key, holds in found.items() if holds), *mode_lines(ctx, t, modes)]
    return told or [t("admin-switch-none")]


def _title(ctx: Context, provider: str) -> str:
    terms = ctx.shop.catalog.terms.get(provider)
    return terms.title if terms is not None else provider


async def verify(message: Message, ctx: Context, t: Speech, replies: AdminReplies) -> None:
    """Proves the ledger now."""
    problems = await ctx.engine.books.verify()
    text = verify_text(t, problems)
    await replies.answer(message, text)


def verify_text(t: Speech, problems: list[Problem]) -> Html:
    """The first problems, and how many there are."""
    if not problems:
        return t("admin-verify-clean")
    told = [
        t(
            "admin-verify-line",
            rule=p.rule,
            subject=one_line(p.subject, DETAIL // 2),
            detail=one_line(p.detail, DETAIL),
        )
        for p in problems[:PROBLEMS]
    ]
    rest = len(problems) - PROBLEMS
    return lines(
        [t("admin-verify-title", count=len(problems)), *told, t("admin-more", count=rest) if rest > 0 else Html("")]
    )
