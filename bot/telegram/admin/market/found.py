"""The differences between the shelf and what providers list, as the report of /models sync shows them, page by page."""

from collections.abc import Sequence
from typing import Final

from aiogram.types import InlineKeyboardMarkup

from bot.engine.dialogs.drafts import Draft
from bot.engine.operations.discovery import Found, News, Report, found_of
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import one_line
from bot.telegram.ui.keyboards import button, in_rows, markup
from bot.telegram.ui.paging import page_of, turn_row
from bot.telegram.ui.screen import fitting

NAME: Final = 60
NAMES: Final = (NAME, 32, 14)
"""How much of each name is shown: less where the page would be higher than a screen."""
FOUND_A_PAGE: Final = 6
SILENT: Final = 6
MARKS: Final = {News.NEW: "🆕", News.GONE: "👻", News.REPRICED: "💱"}


def report_of(draft: Draft) -> Report:
    return Report(tuple(found_of(f) for f in draft.data.get("found", ())), dict(draft.data.get("silent") or {}))


def sync_page(ctx: Context, t: Speech, draft: Draft, asked: int) -> tuple[Html, InlineKeyboardMarkup]:
    """One page of the differences; a number opens one."""
    report = report_of(draft)
    at = page_of(asked, len(report.found), FOUND_A_PAGE)
    shown = list(enumerate(report.found))[at.number * FOUND_A_PAGE :][:FOUND_A_PAGE]
    text = fitting(lambda longest: _page_text(ctx, t, report, shown, longest), NAMES)
    numbers = [button(f"{MARKS[f.news]} {n + 1}", AdminAction(act="found", id=draft.id, arg=str(n))) for n, f in shown]
    return text, markup([*in_rows(numbers, 3), *turn_row(at, "sync", draft.id)])


def _page_text(ctx: Context, t: Speech, report: Report, shown: Sequence[tuple[int, Found]], longest: int) -> Html:
    told = [found_line(ctx, t, n, found, longest) for n, found in shown]
    silent = [
        t("market-silent", provider=_title(ctx, name), why=one_line(why, longest))
        for name, why in list(report.silent.items())[:SILENT]
    ]
    head = t("market-sync-title", count=len(report.found)) if report.found else t("market-sync-none")
    return lines([head, *told, *silent])


def found_line(ctx: Context, t: Speech, n: int, found: Found, longest: int) -> Html:
    """One difference in a line."""
    unit = ctx.shop.catalog.terms[found.provider].unit if found.provider in ctx.shop.catalog.terms else ""
    return t(
        f"market-line-{found.news.value}",
        number=n + 1,
        provider=_title(ctx, found.provider),
        id=one_line(found.upstream_id, longest),
        title=one_line(found.title or found.upstream_id, longest),
        slug=found.slug or "–",
        sold="yes" if found.slug else "no",
        kind=found.kind or "?",
        price=f"{found.units} {unit}" if found.units else "?",
        before=f"{found.before} {unit}",
        live="yes" if found.live else "no",
    )


def _title(ctx: Context, provider: str) -> str:
    terms = ctx.shop.catalog.terms.get(provider)
    return one_line(terms.title, NAME) if terms is not None else provider
