"""Every refusal in words: one table, for the card of an order, a question, an inline card and an improved prompt.

Each sentence says that nothing was charged or held. tests/telegram/orders/view/test_refusals.py compares the table with
all refusals that there are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from bot.domain.catalog.models import OptionType
from bot.domain.errors import (
    Forgotten,
    InputsGone,
    NotCancellable,
    NotEnoughCredits,
    NotOnSale,
    NotRefundable,
    QuestionTooLong,
    QueueFull,
    Refusal,
    StillAnswering,
    TooManyActiveJobs,
    TooManyCancels,
    TooManyImprovements,
    TooManyPresets,
    UnknownJob,
)
from bot.domain.limits.admission import (
    BalanceMoved,
    Banned,
    Blocked,
    StillWorking,
    TooManyCostlyEnds,
    TooManyNewOrders,
    TooManyOrders,
)
from bot.domain.limits.groups import GroupRefused
from bot.domain.money import Credits
from bot.engine.jobs.submit import QuoteStale
from bot.engine.results.library import ResultDeleted
from bot.telegram.context.context import Context
from bot.telegram.credits import request
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.view.texts import lines


class Place(Enum):
    """Where a refusal is said: two kinds of messages, and two kinds of answers to a press."""

    ORDER = auto()
    QUESTION = auto()
    INLINE = auto()
    IMPROVEMENT = auto()


class Remedy(Enum):
    """What the buttons under a refusal offer, beside the way back to the order."""

    NONE = auto()
    CREDITS = auto()
    OTHER_MODELS = auto()
    STOP = auto()
    """Stop, for the answer under way that keeps this one from beginning."""


Values = Mapping[str, str | int]


def _no_values(ctx: Context, t: Speech, refusal: Any) -> Values:
    return {}


@dataclass(frozen=True, slots=True)
class Wording:
    """The names of a refusal's texts. What has none of its own is said as in the message of an order."""

    order: str | Callable[[Context, Any], str]
    question: str = ""
    inline: str = ""
    improvement: str = ""
    values: Callable[[Context, Speech, Any], Values] = _no_values
    remedy: Remedy = Remedy.NONE
    how_to_get: bool = False
    """Whether the message ends with how to get credits."""
    in_groups: str = ""
    """The message where others may read it: without figures of the balance and how to get more."""

    def key(self, ctx: Context, refusal: Refusal, place: Place) -> str:
        own = {Place.QUESTION: self.question, Place.INLINE: self.inline, Place.IMPROVEMENT: self.improvement}
        return own.get(place) or (self.order if isinstance(self.order, str) else self.order(ctx, refusal))


def _missing(ctx: Context, t: Speech, refusal: NotEnoughCredits) -> Values:
    missing = Credits(refusal.needed - refusal.available)
    price, balance = credits_text(t, refusal.needed), credits_text(t, refusal.available)
    return {"price": price, "balance": balance, "missing": credits_text(t, missing)}


def _limit(
    ctx: Context, t: Speech, refusal: TooManyActiveJobs | TooManyCancels | TooManyImprovements | TooManyPresets
) -> Values:
    return {"limit": refusal.limit}


def _wait(ctx: Context, t: Speech, refusal: TooManyOrders | TooManyNewOrders | TooManyCostlyEnds) -> Values:
    """The seconds to wait, at least one: "0 s" would invite another try."""
    return {"limit": refusal.limit, "wait": t.duration(max(1.0, refusal.seconds))}


def _sold(ctx: Context, t: Speech, refusal: NotOnSale) -> Values:
    model = ctx.shop.catalog.get(refusal.model)
    return {"model": t.title(model.title) if model is not None else refusal.model}


def _group(ctx: Context, t: Speech, refusal: GroupRefused) -> Values:
    model = ctx.shop.catalog.get(refusal.model)
    return {
        "kind": t.plain(f"order-kind-{refusal.kind.value}") if refusal.kind is not None else "",
        "model": t.title(model.title) if model is not None else refusal.model,
        "wait": t.duration(max(1.0, refusal.seconds)),
    }


def _banned(ctx: Context, t: Speech, refusal: Banned) -> Values:
    return {"contact": ctx.options.topup_contact.strip()}


