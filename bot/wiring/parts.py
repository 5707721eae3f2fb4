"""Parts of the running bot made of settings, each on its own; app.py puts them together."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bot import logs
from bot.domain.money import from_decimal
from bot.engine.catalog.file import families_of, shared_options
from bot.engine.catalog.schema import OptionEntry
from bot.engine.catalog.shop import Shop
from bot.engine.conversations.prompt import Chat
from bot.engine.jobs.run.worker import Worker, WorkerLimits
from bot.engine.jobs.submit import OrderLimits
from bot.engine.media import blobs
from bot.engine.operations.adoption import Adoption, Rule
from bot.engine.operations.discovery import Discovery
from bot.engine.operations.provider_admin import ProviderAdmin
from bot.engine.ports import Alerts
from bot.http.disk import has_room
from bot.http.media import SignedMedia, derived_secret
from bot.http.server import BadUpdate, Busy, Webhook, WebServer
from bot.providers import registry
from bot.providers.base import Provider
from bot.settings import Settings
from bot.storage import urls
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.errors import DatabaseLost
from bot.telegram.context.context import BotOptions
from bot.telegram.context.safety import Safety
from bot.telegram.ui.commands import RESERVED
from bot.telegram.updates.batches import Overloaded
from bot.telegram.updates.intake import Intake, Poller, UnreadableUpdate
from bot.wiring.catalog import proxy_of

MEGABYTE = 1024 * 1024


def options_of(settings: Settings) -> BotOptions:
    """The settings that chats depend on."""
    return BotOptions(
        admin_ids=frozenset(settings.admin_ids),
        welcome=from_decimal(settings.welcome_credits),
        topup_contact=settings.topup_contact,
        max_topup=from_decimal(settings.max_topup),
        confirm_topup_above=from_decimal(settings.confirm_topup_above),
        default_language=settings.default_language,
        active_jobs_per_user=settings.active_jobs_per_user,
        ready_after_seconds=settings.ready_after_seconds,
        upload_limit=settings.upload_limit_mb * MEGABYTE,
        webhook=bool(settings.webhook_url),
        private_result_hosts=settings.allow_private_result_hosts,
    )


def work_dir_of(settings: Settings) -> Path:
    """Where results lie on their way: on the disk of the data unless the operator says otherwise, for a temporary
    folder is memory in many containers."""
    if settings.work_dir is not None:
        return settings.work_dir.absolute()
    return (*folders_of(settings), Path.cwd())[0] / "easel-work"


def folders_of(settings: Settings, *more: Path) -> tuple[Path, ...]:
    """Where this process writes: beside SQLite's file, whichever link leads to it, and `more`."""
    url = urls.parse(settings.database_url)
    return (urls.sqlite_path(url).resolve().parent, *more) if url.drivername == "sqlite" else more


def chat_of(settings: Settings) -> Chat:
    """The settings that answers depend on."""
    return Chat(
        instruction=settings.chat_instruction,
        improve_free=settings.improve_prompt_free,
        young=settings.chat_young_minutes * 60.0,
    )


def configure_logs(settings: Settings, *, file: Path | None = None) -> logs.Redactor:
    """Logs of this process, to stderr or to a file, without the settings' secrets."""
    keys = [settings.provider(name).api_key for name in registry.FACTORIES]
    proxies = (settings.telegram_proxy, settings.providers_proxy)
    own = (settings.bot_token, settings.webhook_secret, settings.media_secret, settings.forget_secret)
    secrets = [*own, *keys, *proxies]
    passwords = [proxy.password for proxy in map(proxy_of, proxies) if proxy is not None]
    return logs.configure_logs(
        level=settings.log_level,
        style=settings.log_format,
        secrets=[*(s.get_secret_value() for s in secrets if s is not None), *passwords],
        stream=file.open("a", encoding="utf-8") if file is not None else None,
    )


def limits_of(settings: Settings, safety: Safety) -> OrderLimits:
    """The operator's bounds on orders."""
    return OrderLimits(
        active_jobs_per_user=settings.active_jobs_per_user,
        running_cancels_per_hour=settings.running_cancels_per_hour,
        queue_length=settings.queue_length,
        pace=safety.pace,
    )


def worker_limits_of(settings: Settings, shop: Shop, providers: Mapping[str, Provider], lease: float) -> WorkerLimits:
    """The bounds of a process that carries jobs."""
    return WorkerLimits(
        {name: terms.concurrency for name, terms in shop.catalog.terms.items() if name in providers},
        queue_wait=settings.queue_wait_minutes * 60.0,
        lease=lease,
        drain=settings.drain_seconds,
    )


def provider_admin_of(
    settings: Settings, db: Database, shop: Shop, providers: Mapping[str, Provider], alerts: Alerts
) -> ProviderAdmin:
    """What operators do about models and providers from the chat."""

    def shared() -> Mapping[str, OptionEntry]:
        return shared_options(settings.catalog_file)

    discovery = Discovery(db, shop, providers, shared=shared, taken=RESERVED)
    return ProviderAdmin(db, shop, providers, alerts, discovery=discovery, low_balance=settings.low_balance)


def adoption_of(
    settings: Settings,
    db: Database,
    shop: Shop,
    providers: Mapping[str, Provider],
    discovery: Discovery,
    alerts: Alerts,
) -> Adoption | None:
    """What puts listed models on sale by itself; None where the operator does not want it."""
    if not settings.adopt_models:
        return None
    rule = Rule(families_of(settings.catalog_file), from_decimal(settings.adopt_max_price))
    return Adoption(db, shop, providers, discovery, rule, alerts)


def signed_media_of(settings: Settings, db: Database) -> SignedMedia | None:
    """Pictures for services to fetch; None where no outside host can reach us."""
    if not settings.public_url:
        return None
    secret = settings.media_secret.get_secret_value().encode()

    async def find(key: str) -> tuple[str, bytes] | None:
        blob = await db.read(lambda conn: blobs.get(conn, key))
        return (blob.mime, blob.data) if blob is not None else None

    return SignedMedia(settings.public_url, secret or derived_secret(settings.bot_token.get_secret_value()), find)


def web_server_of(
    settings: Settings,
    db: Database,
    metrics: Callable[[], Awaitable[bytes]],
    intake: Intake,
    *,
    poller: Poller | None,
    media: SignedMedia | None,
    worker: Worker,
    folders: Collection[Path],
) -> WebServer:
    """Health and metrics always, webhook and pictures where they are set. `poller` None: updates come by webhook.
    `folders`: where this process writes."""

    async def accept(body: bytes) -> None:
        try:
            await intake.accept_body(body)
        except UnreadableUpdate as error:
            raise BadUpdate(str(error)) from error
        except (Overloaded, DatabaseLost) as error:
            raise Busy(str(error)) from error

    async def database_answers() -> bool:
        await db.read(now)
        return True

    async def updates_come() -> bool:
        return poller is None or poller.alive

    async def database_is_written() -> bool:
        return worker.writes

    webhook = None
    if settings.webhook_url:
        path = urlsplit(settings.webhook_url).path or "/"
        webhook = Webhook(path, settings.webhook_secret.get_secret_value(), accept)
    return WebServer(
        host=settings.http_host,
        port=settings.http_port,
        checks={
            "database": database_answers,
            "writes": database_is_written,
            "disk": partial(has_room, folders),
            "updates": updates_come,
        },
        metrics=metrics,
        webhook=webhook,
        media=media,
    )
