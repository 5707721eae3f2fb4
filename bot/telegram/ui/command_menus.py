"""The command lists that Telegram shows beside the input field, per scope and language, and what keeps them right: a
kind of which an admin puts the first model on sale appears there without a restart."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import SetMyCommands
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from bot.domain.catalog.models import Kind
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui.commands import Command, Scope, listed

log = structlog.get_logger(__name__)

SCOPES: Final[tuple[tuple[BotCommandScopeUnion, Scope], ...]] = (
    (BotCommandScopeAllPrivateChats(), Scope.PRIVATE),
    (BotCommandScopeAllGroupChats(), Scope.GROUPS),
    (BotCommandScopeAllChatAdministrators(), Scope.GROUPS | Scope.GROUP_ADMINS),
)
"""The lists that all chats of a kind share."""
PACE: Final = 5.0
"""Seconds between two rewrites: several changes in a row are one."""


class CommandMenus:
    """Both services belong together: `listen` hears of changes, `serve` acts on them."""

    def __init__(self, bot: Bot, ctx: Context, tell: Callable[[Bot, Context], Awaitable[None]]) -> None:
        """`tell` tells Telegram the lists, and what else follows from the kinds that are sold."""
        self._bot = bot
        self._ctx = ctx
        self._tell = tell
        self._news = asyncio.Event()
        self._shown = self._sold()

    async def listen(self) -> None:
        """Runs until cancelled."""
        await self._ctx.shop.listen(self._news.set)

    async def serve(self) -> None:
        """Runs until cancelled. Changes of prices wake it too: it tells Telegram only another choice of kinds."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self._ctx.shop.refresh()
            sold = self._sold()
            if sold != self._shown:
                self._shown = sold
                await self._tell(self._bot, self._ctx)
            await asyncio.sleep(PACE)

    def _sold(self) -> frozenset[Kind]:
        return sold_kinds(self._ctx)


async def register_commands(bot: Bot, ctx: Context) -> None:
    """Tells Telegram every list. An admin who never wrote to the bot has no chat yet: that list is left for their
    /start."""
    for language in (None, *ctx.texts.languages):
        for where, scopes in SCOPES:
            await _tell(bot, where, language, commands_of(ctx.texts.of(language), sold_kinds(ctx), scopes))
    for admin_id in sorted(ctx.options.admin_ids):
        await register_admin(bot, ctx, admin_id)


async def register_admin(bot: Bot, ctx: Context, admin_id: int) -> None:
    """Tells Telegram the longer list of one admin's private chat, in every language."""
    scope = BotCommandScopeChat(chat_id=admin_id)
    for language in (None, *ctx.texts.languages):
        commands = commands_of(ctx.texts.of(language), sold_kinds(ctx), Scope.OPERATORS)
        await _tell(bot, scope, language, commands)


def sold_kinds(ctx: Context) -> frozenset[Kind]:
    return frozenset(model.kind for model in ctx.shop.models)


def commands_of(t: Speech, sold: Collection[Kind], scopes: Scope) -> list[BotCommand]:
    """One list: the commands of these scopes, without those of kinds that are not sold."""
    return [_entry(t, each, scopes) for each in listed(scopes) if each.kind is None or each.kind in sold]


def _entry(t: Speech, each: Command, scopes: Scope) -> BotCommand:
    ephemeral = True if each.ephemeral and Scope.GROUPS in scopes else None
    return BotCommand(command=each.name, description=t.plain(f"command-{each.name}"), is_ephemeral=ephemeral)


async def _tell(bot: Bot, scope: BotCommandScopeUnion, language: str | None, commands: list[BotCommand]) -> None:
    code = language.split("-")[0] if language is not None else None  # two letters are all that Telegram takes
    try:
        await bot(SetMyCommands(commands=commands, scope=scope, language_code=code))
    except TelegramAPIError as error:
        log.warning("telegram.commands_refused", scope=scope.type, language=language, error=str(error)[:200])
