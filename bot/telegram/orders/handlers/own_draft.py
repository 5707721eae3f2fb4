"""Whose draft a pressed button is of: a filter that gives handlers their `draft`. A press that may not have it is
answered here, and no handler hears of it."""

from aiogram.dispatcher.event.bases import CancelHandler
from aiogram.types import CallbackQuery, Message

from bot.engine.dialogs.drafts import Draft
from bot.engine.orders.order_drafts import PURPOSE
from bot.telegram.orders.view.menu_message import stands_at
from bot.telegram.orders.view.presenter import OrderPresenter
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import DraftAction


async def own_draft(query: CallbackQuery, callback_data: DraftAction, presenter: OrderPresenter) -> dict[str, Draft]:
    """Gives the order draft whose button was pressed, standing where that button really is: presses can be forged.

    A draft without an owner is for every user who sees its button. The press is refused when the draft is another
    person's, is a job by now, or is gone.
    """
    person, t = presenter.person, presenter.t
    draft, job = await presenter.ctx.engine.drafts.find(callback_data.id)
    if draft is not None and draft.purpose == PURPOSE:
        here = query.message
        if isinstance(here, Message) and here.chat.id == draft.chat_id and messages.has_button(query):
            draft = stands_at(draft, messages.target_of(here))
            if draft.is_unclaimed:
                return {"draft": draft}
        if draft.user_id == person.id:
            return {"draft": draft}
    if draft is not None or (job is not None and job.user_id != person.id):
        await messages.answer_callback(query, t.plain("order-toast-not-yours"))
    elif job is not None:
        await messages.answer_callback(query, t.plain("order-toast-placed"))
        if query.message is not None and query.message.message_id != job.target.message_id != 0:
            await messages.remove_keyboard(presenter.ctx, query)
    else:
        await messages.answer_callback(query, t.plain("order-toast-expired"))
        await messages.remove_keyboard(presenter.ctx, query)
    raise CancelHandler
