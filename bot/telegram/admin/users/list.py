"""/users and /ledger: who uses the bot, and what happened to a user's credits, line by line."""

from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.money import Credits
from bot.domain.users import ById, who_of
from bot.engine.accounts.people import Listed
from bot.engine.accounts.users import User
from bot.engine.credits.books import Entry, StatementPage
from bot.telegram.admin.access import acts
from bot.telegram.admin.command_forms import explained, person_first
from bot.telegram.admin.person_lookup import find, replied_of
from bot.telegram.admin.replies import UNNAMED, AdminReplies, person_line
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import NAME, one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import markup
from bot.telegram.ui.paging import FARTHEST, Page, page_of, turn_row, wanted
from bot.telegram.ui.screen import fitting

USERS_A_PAGE: Final = 5
ENTRIES_A_PAGE: Final = 4
NAMES: Final = (NAME, 24, 12)
"""How much of each name is shown: less where the page would be higher than a screen."""
ENTRY_SIZES: Final = ((NAME, 120, "\n\n"), (24, 60, "\n\n"), (12, 24, "\n\n"), (12, 12, "\n"))
"""The same of names and notes, and what stands between the lines."""
Shown = tuple[Html, InlineKeyboardMarkup]


def build_router() -> Router:
    router = Router(name="admin-people")
    router.message.register(users, is_command("users"))
    router.message.register(statement, is_command("ledger"))
    router.callback_query.register(users_page, AdminAction.filter(), acts("users"))
    router.callback_query.register(statement_page, AdminAction.filter(), acts("ledger"))
    return router


async def users(message: Message, replies: AdminReplies) -> None:
    await replies.answer(message, *await _users(replies, 0))


async def users_page(query: CallbackQuery, callback_data: AdminAction, replies: AdminReplies) -> None:
    await replies.answer_callback(query)
    await replies.show(query, *await _users(replies, wanted(callback_data.arg)))


async def _users(replies: AdminReplies, number: int) -> Shown:
    total, found = await replies.ctx.engine.people.page(number, USERS_A_PAGE)
    text = fitting(lambda longest: _users_text(replies.t, total, found, longest), NAMES)
    return text, markup(turn_row(page_of(number, total, USERS_A_PAGE), "users"))


def _users_text(t: Speech, total: int, found: list[Listed], longest: int) -> Html:
    told = [
        t(
            "bans-users-line" if each.banned else "admin-users-line",
            person=person_line(t, each.user, longest),
            balance=t.money(each.available),
        )
        for each in found
    ]
    return lines([t("admin-users-title", count=total), *told, t("admin-users-hint")])


async def statement(message: Message, command: CommandObject, replies: AdminReplies) -> None:
    """`/ledger <@username | id>`, or as a reply."""
    words = (command.args or "").split()
    async with explained(replies, message, replies.t("admin-ledger-form")):
        who, _ = person_first(words, replied_of(message) if not words else None)
        user = await find(replies.ctx.engine.people, who)
        await replies.answer(message, *await _statement(replies, user, 0))


async def statement_page(query: CallbackQuery, callback_data: AdminAction, ctx: Context, replies: AdminReplies) -> None:
    who = who_of(callback_data.id)
    user = await ctx.engine.people.find(who.id) if isinstance(who, ById) else None
    if user is None:
        await replies.answer_callback(query, "order-toast-stale")
        return
    await replies.answer_callback(query)
    await replies.show(query, *await _statement(replies, user, wanted(callback_data.arg)))


async def _statement(replies: AdminReplies, user: User, number: int) -> Shown:
    found = await replies.ctx.engine.books.statement(user.account_id, min(number, FARTHEST), ENTRIES_A_PAGE)
    text = fitting(lambda sizes: _statement_text(replies.t, user, found, sizes), ENTRY_SIZES)
    return text, markup(turn_row(Page(found.number, found.more), "ledger", str(user.id)))


def _statement_text(t: Speech, user: User, found: StatementPage, sizes: tuple[int, int, str]) -> Html:
    longest, note, gap = sizes
    head = t(
        "admin-ledger-title",
        person=person_line(t, user, longest),
        available=credits_text(t, found.balance.available),
        held=t.money(found.balance.held),
    )
    told = [entry_line(t, entry, found.actors, longest, note) for entry in found.entries] or [t("admin-ledger-none")]
    return Html("\n\n".join([head, gap.join(told)]))


def entry_line(t: Speech, entry: Entry, actors: dict[int, User], longest: int, note: int) -> Html:
    """Signed amount, what it was and when; below it the job, who did it and the note."""
    first = t(
        "admin-ledger-line",
        amount=signed(t, entry.amount),
        kind=t.plain(f"admin-kind-{entry.kind}"),
        time=t.moment(entry.created_at),
    )
    second = [t("admin-ledger-job", job=entry.job_id)] if entry.job_id is not None else []
    if entry.actor is not None:
        actor = actors.get(entry.actor)
        name = one_line(actor.name, longest) if actor is not None else ""
        second.append(t("admin-ledger-actor", actor=name or UNNAMED, account=str(entry.actor)))
    if entry.note:
        second.append(t("admin-ledger-note", note=one_line(entry.note, note)))
    return lines([first, " · ".join(second)])


def signed(t: Speech, amount: Credits) -> str:
    return f"+{t.money(amount)}" if amount > 0 else t.money(amount)
