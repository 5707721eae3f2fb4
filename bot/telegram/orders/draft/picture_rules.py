"""Pictures and models that do not go together: a sentence with what can be done instead."""

from collections.abc import Sequence

from bot.domain.catalog.models import Kind, Model, Source
from bot.domain.orders.inputs import suits
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.ui.option_texts import model_list


def pictures_refused(t: Speech, draft: OrderDraft, model: Model | None, market: Market) -> Html | None:
    """Why nothing of what was asked for works with the draft's pictures, or without any; None when something does."""
    if model is not None:
        asked = [model]
    else:
        asked = [o.model for o in market.offers if o.model.kind is not Kind.ASK and draft.kind in (None, o.model.kind)]
    if not asked or any(suits(m, draft.inputs) for m in asked):
        return None
    if not draft.inputs:
        return needed(t, asked, market)
    with_pictures = [m for m in asked if m.inputs.maximum]
    if not with_pictures:
        what = t.title(model.title) if model is not None else f"/{asked[0].kind.value}"
        return unused(t, what, draft, market)
    count = len(draft.inputs)
    bounds = [(m.inputs.minimum, m.inputs.maximum) for m in with_pictures]
    if not any(low <= count <= high for low, high in bounds):
        return _count(t, bounds, count)
    own = [m for m in with_pictures if m.inputs.source is Source.OWN]
    if own:
        return Html(" ".join([_own_only(t, own, market), _instead(t, draft, market)]))
    return t("pictures-gone")


def unused(t: Speech, what: str, draft: OrderDraft, market: Market) -> Html:
    """Names what works from words alone, and what is on sale for the draft's pictures."""
    return Html(" ".join([t("pictures-not-used", what=what), _instead(t, draft, market)]))


def _count(t: Speech, bounds: Sequence[tuple[int, int]], count: int) -> Html:
    low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
    if low >= high:
        return t("pictures-count-exact", wanted=high, count=count)
    return t("pictures-count", minimum=max(1, low), maximum=high, count=count)


def from_words(models: Sequence[Model]) -> bool:
    """Whether one of them works without a picture."""
    return any(m.inputs.minimum == 0 for m in models)


def needed(t: Speech, asked: Sequence[Model], market: Market) -> Html:
    """A command for pictures that came without one."""
    kind = asked[0].kind
    if all(m.inputs.source is Source.OWN for m in asked):
        makers = _makers(t, asked, market)
        return t(
            "pictures-needed-own", command=kind.value, models=model_list(t, asked), count=len(asked), makers=makers
        )
    return t("pictures-needed", command=kind.value)


def _own_only(t: Speech, models: Sequence[Model], market: Market) -> Html:
    """Models that change what their own provider made, and nothing else."""
    return t("pictures-own-only", models=model_list(t, models), count=len(models), makers=_makers(t, models, market))


def _makers(t: Speech, models: Sequence[Model], market: Market) -> str:
    """The models that make the pictures which these models change."""
    providers = {m.provider for m in models}
    makers = [o.model for o in market.offers if o.model.provider in providers and o.model.inputs.minimum == 0]
    return model_list(t, makers or models)


def _instead(t: Speech, draft: OrderDraft, market: Market) -> Html:
    kinds = market.kinds(OrderDraft(prompt="", inputs=draft.inputs))
    if not kinds:
        return t("pictures-nothing")
    return t("pictures-instead", commands=", ".join(f"/{kind.value}" for kind in kinds))
