"""Where an order's menu stands: in private a message, in groups one that its owner alone sees, or a reply to them."""

import unicodedata
from dataclasses import replace
from typing import Final

from aiogram.types import InlineKeyboardMarkup

from bot.domain.chats import is_private
from bot.domain.jobs import Target
from bot.domain.visible import visible
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.outbox.ephemeral import EphemeralTarget
from bot.telegram.ui import messages
from bot.telegram.ui.clip import JOINER
from bot.telegram.updates import unregistered

NAME_SHOWN: Final = 64

Menu = tuple[Html, InlineKeyboardMarkup | None]


def place_of_draft(draft: Draft) -> Target:
    """The menu's message, as what `messages` takes."""
    if draft.ephemeral_id:
        owner, number = draft.user_id, draft.ephemeral_id
        return EphemeralTarget(draft.chat_id, draft.thread_id, 0, receiver=owner, ephemeral_id=number)
    return Target(draft.chat_id, draft.thread_id, draft.message_id)


def stands_at(draft: Draft, place: Target) -> Draft:
    """The draft with its menu there."""
    number = place.ephemeral_id if isinstance(place, EphemeralTarget) else 0
    return replace(draft, message_id=place.message_id, ephemeral_id=number)


def requester(person: User, chat_id: int) -> str:
    """The name that a job carries; "" where only they read it. Without what turns the words around it."""
    if is_private(chat_id):
        return ""
    seen = "".join(c for c in person.name if c == JOINER or unicodedata.category(c) != "Cf")
    return shorten(" ".join(seen.split()), NAME_SHOWN) if visible(seen) else str(person.id)


def openly(t: Speech, person: User, text: Html) -> Html:
    """The menu where all members see it: it says who pays."""
    payer = t("shared-anyone") if unregistered.is_chat(person) else t("shared-payer", name=requester(person, 0))
    return lines([payer, text])


async def close(ctx: Context, draft: Draft) -> None:
    """Takes the menu away: what it was for is done or given up."""
    await messages.delete(ctx, place_of_draft(draft))
    await ctx.engine.drafts.closed(draft)
