"""Every command of the bot, in the order in which Telegram lists them; models add theirs, see `command_menus`.

Menus, /help, the rule for chat members without an account, the handlers' filters and the names that no model may have
are read from this table. A command's text is `command-<name>` in the languages' files.
"""

from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import Final

from aiogram import filters

from bot.domain.catalog.models import Kind


class Scope(Flag):
    """Where Telegram lists a command beside the input field."""

    PRIVATE = auto()
    GROUPS = auto()
    GROUP_ADMINS = auto()
    OPERATORS = auto()
    """The private chats of ADMIN_IDS."""


EVERYWHERE: Final = Scope.PRIVATE | Scope.GROUPS
UNLISTED: Final = Scope(0)


class Topic(Enum):
    """What /help files a command under, in its order there."""

    ORDERS = "orders"
    CHAT = "chat"
    PRICES = "prices"
    OWN = "own"
    LEGAL = "legal"
    """Files the command under the heading of OWN, after OWN's commands."""


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    scopes: Scope
    topic: Topic | None = None
    """None: /help does not name it, or, for kinds, shows it with an example."""
    aliases: tuple[str, ...] = ()
    """Other names with the same handler, in no list."""
    kind: Kind | None = None
    """Listed only while a model of this kind is on sale."""
    needs_account: bool = False
    """Chat members without an account are sent to the private chat instead."""
    ephemeral: bool = False
    """In groups only its sender and the bot see it, as is the answer."""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


KINDS: Final = tuple(Command(kind.value, EVERYWHERE, kind=kind, needs_account=kind is Kind.ASK) for kind in Kind)
TABLE: Final = (
    *KINDS,
    Command("new", EVERYWHERE, Topic.CHAT, kind=Kind.ASK, needs_account=True),
    Command("retry", EVERYWHERE, Topic.CHAT, kind=Kind.ASK, needs_account=True),
    Command("models", EVERYWHERE, Topic.PRICES, ephemeral=True),
    Command("price", EVERYWHERE, Topic.PRICES, ephemeral=True),
    Command("balance", Scope.PRIVATE, Topic.PRICES, needs_account=True),
    Command("jobs", Scope.PRIVATE, Topic.ORDERS, needs_account=True),
    Command("history", Scope.PRIVATE, Topic.ORDERS, needs_account=True),
    Command("show", EVERYWHERE, Topic.ORDERS, needs_account=True),
    Command("cancel", EVERYWHERE, Topic.ORDERS, ephemeral=True),
    Command("settings", Scope.PRIVATE, Topic.OWN, aliases=("language",), needs_account=True),
    Command("preset", Scope.PRIVATE, Topic.OWN, aliases=("presets",), needs_account=True),
    Command("help", EVERYWHERE, ephemeral=True),
    Command("terms", Scope.PRIVATE, Topic.LEGAL),
    Command("privacy", Scope.PRIVATE, Topic.LEGAL),
    Command("mydata", Scope.PRIVATE, Topic.OWN, needs_account=True),
    Command("forget", Scope.PRIVATE, Topic.OWN, needs_account=True),
    Command("group", Scope.GROUP_ADMINS, Topic.OWN),
    Command("start", UNLISTED, aliases=("menu",)),
    Command("topup", Scope.OPERATORS),
    Command("debit", Scope.OPERATORS),
    Command("ledger", Scope.OPERATORS),
    Command("users", Scope.OPERATORS),
    Command("job", Scope.OPERATORS),
    Command("refund", Scope.OPERATORS),
    Command("verify", Scope.OPERATORS),
    Command("status", Scope.OPERATORS),
    Command("providers", Scope.OPERATORS),
    Command("ban", Scope.OPERATORS),
    Command("unban", Scope.OPERATORS),
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
