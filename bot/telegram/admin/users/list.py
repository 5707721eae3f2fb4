"""/users and /ledger: who uses the bot, and what happened to somebody's credits, line by line."""

from dataclasses import dataclass

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import Credits
from bot.engine.accounts import bans
from bot.engine.accounts import users as people
from bot.engine.accounts.users import User
from bot.engine.dialogs import inbox
from bot.ledger import Balance, Entry
from bot.telegram.admin.access import acts
from bot.telegram.admin.credits.topup import GIVEN, nobody_text
from bot.telegram.admin.person_lookup import ById, NobodyFound, find, replied_of, who_of
from bot.telegram.admin.replies import NOBODY, AdminReplies, person_line
from bot.telegram.context.context import Context
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import NAME, one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import markup
from bot.telegram.ui.paging import FARTHEST, PER_PAGE, Page, page_of, turn_row, wanted

NOTE_UNITS = 120
Shown = tuple[Html, InlineKeyboardMarkup]


def build_router() -> Router:
    router = Router(name="admin-people")
    router.message.register(users, is_command("users"))
    router.message.register(statement, is_command("ledger"))
    router.callback_query.register(users_page, AdminAction.filter(), acts("users"))
    router.callback_query.register(statement_page, AdminAction.filter(), acts("ledger"))
    return router


async def users(message: Message, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None) -> None:
    clerk = AdminReplies(ctx, person, t, ticket)
    await clerk.answer(message, *await _users(clerk, 0))


async def users_page(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None
) -> None:
    clerk = AdminReplies(ctx, person, t, ticket)
    await clerk.toast(query)
    await clerk.show(query, *await _users(clerk, wanted(callback_data.arg)))


async def _users(clerk: AdminReplies, number: int) -> Shown:
    def look(conn: Connection) -> tuple[int, Page, list[tuple[User, Balance]], frozenset[int]]:
        total = people.count(conn)
        page = page_of(number, total)
        found = people.page(conn, offset=page.offset, limit=PER_PAGE)
        banned = bans.among(conn, [user.id for user in found])
        return total, page, [(user, ledger.balance(conn, user.account_id)) for user in found], banned

    total, page, found, banned = await clerk.ctx.db.read(look)
    t = clerk.t
    told = [
        t(
            "bans-users-line" if user.id in banned else "admin-users-line",
            person=person_line(t, user),
            balance=t.money(balance.available),
        )
        for user, balance in found
    ]
    text = lines([t("admin-users-title", count=total), *told, t("admin-users-hint")])
    return text, markup(turn_row(page, "users"))


async def statement(
    message: Message,
    command: CommandObject,
    ctx: Context,
    person: User,
    t: Speech,
    ticket: inbox.Ticket | None,
) -> None:
    """`/ledger <@username | id>`, or as a reply."""
    clerk = AdminReplies(ctx, person, t, ticket)
    words = (command.args or "").split()
    who = who_of(words[0]) if words else replied_of(message)
    if who is None:
        wrong = t("admin-form-nobody", given=one_line(words[0], GIVEN)) if words else t("admin-form-empty")
        await clerk.answer(message, lines([wrong, t("admin-ledger-form")]))
        return
    try:
        user = await ctx.db.read(lambda conn: find(conn, who))
    except NobodyFound as error:
        await clerk.answer(message, nobody_text(t, error))
        return
    await clerk.answer(message, *await _statement(clerk, user, 0))


async def statement_page(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None
) -> None:
    clerk = AdminReplies(ctx, person, t, ticket)
    who = who_of(callback_data.id)
    user = await ctx.db.read(lambda conn: people.find(conn, who.id)) if isinstance(who, ById) else None
    if user is None:
        await clerk.toast(query, "order-toast-stale")
        return
    await clerk.toast(query)
    await clerk.show(query, *await _statement(clerk, user, wanted(callback_data.arg)))


@dataclass(frozen=True, slots=True)
class _Lines:
    balance: Balance
    page: Page
    entries: list[Entry]
    actors: dict[int, User]


async def _statement(clerk: AdminReplies, user: User, number: int) -> Shown:
    def look(conn: Connection) -> _Lines:
        balance = ledger.balance(conn, user.account_id)
        page, entries = _entries(conn, user.account_id, number)
        ids = {entry.actor for entry in entries if entry.actor is not None}
        actors = {i: actor for i in ids if (actor := people.by_account(conn, i)) is not None}
        return _Lines(balance, page, entries, actors)

    found = await clerk.ctx.db.read(look)
    t = clerk.t
    head = t(
        "admin-ledger-title",
        person=person_line(t, user),
        available=credits_text(t, found.balance.available),
        held=t.money(found.balance.held),
    )
    told = [entry_line(t, entry, found.actors) for entry in found.entries] or [t("admin-ledger-none")]
    return Html("\n\n".join([head, *told])), markup(turn_row(found.page, "ledger", str(user.id)))


def _entries(conn: Connection, account_id: int, number: int) -> tuple[Page, list[Entry]]:
    """A page of lines. A statement is read from its newest line on: earlier pages are read over, once per page."""
    number = min(number, FARTHEST)
    found = ledger.statement(conn, account_id, limit=(number + 1) * PER_PAGE + 1)
    number = min(number, max(0, -(-len(found) // PER_PAGE) - 1))
    first = number * PER_PAGE
    return Page(number, len(found) > first + PER_PAGE), found[first : first + PER_PAGE]


def entry_line(t: Speech, entry: Entry, actors: dict[int, User]) -> Html:
    """Signed amount, what it was and when; below it the job, who did it and the note."""
    first = t(
        "admin-ledger-line",
        amount=signed(t, entry.amount),
        kind=t.plain(f"admin-kind-{entry.kind}"),
        time=t.when(entry.created_at),
    )
    second = [t("admin-ledger-job", job=entry.job_id)] if entry.job_id is not None else []
    if entry.actor is not None:
        actor = actors.get(entry.actor)
        name = one_line(actor.name, NAME) if actor is not None else ""
        second.append(t("admin-ledger-actor", actor=name or NOBODY, account=str(entry.actor)))
    if entry.note:
        second.append(t("admin-ledger-note", note=one_line(entry.note, NOTE_UNITS)))
    return lines([first, " · ".join(second)])


def signed(t: Speech, amount: Credits) -> str:
    return f"+{t.money(amount)}" if amount > 0 else t.money(amount)
