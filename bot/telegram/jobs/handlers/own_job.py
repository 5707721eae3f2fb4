"""Whose job a pressed button is of: filters that give handlers their `job`. A press that may not have it is answered
here, and no handler hears of it."""

from aiogram.dispatcher.event.bases import CancelHandler
from aiogram.types import CallbackQuery, Message

from bot.domain.chats import is_private
from bot.domain.jobs import Job, JobState
from bot.engine.results.originals import DELETED
from bot.telegram.jobs.wait_until_done import wait_until_done
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction


async def own_job(query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter) -> dict[str, Job]:
    """Gives the job if it is this person's."""
    return {"job": await find_own_job(presenter, query, callback_data.id)}


async def shared_job(query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter) -> dict[str, Job]:
    """Gives also another's job whose message stands in a group: the button begins an order of who taps it."""
    return {"job": await find_own_job(presenter, query, callback_data.id, shared=True)}


async def done_job(query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter) -> dict[str, Job]:
    """Gives the person's own job with a result that was not deleted; waits for one that is being delivered."""
    job = await wait_until_done(presenter.ctx, await find_own_job(presenter, query, callback_data.id))
    await _with_result(presenter, query, job)
    return {"job": job}


async def deletable_job(query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter) -> dict[str, Job]:
    """Gives the same without waiting."""
    job = await find_own_job(presenter, query, callback_data.id)
    await _with_result(presenter, query, job)
    return {"job": job}


async def find_own_job(presenter: OrderPresenter, query: CallbackQuery, job_id: str, *, shared: bool = False) -> Job:
    """Finds the job behind a button, for handlers that look at something else first. Raises CancelHandler when the
    person may not have it: then the press was answered."""
    job = await presenter.ctx.engine.jobs.get(job_id)
    if job is None or not job.user_id:  # of an erased user only the money is known
        await stale(presenter, query)
    elif job.user_id == presenter.person.id or (shared and _in_a_group(query)):
        return job
    else:
        await messages.answer_callback(query, presenter.t.plain("order-toast-not-yours"))
    raise CancelHandler


async def stale(presenter: OrderPresenter, query: CallbackQuery) -> None:
    """Tells that the button leads nowhere any more."""
    await messages.answer_callback(query, presenter.t.plain("order-toast-stale"))


async def _with_result(presenter: OrderPresenter, query: CallbackQuery, job: Job) -> None:
    if job.state is JobState.DONE and DELETED not in job.facts:
        return
    said = "media-toast-deleted" if DELETED in job.facts else "order-toast-stale"
    await messages.answer_callback(query, presenter.t.plain(said))
    raise CancelHandler


def _in_a_group(query: CallbackQuery) -> bool:
    """Whether the button really stands under a message that a whole group sees."""
    message = query.message
    return isinstance(message, Message) and not is_private(message.chat.id) and messages.has_button(query)
