"""What every handler can reach: one object, built by the wiring and handed to the Dispatcher as `ctx`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.catalog.templates import Template
from bot.domain.money import Credits
from bot.engine.catalog.shop import Shop
from bot.engine.jobs.questions import Asks
from bot.engine.jobs.submit import Orders
from bot.engine.operations.provider_admin import ProviderAdmin
from bot.engine.ports import Alerts
from bot.engine.use_cases import UseCases
from bot.telegram.context.deep_links import DeepLinks
from bot.telegram.context.group_cache import Memory, Rooms
from bot.telegram.context.inline_feedback import Feedback
from bot.telegram.context.safety import Safety
from bot.telegram.context.staging import Staging
from bot.telegram.context.user_cache import UserCache
from bot.telegram.context.voice import Voice
from bot.telegram.i18n.texts import Texts
from bot.telegram.outbox.outbox import Outbox


@dataclass(frozen=True, slots=True)
class BotOptions:
    """The settings that chats depend on."""

    admin_ids: frozenset[int]
    welcome: Credits
    """Credits that a new user gets once; 0: none."""
    topup_contact: str
    """Where users get credits: a link or a text; may be empty."""
    max_topup: Credits
    confirm_topup_above: Credits
    default_language: str
    active_jobs_per_user: int
    ready_after_seconds: float
    upload_limit: int
    """Bytes that the Bot API server takes in one upload."""
    webhook: bool = False
    """Updates come by webhook; else by long polling."""
    private_result_hosts: bool = False
    """Results may be fetched from private addresses: right for the sandbox only."""


@dataclass(frozen=True, slots=True)
class Context:
    """Handlers take it by the parameter name `ctx`."""

    engine: UseCases
    orders: Orders
    asks: Asks
    shop: Shop
    texts: Texts
    outbox: Outbox
    options: BotOptions
    alerts: Alerts
    provider_admin: ProviderAdmin
    """What operators do about providers and models."""
    safety: Safety = field(default_factory=Safety)
    known: UserCache = field(default_factory=UserCache)
    rooms: Rooms = field(default_factory=Rooms)
    deaf: Memory[tuple[int, int], bool] = field(default_factory=Memory)
    """Members of groups (chat, person) to whom Telegram lately let nothing be told alone."""
    links: DeepLinks = field(default_factory=DeepLinks)
    staging: Staging = field(default_factory=Staging)
    feedback: Feedback = field(default_factory=Feedback)
    voice: Voice = field(default_factory=Voice)
    templates: Mapping[str, Template] = field(default_factory=dict)
    """Ready-made ideas by their slug, in the order in which they are shown."""
    title_cards: Memory[tuple[str, str], str] = field(default_factory=Memory)
    """Telegram's names of the title cards that this process uploaded, by template and language."""

    def is_admin(self, user_id: int) -> bool:
        """Whether that Telegram user is an operator of this bot."""
        return user_id in self.options.admin_ids
