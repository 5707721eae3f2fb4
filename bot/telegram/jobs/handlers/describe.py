"""Describe: a chat model that sees pictures writes a prompt for a result. The answer is shown by chat/answer_view."""

from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.domain.chats import is_private
from bot.domain.errors import Refusal
from bot.domain.jobs import Job, Target
from bot.engine.conversations.memory import Ask, Purpose
from bot.engine.dialogs.drafts import draft_id
from bot.engine.jobs.submit import Wanted
from bot.telegram.jobs.handlers.job_buttons import reply_place
from bot.telegram.jobs.handlers.own_job import done_job, stale
from bot.telegram.jobs.handlers.result_buttons import index_of
from bot.telegram.jobs.keyboards import seeing
from bot.telegram.orders.group_permission import administers
from bot.telegram.orders.input_pictures import InputPictures, NoPicture
from bot.telegram.orders.view.menu_message import requester
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.orders.view.refusals import Place, Remedy, refusal_text, remedy_of
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction, acts
from bot.telegram.ui.keyboards import balance_menu

DESCRIBE_EVERY: Final = 10.0
"""Seconds in which a second tap has the same picture described no second time."""


def build_router() -> Router:
    router = Router(name="describe")
    router.callback_query.register(describe, JobAction.filter(), acts("describe"), done_job)
    return router


async def describe(
    query: CallbackQuery, callback_data: JobAction, presenter: OrderPresenter, pictures: InputPictures, job: Job
) -> None:
    """Begins it at once, for its most is on the button: the hold is that of an answer, the charge what was used."""
    ctx, t, place = presenter.ctx, presenter.t, reply_place(query, job)
    index = index_of(job, callback_data.arg)
    if index is None:
        await stale(presenter, query)
        return
    own = await ctx.engine.settings.of(presenter.person.id)
    offer = seeing((await market(ctx, place.chat_id)).offers, job, index, own)
    if offer is None:
        await messages.answer_callback(query, t.plain("order-toast-not-sold"), alert=True)
        return
    key = f"describe:{job.id}:{index}"
    async with ctx.engine.cooldowns.attempt(key, every=DESCRIBE_EVERY) as first:
        if not first:
            await messages.answer_callback(query, t.plain("media-toast-describe"))
            return
        try:
            picture = await pictures.to_show(job, index)
            wanted = Wanted(
                id=draft_id("cb", query.id),
                model=offer.model.slug,
                target=Target(place.chat_id, place.thread_id, 0),
                locale=t.language,
                prompt="",
                inputs=(picture,),
                requester=requester(presenter.person, place.chat_id),
            )
            stands = query.message.message_id if isinstance(query.message, Message) else 0
            what = Ask(Purpose.DESCRIBE, question_id=stands)
            admin = await administers(ctx, presenter.person, place.chat_id)
            await ctx.asks.checkout(presenter.person, wanted, what, admin=admin)
        except NoPicture as none:
            await ctx.engine.cooldowns.clear(key)
            await messages.answer_callback(query, t.plain(none.text), alert=True)
        except Refusal as refusal:
            await ctx.engine.cooldowns.clear(key)
            await messages.answer_callback(query)
            await _refuse(presenter, place, refusal)
        else:
            await messages.answer_callback(query, t.plain("media-toast-describe"))


async def _refuse(presenter: OrderPresenter, place: Target, refusal: Refusal) -> None:
    """Why there is no description, and what to do; in groups for them alone."""
    ctx, t, private = presenter.ctx, presenter.t, is_private(place.chat_id)
    credits_missing = private and remedy_of(refusal) is Remedy.CREDITS
    markup = balance_menu(t, ask=bool(ctx.options.admin_ids)) if credits_missing else None
    await presenter.tell(place, refusal_text(ctx, t, refusal, Place.QUESTION, private=private), markup)
