"""What Telegram shows of the bot before the first message: its description, its short one, and the menu button."""

from collections.abc import Awaitable
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
from bot.telegram.account.abilities import abilities
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.command_menus import register_commands, sold_kinds

log = structlog.get_logger(__name__)

DESCRIPTION_MAX: Final = 512
"""Characters of what stands in an empty chat with the bot (Bot API, setMyDescription)."""
SHORT_MAX: Final = 120
"""Characters of what stands on its profile and under links to it (Bot API, setMyShortDescription)."""


async def introduce(bot: Bot, ctx: Context) -> None:
    """Tells Telegram the command lists and the profile, both as what is on sale makes them."""
    await register_commands(bot, ctx)
    await show_profile(bot, ctx)


async def show_profile(bot: Bot, ctx: Context) -> None:
    """Sets in every language what differs from what is set: Telegram allows few changes a day. What it refuses is left
    as it is and logged."""
    # the default first: a language without a text of its own reads as it
    for language in (None, *ctx.texts.languages):
        code = language.split("-")[0] if language is not None else None  # two letters are all that Telegram takes
        t, sold = ctx.texts.of(language), sold_kinds(ctx)
        await _tried("description", language, _describe(bot, code, description(t, sold)))
        await _tried("short_description", language, _describe_shortly(bot, code, short_description(t, sold)))
    await _tried("menu_button", None, _menu_button(bot))


def description(t: Speech, sold: frozenset[Kind]) -> str:
    does = abilities(t, sold)
    return shorten("\n\n".join(part for part in (does, t.plain("profile-how")) if part), DESCRIPTION_MAX)


def short_description(t: Speech, sold: frozenset[Kind]) -> str:
    """What it makes and answers; how to begin, where it can do neither."""
    return shorten(abilities(t, sold - {Kind.EDIT}) or t.plain("profile-how"), SHORT_MAX)


async def _describe(bot: Bot, code: str | None, text: str) -> None:
    if (await bot(GetMyDescription(language_code=code))).description != text:
        await bot(SetMyDescription(description=text, language_code=code))


async def _describe_shortly(bot: Bot, code: str | None, text: str) -> None:
    if (await bot(GetMyShortDescription(language_code=code))).short_description != text:
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
