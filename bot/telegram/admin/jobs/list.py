"""/jobs all and /job <id>: everybody's jobs in pages, and everything known about one."""

from dataclasses import dataclass

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.engine.accounts import users as people
from bot.engine.accounts.users import User
from bot.engine.dialogs import inbox
from bot.engine.jobs import queries
from bot.storage.clock import now
from bot.telegram.admin.access import acts
from bot.telegram.admin.credits.topup import GIVEN
from bot.telegram.admin.jobs.card import job_card, job_markup, look_at
from bot.telegram.admin.jobs.refunds import job_id_of
from bot.telegram.admin.replies import NOBODY, AdminReplies
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.jobs.texts import MARKS
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.captions import model_title
from bot.telegram.ui.clip import NAME, one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import button, in_rows, markup
from bot.telegram.ui.paging import PER_PAGE, Page, page_of, turn_row, wanted

Shown = tuple[Html, InlineKeyboardMarkup]


def build_router() -> Router:
    router = Router(name="admin-jobs")
    router.message.register(jobs, is_command("jobs"), says_all)
    router.message.register(job, is_command("job"))
    router.callback_query.register(jobs_page, AdminAction.filter(), acts("jobs"))
    router.callback_query.register(job_press, AdminAction.filter(), acts("job"))
    return router


async def says_all(message: Message, command: CommandObject) -> bool:
    """`/jobs` alone lists the operator's own jobs, as it does for everybody."""
    return (command.args or "").strip().casefold() in ("all", "все")


async def jobs(message: Message, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None) -> None:
    clerk = AdminReplies(ctx, person, t, ticket)
    await clerk.answer(message, *await _jobs(clerk, 0))


async def jobs_page(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None
) -> None:
    clerk = AdminReplies(ctx, person, t, ticket)
    await clerk.toast(query)
    await clerk.show(query, *await _jobs(clerk, wanted(callback_data.arg)))


@dataclass(frozen=True, slots=True)
class _List:
    moment: float
    count: int
    page: Page
    jobs: list[Job]
    users: dict[int, User]


async def _jobs(clerk: AdminReplies, number: int) -> Shown:
    def look(conn: Connection) -> _List:
        count = queries.count_all(conn)
        page = page_of(number, count)
        found = queries.everyone(conn, offset=page.offset, limit=PER_PAGE)
        users = {i: user for i in {job.user_id for job in found} if (user := people.find(conn, i)) is not None}
        return _List(now(conn), count, page, found, users)

    found = await clerk.ctx.db.read(look)
    t = clerk.t
    if not found.jobs:
        return t("admin-jobs-none"), markup([])
    told = [_line(clerk, job, found.users.get(job.user_id), found.moment) for job in found.jobs]
    taps = [button(f"{MARKS[job.state]} {job.id}", AdminAction(act="job", id=job.id)) for job in found.jobs]
    text = lines([t("admin-jobs-title", count=found.count), *told])
    return text, markup([*in_rows(taps, 2), *turn_row(found.page, "jobs")])


def _line(clerk: AdminReplies, job: Job, user: User | None, moment: float) -> Html:
    t = clerk.t
    name = one_line(user.name, NAME) if user is not None else ""
    return t(
        "admin-jobs-line",
        mark=MARKS[job.state],
        state=t.plain(f"jobs-state-{job.state.value}"),
        model=model_title(t, clerk.ctx.shop.catalog, job.model),
        user=name or NOBODY,
        id=str(job.user_id),
        age=t.duration(moment - job.created_at),
        job=job.id,
    )


async def job(
    message: Message,
    command: CommandObject,
    ctx: Context,
    person: User,
    t: Speech,
    ticket: inbox.Ticket | None,
) -> None:
    clerk = AdminReplies(ctx, person, t, ticket)
    words = (command.args or "").split()
    job_id = job_id_of(words[0]) if words else None
    if job_id is None:
        wrong = t("admin-job-bad-id", given=one_line(words[0], GIVEN)) if words else t("admin-form-empty")
        await clerk.answer(message, lines([wrong, t("admin-job-form")]))
        return
    known = await look_at(ctx, job_id)
    if known is None:
        await clerk.answer(message, t("admin-job-unknown", job=job_id))
        return
    await clerk.answer(message, job_card(clerk, known), job_markup(t, known.job))


async def job_press(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None
) -> None:
    """A job of the list, or the present state of the one shown."""
    clerk = AdminReplies(ctx, person, t, ticket)
    job_id = job_id_of(callback_data.id)
    known = await look_at(ctx, job_id) if job_id is not None else None
    if known is None:
        await clerk.toast(query, "order-toast-stale")
        return
    await clerk.toast(query)
    await clerk.show(query, job_card(clerk, known), job_markup(t, known.job))
