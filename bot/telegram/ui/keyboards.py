"""Inline keyboards of the menu and of a person's own lists. Labels come from Speech, data from callbacks.py only."""

import hashlib
from collections.abc import Sequence
from typing import Final, Literal

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Kind
from bot.domain.jobs import CANCELLABLE, Job, JobState
from bot.engine.ports import Progress, Stage
from bot.engine.results.originals import DELETED
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.callbacks import JobAction, MenuAction

Rows = list[list[InlineKeyboardButton]]
LABEL: Final = 60
"""Longest label we write: Telegram cuts what does not fit a phone's width anyway."""


def button(
    text: str, data: CallbackData, style: Literal["danger", "success", "primary"] | None = None
) -> InlineKeyboardButton:
    """A callback button; a long label ends in an ellipsis. Raises ValueError for more than 64 bytes of data."""
    label = text if len(text) <= LABEL else text[: LABEL - 1] + "…"
    return InlineKeyboardButton(text=label, callback_data=data.pack(), style=style)


def in_rows(buttons: Sequence[InlineKeyboardButton], width: int) -> Rows:
    return [list(buttons[i : i + width]) for i in range(0, len(buttons), width)]


def markup(rows: Rows) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=rows)


USUAL: Final = (Kind.IMAGE, Kind.VIDEO, Kind.MUSIC, Kind.EDIT, Kind.ASK)
"""What most people come for."""
LOOKS: Final = ("ideas", "history", "jobs", "balance", "settings", "help")


def fingerprint(made: InlineKeyboardMarkup) -> bytes:
    """Equal for keyboards with equal labels and data; 16 bytes where the keyboard itself takes 15 kB."""
    return hashlib.blake2b(made.model_dump_json(exclude_none=True).encode(), digest_size=16).digest()


def main_menu(t: Speech, kinds: Sequence[Kind]) -> InlineKeyboardMarkup:
    """What can be made, then what a person can look at. Of many kinds the rarer ones stand behind one button."""
    usual = kinds if len(kinds) <= len(USUAL) + 1 else [kind for kind in kinds if kind in USUAL]
    makes = _makes(t, usual)
    if len(usual) < len(kinds):
        makes.append(button(t.plain("menu-more"), MenuAction(act="more"), "primary"))
    looks = [button(t.plain(f"menu-{act}"), MenuAction(act=act)) for act in LOOKS]
    return markup(in_rows(makes, 2) + in_rows(looks, 2))


def more_menu(t: Speech, kinds: Sequence[Kind]) -> InlineKeyboardMarkup:
    """The kinds that the main menu leaves out."""
    return markup([*in_rows(_makes(t, [kind for kind in kinds if kind not in USUAL]), 2), home_row(t)])


def _makes(t: Speech, kinds: Sequence[Kind]) -> list[InlineKeyboardButton]:
    return [button(t.plain(f"order-kind-{k.value}"), MenuAction(act="make", arg=k.value), "primary") for k in kinds]


def home_row(t: Speech) -> list[InlineKeyboardButton]:
    return [button(t.plain("menu-home"), MenuAction(act="home"))]


def home_menu(t: Speech) -> InlineKeyboardMarkup:
    return markup([home_row(t)])


def balance_menu(t: Speech, *, ask: bool) -> InlineKeyboardMarkup:
    """`ask` False: there is no operator to ask."""
    asking: Rows = [[button(t.plain("tap-ask-credits"), MenuAction(act="ask"), "primary")]] if ask else []
    return markup([*asking, home_row(t)])


def jobs_menu(
    t: Speech,
    lines: Sequence[tuple[Job, str]],
    *,
    page: int,
    pages: int,
    answers: bool = False,
    others: int = 0,
) -> InlineKeyboardMarkup:
    """One row per job: its label opens it, and one that can still be cancelled has a red button beside. Below them the
    way to the other list: from orders to answers where there are `others`, and always back."""
    rows: Rows = []
    for job, label in lines:
        row = [button(label, JobAction(id=job.id, act="open", arg=str(page)))]
        if job.cancellable:
            row.append(button(t.plain("tap-cancel"), JobAction(id=job.id, act="cancel"), "danger"))
        rows.append(row)
    if pages > 1:
        around = ((page - 1) % pages, page, (page + 1) % pages)
        labels = ("‹", f"{page + 1}/{pages}", "›")
        act = "answers" if answers else "jobs"
        rows.append([button(x, MenuAction(act=act, arg=str(n))) for x, n in zip(labels, around, strict=True)])
    if answers:
        rows.append([button(t.plain("jobs-tap-orders"), MenuAction(act="jobs", arg="0"))])
    elif others:
        rows.append([button(t.plain("jobs-tap-answers"), MenuAction(act="answers", arg="0"))])
    return markup([*rows, home_row(t)])


def job_menu(t: Speech, job: Job, *, page: int, again: str | None) -> InlineKeyboardMarkup:
    """Under one job of the list. `again`: the label of the same once more; None where it is not offered."""
    rows: Rows = []
    if job.cancellable:
        rows.append([button(t.plain("job-button-cancel"), JobAction(id=job.id, act="cancel"), "danger")])
    if job.state is JobState.DONE:
        rows.append([button(t.plain("job-button-receipt"), JobAction(id=job.id, act="receipt"))])
    if job.state.finished and again is not None:
        rows.append([button(again, JobAction(id=job.id, act="again"))])
    if job.state in CANCELLABLE or (job.state is JobState.DONE and DELETED not in job.facts):
        rows.append([button(t.plain("history-button-show"), JobAction(id=job.id, act="show"))])
    if job.state is JobState.DONE and job.assets and job.kind is not Kind.ASK:
        rows.append([button(t.plain("media-button-delete"), JobAction(id=job.id, act="delete"), "danger")])
    act = "answers" if job.kind is Kind.ASK else "jobs"
    return markup([*rows, [button(t.plain("tap-back"), MenuAction(act=act, arg=str(page)))]])


def sure_menu(t: Speech, job: Job) -> InlineKeyboardMarkup:
    """Asks once more before a job is cancelled that the operator pays for upstream."""
    yes = button(t.plain("tap-cancel-sure"), JobAction(id=job.id, act="sure"), "danger")
    return markup([[yes], [button(t.plain("tap-keep"), JobAction(id=job.id, act="keep"))]])


def cancel_button(speech: Speech, job: Job, progress: Progress) -> InlineKeyboardMarkup | None:
    """Cancel, in red, as long as a job can be cancelled."""
    if progress.stage is Stage.DELIVERING:
        return None
    data = JobAction(id=job.id, act="cancel", arg="").pack()
    cancel = InlineKeyboardButton(text=speech.plain("job-button-cancel"), callback_data=data, style="danger")
    return InlineKeyboardMarkup(inline_keyboard=[[cancel]])
