"""Plain text that was a question after all: the order's draft becomes one of the conversation."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.engine.dialogs.drafts import Draft
from bot.telegram.chat.ask import Question, ask, read_or_tell
from bot.telegram.chat.attachments.pictures import ask_about
from bot.telegram.jobs.handlers.own_job import stale
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.handlers.own_draft import own_draft
from bot.telegram.orders.view.presenter import OrderPresenter, market, place_of_draft
from bot.telegram.orders.view.texts import lines, quoted
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import DraftAction, acts


def build_router() -> Router:
    router = Router(name="order-ask")
    router.callback_query.register(question, DraftAction.filter(), acts("question"), own_draft)
    return router


async def question(query: CallbackQuery, presenter: OrderPresenter, draft: Draft) -> None:
    """The words are asked as they are, of a picture too; the order's message stays as the question, without buttons."""
    ctx, t = presenter.ctx, presenter.t
    order, offers, place = OrderDraft.from_data(draft.data), await market(ctx, draft.chat_id), place_of_draft(draft)
    if not offers.can_ask(order):
        await stale(presenter, query)
        await presenter.show(draft, order, offers)
        return
    await messages.answer_callback(query)
    if order.inputs:
        begun = await ask_about(presenter, draft)
    else:
        understood = await read_or_tell(presenter, place, "", order.prompt)
        begun = understood is not None and await ask(presenter, Question(draft.id, place, *understood))
    if begun:
        await ctx.engine.drafts.give_up(draft.id)
        await messages.edit(ctx, place, lines([t("order-asked"), quoted(t, order.prompt)]))
