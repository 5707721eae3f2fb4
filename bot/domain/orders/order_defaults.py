"""What a person's orders begin with: their usual model and flags. All of it is soft: what does not fit is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.catalog.models import Kind, Model, Option, OptionType
from bot.domain.catalog.options import rivals
from bot.domain.orders.matching import Hit
from bot.domain.orders.typed_values import match_choice, means_none, plain_value


@dataclass(frozen=True, slots=True)
class Usual:
    """Flags map to values as typed, so that they mean the same thing to every model that has it."""

    models: Mapping[str, str] = field(default_factory=dict)
    """The slug that is chosen by itself, by kind."""
    flags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By kind."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """Flags of the order itself, typed together with a model: another model takes over what it has of them."""

    def model(self, kind: Kind | None) -> str:
        """The usual model's slug, "" for none."""
        return self.models.get(kind.value, "") if kind is not None else ""

    def options(self, model: Model, asked: Mapping[str, str]) -> dict[str, str]:
        """`asked`, and whatever of the flags fits the model and clashes with nothing; in stored form."""
        said = {**self.flags.get(model.kind.value, {}), **self.typed}
        found = dict(asked)
        for name in (*self.typed, *(n for n in said if n not in self.typed)):  # the order's own flags come first
            option = model.option(name)
            value = fitting(option, said[name]) if option is not None else None
            if option is None or value is None or name in found or _taken(model, option, found):
                continue
            found[name] = value
        return found


def said(model: Model, options: Mapping[str, str]) -> dict[str, str]:
    """A model's options as they would be typed, in words that other models may have, too."""
    words: dict[str, str] = {}
    for option in model.options:
        value = options.get(option.name, "")
        choice = option.choice(value)
        if value:
            words[option.name] = choice.title.of("en") if choice is not None else value
    return words


def fitting(option: Option, text: str) -> str | None:
    """The stored value of what was typed, "" for none; None when the option has no such value."""
    found = match_choice(option, text) if option.type is OptionType.CHOICE else None
    if text == "" or means_none(text, found):
        return ""
    if option.type is OptionType.CHOICE:
        return found.key if isinstance(found, Hit) else None
    return plain_value(option, text)


def _taken(model: Model, option: Option, found: Mapping[str, str]) -> bool:
    """Whether an option that is set decides the same."""
    return any(found.get(other.name) for other in model.options if rivals(option, other))
