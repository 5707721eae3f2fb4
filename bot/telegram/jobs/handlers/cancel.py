"""/cancel: a person's orders under way, page by page, each with a red button. What waits is cancelled at once; what is
already being made has cost the operator something, so that the list asks once more."""

from typing import Final

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.errors import Refusal
from bot.domain.jobs import UPSTREAM, Job
from bot.engine.accounts.users import User
from bot.engine.orders.own_jobs import JobPage
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.jobs import texts
from bot.telegram.jobs.handlers.job_buttons import answer_refused, cancel_now
from bot.telegram.jobs.handlers.own_job import find_own_job
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui import messages
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import Rows, button, markup
from bot.telegram.ui.messages import place_of
from bot.telegram.ui.paging import page_number

PER_PAGE: Final = 6

Page = tuple[Html, InlineKeyboardMarkup | None]


class CancelAction(CallbackData, prefix="x"):
    """A button of /cancel: page (`id` is the person), drop, sure and keep (`id` is the job)."""

    act: str
    id: str
    page: str = ""


def build_router() -> Router:
    router = Router(name="cancel-list")
    router.message.register(command, is_command("cancel"))
    router.callback_query.register(press, CancelAction.filter())
    return router


async def command(message: Message, presenter: OrderPresenter) -> None:
    """Lists what can be cancelled; in a group only what was ordered there."""
    ctx, person, t, place = presenter.ctx, presenter.person, presenter.t, place_of(message)
    found = await _look(ctx, person, place.chat_id, 0)
    page = _list(ctx, t, person, found) if found.count != 1 else _question(ctx, t, found.jobs[0], 0)
    await presenter.tell(place, *page)


async def press(query: CallbackQuery, callback_data: CancelAction, presenter: OrderPresenter) -> None:
    """Whose job it is and whether it can be cancelled is looked up again; only who asked turns the pages."""
    ctx, person, t = presenter.ctx, presenter.person, presenter.t
    message, number = query.message, page_number(callback_data.page)
    if not isinstance(message, Message) or number is None or not messages.has_button(query):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    if callback_data.act == "page":
        if callback_data.id != str(person.id):
            await messages.answer_callback(query, t.plain("order-toast-not-yours"))
            return
        await messages.answer_callback(query)
        await _show(ctx, message, person, t, number)
        return
    job = await find_own_job(presenter, query, callback_data.id)
    if callback_data.act == "drop" and await _asks_first(ctx, job):
        await messages.answer_callback(query)
        await messages.edit(ctx, messages.target_of(message), *_question(ctx, t, job, number))
    elif callback_data.act in ("drop", "sure"):
        title = texts.title(t, ctx.shop.catalog, job)
        became = await _cancel(query, ctx, t, job)
        await _show(ctx, message, person, t, number, t(became, title=title) if became else None)
    else:
        await messages.answer_callback(
            query, t.plain("jobs-toast-too-late" if job.state.finished else "jobs-toast-kept")
        )
        await _keep(ctx, message, person, t, number)


def _speaks(job: Job) -> bool:
    """Whether it is an answer under way, of which what was said is paid."""
    return job.kind is Kind.ASK and job.state in UPSTREAM


async def _asks_first(ctx: Context, job: Job) -> bool:
    """What runs is cancelled by a second tap. Where no cancel is left, the first is told so: no question whose yes is
    refused."""
    return _speaks(job) or (job.paid_upstream and await ctx.orders.cancels_left(job.account_id) > 0)


async def _keep(ctx: Context, message: Message, person: User, t: Speech, number: int) -> None:
    """Back to the list; a question about the only order goes away."""
    if (await _look(ctx, person, message.chat.id, 0)).count > 1:
        await _show(ctx, message, person, t, number)
    else:
        await messages.delete(ctx, messages.target_of(message))


async def _show(ctx: Context, message: Message, person: User, t: Speech, number: int, said: Html | None = None) -> None:
    """The list as it is now, in its message."""
    found = await _look(ctx, person, message.chat.id, number)
    text, rows = _list(ctx, t, person, found)
    shown = (said if not found.count else lines([said, text])) if said is not None else text
    await messages.edit(ctx, messages.target_of(message), shown, rows)


async def _look(ctx: Context, person: User, chat_id: int, wanted: int) -> JobPage:
    """What can be cancelled; in a group only what was ordered there."""
    chat = None if is_private(chat_id) else chat_id
    return await ctx.engine.jobs.cancellable(person.account_id, wanted, PER_PAGE, chat_id=chat)


def _list(ctx: Context, t: Speech, person: User, found: JobPage) -> Page:
    jobs, number = found.jobs, found.number
    if not jobs:
        return t("jobs-nothing-to-cancel"), None
    rows: Rows = [
        [button(f"✖ {texts.label(t, ctx.shop.catalog, job)}", _action("drop", job.id, number), "danger")]
        for job in jobs
    ]
    pages = -(-found.count // PER_PAGE)
    if pages > 1:
        around = ((number - 1) % pages, "‹"), (number, f"{number + 1}/{pages}"), ((number + 1) % pages, "›")
        rows.append([button(label, _action("page", str(person.id), n)) for n, label in around])
    return t("jobs-cancel-which-answer" if any(map(_speaks, jobs)) else "jobs-cancel-which"), markup(rows)


def _question(ctx: Context, t: Speech, job: Job, number: int) -> Page:
    title = texts.title(t, ctx.shop.catalog, job)
    text = t("jobs-cancel-running", title=title) if job.paid_upstream else t("jobs-cancel-one")
    text = t("jobs-cancel-answer", title=title) if _speaks(job) else text
    yes = button(f"✖ {texts.label(t, ctx.shop.catalog, job)}", _action("sure", job.id, number), "danger")
    return text, markup([[yes], [button(t.plain("tap-keep"), _action("keep", job.id, number))]])


def _action(act: str, id: str, number: int) -> CancelAction:  # noqa: A002  # the field's name
    return CancelAction(act=act, id=id, page=str(number))


async def _cancel(query: CallbackQuery, ctx: Context, t: Speech, job: Job) -> str:
    """The text that tells what became of it, "" where the toast said all. An answer under way is stopped: what was said
    stays, and is paid."""
    if not _speaks(job):
        return "jobs-cancelled" if await cancel_now(query, ctx, t, job) else "jobs-not-cancelled"
    try:
        await ctx.asks.stop(job.id, account_id=job.account_id)
    except Refusal as refusal:
        await answer_refused(query, ctx, t, refusal)
        return "jobs-not-cancelled"
    await messages.answer_callback(query, t.plain("chat-toast-stopped"))
    return ""
