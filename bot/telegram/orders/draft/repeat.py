"""The draft that a button under a job opens: the same order once more, or with one thing changed. Pure functions."""

from dataclasses import replace
from typing import Final

from bot.domain.catalog.models import Kind
from bot.domain.catalog.options import stored, without
from bot.domain.jobs import SOURCE, Job
from bot.domain.orders.order_defaults import Usual, said
from bot.engine.catalog.offers import carried_over
from bot.telegram.orders.draft.draft import Market, OrderDraft, all_decided
from bot.telegram.orders.draft.steps import with_model

SEED: Final = "seed"


def following(job: Job, act: str, arg: str, offers: Market) -> OrderDraft | None:
    """`act` and `arg`: again; style; model, which asks for another; with a model's slug; seed with the seed; without an
    option's name. None: that is not sold (any more). Raises PromptTooLong."""
    draft = OrderDraft(prompt=job.prompt, kind=job.kind, inputs=job.inputs, source=job.facts.get(SOURCE, ""))
    mine = offers.get(job.model)
    if act == "model":
        known = said(mine.model, job.options) if mine is not None else {}
        return replace(draft, usual=Usual(typed=known)) if offers.listed(draft) else None
    offer = offers.get(arg) if act == "with" else mine
    if offer is None or offer.model.kind is not job.kind or job.kind is Kind.ASK:
        return None
    model = offer.model
    options = dict(job.options if offer is mine else carried_over(job.options, model))
    if act == "style":
        steps = {o.name for o in model.options if o.step and o.choices}
        return with_model(draft, model, {n: v for n, v in options.items() if n not in steps}) if steps else None
    if act == "without":
        options = without(options, arg)
    if act == "seed":
        option = model.option(SEED)
        if option is None or not arg or stored(option, arg) != arg:
            return None
        options[SEED] = arg
    return with_model(draft, model, all_decided(model, options))
