"""The pages of /status behind its buttons: orders, money, safety, settings, and what is not on sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.engine.catalog.shop import Offer
from bot.engine.operations.overview import Figures, Money
from bot.engine.operations.provider_admin import ProviderState
from bot.telegram.admin.status.mode_texts import mode_lines
from bot.telegram.admin.status.needs import DETAIL, State, needs
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import NAME, one_line
from bot.telegram.ui.keyboards import Rows, button, in_rows, markup
from bot.telegram.ui.screen import screens

Shown = tuple[Html, InlineKeyboardMarkup]

PAGES: Final = ("jobs", "money", "safety", "modes")
PROBES: Final = 4
"""Buttons that let an order through."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the process is, for the first page's last line."""

    version: str
    uptime: str
    database: str


def first_page(ctx: Context, t: Speech, state: State, head: Head, number: int = 0) -> Shown:
    """What needs an action, each with its next step, or that all is well."""
    found = needs(ctx, t, state)
    live = sum(line.queued + line.upstream + line.delivering for line in state.figures.queues.values())
    foot = lines(
        [
            t("status-now", live=live, sold=state.sold),
            t("status-head", version=head.version, uptime=head.uptime, database=head.database),
        ]
    )
    title = t("status-needs", count=len(found)) if found else t("status-well")

    def build(shown: Sequence[Html]) -> Html:
        return Html("\n\n".join([title, *shown, foot]))

    pages = screens(found, build)
    number = min(number, len(pages) - 1)
    rows: Rows = _probes(ctx, t, state)
    rows += _turns(number, len(pages), "")
    services = button(t.plain("status-tap-services"), AdminAction(act="prov"))
    others = [button(t.plain(f"status-tap-{name}"), AdminAction(act="status", arg=name)) for name in PAGES]
    rows += in_rows([services, *others, _refresh(t, "")], 2)
    return build(pages[number]), markup(rows)


def _probes(ctx: Context, t: Speech, state: State) -> Rows:
    moment = state.figures.moment
    waiting = [p for p in state.pauses if p.probe_at is not None and not p.probe_job and not p.open_for_probe(moment)]
    names = list(dict.fromkeys(p.provider for p in waiting))[:PROBES]
    return [
        [button(t.plain("admin-tap-probe", provider=_title(ctx, name)), AdminAction(act="probe", id=name))]
        for name in names
    ]


def _title(ctx: Context, provider: str) -> str:
    terms = ctx.shop.catalog.terms.get(provider)
    return terms.title if terms is not None else provider


def jobs_page(t: Speech, state: State, number: int = 0) -> Shown:
    """What waits and runs, and what is to be compared with a service's bill."""
    figures = state.figures
    told = [
        t(
            "status-jobs-live",
            queued=sum(line.queued for line in figures.queues.values()),
            upstream=sum(line.upstream for line in figures.queues.values()),
            delivering=sum(line.delivering for line in figures.queues.values()),
        ),
        t("admin-status-updates", count=figures.updates),
        *([t("admin-status-pending", count=state.pending)] if state.pending is not None else []),
        t("admin-status-reconcile", count=figures.open_ends),
        *(
            t("admin-status-reconcile-line", job=r.job_id, reason=one_line(r.reason, NAME), time=t.moment(r.created_at))
            for r in figures.latest
        ),
        t("status-jobs-hint"),
    ]
    return _paged(t, "jobs", t("status-jobs-title"), told, number)


def money_page(t: Speech, money: Money, states: Sequence[ProviderState], figures: Figures, number: int = 0) -> Shown:
    """What people have, whether the books are in order, and what is left at the services."""
    since = figures.unproved_since
    told = [
        t("status-money-available", amount=credits_text(t, money.available)),
        t("status-money-held", amount=credits_text(t, money.held)),
        t("status-books-well") if since is None else t("status-need-books", since=t.duration(figures.moment - since)),
    ]
    balances = [
        t(
            "status-money-service",
            provider=one_line(s.terms.title, NAME // 2),
            balance=t.number(left),
            unit=s.terms.unit,
        )
        for s in states
        if (left := s.asked.balance) is not None
    ]
    if balances:
        told += [t("status-money-services"), *balances]
    check = button(t.plain("status-tap-verify"), AdminAction(act="verify"))
    return _paged(t, "money", t("status-money-title"), told, number, [[check]])


def safety_page(ctx: Context, t: Speech, state: State, number: int = 0) -> Shown:
    """The operator's own rules: words, limits, banned people, and who breaks off many orders."""
    words = ctx.safety.words
    told = [
        t("guard-words", count=words.count, refused=words.refused),
        *([t("status-need-words", problem=one_line(words.problem, DETAIL))] if words.problem else []),
        t("guard-bans", count=state.figures.bans),
        *(
            t("admin-status-costly", name=one_line(each.name, NAME // 2), id=str(each.user_id), count=each.count)
            for each in state.figures.costly
        ),
    ]
    return _paged(t, "safety", t("guard-title"), told, number)


def modes_page(ctx: Context, t: Speech, state: State, number: int = 0) -> Shown:
    """Settings that switch something off, or on what should be off, and the modes of other chats."""
    options = ctx.options
    found = {
        "admin-switch-welcome": options.welcome == 0,
        "admin-switch-contact": not options.topup_contact.strip(),
        "admin-switch-polling": not options.webhook,
        "admin-switch-private-hosts": options.private_result_hosts,
    }
    told = [*(t(key) for key, holds in found.items() if holds), *mode_lines(ctx, t, state.modes)]
    return _paged(t, "modes", t("admin-status-switches"), told or [t("admin-switch-none")], number)


def off_page(t: Speech, off: Sequence[Offer], number: int = 0) -> Shown:
    """What is not on sale, each with its reason."""
    told = [
        t("market-off-line", model=one_line(t.title(o.model.title), NAME), slug=o.model.slug, why=str(o.why))
        for o in off
    ]
    return _paged(t, "off", t("market-off-title", count=len(off)), told, number, back=AdminAction(act="prov"))


def _paged(
    t: Speech,
    name: str,
    title: Html,
    told: Sequence[Html],
    number: int,
    above: Rows | None = None,
    *,
    back: AdminAction | None = None,
) -> Shown:
    """One screen of a page, with what turns it, Back and Refresh."""
    pages = screens(told, lambda shown: lines([title, *shown]))
    number = min(number, len(pages) - 1)
    last = [button(t.plain("tap-back"), back or AdminAction(act="status")), _refresh(t, name)]
    return lines([title, *pages[number]]), markup([*(above or []), *_turns(number, len(pages), name), last])


def _refresh(t: Speech, name: str) -> InlineKeyboardButton:
    return button(t.plain("admin-tap-refresh"), AdminAction(act="status", arg=name))


def _turns(number: int, count: int, name: str) -> Rows:
    """‹ and › of a page that is longer than one screen."""
    if count < 2:
        return []
    around = (((number - 1) % count, "‹"), (number, f"{number + 1}/{count}"), ((number + 1) % count, "›"))
    return [[button(label, AdminAction(act="status", arg=f"{name}.{n}")) for n, label in around]]
