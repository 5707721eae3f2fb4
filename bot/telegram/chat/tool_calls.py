"""From the chat model's proposal to a confirmation with its price: nothing is ordered, nothing of it is trusted."""

from collections.abc import Sequence
from typing import Final

import structlog

from bot.domain.catalog.models import Kind, Model
from bot.domain.jobs import Job, Target
from bot.domain.orders.matching import Ambiguous, Hit, Missing, match
from bot.domain.orders.order_defaults import Usual
from bot.domain.orders.typed_values import match_choice
from bot.engine.conversations.create_tool import MAKES, ProposedOrder, read_call
from bot.engine.conversations.memory import Ask
from bot.engine.dialogs.drafts import draft_id
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.orders.draft.draft import Market, OrderDraft, all_decided, tidy
from bot.telegram.orders.draft.flag_text import usual_of
from bot.telegram.orders.draft.steps import with_model
from bot.telegram.orders.view.presenter import OrderPresenter, market

log = structlog.get_logger(__name__)

NOTHING: Final = Usual()
CALLS: Final = ("call", "call2", "call3")
"""Facts of an answer that hold the calls of a tool."""
STYLE: Final = "style"
STYLE_KEPT: Final = 60
"""Characters of a style that no model has: it goes into the prompt."""


async def open_proposed(ctx: Context, job: Job, ask: Ask) -> None:
    """Opens the confirmation of what each tool call of the answer proposes, once; says so when it cannot be
    understood."""
    for name in CALLS:
        if job.facts.get(name):
            await _open(ctx, job, ask, name, job.facts[name])


async def _open(ctx: Context, job: Job, ask: Ask, name: str, call: str) -> None:
    person = await ctx.engine.people.find(job.user_id)
    if person is None:
        return
    presenter = OrderPresenter(ctx, person, ctx.texts.of(job.locale))
    place = Target(job.target.chat_id, job.target.thread_id, ask.question_id)
    proposed = read_call(call)
    offers = await market(ctx, job.target.chat_id)
    order = await order_for(presenter, proposed, offers) if proposed is not None else None
    if order is None:
        log.info("chat.wish_not_understood", job=job.id, call=call[:300])
        kinds = [f"/{kind.value}" for kind in MAKES if any(o.model.kind is kind for o in offers.offers)]
        await presenter.tell(place, presenter.t("chat-wish-unclear", commands=", ".join(kinds)))
        return
    await presenter.open(draft_id(name, job.id), place, order, offers)


async def order_for(presenter: OrderPresenter, proposed: ProposedOrder, offers: Market) -> OrderDraft | None:
    """The proposal as this person's order: with the models and options that are usual with them."""
    ctx, person = presenter.ctx, presenter.person
    own = await ctx.engine.settings.of(person.id)
    last = {k: own.models.get(k) or await _last_used(ctx, person.account_id, k) for k in MAKES}
    return draft_of(proposed, offers, last, usual_of(own))


async def _last_used(ctx: Context, account_id: int, kind: Kind) -> str:
    job = await ctx.engine.jobs.last_of_kind(account_id, kind)
    return job.model if job is not None else ""


def draft_of(
    proposed: ProposedOrder, offers: Market, last: dict[Kind, str], usual: Usual = NOTHING
) -> OrderDraft | None:
    """The proposal as a draft before its confirmation; of kind, model and style the nearest that is on sale. None when
    it says nothing that could be made. `last`: the model that is usual with the person, or was used last, by kind.
    `usual`: what their orders begin with."""
    sold = [o.model for o in offers.offers if o.available and o.model.kind in MAKES and _from_words(o.model)]
    prompt = tidy(proposed.prompt)
    if not sold or not prompt:
        return None
    model = _named(proposed.model, sold)
    kind = model.kind if model is not None else _kind(proposed.kind, sold)
    if kind is None:
        return OrderDraft(prompt=prompt, usual=usual)
    of_kind = [m for m in sold if m.kind is kind]
    styled = [m for m in of_kind if _style(m, proposed.style)]
    if model is None:
        mine = [m for m in (styled or of_kind) if m.slug == last.get(kind)]
        model = (mine or styled or of_kind)[0]
    style = _style(model, proposed.style)
    if proposed.style and not style:
        prompt = f"{prompt}, {shorten(tidy(proposed.style), STYLE_KEPT)}"
    prompt = shorten(prompt, model.prompt_limit)
    chosen = {STYLE: style} if style else {}
    draft = OrderDraft(prompt=prompt, kind=kind, usual=usual)
    return with_model(draft, model, all_decided(model, usual.options(model, chosen)))


def _from_words(model: Model) -> bool:
    return model.prompt_limit > 0 and model.inputs.minimum == 0


def _named(said: str, models: Sequence[Model]) -> Model | None:
    if not said:
        return None
    found = match(said, [(m.slug, [m.slug, *m.title.by_language.values()]) for m in models])
    match found:
        case Hit(key):
            return next(m for m in models if m.slug == key)
        case Missing((key, *_)):
            return next(m for m in models if m.slug == key)
        case _:
            return None


def _kind(said: str, models: Sequence[Model]) -> Kind | None:
    """The kind that is meant; None leaves the question to the person, unless there is but one."""
    kinds = list(dict.fromkeys(m.kind for m in models))
    found = match(said, [(k.value, [k.value, k.name]) for k in kinds])
    match found:
        case Hit(key) | Missing((key, *_)):
            return Kind(key)
        case _:
            return kinds[0] if len(kinds) == 1 else None


def _style(model: Model, said: str) -> str:
    """The nearest value of the model's style; "" when it has none like that."""
    option = model.option(STYLE)
    if not said or option is None:
        return ""
    found = match_choice(option, said)
    match found:
        case Hit(value) | Missing((value, *_)) | Ambiguous((value, *_)):
            return value
        case _:
            return ""
