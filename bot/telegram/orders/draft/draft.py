"""The order draft as a pure value, and the market it chooses from. What the buttons do with it: steps.py."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, TypeAdapter

from bot.domain.catalog import options as option_values
from bot.domain.catalog.models import RESULTS, Kind, Model
from bot.domain.jobs import Input, Job
from bot.domain.money import Credits
from bot.domain.orders.inputs import suits
from bot.domain.orders.order_defaults import Usual
from bot.domain.visible import visible
from bot.engine.catalog.menu import Entry, entries
from bot.engine.catalog.offers import Wanted, carried_over, nearest
from bot.engine.catalog.shop import ALTERNATIVES, Offer

NONE: Final = "-"
"""In callback data: none of the option's choices."""
LIST: Final = "*"
"""OrderDraft.menu: the list of all options is open."""
MODELS: Final = "#"
"""OrderDraft.menu: the list of models covers a card that has its model."""
Pricer = Callable[[Model, Mapping[str, str]], Credits]


def _known_kind(stored: object) -> object:
    return stored if stored in set(Kind) else None


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What is decided so far. In `options` a value of "" means: none of the choices, on purpose."""

    prompt: str
    """"" where the pictures need no words, or their words have not come yet."""
    kind: Annotated[Kind | None, BeforeValidator(_known_kind)] = None
    model: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Options typed without a model: the models that have them, each with its own values. Empty: any model."""
    usual: Usual = field(default_factory=Usual)
    """The options with which a model that is chosen later begins."""
    page: int = 0
    inputs: tuple[Input, ...] = ()
    """The pictures to work on."""
    menu: str = ""
    """Which menu covers the confirmation: "" none, LIST that of all options, MODELS the list of models, else that of
    the option with this name."""
    typing: bool = False
    """Whether the next message is to be the value of the open option."""
    last: Mapping[str, Any] = field(default_factory=dict)
    """`model` and `options` behind the button of what was used last."""
    before: str = ""
    """The open option's value in the person's latest order of the kind."""
    original: str = ""
    """The person's own prompt, once a chat model improved it."""
    source: str = ""
    """The job whose prompt is to be set to music."""
    ask_first: bool = False
    """Whether the order needs a Confirm whatever it costs."""
    card: bool = False
    """Whether all is chosen for the person from the start, and changed in place: no step asks."""
    any_kind: bool = False
    """Whether the person named no kind: the card offers the others, and an answer."""

    def to_data(self) -> dict[str, Any]:
        """The JSON that the drafts table keeps."""
        stored: dict[str, Any] = _CODEC.dump_python(self, mode="json")
        return stored

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "OrderDraft":
        """Reads what `to_data` wrote, now or in an earlier version; a kind that is sold no more counts as undecided."""
        return _CODEC.validate_python({"prompt": "", **data})

    def chosen(self) -> dict[str, str]:
        """The options to order: those with a value."""
        return {name: value for name, value in self.options.items() if value}

    def asked(self, model: Model) -> dict[str, str]:
        """The options with which this model begins: those typed, then the usual ones that fit it. On a card that has a
        model already, before them what was chosen for that one and means the same to this one."""
        asked = self.usual.options(model, self.wanted.get(model.slug, {}))
        if not (self.card and self.model):
            return asked
        kept = carried_over(self.chosen(), model)
        return carried_over({**kept, **{name: value for name, value in asked.items() if name not in kept}}, model)


_CODEC: Final = TypeAdapter(OrderDraft)


