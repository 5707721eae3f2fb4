"""The form of a template in a file. What contradicts itself or the catalogue is found in file.py."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.domain.catalog.models import Kind, Translations
from bot.domain.catalog.templates import Template
from bot.engine.catalog.schema import Slug, Strict, Text, Title, Value, filled

PROMPT_MAX = 1000

Prompt = Annotated[str, Field(max_length=PROMPT_MAX), AfterValidator(filled)]


class _Titles(Strict):
    en: Title
    ru: Title

    def words(self) -> Translations:
        return Translations({"en": self.en, "ru": self.ru})


class _Texts(Strict):
    en: Text
    ru: Text

    def words(self) -> Translations:
        return Translations({"en": self.en, "ru": self.ru})


class _Prompts(Strict):
    en: Prompt
    ru: Prompt

    def words(self) -> Translations:
        return Translations({"en": self.en, "ru": self.ru})


class TemplateEntry(Strict):
    """One template as a file has it."""

    slug: Slug
    kind: Kind
    title: _Titles
    about: _Texts
    prompt: _Prompts
    ask: _Texts | None = None
    example: _Texts | None = None
    model: Slug | None = None
    options: Annotated[dict[str, Value], Field(max_length=24, default_factory=dict)]
    photo: bool = False

    def template(self) -> Template:
        return Template(
            slug=self.slug,
            kind=self.kind,
            title=self.title.words(),
            about=self.about.words(),
            prompt=self.prompt.words(),
            ask=self.ask.words() if self.ask is not None else None,
            example=self.example.words() if self.example is not None else None,
            model=self.model or "",
            options=dict(self.options),
            photo=self.photo,
        )


class TemplateEntries(Strict):
    """What a file says of templates: its own, and whether those that come with Easel are shown beside them."""

    templates: Annotated[list[TemplateEntry], Field(max_length=200, default_factory=list)]
    shipped_templates: bool = True
