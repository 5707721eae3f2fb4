"""An order that works on several pictures: more of the person's own results are chosen from a list of the latest."""

from dataclasses import replace
from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardButton

from bot.domain.catalog.models import Model
from bot.domain.jobs import Job, several
from bot.engine.dialogs.drafts import Draft
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.handlers.own_job import stale
from bot.telegram.jobs.handlers.result_buttons import index_of
from bot.telegram.jobs.keyboards import works_on
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.handlers.own_draft import own_draft
from bot.telegram.orders.input_pictures import InputPictures, NoPicture, usable_result
from bot.telegram.orders.view.presenter import OrderPresenter, market, place_of_draft
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import DraftAction, acts
from bot.telegram.ui.captions import model_title
from bot.telegram.ui.keyboards import button, markup

LOOKED_AT: Final = 40
"""Latest jobs of the person among which results are sought."""
SHOWN: Final = 10
PROMPT_SHOWN: Final = 30


def build_router() -> Router:
    """Comes before the router that takes any act of a draft."""
    router = Router(name="more-pictures")
    router.callback_query.register(offer, DraftAction.filter(), acts("add"), own_draft)
    router.callback_query.register(put, DraftAction.filter(), acts("put"), own_draft)
    return router


async def offer(query: CallbackQuery, presenter: OrderPresenter, draft: Draft) -> None:
    """The latest results that the chosen model can work on beside those it has."""
    opened = await _opened(query, presenter, draft)
    if opened is None:
        return
    order, model, _ = opened
    ctx, t = presenter.ctx, presenter.t
    jobs = (await ctx.engine.jobs.page(presenter.person.account_id, 0, LOOKED_AT)).jobs
    found = [(job, i) for job in jobs for i in range(len(job.assets)) if _can_add(model, order, job, i)][:SHOWN]
    if not found:
        await messages.answer_callback(query, t.plain("media-toast-none-to-add"), alert=True)
        return
    await messages.answer_callback(query)
    rows = [[_button(ctx, t, draft, job, index)] for job, index in found]
    back = [button(t.plain("tap-back-to-order"), DraftAction(id=draft.id, act="show"))]
    text = t("media-which-to-add", count=len(order.inputs), maximum=model.inputs.maximum)
    await messages.edit(ctx, place_of_draft(draft), text, markup([*rows, back]))


async def put(
    query: CallbackQuery, callback_data: DraftAction, presenter: OrderPresenter, pictures: InputPictures, draft: Draft
) -> None:
    """One of them joins the order. Whose it is and whether it still is there is looked up again."""
    opened = await _opened(query, presenter, draft)
    if opened is None:
        return
    order, model, offers = opened
    job_id, _, number = callback_data.arg.partition(".")
    job = await presenter.ctx.engine.jobs.get(job_id)
    index = index_of(job, number) if job is not None and job.user_id == presenter.person.id else None
    if job is None or index is None or not _can_add(model, order, job, index):
        await stale(presenter, query)
        await presenter.show(draft, order, offers)
        return
    await messages.answer_callback(query)
    able = tuple(o for o in offers.offers if o.model.slug == model.slug)
    try:
        picture = await pictures.of_result(job, index, able)
    except NoPicture as none:
        await presenter.show(draft, order, offers, note=presenter.t(none.text))
        return
    await presenter.show(draft, replace(order, inputs=(*order.inputs, picture)), offers)


async def _opened(
    query: CallbackQuery, presenter: OrderPresenter, draft: Draft
) -> tuple[OrderDraft, Model, Market] | None:
    """The order with its model, while there is room for another picture; None: the press was answered."""
    offers = await market(presenter.ctx, draft.chat_id)
    order = OrderDraft.from_data(draft.data)
    chosen = offers.get(order.model)
    if chosen is None or not chosen.available or not 0 < len(order.inputs) < chosen.model.inputs.maximum:
        await stale(presenter, query)
        await presenter.show(draft, order, offers)
        return None
    return order, chosen.model, offers


def _can_add(model: Model, order: OrderDraft, job: Job, index: int) -> bool:
    there = any(i.job_id == job.id and i.index == index for i in order.inputs)
    return not there and usable_result(job, index) and works_on(model, job, index)


def _button(ctx: Context, t: Speech, draft: Draft, job: Job, index: int) -> InlineKeyboardButton:
    prompt = shorten(" ".join(job.prompt.split()), PROMPT_SHOWN)
    which = f" #{index + 1}" if several(job) else ""
    label = f"{prompt or model_title(t, ctx.shop.catalog, job.model)}{which} · {t.when(job.created_at)}"
    return button(label, DraftAction(id=draft.id, act="put", arg=f"{job.id}.{index}"))
