"""/jobs all and /job <id>: the jobs of all users in pages, and what is known about one."""

from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.jobs import Job
from bot.engine.accounts.users import User
from bot.engine.jobs.records import JobPage
from bot.telegram.admin.access import acts
from bot.telegram.admin.command_forms import explained
from bot.telegram.admin.jobs.card import PAGES, job_markup, job_page
from bot.telegram.admin.jobs.refunds import job_first, job_id_of
from bot.telegram.admin.replies import UNNAMED, AdminReplies
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.jobs.texts import MARKS
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.captions import model_title
from bot.telegram.ui.clip import NAME, one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import button, in_rows, markup
from bot.telegram.ui.paging import page_of, turn_row, wanted
from bot.telegram.ui.screen import fitting

JOBS_A_PAGE: Final = 6
NAMES: Final = (NAME, 20, 10)
"""How much of each name is shown: less where the page would be higher than a screen."""
Shown = tuple[Html, InlineKeyboardMarkup]


def build_router() -> Router:
    router = Router(name="admin-jobs")
    router.message.register(jobs, is_command("jobs"), says_all)
    router.message.register(job, is_command("job"))
    router.callback_query.register(jobs_page, AdminAction.filter(), acts("jobs"))
    router.callback_query.register(job_press, AdminAction.filter(), acts(*PAGES))
    return router


async def says_all(message: Message, command: CommandObject) -> bool:
    """`/jobs` alone lists the operator's own jobs, as it does for every user."""
    return (command.args or "").strip().casefold() in ("all", "все")


async def jobs(message: Message, replies: AdminReplies) -> None:
    await replies.answer(message, *await _jobs(replies, 0))


async def jobs_page(query: CallbackQuery, callback_data: AdminAction, replies: AdminReplies) -> None:
    await replies.answer_callback(query)
    await replies.show(query, *await _jobs(replies, wanted(callback_data.arg)))


async def _jobs(replies: AdminReplies, number: int) -> Shown:
    found = await replies.ctx.engine.job_records.page(number, JOBS_A_PAGE)
    if not found.jobs:
        return replies.t("admin-jobs-none"), markup([])
    at = page_of(number, found.count, JOBS_A_PAGE)
    taps = [
        button(f"{MARKS[job.state]} {job.id}", AdminAction(act="job", id=job.id, arg=str(at.number)))
        for job in found.jobs
    ]
    text = fitting(lambda longest: _text(replies, found, longest), NAMES)
    return text, markup([*in_rows(taps, 2), *turn_row(at, "jobs")])


def _text(replies: AdminReplies, found: JobPage, longest: int) -> Html:
    told = [_line(replies, job, found.users.get(job.user_id), found.moment, longest) for job in found.jobs]
    return lines([replies.t("admin-jobs-title", count=found.count), *told])


def _line(replies: AdminReplies, job: Job, user: User | None, moment: float, longest: int) -> Html:
    t = replies.t
    name = one_line(user.name, longest) if user is not None else ""
    return t(
        "admin-jobs-line",
        mark=MARKS[job.state],
        state=t.plain(f"jobs-state-{job.state.value}"),
        model=model_title(t, replies.ctx.shop.catalog, job.model),
        user=name or UNNAMED,
        id=str(job.user_id),
        age=t.duration(moment - job.created_at),
        job=job.id,
    )


async def job(message: Message, command: CommandObject, replies: AdminReplies) -> None:
    t = replies.t
    async with explained(replies, message, t("admin-job-form")):
        job_id, _ = job_first((command.args or "").split())
        known = await replies.ctx.engine.job_records.of(job_id)
        if known is None:
            await replies.answer(message, t("admin-job-unknown", job=job_id))
            return
        await replies.answer(message, job_page(replies, known), job_markup(t, known.job))


async def job_press(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    """A job of the list, the present state of the one shown, or more about it."""
    job_id = job_id_of(callback_data.id)
    known = await ctx.engine.job_records.of(job_id) if job_id is not None else None
    if known is None:
        await replies.answer_callback(query, "order-toast-stale")
        return
    act, came_from = callback_data.act, str(wanted(callback_data.arg))
    await replies.answer_press(query, job_page(replies, known, act), job_markup(t, known.job, act, came_from))
