"""The buttons under a job's message, from the queue to the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Catalog, Kind, Makes, Model
from bot.domain.catalog.options import refused, without
from bot.domain.jobs import Cause, Input, Job, several
from bot.domain.money import Credits
from bot.domain.orders.inputs import suits, usable
from bot.engine.accounts.preferences import Preferences
from bot.engine.catalog.offers import instead
from bot.engine.catalog.shop import ALTERNATIVES, Offer, Wanted
from bot.telegram.i18n.lengths import units
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.as_command import command_of
from bot.telegram.orders.draft.draft import Market, too_long
from bot.telegram.orders.draft.repeat import SEED
from bot.telegram.ui.callbacks import JobAction

USES: Final = (Kind.EDIT, Kind.UPSCALE, Kind.CUTOUT, Kind.VIDEO)
"""What may be made of a picture, in the order of the buttons."""
COPY_MAX: Final = 256
"""UTF-16 units that a button copies at most (Bot API, CopyTextButton: 256 characters)."""
FIRST_MOST: Final = 4
"""Buttons under a result beside More."""
NUMBERS_MAX: Final = 10
NUMBERS_PER_ROW: Final = 5


class Prices(Protocol):
    """What the buttons need of the shop."""

    @property
    def catalog(self) -> Catalog: ...

    def price(self, model: Model, options: Mapping[str, str] | None = None) -> Credits: ...

    async def offers(self, kind: Kind | None = None, *, chat_id: int = 0) -> tuple[Offer, ...]: ...

    async def offer(self, slug: str) -> Offer | None: ...


async def result_buttons(speech: Speech, job: Job, prices: Prices) -> InlineKeyboardMarkup:
    """At most four, and More: a number for each of several pictures, which opens what can be done with that one, then
    receipt and Again, then what is done with results, another style and another model."""
    shown = await _Shown.of(speech, job, prices)
    numbers, _ = _numbers(job)
    beside = shown.ranked()[: FIRST_MOST - len(numbers)]
    more = [_button(speech.plain("media-button-more"), job, "more")]
    return _keyboard(*([numbers] if numbers else []), *(beside[i : i + 2] for i in range(0, len(beside), 2)), more)


async def more_buttons(speech: Speech, job: Job, prices: Prices, own: Preferences) -> InlineKeyboardMarkup:
    """What is behind More. `own`: what the person's orders begin with, which decides how the order is said again."""
    shown = await _Shown.of(speech, job, prices)
    numbers, many = _numbers(job)
    rest = shown.ranked()[FIRST_MOST - len(numbers) :]
    if shown.seeded:
        rest.append(_button(speech.plain("media-button-vary"), job, "vary"))
        if job.facts.get(SEED, "").isdigit():
            rest.append(_button(speech.plain("media-button-seed", seed=job.facts[SEED]), job, "seed"))
    rest += [*shown.music(), *reuse_button(speech, job, shown.market(prices), own)]
    if not several(job) and job.kind.makes is not Makes.TEXT:
        rest.append(_button(speech.plain("media-button-file"), job, "file", "0"))
    mark = "unfavourite" if job.favourite else "favourite"
    rest.append(_button(speech.plain(f"history-button-{mark}"), job, "fav", "0" if job.favourite else "1"))
    rest.append(_button(speech.plain("media-button-delete"), job, "delete", style="danger"))
    back = [_button(speech.plain("tap-back"), job, "less")]
    above = [many[i : i + NUMBERS_PER_ROW] for i in range(0, len(many), NUMBERS_PER_ROW)]
    return _keyboard(*above, *(rest[i : i + 2] for i in range(0, len(rest), 2)), back)


async def pick_buttons(speech: Speech, job: Job, index: int, prices: Prices) -> InlineKeyboardMarkup:
    """The buttons for one of several results."""
    shown = await _Shown.of(speech, job, prices)
    file = _button(speech.plain("media-button-file"), job, "file", str(index))
    able = [*shown.uses(index), file]
    back = [_button(speech.plain("media-button-back-to-all", number=index + 1), job, "less")]
    return _keyboard(*(able[i : i + 2] for i in range(0, len(able), 2)), back)


def reuse_button(speech: Speech, job: Job, market: Market, own: Preferences) -> list[InlineKeyboardButton]:
    """Copies the order as a command; a long one comes as a message. Nothing for what cannot be ordered like that."""
    command = command_of(speech, job, market, own)
    label = speech.plain("history-button-reuse")
    if command is None:
        return []
    if units(command) <= COPY_MAX:
        return [InlineKeyboardButton(text=label, copy_text=CopyTextButton(text=command))]
    return [_button(label, job, "reuse")]


