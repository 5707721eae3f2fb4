"""Sentences for what is refused for everybody's sake: rules, limits, bans. Each says that nothing was charged."""

from typing import Any

from bot.domain.catalog.models import OptionType
from bot.domain.errors import Refusal
from bot.domain.limits.admission import Banned, Blocked, TooManyCostlyEnds, TooManyNewOrders, TooManyOrders
from bot.domain.limits.groups import GroupRefused
from bot.telegram.context.context import Context
from bot.telegram.credits import request
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.view.group_texts import group_text
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.ban_text import banned_text


def safety_text(ctx: Context, t: Speech, refusal: Refusal) -> Html | None:
    """The sentence of such a refusal; None for any other."""
    if isinstance(refusal, Banned):
        return banned_text(ctx, t)
    if isinstance(refusal, GroupRefused):
        return group_text(ctx, t, refusal)
    said = _said(t, refusal)
    if said is None:
        return None
    text = t(said[0], **said[1])
    return lines([text, request.how_to_get(ctx, t)]) if isinstance(refusal, TooManyNewOrders) else text


def safety_toast(t: Speech, refusal: Refusal) -> str | None:
    """The same for an answer to a press: shorter, without the operator's contact."""
    said = _said(t, refusal)
    return t.plain(said[0], **said[1]) if said is not None else None


def _said(t: Speech, refusal: Refusal) -> tuple[str, dict[str, Any]] | None:
    """The text's name and its values."""
    said: tuple[str, dict[str, Any]] | None = None
    match refusal:
        case Blocked():
            said = "safety-blocked", {}
        case Banned():
            said = "safety-banned", {}
        case TooManyOrders(everybody=True, seconds=seconds):
            said = "safety-all-orders", {"wait": _wait(t, seconds)}
        case TooManyOrders(limit=limit, seconds=seconds):
            said = "safety-orders", {"limit": limit, "wait": _wait(t, seconds)}
        case TooManyNewOrders(limit=limit, seconds=seconds):
            said = "safety-new-orders", {"limit": limit, "wait": _wait(t, seconds)}
        case TooManyCostlyEnds(seconds=seconds):
            said = "safety-costly-ends", {"wait": _wait(t, seconds)}
    return said


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


def _wait(t: Speech, seconds: float) -> str:
    """At least a second: "0 s" would be an invitation."""
    return t.duration(max(1.0, seconds))
