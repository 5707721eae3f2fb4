"""The only wiring: settings → storage → ledger → providers → engine → chat. Everything else takes what it needs."""

import asyncio
import gc
import signal
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

import structlog

from bot import logs
from bot.allocator import give_back_now_and_then
from bot.engine.accounts import bans, groups, users
from bot.engine.catalog.shop import Shop
from bot.engine.dialogs.process_inbox import Inbox
from bot.engine.jobs import queries
from bot.engine.jobs.costly_ends import CostlyWatch
from bot.engine.jobs.questions import Asks
from bot.engine.jobs.result_links import ResultLinks
from bot.engine.jobs.run.run_context import RunContext
from bot.engine.jobs.run.worker import GOODBYE, LEASE, Worker
from bot.engine.jobs.submit import Orders
from bot.engine.media.job_inputs import Pictures
from bot.engine.operations.health import Health
from bot.engine.operations.ledger_audit import Audit
from bot.engine.operations.price_watch import PriceWatch
from bot.engine.results.originals import Originals
from bot.engine.supervisor import Supervisor
from bot.engine.use_cases import UseCases
from bot.http.media import SignedMedia
from bot.http.metrics import Metrics
from bot.http.server import WebServer
from bot.providers import registry
from bot.providers.base import Provider
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.storage.outage import PATIENCE
from bot.telegram.account.profile import introduce
from bot.telegram.admin.alerts import AdminAlerts
from bot.telegram.api.aiogram_types import (
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from bot.telegram.api.session import Session
from bot.telegram.chat.answer_view import ChatAnswers
from bot.telegram.chat.draft_stream import PACE, DraftStream
from bot.telegram.chat.restarting import Restarting
from bot.telegram.context.context import Context
from bot.telegram.context.safety import Safety
from bot.telegram.context.staging import Staging
from bot.telegram.context.voice import Voice
from bot.telegram.credits.notices import Notices
from bot.telegram.dispatcher import build_dispatcher
from bot.telegram.groups.migration import Migrations, Moving
from bot.telegram.history.moved_notice import Whereabouts
from bot.telegram.i18n.texts import Texts
from bot.telegram.inline.inline_view import InlineMessages
from bot.telegram.jobs.message.media_view import JobMessages
from bot.telegram.jobs.message.notify_after import due_of
from bot.telegram.jobs.message.view_router import Views
from bot.telegram.orders.input_pictures import InputPictures
from bot.telegram.orders.returning import Returning
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.outbox.flood_limits import Rates
from bot.telegram.ui.captions import JobTexts
from bot.telegram.ui.command_menus import CommandMenus
from bot.telegram.ui.expiring import Vanishing
from bot.telegram.updates.intake import Intake, Poller, set_webhook
from bot.telegram.updates.worker import InboxPump
from bot.wiring.catalog import provider_configs, proxy_of, shop_of, templates_of
from bot.wiring.parts import (
    MEGABYTE,
    adoption_of,
    chat_of,
    folders_of,
    limits_of,
    options_of,
    provider_admin_of,
    signed_media_of,
    web_server_of,
    work_dir_of,
    worker_limits_of,
)
from bot.wiring.safety import safety_of
from bot.wiring.start_checks import check_token, hook_refused, moved_in, take_port

log = structlog.get_logger(__name__)
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Wrap:
    """Where tests and benchmarks reach in: each wraps a part before the others get it."""

    database: Callable[[Database], Database] = lambda database: database
    provider: Callable[[Provider], Provider] = lambda provider: provider
    bot: Callable[[EaselBot], EaselBot] = lambda bot: bot


@dataclass(frozen=True, slots=True)
class Updates:
    """The ways in for Telegram's updates. `poller` None: they come by webhook."""

    server: WebServer
    poller: Poller | None
    allowed: list[str]


def spare_collections() -> None:
    """For a process that is a bot and nothing else, once it has started: what the imports built lives for ever, and
    full collections over it would pause every user's updates for 200 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class Easel:
    """The bot as one process: `async with Easel(settings)` runs it until the block is left.

    The database must be migrated. Leaving drains: streams get their drain time while updates are still answered and
    new orders wait; then no more updates, and the rest is what the next process finds.
    """

    def __init__(
        self, settings: Settings, *, wrap: Wrap | None = None, rates: Rates | None = None, lease: float = LEASE
    ) -> None:
        self.settings = settings
        self._wrap = wrap or Wrap()
        self._rates = rates
        self._draft_pace = PACE / rates.scale if rates is not None else PACE
        self._lease = lease
        self._stack = AsyncExitStack()
        self._stopped = asyncio.Event()
        self._started = False
        self.supervisor = Supervisor()
        self.db: Database
        self.shop: Shop
        self.orders: Orders
        self.bot: EaselBot
        self.worker: Worker
        self.http_url = ""
        self.intake: Intake
        self.pump: InboxPump
        self.metrics: Metrics
        self.media: SignedMedia | None = None
        self.originals: Originals
        self.staging: Staging
        self.work_dir: Path

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            if self._started:
                self.worker.hurry()  # a start that failed does not wait for what it had begun
            await self.supervisor.stop()  # before what its tasks use is closed: they would complain beside the reason
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        PATIENCE.set(GOODBYE)  # a stop does not wait for a lost database: the next process finds what is left
        try:
            await self.worker.drain()  # while updates are still answered: what is ordered meanwhile is queued
        finally:
            await self._stack.aclose()

    async def until_stopped(self) -> None:
        """Returns at SIGTERM or SIGINT. A second one cuts the drain short; a third ends the process as it stands."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._signalled)
        await self._stopped.wait()

    def _signalled(self) -> None:
        if not self._stopped.is_set():
            log.info("easel.stopping", jobs=self.worker.live, drain_seconds=self.settings.drain_seconds)
            self._stopped.set()
            return
        log.warning("easel.stopping_at_once", jobs=self.worker.live)
        self.worker.hurry()
        for number in SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(number)

    async def _start(self) -> None:
        settings = self.settings
        defer = self._stack.push_async_callback
        self.db = self._wrap.database(await open_database(settings.database_url))
        defer(self.db.close)
        providers = await self._providers()
        self.shop = shop_of(settings, self.db, list(providers))
        await self.shop.refresh()
        texts = Texts(default=settings.default_language, more=settings.locales_dir)
        safety = safety_of(settings, self.db, texts.languages)
        self.orders = Orders(self.db, self.shop, limits_of(settings, safety), words=safety.words)
        self.asks = Asks(self.db, self.shop, self.orders, chat_of(settings))
        ctx = self._chat(providers, texts, safety)
        self.metrics = self._metrics(ctx)
        self.media = signed_media_of(settings, self.db)
        run = await self._run_context(providers, ctx)
        bounds = worker_limits_of(settings, self.shop, providers, self._lease)
        self.worker = Worker(run, bounds, self.supervisor)
        if self.db.dialect != "sqlite":  # there this is the only process: no other takes over what it has
            self.bot.outbox.fence = self.bot.http.fence = self.worker.lease
        defer(self.supervisor.stop)  # before what its tasks use is closed
        updates = self._intake_of(ctx, run)
        defer(updates.server.stop)  # also where the start goes no further
        await check_token(self.bot, settings)
        await take_port(updates.server, settings)
        defer(self.worker.stop)
        self._started = True
        await self.worker.start()
        self.supervisor.serve(Health(run, every=settings.ping_every_seconds).serve, name="health")
        self._market(ctx, providers)
        await self._take_updates(ctx, updates)
        if not settings.admin_ids and not settings.topup_contact:
            log.warning("settings.no_way_to_credits", fix="set ADMIN_IDS or TOPUP_CONTACT")
        log.info("easel.started", models=[m.slug for m in self.shop.models], database=self.db.dialect)

    def _market(self, ctx: Context, providers: dict[str, Provider]) -> None:
        """Asks for prices, listings and balances, and tells Telegram's menus when other models are on sale."""
        serve = self.supervisor.serve
        watch = PriceWatch(
            self.db, self.shop, providers, age=self.settings.live_price_minutes * 60.0, alerts=ctx.alerts
        )
        serve(watch.serve, name="prices")
        serve(ctx.provider_admin.serve, name="balances")
        discovery = ctx.provider_admin.discovery
        adoption = adoption_of(self.settings, self.db, self.shop, providers, discovery, ctx.alerts)
        if adoption is not None:
            serve(adoption.serve, name="adoption")
        menus = CommandMenus(self.bot, ctx, introduce)
        serve(menus.listen, name="market-news")
        serve(menus.serve, name="menus")

    async def _providers(self) -> dict[str, Provider]:
        built = registry.build(provider_configs(self.settings))
        self._stack.push_async_callback(registry.close, built)
        return {name: self._wrap.provider(provider) for name, provider in built.items()}

    async def _run_context(self, providers: dict[str, Provider], ctx: Context) -> RunContext:
        settings = self.settings
        self.work_dir = work_dir_of(settings)
        downloader = await asyncio.to_thread(
            moved_in,
            self.work_dir,
            max_bytes=settings.result_max_mb * MEGABYTE,
            limit=settings.work_dir_limit_mb * MEGABYTE,
            allow_private_hosts=settings.allow_private_result_hosts,
            proxy=proxy_of(settings.providers_proxy),
        )
        self._stack.push_async_callback(downloader.aclose)
        media = self.media
        links = ResultLinks(self.db, providers, media.link if media is not None else None, downloader.passing)
        if media is not None:
            media.results = links.open
        self.originals = Originals(self.db, downloader, providers, links.address, downloader.home)
        answers = ChatAnswers(self.bot, ctx, DraftStream(ctx.outbox, self.supervisor.spawn, pace=self._draft_pace))
        due = due_of(ctx.engine.jobs, ctx.options.ready_after_seconds)
        view = Views(
            JobMessages(self.bot, ctx.texts, self.shop, ctx.options, due, ctx.engine.settings.of),
            answers,
            InlineMessages(self.bot, ctx.texts, self.shop, ctx.options, ctx.staging),
        )
        return RunContext(
            db=self.db,
            shop=self.shop,
            providers=providers,
            view=view,
            alerts=ctx.alerts,
            fetcher=downloader,
            now=time.time,
            probe_after=settings.probe_after_seconds,
            ended=self.metrics.outcome,
            chat=self.asks.chat,
            left=Whereabouts(self.bot.outbox, ctx.texts, JobTexts(self.shop.catalog)).tell,
            restarting=Restarting(self.bot.outbox, ctx.texts).tell,
            pictures=Pictures(self.db, media.link if media is not None else None).of,
            address=links.address,
        )

    def _chat(self, providers: dict[str, Provider], texts: Texts, safety: Safety) -> Context:
        settings = self.settings
        redactor = logs.Redactor([settings.bot_token.get_secret_value()])
        session = Session(api_url=settings.telegram_api_url, redactor=redactor, proxy=proxy_of(settings.telegram_proxy))
        bot = EaselBot(
            settings.bot_token.get_secret_value(), session=session, spawn=self.supervisor.spawn, rates=self._rates
        )
        self.bot = self._wrap.bot(bot)
        self._stack.push_async_callback(session.close)
        options = options_of(settings)
        self.staging = Staging(self.bot, settings.staging_chat_id)
        engine = UseCases.over(self.db)
        alerts = AdminAlerts(engine, self.bot, texts, options)
        return Context(
            engine=engine,
            orders=self.orders,
            asks=self.asks,
            shop=self.shop,
            texts=texts,
            outbox=self.bot.outbox,
            options=options,
            alerts=alerts,
            safety=safety,
            provider_admin=provider_admin_of(settings, self.db, self.shop, providers, alerts),
            staging=self.staging,
            voice=Voice(settings.voice_model),
            templates={each.slug: each for each in templates_of(settings)},
        )

    def _intake_of(self, ctx: Context, run: RunContext) -> Updates:
        """Handlers, inbox, and the ways in for Telegram's updates; nothing runs yet."""
        settings = self.settings
        migrations = Migrations(ctx, run.view, self.supervisor.spawn)
        self.bot.outbox.migrated = migrations.heard
        dispatcher = build_dispatcher(ctx, Moving(ctx, migrations))
        dispatcher["originals"] = self.originals
        dispatcher["pictures"] = InputPictures(self.bot, self.originals, ctx.engine.jobs, ctx.engine.cooldowns)
        allowed = dispatcher.resolve_used_update_types()
        spawn = self.supervisor.spawn
        inbox, alerts = Inbox(self.db, self.bot.id, owner=self.worker.id), ctx.alerts
        self.pump = pump = InboxPump(inbox, dispatcher, self.bot, spawn=spawn, alerts=alerts)
        self.intake = intake = Intake(self.bot, pump, spawn, admins=ctx.options.admin_ids, safety=ctx.safety)
        ctx.voice.says = intake.said
        poller = None if settings.webhook_url else Poller(self.bot, intake, allowed)
        server = web_server_of(
            settings,
            self.db,
            self.metrics.page,
            intake,
            poller=poller,
            media=self.media,
            worker=self.worker,
            folders=folders_of(settings, self.work_dir),
        )
        return Updates(server, poller, allowed)

    async def _take_updates(self, ctx: Context, updates: Updates) -> None:
        """Updates by webhook or long polling, and what runs beside them; the web server runs either way."""
        settings, pump = self.settings, self.pump
        spawn, serve = self.supervisor.spawn, self.supervisor.serve
        self._stack.push_async_callback(pump.stop)
        serve(pump.run, name="inbox")
        serve(Notices(ctx).serve, name="notices")
        serve(Returning(ctx).serve, name="waiting-orders")
        serve(Vanishing(ctx).serve, name="vanishing")
        serve(lambda: self.db.listen(users.CHANGED, ctx.known.forget), name="people")
        serve(lambda: self.db.listen(groups.CHANGED, ctx.rooms.forget), name="groups")
        serve(ctx.staging.serve, name="staging")
        if ctx.safety.bans is not None:
            serve(partial(self.db.listen, bans.CHANGED, ctx.safety.bans.forget), name="bans")
        serve(ctx.safety.words.watch, name="words")
        self._stack.push_async_callback(updates.server.stop)  # before the pump: no update comes in after it
        self.http_url = f"http://{settings.http_host}:{await updates.server.start()}"
        if updates.poller is not None:
            polling = serve(updates.poller.run, name="polling")
            self._stack.callback(polling.cancel)
        else:
            url, secret = settings.webhook_url, settings.webhook_secret.get_secret_value()
            hook = partial(set_webhook, self.bot, url=url, secret=secret, allowed=updates.allowed)
            try:
                await hook()
            except TelegramBadRequest as error:
                raise hook_refused(error, settings) from None
            except (TelegramNetworkError, TelegramServerError, TelegramRetryAfter) as error:
                log.warning("webhook.not_set", why=str(error)[:200])
                serve(hook, name="webhook")  # again, until Telegram is there
        spawn(introduce(self.bot, ctx), name="commands")

    def _metrics(self, ctx: Context) -> Metrics:
        stats = self.bot.outbox.stats
        metrics = Metrics(
            jobs=lambda: self.db.read(queries.live_by_state),
            counters={
                "updates_received": lambda: self.intake.received,
                "updates_handled": lambda: self.pump.handled,
                "updates_left_out": lambda: self.intake.left_out,
                "telegram_calls": lambda: stats.calls,
                "telegram_failures": lambda: stats.failures,
                "telegram_floods": lambda: stats.floods,
            },
        )
        self.supervisor.serve(Audit(self.db, ctx.alerts, metrics.ledger_checked).serve, name="audit")
        self.supervisor.serve(give_back_now_and_then, name="memory")
        self.supervisor.serve(CostlyWatch(self.db, ctx.alerts).serve, name="costly")
        return metrics
