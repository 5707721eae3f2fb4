"""Which pictures a model can work on: how many, and whose."""

from collections.abc import Sequence

from bot.domain.catalog.models import Model, Source
from bot.domain.jobs import Input


def usable(model: Model, picture: Input) -> bool:
    """Whether the model can work on this picture at all."""
    if model.inputs.maximum < 1:
        return False
    if model.inputs.source is Source.OWN:
        return bool(picture.own) and picture.provider == model.provider
    return bool(picture.blob)


def fits(model: Model, pictures: Sequence[Input]) -> bool:
    """Whether these may be its pictures, or with no pictures given whether it needs none; more may still come."""
    if not pictures:
        return model.inputs.minimum == 0
    return len(pictures) <= model.inputs.maximum and all(usable(model, p) for p in pictures)


def suits(model: Model, pictures: Sequence[Input]) -> bool:
    """Whether an order with exactly these pictures can be placed."""
    return fits(model, pictures) and len(pictures) >= model.inputs.minimum
