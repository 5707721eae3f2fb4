"""The whole way of an update on a real database: polling, inbox, pump, middlewares, with handlers that a test sets."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from aiogram import Dispatcher
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from sqlalchemy import Connection, select

from bot.engine.accounts import users
from bot.engine.dialogs.process_inbox import Inbox
from bot.engine.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.tables import inbox as inbox_table
from bot.telegram.admin.alerts import AdminAlerts
from bot.telegram.context.context import Context
from bot.telegram.context.safety import Safety
from bot.telegram.updates.intake import Intake, Poller
from bot.telegram.updates.middlewares import install
from bot.telegram.updates.worker import InboxPump
from tests.telegram.kit import TEXTS, Stall, World, options, telegram

Hook = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class Line:
    """The whole way of an update, with handlers that a test sets."""

    world: World
    db: Database
    ctx: Context
    dispatcher: Dispatcher
    pump: InboxPump
    intake: Intake
    poller: Poller

    def start(self) -> None:
        serve = self.world.supervisor.serve
        serve(self.pump.run, name="pump")
        serve(self.poller.run, name="polling")
        serve(lambda: self.db.listen(users.CHANGED, self.ctx.known.forget), name="people")

    async def rows(self) -> list[tuple[bool, bool]]:
        """(handled, failed) of each update in the inbox, oldest first."""

        def read(conn: Connection) -> list[tuple[bool, bool]]:
            found = conn.execute(select(inbox_table).order_by(inbox_table.c.update_id)).mappings()
            return [(row["handled_at"] is not None, bool(row["failed"])) for row in found]

        return await self.db.read(read)

    async def claimed(self, count: int) -> None:
        """Waits until so many updates were taken up by a pump."""
        taken = select(inbox_table).where(inbox_table.c.owner.is_not(None) | inbox_table.c.handled_at.is_not(None))
        async with asyncio.timeout(10):
            while len(await self.db.read(lambda conn: conn.execute(taken).all())) < count:
                await asyncio.sleep(0.01)

    async def settled(self, count: int) -> list[tuple[bool, bool]]:
        """Waits until so many updates are through."""
        async with asyncio.timeout(10):
            while sum(handled for handled, _ in await self.rows()) < count:
                await asyncio.sleep(0.01)
        return await self.rows()


def line_of(world: World, db: Database, *, owner: str = "me", safety: Safety | None = None, **settings: Any) -> Line:
    chosen, engine = options(**settings), UseCases.over(db)
    ctx = Context(
        engine=engine,
        orders=cast("Any", None),
        asks=cast("Any", None),
        shop=cast("Any", Stall()),
        texts=TEXTS,
        outbox=world.bot.outbox,
        options=chosen,
        alerts=AdminAlerts(engine, world.bot, TEXTS, chosen),
        provider_admin=cast("Any", None),
        safety=safety or Safety(),
    )
    dispatcher = Dispatcher(disable_fsm=True)
    install(dispatcher, ctx)
    spawn, alerts = world.supervisor.spawn, ctx.alerts
    pump = InboxPump(
        Inbox(db, world.bot.id, owner=owner), dispatcher, world.bot, spawn=spawn, pause=0.02, alerts=alerts
    )
    intake = Intake(world.bot, pump, spawn, admins=chosen.admin_ids, safety=ctx.safety)
    poller = Poller(world.bot, intake, ["message", "callback_query", "inline_query"])
    return Line(world, db, ctx, dispatcher, pump, intake, poller)


@asynccontextmanager
async def running(db: Database, *, message: Hook | None = None, press: Hook | None = None, **settings: Any) -> Any:
    async with telegram() as world:
        line = line_of(world, db, **settings)
        if message is not None:
            line.dispatcher.message.register(message)
        if press is not None:
            line.dispatcher.callback_query.register(press)
        line.start()
        try:
            yield line
        finally:
            await line.pump.stop(1.0)


KEYS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Press", callback_data="x:y")]])