WORDS: Final[Mapping[type[Refusal], Wording]] = {
    NotEnoughCredits: Wording(
        "order-missing",
        inline="inline-toast-short",
        improvement="chat-improve-credits",
        values=_missing,
        remedy=Remedy.CREDITS,
        how_to_get=True,
        in_groups="order-missing-group",
    ),
    QuoteStale: Wording("order-requoted", inline="inline-toast-price"),
    NotOnSale: Wording(
        "order-not-on-sale",
        question="chat-not-on-sale",
        inline="inline-toast-not-sold",
        improvement="chat-improve-unavailable",
        values=_sold,
        remedy=Remedy.OTHER_MODELS,
    ),
    InputsGone: Wording("order-inputs-gone"),
    TooManyActiveJobs: Wording(
        "order-too-many-jobs",
        question="chat-too-many-jobs",
        inline="inline-toast-too-many",
        improvement="chat-improve-busy",
        values=_limit,
    ),
    QueueFull: Wording(
        "order-queue-full",
        question="chat-queue-full",
        inline="inline-toast-queue",
        improvement="chat-improve-busy",
    ),
    StillAnswering: Wording("chat-still-answering", remedy=Remedy.STOP),
    QuestionTooLong: Wording("chat-too-long", improvement="chat-improve-unavailable"),
    TooManyImprovements: Wording("chat-improve-limit", values=_limit),
    Banned: Wording(
        lambda ctx, _: "safety-banned-contact" if ctx.options.topup_contact.strip() else "safety-banned",
        inline="safety-banned",
        improvement="safety-banned",
        values=_banned,
    ),
    Blocked: Wording("safety-blocked"),
    TooManyOrders: Wording(
        lambda _, refusal: "safety-all-orders" if refusal.everybody else "safety-orders", values=_wait
    ),
    TooManyNewOrders: Wording("safety-new-orders", values=_wait, how_to_get=True),
    TooManyCostlyEnds: Wording("safety-costly-ends", values=_wait),
    GroupRefused: Wording(lambda _, refusal: f"group-refused-{refusal.why.value}", values=_group),
    TooManyCancels: Wording("jobs-toast-too-many-cancels", values=_limit),
    NotCancellable: Wording("jobs-toast-too-late"),
    UnknownJob: Wording("jobs-toast-too-late"),
    NotRefundable: Wording("admin-toast-not-refundable"),
    Forgotten: Wording("admin-toast-not-refundable"),
    TooManyPresets: Wording("preset-too-many", values=_limit),
    StillWorking: Wording("forget-working", values=lambda ctx, t, refusal: {"count": refusal.count}),
    BalanceMoved: Wording("forget-moved"),
    ResultDeleted: Wording("media-toast-deleted"),
}


def refusal_text(ctx: Context, t: Speech, refusal: Refusal, place: Place, *, private: bool = True) -> Html:
    """The message that says why the order was refused. `private` False: other members read it, or may look on."""
    wording = WORDS[type(refusal)]
    if wording.in_groups and not private:
        return t(wording.in_groups)
    text = t(wording.key(ctx, refusal, place), **wording.values(ctx, t, refusal))
    return lines([text, request.how_to_get(ctx, t)]) if wording.how_to_get else text


def refusal_toast(ctx: Context, t: Speech, refusal: Refusal, place: Place) -> str:
    """The answer to a press that says why: without figures of the balance, for others may look on."""
    wording = WORDS[type(refusal)]
    return t.plain(wording.key(ctx, refusal, place), **wording.values(ctx, t, refusal))


def remedy_of(refusal: Refusal) -> Remedy:
    """What the buttons under the refusal offer."""
    return WORDS[type(refusal)].remedy


def told_before(ctx: Context, user_id: int, refusal: Refusal) -> bool:
    """Whether this person heard of that limit already and it still holds: a message for each question would be spam."""
    if not isinstance(refusal, TooManyOrders | TooManyNewOrders | TooManyCostlyEnds):
        return False
    return not ctx.safety.heard.first(user_id, refusal.seconds)


def blocked_text(ctx: Context, t: Speech, draft: OrderDraft, market: Market) -> Html | None:
    """The sentence when the operator's rules do not allow what a draft says so far; None when they do."""
    offer = market.get(draft.model)
    texts = [draft.prompt]
    if offer is not None:
        typed = {option.name for option in offer.model.options if option.type is OptionType.TEXT}
        texts += [value for name, value in draft.options.items() if name in typed]
    kind = offer.model.kind if offer is not None else draft.kind
    return t("safety-blocked") if ctx.safety.words.forbids(kind, texts) else None
