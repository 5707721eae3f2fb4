"""Where one person is served under one inline message: what they may press there, what they are told.

All that Telegram tells of such a press is who pressed, what, and the message's name. Only the person whose card it is
is heard, and only under the message that is that card: presses can be forged under any message.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from aiogram.dispatcher.event.bases import CancelHandler
from aiogram.types import CallbackQuery

from bot.domain.jobs import Job, Target
from bot.engine.accounts import preferences
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.inline.cards import Card
from bot.telegram.inline.choices import Choice, Typed, choices
from bot.telegram.orders.draft.draft import Market
from bot.telegram.orders.draft.parse import Wrong
from bot.telegram.outbox import sender
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import InlineAction, JobAction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class InlinePress:
    """Where one person is served under one inline message."""

    ctx: Context
    bot: EaselBot
    query: CallbackQuery
    person: User
    t: Speech
    at: Target

    async def toast(self, key: str, *, alert: bool = False, **values: str | int) -> None:
        await messages.answer_callback(self.query, self.t.plain(key, **values), alert=alert)

    async def show(self, shown: Card) -> None:
        """Rewrites the message; one that is gone stays so."""
        await sender.try_edit(self.ctx.outbox, self.at, *shown, media=True)


async def choice_of(
    press: InlinePress, draft: Draft, own: preferences.Preferences, slug: str, offers: Market
) -> Choice | None:
    """The order for that model; None when it is not to be had, and the press was answered."""
    try:
        found = choices(press.ctx, press.t, Typed.from_data(draft.data), offers, own)
    except Wrong:
        found = ()
    choice = next((each for each in found if each.model.slug == slug), None)
    if choice is None:
        await press.toast("inline-toast-not-sold", alert=True)
    return choice


async def is_inline(
    query: CallbackQuery, bot: EaselBot, ctx: Context, person: User, t: Speech
) -> bool | dict[str, InlinePress]:
    """Whether the button stands under an inline message: then handlers get their `press`."""
    if not query.inline_message_id:
        return False
    return {"press": InlinePress(ctx, bot, query, person, t, Target(0, None, 0, query.inline_message_id))}


async def own_card(_: CallbackQuery, callback_data: InlineAction, press: InlinePress) -> dict[str, Any]:
    """Gives the card's `draft` if it is this person's and this message's, and their preferences (`own`). Else the press
    is answered, and no handler hears of it."""
    found = await press.ctx.engine.cards.press(callback_data.id, press.person.id, press.at.inline_id)
    draft, job = found.draft, found.job
    owner = draft.user_id if draft is not None else job.user_id if job is not None else press.person.id
    if owner != press.person.id and not (draft is not None and draft.is_unclaimed):
        await press.toast("order-toast-not-yours")
    elif draft is not None and found.here:
        press.ctx.feedback.missed += found.first
        return {"draft": draft, "own": found.own}
    elif draft is None and job is not None:
        await press.toast("order-toast-placed")
    elif draft is None:
        await press.toast("inline-toast-expired", alert=True)
    else:
        await press.toast("order-toast-stale")
    raise CancelHandler


async def own_inline_job(
    _: CallbackQuery, callback_data: InlineAction | JobAction, press: InlinePress
) -> dict[str, Job]:
    """Gives the `job` whose message this is if it is this person's. Else as own_card."""
    job = await press.ctx.engine.jobs.get(callback_data.id)
    if job is not None and job.user_id != press.person.id:
        await press.toast("order-toast-not-yours")
    elif job is None or job.target.inline_id != press.at.inline_id:
        await press.toast("order-toast-stale")
    else:
        return {"job": job}
    raise CancelHandler
