"""An order as a command: sent back, it gives the same order. What would give another one is not offered."""

from collections.abc import Collection, Mapping
from typing import Final

from bot.domain.catalog.models import Model, OptionType
from bot.domain.jobs import Job
from bot.domain.orders.typed_values import match_choice, means_none
from bot.engine.accounts.preferences import Preferences
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.draft import Market
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import Wrong, read
from bot.telegram.orders.draft.steps import open_option

NONES: Final = ("none", "no", "default", "random")
"""Words for "leave it to the model"; a choice that is called so itself wins over the word."""
QUOTES: Final = (('"', '"'), ("«", "»"), ("“", "”"))


def command_of(t: Speech, job: Job, market: Market, own: Preferences, *, prompt: bool = True) -> str | None:
    """The command; without the `prompt` it is to reply to a message that has it. None: the model is not sold any more,
    or the words would not be read as they were meant."""
    offer = market.get(job.model)
    if offer is None:
        return None
    steps = {o.name for o in offer.model.options if o.step and o.choices}
    everything = {o.name for o in offer.model.options}
    for unset in (steps, everything):  # a person's usual flags fill in what is not said
        flags = _flags(offer.model, job.options, unset)
        if flags is None:
            return None
        head = " ".join([f"/{job.kind.value}", "--model", job.model, *flags])
        whole = f"{head} {job.prompt}".rstrip()
        if _same(t, whole.partition(" ")[2], job, offer.model, market, own):
            return whole if prompt else head
    return None


def _flags(model: Model, options: Mapping[str, str], unset: Collection[str]) -> list[str] | None:
    found: list[str] = []
    for option in model.options:
        value = options.get(option.name, "")
        if option.type is OptionType.SWITCH:
            if value or option.name in unset:
                found.append(f"--{option.name}" if value else f"--{option.name}=off")
            continue
        if not value and option.name in unset:
            nothing = (word for word in NONES if means_none(word, match_choice(option, word)))
            value = next(nothing, "")
        if value:
            quoted = _quoted(value)
            if quoted is None:
                return None
            found += [f"--{option.name}", quoted]
    return found


def _quoted(value: str) -> str | None:
    """Quoted where the words behind it could be taken for a part of it."""
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return value
    return next((f"{a}{value}{b}" for a, b in QUOTES if a not in value and b not in value), None)


def _same(t: Speech, text: str, job: Job, model: Model, market: Market, own: Preferences) -> bool:
    """Whether the words are read as the very order."""
    try:
        draft = read(t, OrderRequest(job.kind.value, text, kind=job.kind), market, job.inputs, own)
    except Wrong:
        return False
    words = draft.prompt if model.prompt_limit else job.prompt
    same = (draft.model, words, draft.chosen()) == (job.model, job.prompt, dict(job.options))
    return same and open_option(draft, model) is None
