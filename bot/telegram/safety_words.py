"""Sentences for what is refused for everybody's sake: rules, limits, bans. Each says that nothing was charged."""

from bot.domain.catalog import OptionType
from bot.domain.errors import Refusal
from bot.domain.groups import GroupRefused
from bot.domain.safety import Banned, Blocked, TooManyNewOrders, TooManyOrders
from bot.telegram import credits_request
from bot.telegram.context import Context
from bot.telegram.group.words import group_text
from bot.telegram.order_card import lines
from bot.telegram.order_draft import Market, OrderDraft
from bot.telegram.texts import Html, Speech


def safety_text(ctx: Context, t: Speech, refusal: Refusal) -> Html | None:
    """The sentence of such a refusal; None for any other."""
    match refusal:
        case Blocked():
            return t("safety-blocked")
        case Banned():
            return banned_text(ctx, t)
        case TooManyOrders(everybody=True, seconds=seconds):
            return t("safety-all-orders", wait=_wait(t, seconds))
        case TooManyOrders(limit=limit, seconds=seconds):
            return t("safety-orders", limit=limit, wait=_wait(t, seconds))
        case TooManyNewOrders(limit=limit, seconds=seconds):
            how = credits_request.how_to_get(ctx, t)
            return lines([t("safety-new-orders", limit=limit, wait=_wait(t, seconds)), how])
        case _:
            return group_text(ctx, t, refusal) if isinstance(refusal, GroupRefused) else None


def safety_toast(t: Speech, refusal: Refusal) -> str | None:
    """The same for an answer to a press: shorter, without the operator's contact."""
    match refusal:
        case Blocked():
            return t.plain("safety-blocked")
        case Banned():
            return t.plain("safety-banned")
        case TooManyOrders(everybody=True, seconds=seconds):
            return t.plain("safety-all-orders", wait=_wait(t, seconds))
        case TooManyOrders(limit=limit, seconds=seconds):
            return t.plain("safety-orders", limit=limit, wait=_wait(t, seconds))
        case TooManyNewOrders(limit=limit, seconds=seconds):
            return t.plain("safety-new-orders", limit=limit, wait=_wait(t, seconds))
        case _:
            return None


def told_before(ctx: Context, user_id: int, refusal: Refusal) -> bool:
    """Whether this person heard of that limit already and it still holds: a message for each question would be spam."""
    if not isinstance(refusal, TooManyOrders | TooManyNewOrders):
        return False
    return not ctx.safety.heard.first(user_id, refusal.seconds)


def banned_text(ctx: Context, t: Speech) -> Html:
    """One sentence, and whom to write to."""
    contact = ctx.options.topup_contact.strip()
    return t("safety-banned-contact", contact=contact) if contact else t("safety-banned")


def blocked_text(ctx: Context, t: Speech, draft: OrderDraft, market: Market) -> Html | None:
    """The sentence when the operator's rules do not allow what a draft says so far; None when they do."""
    offer = market.get(draft.model)
    texts = [draft.prompt]
    if offer is not None:
        typed = {option.name for option in offer.model.options if option.type is OptionType.TEXT}
        texts += [value for name, value in draft.options.items() if name in typed]
    kind = offer.model.kind if offer is not None else draft.kind
    return t("safety-blocked") if ctx.safety.words.forbids(kind, texts) else None


def _wait(t: Speech, seconds: float) -> str:
    """At least a second: "0 s" would be an invitation."""
    return t.duration(max(1.0, seconds))
