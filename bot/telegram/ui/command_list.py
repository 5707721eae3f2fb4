"""The command lists that Telegram shows beside the input field: per scope and language."""

from collections.abc import Sequence
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

from bot.domain.catalog.models import Kind, Model
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech

log = structlog.get_logger(__name__)

LEGAL: Final = ("terms", "privacy", "mydata", "forget")
OWN: Final = ("models", "price", "balance", "jobs", "history", "show", "cancel", "settings", "preset", "help", *LEGAL)
GROUP: Final = ("models", "price", "show", "cancel", "help")
GROUP_ADMIN: Final = (*GROUP, "group")
HIDDEN: Final = frozenset({"models", "price", "cancel", "help"})
"""Commands in groups that only their sender and the bot see, as is the answer."""
ADMIN: Final = ("topup", "debit", "ledger", "users", "job", "refund", "verify", "status", "providers", "ban", "unban")
RESERVED: Final = frozenset(
    {
        *OWN,
        *GROUP_ADMIN,
        *ADMIN,
        "start",
        "menu",
        "language",
        "presets",
        "new",
        "retry",
        "chat",
        "privacy",
        "terms",
        "paysupport",
    }
)
"""Names that no model may have."""
MODELS_LISTED: Final = 50
"""Telegram takes 100 commands per list (Bot API, setMyCommands)."""
DESCRIPTION: Final = 256


async def register_commands(bot: Bot, ctx: Context) -> None:
    """Tells Telegram. An admin who never wrote to the bot has no chat yet: that list is left for their /start."""
    for language in (None, *ctx.texts.languages):
        t = ctx.texts.of(language)
        private = BotCommandScopeAllPrivateChats()
        await _tell(bot, private, language, [*_making(t, ctx.shop.models), *_named(t, OWN)])
        group = BotCommandScopeAllGroupChats()
        await _tell(bot, group, language, [*_making(t, ctx.shop.models), *_grouped(t, GROUP)])
        admins = BotCommandScopeAllChatAdministrators()
        await _tell(bot, admins, language, [*_making(t, ctx.shop.models), *_grouped(t, GROUP_ADMIN)])
    for admin_id in sorted(ctx.options.admin_ids):
        await register_admin(bot, ctx, admin_id)


async def register_admin(bot: Bot, ctx: Context, admin_id: int) -> None:
    """The longer list of one admin's private chat, in every language."""
    scope = BotCommandScopeChat(chat_id=admin_id)
    for language in (None, *ctx.texts.languages):
        t = ctx.texts.of(language)
        await _tell(bot, scope, language, [*_making(t, ctx.shop.models), *_named(t, (*OWN, *ADMIN))])


def _making(t: Speech, models: Sequence[Model]) -> list[BotCommand]:
    sold = {m.kind for m in models}
    kinds = [kind for kind in Kind if kind in sold]
    talking = _named(t, ("new", "retry")) if Kind.ASK in sold else []
    made = [BotCommand(command=k.value, description=t.plain(f"command-{k.value}")) for k in kinds]
    for model in models[:MODELS_LISTED]:
        said = t.plain("command-model", model=t.title(model.title), what=t.title(model.description))
        made.append(BotCommand(command=model.slug, description=said[:DESCRIPTION]))
    return [*made, *talking]


def _named(t: Speech, names: Sequence[str]) -> list[BotCommand]:
    return [BotCommand(command=name, description=t.plain(f"command-{name}")) for name in names]


def _grouped(t: Speech, names: Sequence[str]) -> list[BotCommand]:
    """The same in groups, where some concern nobody but whoever sends them."""
    listed = _named(t, names)
    return [each.model_copy(update={"is_ephemeral": True}) if each.command in HIDDEN else each for each in listed]


async def _tell(bot: Bot, scope: BotCommandScopeUnion, language: str | None, commands: list[BotCommand]) -> None:
    code = language.split("-")[0] if language is not None else None  # two letters are all that Telegram takes
    try:
        await bot(SetMyCommands(commands=commands, scope=scope, language_code=code))
    except TelegramAPIError as error:
        log.warning("telegram.commands_refused", scope=scope.type, language=language, error=str(error)[:200])
