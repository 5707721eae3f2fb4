"""How lists name a model: its line in a text, the mark of the recommended one."""

from typing import Final

from bot.domain.catalog.models import Model
from bot.engine.catalog.menu import Entry
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech

RECOMMENDED: Final = "⭐"
REASON_SHOWN: Final = 60


def marked(label: str, entry: Entry) -> str:
    """The label, with the mark where the list recommends it."""
    return f"{RECOMMENDED} {label}" if entry.recommended else label


def model_line(t: Speech, entry: Entry) -> Html:
    """Its name and why one would take it. Prices stand on the buttons."""
    model = entry.offer.model
    name = marked(t.title(model.title), entry)
    if not entry.offer.available:
        return t("order-model-unavailable", model=name)
    return t("order-model", model=name, description=reason_of(t, model))


def reason_of(t: Speech, model: Model) -> str:
    """Why one would take the model, in some words."""
    return shorten(t.title(model.description), REASON_SHOWN)
