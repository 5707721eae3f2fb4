"""What the buttons under a job that brought nothing offer: Try again only where it can help, or with what was wrong
changed."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Kind, Model
from bot.domain.catalog.options import refused, results, without
from bot.domain.jobs import Cause, Job
from bot.engine.catalog.offers import instead
from bot.engine.catalog.shop import ALTERNATIVES, Offer, Wanted
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.keyboards import Prices
from bot.telegram.orders.draft.option_menu import has_menu
from bot.telegram.ui.callbacks import JobAction
from bot.telegram.ui.keyboards import Rows, button, markup


class Try(Enum):
    """What a person can do after a failure."""

    AGAIN = auto()
    """The same order: what failed it may be over."""
    OTHERS = auto()
    """The nearest other models that could carry the order out."""
    WORDS = auto()
    """The same order with other words."""
    OPTIONS = auto()
    """The same order without the option that was refused; with all of them to look at where it is not known."""


REMEDIES: Final[Mapping[Cause, tuple[Try, ...]]] = {
    Cause.GENERATION_FAILED: (Try.AGAIN, Try.WORDS, Try.OTHERS),  # luck, or something about the words
    Cause.REFUSED: (Try.WORDS,),  # the same words would be refused again
    Cause.UNAVAILABLE: (Try.OTHERS,),  # until the operator mends it
    Cause.UNKNOWN_MODEL: (Try.OTHERS,),
    Cause.OPTION_REFUSED: (Try.OPTIONS, Try.OTHERS),
    Cause.BUSY: (Try.OTHERS, Try.AGAIN),  # another service at once, or this one a little later
    Cause.UPSTREAM_DOWN: (Try.OTHERS, Try.AGAIN),
    Cause.CONNECTION_LOST: (Try.AGAIN, Try.OTHERS),
    Cause.INTERRUPTED: (Try.AGAIN,),  # it was this bot's restart, which is over
    Cause.BAD_RESULT: (Try.AGAIN, Try.OTHERS),
    Cause.NO_WORDS: (Try.WORDS,),
    Cause.TIMEOUT: (Try.OTHERS, Try.AGAIN),
    Cause.WAITED_TOO_LONG: (Try.OTHERS, Try.AGAIN),
    Cause.UNDELIVERABLE: (Try.AGAIN,),  # the chat was gone, and is there again for the person to read this
    Cause.NOT_SHOWN: (Try.OPTIONS, Try.OTHERS),  # the same file would be as large again
    Cause.INTERNAL: (Try.AGAIN, Try.OTHERS),
}
"""In the order of the buttons."""
CANCELLED: Final = (Try.AGAIN, Try.WORDS)
"""After a cancel nothing was wrong; many cancel to say it better."""


def remedies_of(job: Job) -> tuple[Try, ...]:
    """What can be done about the end of a job that failed or was cancelled."""
    return CANCELLED if job.cause is None else REMEDIES[job.cause]


def again_helps(job: Job) -> bool:
    """Whether the very same order is worth another try."""
    return Try.AGAIN in remedies_of(job)


async def ended_buttons(speech: Speech, job: Job, prices: Prices) -> InlineKeyboardMarkup:
    """What can be done about it, as REMEDIES has it and as far as it is on sale, with prices for this order."""
    offers = await prices.offers(job.kind, chat_id=job.target.chat_id)
    mine = next((o.model for o in offers if o.model.slug == job.model), None)
    rows: Rows = []
    for each in remedies_of(job):
        match each:
            case Try.OTHERS:
                rows += _others(speech, job, prices, offers)
            case _ if mine is not None and (found := _mine(speech, job, prices, mine, each)) is not None:
                rows.append([found])
            case _:
                continue
    return markup(rows)


def _mine(speech: Speech, job: Job, prices: Prices, model: Model, each: Try) -> InlineKeyboardButton | None:
    """The button for another order of the same model."""
    if each is Try.AGAIN:
        price = speech.money(prices.price(model, job.options))
        count = results(model, job.options)
        return button(speech.plain("job-button-retry", count=count, price=price), JobAction(id=job.id, act="again"))
    if each is Try.WORDS:
        words = model.prompt_limit and job.prompt and job.kind is not Kind.ASK
        return button(speech.plain("job-button-words"), JobAction(id=job.id, act="words")) if words else None
    option = refused(model, job)
    if option is None:
        return _options(speech, job, model)
    price = speech.money(prices.price(model, without(job.options, option.name)))
    label = speech.plain("job-button-without", option=speech.title(option.title), price=price)
    return button(label, JobAction(id=job.id, act="without", arg=option.name))


def _options(speech: Speech, job: Job, model: Model) -> InlineKeyboardButton | None:
    if has_menu(model):
        return button(speech.plain("job-button-options"), JobAction(id=job.id, act="options"))
    return button(speech.plain("job-button-style"), JobAction(id=job.id, act="style")) if model.options else None


def _others(speech: Speech, job: Job, prices: Prices, offers: tuple[Offer, ...]) -> Rows:
    """The nearest other models, with their prices for this order."""
    model = prices.catalog.get(job.model)
    if model is None:
        return []
    wanted = Wanted(model, job.prompt, job.options, prices.price(model, job.options), job.inputs)
    rows: Rows = []
    for other in instead(offers, wanted, prices.price, most=ALTERNATIVES):
        label = speech.plain("job-button-with", model=speech.title(other.model.title), price=speech.money(other.price))
        rows.append([button(label, JobAction(id=job.id, act="with", arg=other.model.slug))])
    return rows
