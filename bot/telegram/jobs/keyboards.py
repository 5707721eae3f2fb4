"""The buttons under a result: the two things that people do most with its kind, the tools of a picture as signs with
their prices, and all others, and these again in words, behind More."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Catalog, Kind, Makes, Model
from bot.domain.catalog.options import results
from bot.domain.jobs import Input, Job, several
from bot.domain.money import Credits
from bot.domain.orders.inputs import suits, usable
from bot.engine.accounts.preferences import Preferences
from bot.engine.catalog.offers import recommended
from bot.engine.catalog.shop import Offer
from bot.telegram.i18n.lengths import units
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.as_command import command_of
from bot.telegram.orders.draft.draft import Market, too_long
from bot.telegram.orders.draft.repeat import SEED, on_result
from bot.telegram.ui.callbacks import JobAction

USES: Final = (Kind.EDIT, Kind.UPSCALE, Kind.CUTOUT, Kind.VIDEO)
"""What may be made of a picture, in the order of the buttons."""
AGAIN, STYLE, MODEL, MUSIC = "again", "style", "model", "music"
ALL: Final = (AGAIN, *(kind.value for kind in USES), STYLE, MODEL, MUSIC)
"""What can be done with a result, in its order behind More."""
FIRST: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.IMAGE: (AGAIN, Kind.EDIT.value),  # another try at the same words, or a change to this very picture
    Kind.EDIT: (Kind.EDIT.value, AGAIN),  # edits go on step by step
    Kind.VIDEO: (AGAIN, MODEL),  # films differ most by luck and by model
    Kind.MUSIC: (AGAIN, MODEL),
    Kind.AUDIO: (AGAIN, MODEL),
    Kind.SOLID: (AGAIN, MODEL),
    Kind.UPSCALE: (Kind.CUTOUT.value, Kind.VIDEO.value),  # the same again would be the same picture
    Kind.CUTOUT: (Kind.UPSCALE.value, Kind.EDIT.value),
}
"""What stands under a result of each kind, best first; where something is not on sale the next of ALL takes its
place."""
FIRST_MOST: Final = 2
AT_HAND: Final = frozenset({Kind.IMAGE, Kind.EDIT})
"""Kinds whose tools stand beside More as signs: behind it, each would be a tap further away."""
COPY_MAX: Final = 256
"""UTF-16 units that a button copies at most (Bot API, CopyTextButton: 256 characters)."""
NUMBERS_MAX: Final = 10
NUMBERS_PER_ROW: Final = 5


class Prices(Protocol):
    """What the buttons need of the shop."""

    @property
    def catalog(self) -> Catalog: ...

    def price(self, model: Model, options: Mapping[str, str] | None = None) -> Credits: ...

    async def offers(self, kind: Kind | None = None, *, chat_id: int = 0) -> tuple[Offer, ...]: ...

    async def offer(self, slug: str) -> Offer | None: ...


async def result_buttons(speech: Speech, job: Job, prices: Prices, own: Preferences) -> InlineKeyboardMarkup:
    """Under one result two buttons, its tools and More; under several a number for each, which opens what can be done
    with that one, and Again. `own`: what the person's orders begin with, which decides what the buttons cost."""
    shown = await _Shown.of(speech, job, prices, own)
    more = _button(speech.plain("media-button-more"), job, "more")
    if not several(job):
        return _keyboard(shown.first(), [*shown.at_hand(), more])
    count = min(len(job.assets), NUMBERS_MAX)
    numbers = [_button(f"{index + 1}", job, "pick", str(index)) for index in range(count)]
    rows = [numbers[i : i + NUMBERS_PER_ROW] for i in range(0, count, NUMBERS_PER_ROW)]
    return _keyboard(*rows, [*shown.buttons(AGAIN), more])


async def more_buttons(speech: Speech, job: Job, prices: Prices, own: Preferences) -> InlineKeyboardMarkup:
    """What is behind More. `own` as in `result_buttons`; it also decides how the order is said again."""
    shown = await _Shown.of(speech, job, prices, own)
    rest = shown.rest()
    if varied := shown.varied("media-button-vary"):
        rest += varied
        if job.facts.get(SEED, "").isdigit():
            rest.append(_button(speech.plain("media-button-seed", seed=job.facts[SEED]), job, "seed"))
    if not several(job):
        rest += shown.describe()
    rest.append(_button(speech.plain("job-button-receipt"), job, "receipt"))
    rest += reuse_button(speech, job, Market(shown.offers, prices.price), own)
    if not several(job) and job.kind.makes is not Makes.TEXT:
        rest.append(_button(speech.plain("media-button-file"), job, "file", "0"))
    mark = "unfavourite" if job.favourite else "favourite"
    rest.append(_button(speech.plain(f"history-button-{mark}"), job, "fav", "0" if job.favourite else "1"))
    rest.append(_button(speech.plain("media-button-delete"), job, "delete", style="danger"))
    back = [_button(speech.plain("tap-back"), job, "less")]
    return _keyboard(*(rest[i : i + 2] for i in range(0, len(rest), 2)), back)


async def pick_buttons(speech: Speech, job: Job, index: int, prices: Prices, own: Preferences) -> InlineKeyboardMarkup:
    """The buttons for one of several results."""
    shown = await _Shown.of(speech, job, prices, own)
    file = _button(speech.plain("media-button-file"), job, "file", str(index))
    able = [each for kind in USES for each in shown.buttons(kind.value, index)]
    able += [*shown.describe(index), file]
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


