"""What Telegram shows of the bot before the first message: its description, its short one, and the menu button."""

from collections.abc import Awaitable, Callable, Iterable
from itertools import chain, combinations
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import (
    GetChatMenuButton,
    GetMyDescription,
    GetMyShortDescription,
    SetChatMenuButton,
    SetMyDescription,
    SetMyShortDescription,
)
from aiogram.types import MenuButtonCommands

from bot.domain.catalog.models import Kind
from bot.telegram.account.abilities import MADE, abilities
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Speech, Texts
from bot.telegram.ui.command_menus import register_commands, sold_kinds

log = structlog.get_logger(__name__)

DESCRIPTION_MAX: Final = 512
"""Characters of what stands in an empty chat with the bot (Bot API, setMyDescription)."""
SHORT_MAX: Final = 120
"""Characters of what stands on its profile and under links to it (Bot API, setMyShortDescription)."""
TOLD: Final = (*MADE, Kind.ASK, Kind.EDIT)
"""The kinds that the texts tell of."""
Written = Callable[[Speech, frozenset[Kind]], str]


async def introduce(bot: Bot, ctx: Context) -> None:
    """Tells Telegram the command lists and the profile, both as what is on sale makes them."""
    await register_commands(bot, ctx)
    await show_profile(bot, ctx)


async def show_profile(bot: Bot, ctx: Context) -> None:
    """Sets in every language what is empty, and what an earlier start wrote and now differs: Telegram allows few
    changes a day. A text of the operator's own stays. What Telegram refuses is left as it is and logged."""
    await describe(bot, ctx.texts, sold_kinds(ctx))
    await _tried("menu_button", None, _menu_button(bot))


async def describe(bot: Bot, texts: Texts, sold: frozenset[Kind], *, over: bool = False) -> None:
    """Sets both descriptions in every language; `over` the operator's own, too."""
    # the default first: a language without a text of its own reads as it
    for language in (None, *texts.languages):
        code = language.split("-")[0] if language is not None else None  # two letters are all that Telegram takes
        t = texts.of(language)
        await _tried("description", language, _describe(bot, code, description(t, sold), texts, over=over))
        await _tried("short_description", language, _shortly(bot, code, short_description(t, sold), texts, over=over))


def description(t: Speech, sold: frozenset[Kind]) -> str:
    does = abilities(t, sold)
    return shorten("\n\n".join(part for part in (does, t.plain("profile-how")) if part), DESCRIPTION_MAX)


def short_description(t: Speech, sold: frozenset[Kind]) -> str:
    """What it makes and answers; how to begin, where it can do neither."""
    return shorten(abilities(t, sold - {Kind.EDIT}) or t.plain("profile-how"), SHORT_MAX)


def ours(texts: Texts, write: Written) -> frozenset[str]:
    """All that a start can have written, in any language, whatever was on sale then."""
    sales: Iterable[tuple[Kind, ...]] = chain.from_iterable(combinations(TOLD, n) for n in range(len(TOLD) + 1))
    sold = [frozenset(each) for each in sales]
    return frozenset(write(texts.of(language), each) for language in (None, *texts.languages) for each in sold)


async def _describe(bot: Bot, code: str | None, text: str, texts: Texts, *, over: bool) -> None:
    there = (await bot(GetMyDescription(language_code=code))).description
    if there != text and (over or not there or there in ours(texts, description)):
        await bot(SetMyDescription(description=text, language_code=code))


async def _shortly(bot: Bot, code: str | None, text: str, texts: Texts, *, over: bool) -> None:
    there = (await bot(GetMyShortDescription(language_code=code))).short_description
    if there != text and (over or not there or there in ours(texts, short_description)):
        await bot(SetMyShortDescription(short_description=text, language_code=code))


async def _menu_button(bot: Bot) -> None:
    """The button beside the input field opens the commands."""
    if (await bot(GetChatMenuButton())).type != "commands":
        await bot(SetChatMenuButton(menu_button=MenuButtonCommands()))


async def _tried(what: str, language: str | None, call: Awaitable[None]) -> None:
    try:
        await call
    except TelegramAPIError as error:
        log.warning("telegram.profile_refused", what=what, language=language, error=str(error)[:200])
