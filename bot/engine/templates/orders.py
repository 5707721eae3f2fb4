"""Which templates are on sale now, by which model, and what order comes of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.catalog.models import Model, Source
from bot.domain.catalog.templates import Template
from bot.engine.catalog.offers import Offer, carried_over, recommended


@dataclass(frozen=True, slots=True)
class Idea:
    """A template with the offer that carries it out and the options that this takes."""

    template: Template
    offer: Offer
    options: Mapping[str, str]


def idea_of(template: Template, offers: Sequence[Offer], usual: Mapping[str, str]) -> Idea | None:
    """By the template's own model while that is on sale, else by the person's usual one of the kind (`usual` has slugs
    by kind), else by the recommended one. None: nothing that is on sale can do it."""
    able = [o for o in offers if o.available and can_do(o.model, template)]
    slugs = (template.model, usual.get(template.kind.value, ""))
    named = (o for slug in slugs for o in able if o.model.slug == slug)
    offer = next(named, None) or recommended(able)
    return Idea(template, offer, carried_over(template.options, offer.model)) if offer is not None else None


def ideas_of(templates: Iterable[Template], offers: Sequence[Offer], usual: Mapping[str, str]) -> tuple[Idea, ...]:
    """Those that can be ordered at this moment."""
    return tuple(idea for each in templates if (idea := idea_of(each, offers, usual)) is not None)


def can_do(model: Model, template: Template) -> bool:
    """Whether the model makes what the template is for, from words or from a picture of the person's own."""
    if model.kind is not template.kind or model.prompt_limit < template.longest():
        return False
    if not template.photo:
        return model.inputs.minimum == 0
    return model.inputs.source is Source.ANY and model.inputs.minimum <= 1 <= model.inputs.maximum
