"""One page of the album of ideas: what a template makes and costs, and the buttons around it."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Kind
from bot.domain.catalog.templates import KINDS, Template, blanks
from bot.domain.money import Credits
from bot.engine.templates.orders import Idea
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech, escape
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import IdeaAction
from bot.telegram.ui.keyboards import Rows, button, in_rows, markup


@dataclass(frozen=True, slots=True)
class Page:
    """An idea among those of its shelf: of one kind, or of all."""

    ideas: Sequence[Idea]
    number: int
    shelf: Kind | None
    kinds: Sequence[Kind]
    """Those that have any idea on sale."""

    @property
    def idea(self) -> Idea:
        return self.ideas[self.number]


def page_of(ideas: Sequence[Idea], slug: str, shelf: str) -> Page | None:
    """The page of that template; the first of its shelf where there is none of that slug (any more), and of all where
    the shelf is empty. None: no idea is on sale."""
    kinds = [kind for kind in KINDS if any(each.template.kind is kind for each in ideas)]
    kind = Kind(shelf) if shelf in kinds else None
    shown = [each for each in ideas if kind in (None, each.template.kind)]
    if not shown:
        return None
    slugs = [each.template.slug for each in shown]
    return Page(shown, slugs.index(slug) if slug in slugs else 0, kind, kinds)


def caption(t: Speech, page: Page, price: Credits) -> Html:
    """What it makes, with what, for how much, and what the person is going to be asked for."""
    template = page.idea.template
    model = t.title(page.idea.offer.model.title)
    return lines(
        [
            t("ideas-title", title=t.title(template.title)),
            Html(escape(t.title(template.about))),
            Html(""),
            wanted_line(t, template),
            t("ideas-price", model=model, price=credits_text(t, price)),
        ]
    )


def wanted_line(t: Speech, template: Template) -> Html:
    """What has to be given to it; "" for nothing."""
    blank = next(iter(blanks(template.prompt.of(t.language))), "")
    if template.photo:
        return t("ideas-wants-photo-words", blank=blank) if blank else t("ideas-wants-photo")
    return t("ideas-wants-words", blank=blank) if blank else Html("")


def question(t: Speech, template: Template, *, photo: bool, words: bool) -> Html:
    """Asks for what is still missing: a `photo`, `words`, or both in one message."""
    ask = t.title(template.ask) if template.ask is not None else ""
    example = t.title(template.example) if template.example is not None else ""
    if photo:
        said = t("ideas-ask-photo-words", ask=ask, example=example) if words else t("ideas-ask-photo")
    else:
        said = t("ideas-ask-words", ask=ask, example=example)
    return lines([t("ideas-title", title=t.title(template.title)), said])


def keyboard(t: Speech, page: Page) -> InlineKeyboardMarkup:
    """Use, the pages around, the kinds, the way back."""
    shelf = page.shelf.value if page.shelf is not None else ""
    rows: Rows = [[button(t.plain("ideas-tap-use"), _action("use", page.idea, shelf), "success")]]
    count = len(page.ideas)
    if count > 1:
        around = ((page.number - 1) % count, page.number, (page.number + 1) % count)
        labels = ("‹", f"{page.number + 1}/{count}", "›")
        rows.append([button(x, _action("page", page.ideas[n], shelf)) for x, n in zip(labels, around, strict=True)])
    if len(page.kinds) > 1:
        rows += in_rows([_shelf(t, page, kind) for kind in page.kinds], 2)
    return markup([*rows, [button(t.plain("menu-home"), IdeaAction(act="home"))]])


def back_keyboard(t: Speech, template: Template, shelf: str) -> InlineKeyboardMarkup:
    """From the question to the page that it came from."""
    return markup([[button(t.plain("tap-back"), IdeaAction(act="page", slug=template.slug, shelf=shelf))]])


def _shelf(t: Speech, page: Page, kind: Kind) -> InlineKeyboardButton:
    """Pressed again, the chosen kind shows all."""
    label = t.plain(f"order-kind-{kind.value}")
    if kind is page.shelf:
        return button(f"• {label} •", IdeaAction(act="page", slug=page.idea.template.slug))
    return button(label, IdeaAction(act="page", shelf=kind.value))


def _action(act: str, idea: Idea, shelf: str) -> IdeaAction:
    return IdeaAction(act=act, slug=idea.template.slug, shelf=shelf)
