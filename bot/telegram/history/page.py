"""One page of the history: a result with what was ordered, and the buttons around it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Catalog
from bot.domain.jobs import Delivered, Job
from bot.engine.results.history import Page, Shelf
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.jobs.keyboards import NUMBERS_MAX, NUMBERS_PER_ROW
from bot.telegram.jobs.lineage import lineage
from bot.telegram.jobs.texts import money_line
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import HistoryAction
from bot.telegram.ui.captions import choices, model_title
from bot.telegram.ui.keyboards import Rows, button, in_rows, markup

PROMPT_SHOWN: Final = 350
CHOICES_SHOWN: Final = 120
WORDS_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Which page: the shelf, the result of the job, and the search; what buttons carry of it."""

    shelf: Shelf = Shelf.ALL
    index: int = 0
    search: str = ""
    words: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        return f"{self.shelf.value}.{self.index}"

    def action(self, act: str, job_id: str = "", *, index: int | None = None) -> HistoryAction:
        here = self if index is None else replace(self, index=index)
        return HistoryAction(act=act, id=job_id, at=here.at, search=self.search)


def place_at(at: str) -> Place | None:
    """What callback data says; None for what no keyboard of ours says."""
    shelf, _, index = at.partition(".")
    if shelf not in set(Shelf) or not (index.isascii() and index.isdigit() and len(index) <= 2):
        return None
    return Place(Shelf(shelf), int(index))


def caption(t: Speech, catalog: Catalog, page: Page, place: Place, ancestors: Sequence[Job]) -> Html:
    """Within the bounds of a caption whatever was ordered: every part is cut."""
    job = page.job
    chosen = shorten(choices(t, catalog, job.model, job.options), CHOICES_SHOWN)
    model = model_title(t, catalog, job.model)
    prompt = shorten(job.prompt, PROMPT_SHOWN)
    words = shorten(" ".join(place.words), WORDS_SHOWN)
    shelf = t.plain(f"history-shelf-{place.shelf.value}")
    title = t("history-title", shelf=shelf, number=page.number, count=page.count)
    return lines(
        [
            t("history-title-search", title=title, words=words) if words else title,
            t("order-prompt", prompt=prompt) if prompt else "",
            t("job-head-style", model=model, style=chosen) if chosen else t("job-head", model=model),
            t("history-when", when=t.moment(job.created_at), money=money_line(t, job)),
            lineage(t, job, ancestors),
            t("history-id", id=job.id),
        ]
    )


def shown_file(job: Job, index: int) -> Delivered | None:
    """What of the job is shown: None where nothing is that Telegram keeps."""
    known = job.delivered[index] if index < len(job.delivered) else None
    return known if known is not None and known.file_id else None


def keyboard(
    t: Speech, page: Page, place: Place, ancestors: Sequence[Job], reuse: Sequence[InlineKeyboardButton]
) -> InlineKeyboardMarkup:
    """The results of the job by number, the pages around, what can be done with it, the shelves."""
    job = page.job
    rows: Rows = in_rows(_numbers(place, job), NUMBERS_PER_ROW)
    if page.count > 1:
        rows.append(_around(page, place))
    favourite = ("unfav", "★") if job.favourite else ("fav", "☆")
    rows.append(
        [
            button(t.plain("history-tap-open"), place.action("open", job.id)),
            button(t.plain("history-tap-send"), place.action("send", job.id)),
            button(favourite[1], place.action(favourite[0], job.id)),
            button("🗑", place.action("delete", job.id), "danger"),
        ]
    )
    beside = [*reuse]
    if ancestors:
        source = replace(place, shelf=Shelf.ALL, index=0, search="")
        beside.append(button(t.plain("history-tap-source"), source.action("page", ancestors[0].id)))
    if beside:
        rows.append(beside)
    rows.append([_shelf(t, place, shelf) for shelf in Shelf])
    last = [button(t.plain("history-tap-export"), place.action("export"))]
    if place.search:
        last.insert(0, button(t.plain("history-tap-unsearch"), HistoryAction(act="shelf", at=f"{Shelf.ALL.value}.0")))
    return markup([*rows, last])


def sure_keyboard(t: Speech, job: Job, place: Place) -> InlineKeyboardMarkup:
    """The question before a result is deleted."""
    yes = button(t.plain("media-button-erase"), place.action("erase", job.id), "danger")
    return markup([[yes], [button(t.plain("media-button-stay"), place.action("page", job.id))]])


def back_row(t: Speech, job: Job, place: Place) -> list[InlineKeyboardButton]:
    """From a result's own buttons to its page."""
    return [button(t.plain("history-tap-back"), place.action("page", job.id))]


def _numbers(place: Place, job: Job) -> list[InlineKeyboardButton]:
    count = min(len(job.delivered), NUMBERS_MAX)
    if count < 2:
        return []
    labels = (f"• {n + 1} •" if n == place.index else str(n + 1) for n in range(count))
    return [button(label, place.action("page", job.id, index=n)) for n, label in enumerate(labels)]


def _around(page: Page, place: Place) -> list[InlineKeyboardButton]:
    """Quick and slow ways to newer and older results; where there is none the button shows the same page."""
    ways = [("⏪", page.much_newer), ("‹", page.newer), ("", page.job.id), ("›", page.older), ("⏩", page.much_older)]
    if page.count <= 2:
        ways = ways[1:4]
    found = []
    for label, job_id in ways:
        target = job_id or page.job.id
        said = label or f"{page.number}/{page.count}"
        found.append(button(said, place.action("page", target, index=0)))
    return found


def _shelf(t: Speech, place: Place, shelf: Shelf) -> InlineKeyboardButton:
    label = t.plain(f"history-tap-{shelf.value}")
    there = replace(place, shelf=shelf, index=0)
    return button(f"• {label}" if shelf is place.shelf else label, there.action("shelf"))
