"""What is typed behind the bot's name, as orders that only wait for a tap: one for each model that can carry it out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter

from bot.domain.catalog.models import Kind, Model
from bot.domain.catalog.options import without
from bot.domain.jobs import REFUSED_OPTION, Job
from bot.domain.money import Credits
from bot.engine.accounts.preferences import Preferences
from bot.engine.catalog.menu import Entry
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import units
from bot.telegram.i18n.texts import Speech
from bot.telegram.inline.keyboards import QUERY_MAX
from bot.telegram.orders.draft.draft import Market, OrderDraft, all_decided, too_long
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import Wrong, read
from bot.telegram.orders.view.keyboards import quote_fingerprint
from bot.telegram.orders.view.refusals import blocked_text

ORDER: Final = list(Kind)
SEAL: Final = 6
"""Letters of the fingerprint, of 32 kinds each: all that a button carries has 64 bytes."""
COMMAND: Final = re.compile(r"/[A-Za-z][A-Za-z0-9_]{0,31}")
KINDS: Final = {kind.value: kind for kind in Kind if kind is not Kind.ASK}


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, the order for it with nothing left to decide, and its price now."""

    model: Model
    order: OrderDraft
    price: Credits
    recommended: bool = False

    @property
    def quote_fingerprint(self) -> str:
        """A short hash of what the card says of the order. A press with another one is of an order that changed
        since."""
        return quote_fingerprint(self.order, self.price)[:SEAL]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a draft keeps: the words as they came, or (`order`) what an earlier order was."""

    text: str = ""
    quoted: str = ""
    order: Mapping[str, Any] | None = None
    cut: bool = False
    """Whether Telegram may have cut the words, which it does not tell."""
    anybodys: bool = False
    """Whether a chat asked and no person: then the user who taps Generate is the requester."""

    @classmethod
    def behind_the_name(cls, text: str) -> "Typed":
        """The words of an inline query."""
        return cls(text, cut=units(text) >= QUERY_MAX)

    def to_data(self) -> dict[str, Any]:
        stored: dict[str, Any] = _CODEC.dump_python(self, mode="json")
        return stored

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Typed":
        """Reads what `to_data` wrote, now or in an earlier version."""
        return _CODEC.validate_python(data)

    @classmethod
    def again(cls, job: Job) -> "Typed":
        """The order of a job once more, without an option that its model did not take."""
        options = without(job.options, job.facts.get(REFUSED_OPTION, ""))
        draft = OrderDraft(prompt=job.prompt, kind=job.kind, model=job.model, options=options)
        return cls(order=draft.to_data())


_CODEC: Final = TypeAdapter(Typed)


def choices(ctx: Context, t: Speech, typed: Typed, market: Market, own: Preferences) -> tuple[Choice, ...]:
    """The orders that it can mean, kind by kind, each with the usual model first; at least one. Raises Wrong."""
    if typed.order is not None:
        draft = OrderDraft.from_data(typed.order)
    else:
        draft = read(
            t, _request(ctx, t, typed), market, own=replace(own, models={})
        )  # the usual model is no other's end
    offers = _entries(draft, market)
    if draft.model is not None and not any(e.offer.available for e in offers):
        offer = market.get(draft.model)
        name = t.title(offer.model.title) if offer is not None else draft.model
        raise Wrong(t("order-not-on-sale", model=name))
    found = []
    for entry in offers:
        offer, model = entry.offer, entry.offer.model
        if not offer.available or too_long(model, draft.prompt) or not model.prompt_limit:
            continue
        options = draft.options if draft.model else draft.asked(model)
        order = replace(draft, kind=model.kind, model=model.slug, options=all_decided(model, options), menu="")
        if blocked_text(ctx, t, order, market) is None:
            found.append(Choice(model, order, market.price(offer, order.chosen()), entry.recommended))
    if not found:
        blocked = ctx.safety.words.forbids(draft.kind, [draft.prompt])
        raise Wrong(t("safety-blocked") if blocked else t("order-nothing-on-sale"))
    usual = set(own.models.values())
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.model.kind), each.model.slug not in usual)))


def _entries(draft: OrderDraft, market: Market) -> Sequence[Entry]:
    """The named model; else of the same thing at several services one, the recommended of each kind first."""
    if draft.model is not None:
        return [Entry(o) for o in market.listed(draft) if o.model.slug == draft.model]
    return market.entries(draft)


def _request(ctx: Context, t: Speech, typed: Typed) -> OrderRequest:
    """A kind or a model may come first, as a command. Raises Wrong for any other command."""
    text = typed.text.strip()
    head, _, rest = text.partition(" ")
    name = head[1:].partition("@")[0].lower() if head.startswith("/") else ""
    if name in KINDS:
        return OrderRequest(name, rest, kind=KINDS[name], quoted=typed.quoted)
    model = ctx.shop.catalog.get(name) if name else None
    if model is not None and model.kind is not Kind.ASK:
        return OrderRequest(name, rest, kind=model.kind, model=model, quoted=typed.quoted)
    if COMMAND.fullmatch(head):  # their words would be made a picture of
        raise Wrong(t("inline-no-command", command=head))
    return OrderRequest("", text, quoted=typed.quoted)