def again_label(speech: Speech, job: Job, model: Model, price: Credits) -> str:
    """The label of Again: it orders just what was ordered, so it says how many results and for how much."""
    return speech.plain("job-button-again", count=results(model, job.options), price=speech.money(price))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is on sale for a job's results at this moment."""

    speech: Speech
    job: Job
    model: Model | None
    again: Credits | None
    """The price of the same order; None: its model is not on sale."""
    offers: tuple[Offer, ...]
    prices: Prices
    own: Preferences

    @classmethod
    async def of(cls, speech: Speech, job: Job, prices: Prices, own: Preferences) -> "_Shown":
        offers = await prices.offers(chat_id=job.target.chat_id)
        mine = next((o for o in offers if o.model.slug == job.model), None)
        again = prices.price(mine.model, job.options) if mine is not None else None
        return cls(speech, job, prices.catalog.get(job.model), again, offers, prices, own)

    def first(self) -> list[InlineKeyboardButton]:
        return [each for what in self._ranked()[:FIRST_MOST] for each in self.buttons(what)]

    def at_hand(self) -> list[InlineKeyboardButton]:
        """A picture's tools as signs with prices, but for what stands above them in words."""
        if self.job.kind not in AT_HAND:
            return []
        above = self._ranked()[:FIRST_MOST]
        tools = [kind for kind in (Kind.UPSCALE, Kind.CUTOUT) if kind.value not in above]
        return [
            *(each for kind in tools for each in self._used(kind, f"media-sign-{kind.value}")),
            *self.varied("media-sign-vary"),
        ]

    def varied(self, label: str) -> list[InlineKeyboardButton]:
        """The same order with another seed; none where its model takes no seed."""
        if self.again is None or self.model is None or self.model.option(SEED) is None:
            return []
        return [_button(self.speech.plain(label, price=self.speech.money(self.again)), self.job, "vary")]

    def rest(self) -> list[InlineKeyboardButton]:
        """All that does not stand under the result."""
        under = (AGAIN,) if several(self.job) else self._ranked()[:FIRST_MOST]
        uses = {kind.value for kind in USES} if several(self.job) else set()  # those are behind the numbers
        return [each for what in ALL if what not in under and what not in uses for each in self.buttons(what)]

    def _ranked(self) -> tuple[str, ...]:
        ranked = dict.fromkeys((*FIRST.get(self.job.kind, ()), *ALL))
        return tuple(what for what in ranked if self.buttons(what))

    def buttons(self, what: str, index: int = 0) -> list[InlineKeyboardButton]:
        """The button for one of ALL; none where it is not on sale for that result."""
        match what:
            case "again":
                return self._again()
            case "style":
                return self._style()
            case "model":
                return self._other_model()
            case "music":
                able = [o for o in self.offers if sings(o.model, self.job)]
                return self._made_of(Kind.MUSIC, able, "history-button-music", "music", "")
            case _:
                return self._used(Kind(what), f"media-button-{what}", index)

    def _used(self, kind: Kind, label: str, index: int = 0) -> list[InlineKeyboardButton]:
        able = [o for o in self.offers if o.model.kind is kind and works_on(o.model, self.job, index)]
        return self._made_of(kind, able, label, "use", f"{kind.value}.{index}")

    def describe(self, index: int = 0) -> list[InlineKeyboardButton]:
        """A prompt for that picture, at most for the price of an answer; none where no chat model sees pictures."""
        offer = seeing(self.offers, self.job, index, self.own)
        if offer is None:
            return []
        label = self.speech.plain("media-button-describe", price=self.speech.money(self.prices.price(offer.model)))
        return [_button(label, self.job, "describe", str(index))]

    def _again(self) -> list[InlineKeyboardButton]:
        if self.again is None or self.model is None:
            return []
        return [_button(again_label(self.speech, self.job, self.model, self.again), self.job, "again")]

    def _made_of(self, kind: Kind, able: Sequence[Offer], label: str, act: str, arg: str) -> list[InlineKeyboardButton]:
        """The button says what the tap orders: of several models the person's usual one, else the recommended."""
        offer = preferred(able, kind, self.own)
        if offer is None:
            return []
        options = on_result(kind, (), offer.model, self.own).chosen()
        price = self.speech.money(self.prices.price(offer.model, options))
        return [_button(self.speech.plain(label, price=price), self.job, act, arg)]

    def _style(self) -> list[InlineKeyboardButton]:
        if self.again is None or self.model is None or not any(o.step and o.choices for o in self.model.options):
            return []
        return [_button(self.speech.plain("job-button-style"), self.job, "style")]

    def _other_model(self) -> list[InlineKeyboardButton]:
        same = [o.model for o in self.offers if o.model.kind is self.job.kind and o.model.slug != self.job.model]
        if not any(suits(model, self.job.inputs) for model in same):
            return []
        return [_button(self.speech.plain("job-button-model"), self.job, "model")]


def preferred(able: Sequence[Offer], kind: Kind, own: Preferences) -> Offer | None:
    """Of these offers of one kind the person's usual model, else the recommended one; None: nothing is on sale."""
    usual = own.models.get(kind.value, "")
    mine = next((o for o in able if o.available and o.model.slug == usual), None)
    return mine or recommended(able)


def seeing(offers: Sequence[Offer], job: Job, index: int, own: Preferences) -> Offer | None:
    """The chat model that would be shown that result: the person's own where it sees; None: there is none, or nothing
    to be seen."""
    if job.kind.makes is not Makes.PICTURE or index >= len(job.assets):
        return None
    able = [o for o in offers if o.model.sees and o.available]
    return next((o for o in able if o.model.slug == own.chat_model), able[0] if able else None)


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


def _button(label: str, job: Job, act: str, arg: str = "", *, style: str | None = None) -> InlineKeyboardButton:
    data = JobAction(id=job.id, act=act, arg=arg).pack()
    return InlineKeyboardButton(text=label, callback_data=data, style=style)


def _keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])
