"""What a command with nothing on sale is answered: what can be done instead, the nearest first."""

from collections.abc import Sequence
from typing import Final

from bot.domain.catalog.models import Kind, Model
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines

SHOWN: Final = 4


def kind_not_sold(t: Speech, kind: Kind, models: Sequence[Model]) -> Html:
    """What can be ordered instead of a kind with nothing on sale; `models` are those on sale."""
    said = t("sold-not-kind", command=kind.value, what=t.plain(f"order-kind-{kind.value}"))
    return lines([said, _instead(t, kind, models)])


def model_not_sold(t: Speech, model: Model, models: Sequence[Model]) -> Html:
    """What can be ordered instead of this model: the same thing elsewhere, then others of its kind, by their own
    commands; else other kinds."""
    said = t("sold-not-model", model=t.title(model.title))
    of_kind = sorted((m for m in models if m.kind is model.kind), key=lambda m: m.thing != model.thing)
    same = [f"/{m.slug} ({t.title(m.title)})" for m in of_kind]
    if same:
        return lines([said, t("sold-instead", commands=", ".join(same[:SHOWN]))])
    return lines([said, _instead(t, model.kind, models)])


def _instead(t: Speech, kind: Kind, models: Sequence[Model]) -> Html:
    """Kinds that make the same nature of thing come first."""
    kinds = [k for k in Kind if k is not kind and any(m.kind is k for m in models)]
    kinds.sort(key=lambda k: k.makes is not kind.makes)
    if not kinds:
        return t("sold-nothing")
    commands = ", ".join(f"/{k.value} ({t.plain(f'order-kind-{k.value}')})" for k in kinds[:SHOWN])
    return t("sold-instead", commands=commands)
