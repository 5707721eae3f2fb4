"""The buttons under a job's message, from the queue to the result."""

from typing import Protocol

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog import Catalog, Kind
from bot.domain.jobs import Job
from bot.engine.ports import Progress, Stage
from bot.engine.shop import Offer
from bot.telegram.callbacks import JobAction
from bot.telegram.texts import Speech


class Prices(Protocol):
    """What the buttons need of the shop."""

    @property
    def catalog(self) -> Catalog: ...

    async def offers(self, kind: Kind | None = None) -> tuple[Offer, ...]: ...

    async def offer(self, slug: str) -> Offer | None: ...


def cancel_button(speech: Speech, job: Job, progress: Progress) -> InlineKeyboardMarkup | None:
    """Cancel, in red, as long as a job can be cancelled."""
    if progress.stage is Stage.DELIVERING:
        return None
    return _keyboard([_button(speech.plain("job-button-cancel"), job, "cancel", style="danger")])


async def result_buttons(speech: Speech, job: Job, prices: Prices) -> InlineKeyboardMarkup:
    """Receipt and again; another style where there are styles, another model where there is one."""
    offer = await prices.offer(job.model)
    first = [_button(speech.plain("job-button-receipt"), job, "receipt"), _again(speech, job, offer, "again")]
    model = prices.catalog.get(job.model)
    second = []
    if model is not None and model.options:
        second.append(_button(speech.plain("job-button-style"), job, "style"))
    if any(other.model.slug != job.model for other in await prices.offers(job.kind)):
        second.append(_button(speech.plain("job-button-model"), job, "model"))
    return _keyboard(first, second) if second else _keyboard(first)


async def ended_buttons(speech: Speech, job: Job, prices: Prices) -> InlineKeyboardMarkup:
    """Try again; where the model is known to be unsteady, the others of its kind with their prices."""
    rows = [[_again(speech, job, await prices.offer(job.model), "retry")]]
    model = prices.catalog.get(job.model)
    if model is not None and model.unsteady and job.cause is not None:
        for offer in await prices.offers(model.kind):
            if offer.model.slug != model.slug and offer.available:
                title, price = speech.title(offer.model.title), speech.money(offer.price)
                label = speech.plain("job-button-with", model=title, price=price)
                rows.append([_button(label, job, "with", offer.model.slug)])
    return _keyboard(*rows)


def _again(speech: Speech, job: Job, offer: Offer | None, name: str) -> InlineKeyboardButton:
    if offer is None:
        return _button(speech.plain(f"job-button-plain-{name}"), job, "again")
    return _button(speech.plain(f"job-button-{name}", price=speech.money(offer.price)), job, "again")


def _button(label: str, job: Job, act: str, arg: str = "", *, style: str | None = None) -> InlineKeyboardButton:
    data = JobAction(id=job.id, act=act, arg=arg).pack()
    return InlineKeyboardButton(text=label, callback_data=data, style=style)


def _keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=list(rows))