def _numbers(job: Job) -> tuple[list[InlineKeyboardButton], list[InlineKeyboardButton]]:
    """A number for each of several results: those that stand under them, and those too many for that."""
    count = min(len(job.assets), NUMBERS_MAX) if several(job) else 0
    found = [_button(f"{index + 1}", job, "pick", str(index)) for index in range(count)]
    return (found, []) if count <= FIRST_MOST else ([], found)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is on sale for a job's results at this moment."""

    speech: Speech
    job: Job
    model: Model | None
    again: Credits | None
    offers: tuple[Offer, ...]

    @classmethod
    async def of(cls, speech: Speech, job: Job, prices: Prices) -> "_Shown":
        offers = await prices.offers(chat_id=job.target.chat_id)
        mine = next((o for o in offers if o.model.slug == job.model), None)
        again = prices.price(mine.model, job.options) if mine is not None else None
        return cls(speech, job, prices.catalog.get(job.model), again, offers)

    @property
    def seeded(self) -> bool:
        """Whether the same order with another seed makes another picture."""
        return self.again is not None and self.model is not None and self.model.option(SEED) is not None

    def ranked(self) -> list[InlineKeyboardButton]:
        """Receipt, Again, and what a result is good for: the first have their place under it, the rest behind More."""
        receipt = _button(self.speech.plain("job-button-receipt"), self.job, "receipt")
        again = _again(self.speech, self.job, self.again, "again")
        return [receipt, *again, *([] if several(self.job) else self.uses(0)), *self.others()]

    def uses(self, index: int) -> list[InlineKeyboardButton]:
        """The kinds that are on sale for one result; with the price where it is one model's alone."""
        found = []
        for kind in USES:
            able = [
                o for o in self.offers if o.model.kind is kind and o.available and works_on(o.model, self.job, index)
            ]
            if len(able) == 1:
                label = self.speech.plain(f"media-button-{kind.value}", price=self.speech.money(able[0].price))
            elif able:
                label = self.speech.plain(f"media-button-plain-{kind.value}")
            else:
                continue
            found.append(_button(label, self.job, "use", f"{kind.value}.{index}"))
        return found

    def music(self) -> list[InlineKeyboardButton]:
        """The prompt set to music; with the price where it is one model's alone."""
        able = [o for o in self.offers if o.available and sings(o.model, self.job)]
        if not able:
            return []
        if len(able) > 1:
            return [_button(self.speech.plain("history-button-plain-music"), self.job, "music")]
        label = self.speech.plain("history-button-music", price=self.speech.money(able[0].price))
        return [_button(label, self.job, "music")]

    def market(self, prices: Prices) -> Market:
        return Market(self.offers, prices.price)

    def others(self) -> list[InlineKeyboardButton]:
        """Another style and another model for the same prompt."""
        found = []
        if self.again is not None and self.model is not None and any(o.step and o.choices for o in self.model.options):
            found.append(_button(self.speech.plain("job-button-style"), self.job, "style"))
        same = [o.model for o in self.offers if o.model.kind is self.job.kind and o.model.slug != self.job.model]
        if any(suits(model, self.job.inputs) for model in same):
            found.append(_button(self.speech.plain("job-button-model"), self.job, "model"))
        return found


def works_on(model: Model, job: Job, index: int) -> bool:
    """Whether the model can work on that result of the job."""
    if job.kind.makes is not Makes.PICTURE or index >= len(job.assets):
        return False
    own = job.assets[index].own
    return usable(model, Input(blob="later", own=own, provider=job.provider, job_id=job.id, index=index))


def sings(model: Model, job: Job) -> bool:
    """Whether the model can set the job's prompt to music: that of something to be seen."""
    silent = job.kind.makes not in (Makes.SOUND, Makes.TEXT)
    return model.kind is Kind.MUSIC and silent and bool(job.prompt) and not too_long(model, job.prompt)


async def ended_buttons(speech: Speech, job: Job, prices: Prices) -> InlineKeyboardMarkup:
    """Try again, without an option that the model does not take; after a failure also the nearest others that could do
    it, with their prices for this order."""
    offers = await prices.offers(job.kind, chat_id=job.target.chat_id)
    mine = next((o.model for o in offers if o.model.slug == job.model), None)
    model = prices.catalog.get(job.model)
    option = refused(model, job)
    if mine is not None and option is not None:
        price = speech.money(prices.price(mine, without(job.options, option.name)))
        label = speech.plain("job-button-without", option=speech.title(option.title), price=price)
        rows = [[_button(label, job, "without", option.name)]]
    else:
        same = prices.price(mine, job.options) if mine is not None else None
        rows = [again] if (again := _again(speech, job, same, "retry")) else []
    if model is not None and job.cause not in (None, Cause.UNDELIVERABLE):
        wanted = Wanted(model, job.prompt, job.options, prices.price(model, job.options), job.inputs)
        for other in instead(offers, wanted, prices.price, most=ALTERNATIVES):
            title, price = speech.title(other.model.title), speech.money(other.price)
            label = speech.plain("job-button-with", model=title, price=price)
            rows.append([_button(label, job, "with", other.model.slug)])
    return _keyboard(*rows)


def _again(speech: Speech, job: Job, price: Credits | None, name: str) -> list[InlineKeyboardButton]:
    """The button Again; none while the model is not sold."""
    if price is None:
        return []
    return [_button(speech.plain(f"job-button-{name}", price=speech.money(price)), job, "again")]


def _button(label: str, job: Job, act: str, arg: str = "", *, style: str | None = None) -> InlineKeyboardButton:
    data = JobAction(id=job.id, act=act, arg=arg).pack()
    return InlineKeyboardButton(text=label, callback_data=data, style=style)


def _keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=list(rows))
