"""Every command of the bot, in the order in which Telegram lists them. Models' own commands are listed in /models.

Menus, /help, the rule for chat members without an account, the handlers' filters and the names that no model may have
are read from this table. A command's text is `command-<name>` in the languages' files.

A menu beside the input field has at most MENU_MAX entries, chosen for what people do most; every other command works
all the same and stands in /help, so that a list stays one that a person reads.
"""

from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import Final

from aiogram import filters

from bot.domain.catalog.models import Kind


class Scope(Flag):
    """Whose menu beside the input field has a command."""

    PRIVATE = auto()
    GROUPS = auto()
    GROUP_ADMINS = auto()
    OPERATORS = auto()
    """The private chats of ADMIN_IDS, whose list takes the place of PRIVATE's."""


EVERYWHERE: Final = Scope.PRIVATE | Scope.GROUPS
OWN: Final = Scope.PRIVATE | Scope.OPERATORS
ALL: Final = EVERYWHERE | Scope.OPERATORS
UNLISTED: Final = Scope(0)
MENU_MAX: Final = 15
"""Entries of a menu. Telegram takes 100; a phone shows about eight at once."""


class Topic(Enum):
    """The part of /help that explains a command, in the order of its buttons."""

    ORDERS = "orders"
    PICTURES = "pictures"
    CHAT = "chat"
    GROUPS = "groups"
    PRICES = "prices"
    OWN = "own"
    ADMIN = "admin"
    """For ADMIN_IDS only."""


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    scopes: Scope
    topic: Topic | None = None
    """None: /help does not name it."""
    aliases: tuple[str, ...] = ()
    """Other names with the same handler, in no list."""
    kind: Kind | None = None
    """Listed only while a model of this kind is on sale."""
    needs_account: bool = False
    """Chat members without an account are sent to the private chat instead."""
    ephemeral: bool = False
    """In groups only its sender and the bot see it, as is the answer."""
    private_only: bool = False
    """In groups it only says that it is for the private chat."""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


_KINDS: Final = {
    Kind.IMAGE: (ALL, Topic.ORDERS),
    Kind.VIDEO: (ALL, Topic.ORDERS),
    Kind.MUSIC: (ALL, Topic.ORDERS),
    Kind.AUDIO: (UNLISTED, Topic.ORDERS),
    Kind.SOLID: (UNLISTED, Topic.ORDERS),
    Kind.EDIT: (EVERYWHERE, Topic.PICTURES),
    Kind.UPSCALE: (UNLISTED, Topic.PICTURES),
    Kind.CUTOUT: (UNLISTED, Topic.PICTURES),
    Kind.ASK: (ALL, Topic.CHAT),
}
"""Three kinds that people come for, what a picture of their own is for, and questions; the rest is in /help."""
KINDS: Final = tuple(
    Command(kind.value, scopes, topic, kind=kind, needs_account=kind is Kind.ASK)
    for kind, (scopes, topic) in _KINDS.items()
)
TABLE: Final = (
    *KINDS,
    Command("new", EVERYWHERE, Topic.CHAT, kind=Kind.ASK, needs_account=True),
    Command("retry", UNLISTED, Topic.CHAT, kind=Kind.ASK, needs_account=True),
    Command("models", ALL, Topic.PRICES, ephemeral=True),
    # in groups a hidden command must be listed: without an entry its answer would be for all to see
    Command("price", Scope.GROUPS, Topic.PRICES, ephemeral=True),
    Command("balance", OWN, Topic.PRICES, needs_account=True, private_only=True),
    Command("ideas", Scope.PRIVATE, Topic.ORDERS, private_only=True),
    Command("jobs", OWN, Topic.ORDERS, needs_account=True, private_only=True),
    Command("history", OWN, Topic.ORDERS, needs_account=True, private_only=True),
    Command("show", Scope.GROUPS, Topic.ORDERS, needs_account=True),
    Command("cancel", EVERYWHERE, Topic.ORDERS, ephemeral=True),
    Command("settings", OWN, Topic.OWN, aliases=("language",), needs_account=True, private_only=True),
    Command("preset", UNLISTED, Topic.OWN, aliases=("presets",), needs_account=True, private_only=True),
    Command("mydata", UNLISTED, Topic.OWN, needs_account=True, private_only=True),
    Command("forget", UNLISTED, Topic.OWN, needs_account=True, private_only=True),
    Command("terms", UNLISTED, Topic.OWN),
    Command("privacy", UNLISTED, Topic.OWN),
    Command("group", Scope.GROUP_ADMINS, Topic.GROUPS),
    Command("start", UNLISTED, aliases=("menu",)),
    Command("status", Scope.OPERATORS, Topic.ADMIN),
    Command("providers", Scope.OPERATORS, Topic.ADMIN),
    Command("topup", Scope.OPERATORS, Topic.ADMIN),
    Command("users", Scope.OPERATORS, Topic.ADMIN),
    Command("debit", UNLISTED, Topic.ADMIN),
    Command("ledger", UNLISTED, Topic.ADMIN),
    Command("job", UNLISTED, Topic.ADMIN),
    Command("refund", UNLISTED, Topic.ADMIN),
    Command("verify", UNLISTED, Topic.ADMIN),
    Command("template", UNLISTED, Topic.ADMIN),
    Command("ban", UNLISTED, Topic.ADMIN),
    Command("unban", UNLISTED, Topic.ADMIN),
    Command("admin", Scope.OPERATORS, Topic.ADMIN),
    Command("help", ALL, ephemeral=True),
)
WITHOUT_HANDLER: Final = {
    "paysupport": "Telegram wants it of every bot that takes payments: a model of that name would be in its way",
    "chat": "users would take a model of that name for the conversation, which /ask and /new are about",
}
"""Names that are kept free, and why."""

BY_NAME: Final = {name: each for each in TABLE for name in each.names}
RESERVED: Final = frozenset({*BY_NAME, *WITHOUT_HANDLER})
"""Names that no model may have."""


def is_command(*names: str) -> filters.Command:
    """The filter of a handler: these commands by any of their names. Raises KeyError for one that is not in the table.
    First among a handler's filters, so that `updates/fast_router` finds the handler by it."""
    return filters.Command(*(alias for name in names for alias in BY_NAME[name].names), ignore_case=True)


def listed(scopes: Scope) -> tuple[Command, ...]:
    """The commands of any of these scopes, in their order."""
    return tuple(each for each in TABLE if each.scopes & scopes)
