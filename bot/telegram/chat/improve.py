"""A better wording of an order's prompt: asked for on its confirmation, shown there, and taken back with one tap."""

from dataclasses import replace

from aiogram.types import CallbackQuery

from bot.domain.catalog.models import Model
from bot.domain.errors import Refusal
from bot.domain.jobs import Job, Target
from bot.engine.accounts.users import User
from bot.engine.conversations.memory import Ask, Purpose
from bot.engine.dialogs.drafts import Draft, draft_id
from bot.engine.jobs.submit import Wanted
from bot.engine.ports import NotWanted
from bot.telegram.chat.models import chat_models
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.jobs.handlers.own_job import stale
from bot.telegram.orders.draft.draft import Market, OrderDraft, tidy
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.orders.view.refusals import Place, refusal_toast
from bot.telegram.ui import messages
from bot.telegram.updates import unregistered

QUOTES = "\"'«»“”„`"


async def improve(query: CallbackQuery, ctx: Context, person: User, t: Speech, draft: Draft) -> None:
    """Begins it as a job; the confirmation stays as it is until the better wording comes."""
    if unregistered.is_stranger(person):
        await messages.answer_callback(query, t.plain("shared-start-first"), alert=True)
        return
    order = OrderDraft.from_data(draft.data)
    models = await chat_models(ctx)
    if not models or not order.prompt:
        await messages.answer_callback(query, t.plain("order-toast-stale"))
        return
    await ctx.engine.drafts.stands_at(draft)
    try:
        await _begin(query, ctx, person, t, draft, models[0])
    except Refusal as refusal:
        await messages.answer_callback(query, refusal_toast(ctx, t, refusal, Place.IMPROVEMENT), alert=True)
    else:
        await messages.answer_callback(query, t.plain("chat-improving"))


async def _begin(query: CallbackQuery, ctx: Context, person: User, t: Speech, draft: Draft, model: Model) -> None:
    wanted = Wanted(
        id=draft_id("cb", query.id),
        model=model.slug,
        target=Target(draft.chat_id, draft.thread_id, 0),
        locale=t.language,
        prompt=OrderDraft.from_data(draft.data).prompt,
    )
    asks = ctx.asks
    await asks.checkout(person, wanted, Ask(Purpose.IMPROVE, draft_id=draft.id, free=asks.chat.improve_free))


async def original(query: CallbackQuery, presenter: OrderPresenter, draft: Draft) -> None:
    """Back to the person's own words."""
    order = OrderDraft.from_data(draft.data)
    if not order.original:
        await stale(presenter, query)
        return
    await messages.answer_callback(query)
    offers = await market(presenter.ctx, draft.chat_id)
    await presenter.show(draft, replace(order, prompt=order.original, original=""), offers)


async def deliver(ctx: Context, job: Job, ask: Ask) -> None:
    """Shows the better wording in the confirmation. Raises NotWanted when that is ordered or given up: then nothing
    is charged."""
    found = await _draft(ctx, job, ask)
    if found is None:
        raise NotWanted("the order is not waiting any more")
    presenter, draft, order, offers = found
    better = tidy("\n".join(asset.text for asset in job.assets)).strip(QUOTES).strip()
    offer = offers.get(order.model)
    limit = offer.model.prompt_limit if offer is not None else len(order.prompt)
    better = better[:limit] if len(better) <= limit else shorten(better, limit)
    if not better or (better == order.prompt and not order.original):
        await presenter.show(draft, order, offers, note=presenter.t("chat-improved-same"))
        return
    changed = replace(order, prompt=better, original=order.original or order.prompt)
    await presenter.show(draft, changed, offers, note=presenter.t("chat-improved"))


async def failed(ctx: Context, job: Job, ask: Ask) -> None:
    """Says in the confirmation that there is no better wording, if it still waits."""
    found = await _draft(ctx, job, ask)
    if found is not None:
        presenter, draft, order, offers = found
        await presenter.show(
            draft, order, offers, note=Html(f"{presenter.t('chat-improve-failed')} {presenter.t('job-not-charged')}")
        )


async def _draft(ctx: Context, job: Job, ask: Ask) -> tuple[OrderPresenter, Draft, OrderDraft, Market] | None:
    draft, person = await ctx.engine.drafts.get(ask.draft_id), await ctx.engine.people.find(job.user_id)
    if draft is None or person is None or not (draft.is_unclaimed or draft.user_id == person.id):
        return None
    if not draft.sent:
        return None
    presenter = OrderPresenter(ctx, person, ctx.texts.of(job.locale))
    return presenter, draft, OrderDraft.from_data(draft.data), await market(ctx, draft.chat_id)
