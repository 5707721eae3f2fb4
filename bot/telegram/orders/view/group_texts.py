"""What a group's settings are called, and why they refuse an order."""

from typing import assert_never

from bot.domain.limits.groups import GroupRefused, Why
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech


def group_text(ctx: Context, t: Speech, refusal: GroupRefused) -> Html:
    """Why, that nothing was charged, and what to do instead."""
    match refusal.why:
        case Why.NOBODY:
            return t("group-refused-nobody")
        case Why.ADMINS:
            return t("group-refused-admins")
        case Why.KIND:
            kind = refusal.kind.value if refusal.kind is not None else ""
            return t("group-refused-kind", kind=t.plain(f"order-kind-{kind}"))
        case Why.MODEL:
            model = ctx.shop.catalog.get(refusal.model)
            return t("group-refused-model", model=t.title(model.title) if model is not None else refusal.model)
        case Why.COOLDOWN:
            return t("group-refused-cooldown", wait=t.duration(max(1.0, refusal.seconds)))
        case _:
            assert_never(refusal.why)