@dataclass(frozen=True, slots=True)
class Market:
    """All offers at one moment, in menu order, and what they cost with options."""

    offers: tuple[Offer, ...]
    pricer: Pricer

    def get(self, slug: str | None) -> Offer | None:
        return next((o for o in self.offers if o.model.slug == slug), None)

    def price(self, offer: Offer, options: Mapping[str, str]) -> Credits:
        """The quote for these options; without any it is the offer's own."""
        chosen = {name: value for name, value in options.items() if value}
        return self.pricer(offer.model, chosen) if chosen else offer.price

    def kinds(self, draft: OrderDraft | None = None) -> tuple[Kind, ...]:
        """Kinds with something on sale now; for a draft those that work with its words and pictures."""
        offers = self.offers if draft is None else self.listed(replace(draft, kind=None))
        selling = {o.model.kind for o in offers if o.available}
        return tuple(k for k in Kind if k in selling)

    def listed(self, draft: OrderDraft) -> tuple[Offer, ...]:
        """What the model step is about: models of the kind that take the draft's pictures and have the wanted options.

        Answers to questions are no orders: they have their own way.
        """
        return tuple(
            o
            for o in self.offers
            if o.model.kind is not Kind.ASK
            and draft.kind in (None, o.model.kind)
            and (not draft.wanted or o.model.slug in draft.wanted)
            and suits(o.model, draft.inputs)
        )

    def entries(self, draft: OrderDraft) -> tuple[Entry, ...]:
        """The lines of the model step: of the same thing at several services one, the cheapest for this order."""
        return entries(self.listed(draft), lambda o: self.price(o, draft.asked(o.model)))

    def can_answer(self, draft: OrderDraft) -> bool:
        """Whether the draft's words may as well be a question: the person named no kind, model, option or picture."""
        models = [o.model for o in self.offers if o.available and o.model.kind is Kind.ASK]
        plain = not (draft.inputs or draft.wanted) and (draft.any_kind or not (draft.kind or draft.model))
        return plain and any(not too_long(m, draft.prompt) for m in models)

    def can_see(self, draft: OrderDraft) -> bool:
        """Whether a chat model can be asked about the draft's picture, of which nothing but a kind may be decided."""
        sees = any(o.available and o.model.kind is Kind.ASK and o.model.sees for o in self.offers)
        return sees and draft.any_kind and any(each.blob for each in draft.inputs)

    def can_ask(self, draft: OrderDraft) -> bool:
        """Whether the draft may as well be a question: its words, or what they say of its picture."""
        return self.can_answer(draft) or self.can_see(draft)

    def payable(self, draft: OrderDraft, balance: Credits) -> tuple[Offer, ...]:
        """The nearest others that could carry the draft's order out for at most so much, each with its price for it."""
        return tuple(o for o in self.instead(draft, most=len(self.offers)) if o.price <= balance)

    def instead(self, draft: OrderDraft, *, most: int = ALTERNATIVES) -> tuple[Offer, ...]:
        """The nearest others that could carry the draft's order out, each with its price for it."""
        mine = self.get(draft.model)
        if mine is None:
            return ()
        wanted = Wanted(mine.model, draft.prompt, draft.chosen(), self.price(mine, draft.chosen()), draft.inputs)
        priced = (replace(o, price=self.price(o, carried_over(draft.chosen(), o.model))) for o in self.offers)
        return nearest(priced, wanted, most=most)

    def on_sale(self, draft: OrderDraft) -> tuple[Offer, ...]:
        return tuple(o for o in self.listed(draft) if o.available)


def too_long(model: Model, prompt: str) -> bool:
    """Whether the model refuses the prompt for its length. A model that takes no words leaves them out."""
    return 0 < model.prompt_limit < len(prompt)


def tidy(text: str) -> str:
    """A prompt without control characters and outer blanks; "" when nothing in it can be seen."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return kept.strip() if visible(kept) else ""


def has_value(model: Model, name: str, value: str) -> bool:
    """Whether the model's option has that value, in stored form; "" (none) is a value of every option."""
    option = model.option(name)
    return option is not None and option_values.stored(option, value) == value


def all_decided(model: Model, options: Mapping[str, str]) -> dict[str, str]:
    """Options of an earlier order, where what was not chosen counts as "none": leads straight to the confirmation."""
    return {o.name: options.get(o.name, "") for o in model.options}


@dataclass(frozen=True, slots=True)
class LastUsed:
    """The model and options of the user's latest order of this kind, still on sale as they were."""

    offer: Offer
    options: Mapping[str, str]

    def to_data(self) -> dict[str, Any]:
        return {"model": self.offer.model.slug, "options": dict(self.options)}


def last_used(job: Job | None, draft: OrderDraft, market: Market) -> LastUsed | None:
    """The first button of the model step, without the number of results, which costs more than its label leads to
    expect; None when it cannot be ordered like that any more."""
    if job is None or draft.wanted or draft.card:
        return None
    return _usable(job.model, {name: value for name, value in job.options.items() if name != RESULTS}, draft, market)


def last_kept(draft: OrderDraft, market: Market) -> LastUsed | None:
    """What the button of the draft stands for, if it can still be ordered."""
    slug, options = draft.last.get("model"), draft.last.get("options")
    if not isinstance(slug, str) or not isinstance(options, dict):
        return None
    return _usable(slug, options, draft, market)


def _usable(slug: str, options: Mapping[str, str], draft: OrderDraft, market: Market) -> LastUsed | None:
    offer = next((o for o in market.on_sale(draft) if o.model.slug == slug), None)
    if offer is None or too_long(offer.model, draft.prompt):
        return None
    if not option_values.valid(offer.model, options):
        return None
    return LastUsed(offer, all_decided(offer.model, options))
