"""Plain text that was a question after all: the order's draft becomes one of the conversation."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.errors import NotOnSale
from bot.engine.accounts.users import User
from bot.telegram.chat.ask import Question, ask, read, refuse
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.draft import OrderDraft
from bot.telegram.orders.draft.option_values import Wrong
from bot.telegram.orders.draft.steps import Step, step_of
from bot.telegram.orders.view.presenter import OrderPresenter, market, place_of_draft
from bot.telegram.orders.view.texts import lines, quoted
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import DraftAction, acts


def build_router() -> Router:
    router = Router(name="order-ask")
    router.callback_query.register(question, DraftAction.filter(), acts("question"))
    return router


async def question(
    query: CallbackQuery,
    callback_data: DraftAction,
    ctx: Context,
    person: User,
    t: Speech,
) -> None:
    """The words are asked as they are; the order's message stays as the question, without buttons."""
    desk = OrderPresenter(ctx, person, t)
    draft = await desk.owned(query, callback_data.id)
    if draft is None:
        return
    order, offers, place = OrderDraft.from_data(draft.data), await market(ctx, draft.chat_id), place_of_draft(draft)
    if step_of(order, offers) is not Step.KIND or not offers.can_answer(order):
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        await desk.show(draft, order, offers)
        return
    await messages.answer_callback(query)
    try:
        text, model, options = await read(desk, "", order.prompt)
    except Wrong as wrong:
        await messages.send(ctx, place, wrong.text)
        return
    except NotOnSale as refusal:
        await refuse(desk, place, refusal)
        return
    if await ask(desk, Question(draft.id, place, text, model, options)):
        await ctx.engine.drafts.give_up(draft.id)
        await messages.edit(ctx, place, lines([t("order-asked"), quoted(t, order.prompt)]))
