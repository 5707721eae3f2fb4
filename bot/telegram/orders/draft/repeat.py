"""The draft that a button under a job opens: the same order once more, with one thing changed, or a new one that works
on the result. Pure functions."""

from dataclasses import replace
from typing import Final

from bot.domain.catalog.models import Kind, Model
from bot.domain.catalog.options import stored, without
from bot.domain.jobs import SOURCE, Input, Job
from bot.domain.orders.order_defaults import Usual, said
from bot.engine.accounts.preferences import Preferences
from bot.engine.catalog.offers import carried_over
from bot.telegram.orders.draft.draft import LIST, Market, OrderDraft, all_decided
from bot.telegram.orders.draft.flag_text import usual_of
from bot.telegram.orders.draft.option_menu import has_menu
from bot.telegram.orders.draft.steps import with_model

SEED: Final = "seed"


def following(job: Job, act: str, arg: str, offers: Market) -> OrderDraft | None:
    """`act` and `arg`: again; style; model, which asks for another; with a model's slug; seed with the seed; without an
    option's name; options, which opens their menu; words, which asks for other words. None: that is not sold (any
    more). Raises PromptTooLong."""
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
    match act:
        case "style":
            steps = {o.name for o in model.options if o.step and o.choices}
            return with_model(draft, model, {n: v for n, v in options.items() if n not in steps}) if steps else None
        case "words" if not model.prompt_limit:
            return None
        case "words":
            draft = replace(draft, prompt="", source="")
        case "without":
            options = without(options, arg)
        case "seed":
            option = model.option(SEED)
            if option is None or not arg or stored(option, arg) != arg:
                return None
            options[SEED] = arg
    made = with_model(draft, model, all_decided(model, options))
    return replace(made, menu=LIST) if act == "options" and has_menu(model) else made


def on_result(
    kind: Kind, inputs: tuple[Input, ...], model: Model, own: Preferences, *, prompt: str = "", source: str = ""
) -> OrderDraft:
    """An order of this model that works on results, with the person's usual options and no others: no step asks for
    more than the words that it may need. Raises PromptTooLong."""
    draft = OrderDraft(prompt=prompt, kind=kind, inputs=inputs, usual=usual_of(own), source=source)
    return with_model(draft, model, all_decided(model, draft.asked(model)))
