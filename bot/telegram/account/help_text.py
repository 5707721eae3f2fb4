"""/help, written from what is on sale: commands, models with price and time, flags with an example that works."""

from collections.abc import Sequence
from typing import Final

from bot.domain.catalog.models import Kind, Model
from bot.engine.catalog.shop import Offer
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.commands import Command, Scope, Topic, listed

MODELS_SHOWN: Final = 12
"""More than these are left to /models."""


def help_text(t: Speech, offers: Sequence[Offer], *, group: bool) -> Html:
    """Bounded by the numbers above and the lengths that the catalogue allows for titles: under 4,096 characters."""
    sold = {o.model.kind for o in offers}
    kinds = [kind for kind in Kind if kind in sold]
    parts = [t("help-intro-group") if group else t("help-intro"), Html("")]
    parts += [t("help-kind", command=k.value, example=_example(t, k), what=t(f"order-kind-{k.value}")) for k in kinds]
    parts += [Html("\n"), t("help-models")]
    parts += [_model(t, o) for o in offers[:MODELS_SHOWN]]
    if len(offers) > MODELS_SHOWN:
        parts.append(t("help-more-models", count=len(offers)))
    styled = next((o.model for o in offers if any(option.choices for option in o.model.options)), None)
    if styled is not None:
        parts += [Html("\n"), _flags(t, styled)]
    if group:
        # What depends on a kind is left out: /new and /retry are of use where people talk to the bot alone.
        here = [each for each in listed(Scope.GROUPS | Scope.GROUP_ADMINS) if each.topic and not each.kind]
        parts += [Html("\n"), *(_command(t, each) for each in here)]
        return Html(lines(parts).replace("\n\n\n", "\n\n"))
    here = [each for each in listed(Scope.PRIVATE) if not each.kind or each.kind in sold]
    for topic in Topic:
        of_topic = [_command(t, each) for each in here if each.topic is topic]
        if of_topic and topic is not Topic.LEGAL:
            parts += [Html("\n"), t(f"help-{topic.value}")]
        parts += of_topic
    return Html(lines(parts).replace("\n\n\n", "\n\n"))


def _command(t: Speech, command: Command) -> Html:
    return t("help-command", command=command.name, what=t(f"command-{command.name}"))


def _example(t: Speech, kind: Kind) -> str:
    return t.plain(f"order-example-{kind.value}")


def _model(t: Speech, offer: Offer) -> Html:
    title, price = t.title(offer.model.title), credits_text(t, offer.price)
    if not offer.available:
        return t("order-model-unavailable", model=title)
    time = t.about(offer.typical)
    return t("help-model", command=offer.model.slug, model=title, price=price, time=time)


def _flags(t: Speech, model: Model) -> Html:
    option = next(o for o in model.options if o.choices)
    value = t.title(option.choices[min(3, len(option.choices) - 1)].title)
    quoted = f'"{value}"' if " " in value else value
    example = f"/{model.kind.value} --model {model.slug} --{option.name} {quoted} {_example(t, model.kind)}"
    short = f"/{model.slug} --{option.name} {quoted} {_example(t, model.kind)}"
    return t("help-flags", example=example, short=short)
