"""Asking for credits: how to get them, and one request a day and person to every admin, with top-up buttons."""

from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError
from aiogram.types import InlineKeyboardMarkup

from bot.domain.jobs import Target
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts.users import User
from bot.engine.credits.requests import AskedBefore
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.keyboards import button, in_rows, markup

log = structlog.get_logger(__name__)

USUAL: Final = (50, 100, 500)
"""Credits offered beside what is missing."""


def how_to_get(ctx: Context, t: Speech) -> Html:
    """The operator's words or link; "" when there are none."""
    contact = ctx.options.topup_contact.strip()
    if not contact:
        return Html("")
    if contact.startswith(("https://", "http://", "tg://")):
        return t("credits-contact-link", url=contact)
    return t("credits-contact", contact=contact)


async def ask(ctx: Context, person: User, *, price: Credits | None) -> str:
    """Sends the request at most once in 24 hours; returns the key of what the person is told.

    `price` is what an order costs: the difference to the balance is the first amount offered to the admins.
    """
    if not ctx.options.admin_ids:
        return "credits-nobody"
    try:
        request = await ctx.engine.credit_requests.begin(person, ctx.options.admin_ids)
    except AskedBefore:
        return "credits-asked-before"
    balance = request.available
    amounts = _amounts(ctx, None if price is None else Credits(price - balance))
    languages = {admin.id: admin.language or admin.language_code for admin in request.admins}
    reached = 0
    for admin_id in sorted(ctx.options.admin_ids):
        t = ctx.texts.of(languages.get(admin_id))
        text = _request(t, person, balance)
        reached += await _tell(ctx, admin_id, text, _buttons(person, request.id, amounts))
    if not reached:
        await ctx.engine.credit_requests.withdraw(person)
        return "credits-not-reached"
    return "credits-asked"


def _amounts(ctx: Context, missing: Credits | None) -> list[int]:
    """Whole credits, the smallest first; none above what one top-up may be."""
    needed = {-(-missing // CREDIT)} if missing is not None and missing > 0 else set()
    return sorted(a for a in needed | set(USUAL) if a * CREDIT <= ctx.options.max_topup)


def _request(t: Speech, person: User, balance: Credits) -> Html:
    username = f"@{person.username}" if person.username else "–"
    shown = credits_text(t, balance)
    return t("credits-request", name=person.name, username=username, id=str(person.id), balance=shown)


def _buttons(person: User, request: str, amounts: list[int]) -> InlineKeyboardMarkup:
    """All of them name the request: two admins, or two taps, answer it once."""
    tops = [
        button(f"+{a}", AdminAction(act="topup", id=str(person.id), arg=f"{a}.{request}"), "success") for a in amounts
    ]
    return markup(in_rows(tops, 4))


async def _tell(ctx: Context, admin_id: int, text: Html, buttons: InlineKeyboardMarkup) -> bool:
    try:
        return (await messages.send(ctx, Target(admin_id, None, 0), text, buttons)).placed
    except TelegramAPIError as error:
        log.warning("credits.admin_not_reached", admin=admin_id, error=str(error)[:200])
        return False
