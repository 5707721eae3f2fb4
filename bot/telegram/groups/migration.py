"""A group that became a supergroup: what stood in it is put before its people again, in the new chat."""

from collections.abc import Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update
from sqlalchemy import Connection

from bot.domain.jobs import Job, Target
from bot.engine.accounts import groups, users
from bot.engine.dialogs import drafts
from bot.engine.jobs import group_migration, store
from bot.engine.jobs.group_migration import Moved
from bot.engine.jobs.run import message_moves
from bot.engine.ports import ChatView, TargetGone, TryLater
from bot.telegram.context.context import Context
from bot.telegram.orders.view.presenter import PURPOSE, OrderPresenter, market
from bot.telegram.ui import messages
from bot.telegram.updates import unregistered
from bot.telegram.updates.middlewares import Handler

log = structlog.get_logger(__name__)

Spawn = Callable[..., Any]


class Migrations:
    """Told of every migration, by updates and by Telegram's refusals of calls: each may come several times."""

    def __init__(self, ctx: Context, view: ChatView, spawn: Spawn) -> None:
        self._ctx = ctx
        self._view = view
        self._spawn = spawn

    async def heard(self, old: int, new: int) -> None:
        """The outbox's way in: everything is moved when this returns, and sent anew soon."""
        moved = await self._moved(old, new)
        if moved != Moved():
            self._spawn(self._put(new, moved), name=f"migration:{old}")

    async def told(self, old: int, new: int) -> None:
        """The way in of updates: everything is sent anew when this returns."""
        await self._put(new, await self._moved(old, new))

    async def _moved(self, old: int, new: int) -> Moved:
        def move(conn: Connection) -> Moved:
            moved = group_migration.migrate(conn, old, new)
            self._ctx.db.notify(conn, groups.CHANGED)
            return moved

        moved = await self._ctx.db.transaction(move)
        self._ctx.rooms.forget()
        log.info("group.migrated", chat=old, to=new, jobs=len(moved.jobs), drafts=len(moved.drafts))
        return moved

    async def _put(self, chat_id: int, moved: Moved) -> None:
        for job_id in moved.jobs:
            await self._job(chat_id, job_id)
        for draft_id in moved.drafts:
            await self._draft(chat_id, draft_id)

    async def _job(self, chat_id: int, job_id: str) -> None:
        """A new message for a job under way; without one its result is a new message all the same."""
        job = await self._ctx.db.read(lambda conn: store.get(conn, job_id))
        if job is None or not group_migration.waits(job, chat_id):
            return
        try:
            target = await self._view.open(job)
        except (TargetGone, TryLater) as error:
            log.info("group.job_not_shown", job=job_id, error=str(error)[:200])
            return
        if target.placed and not await self._ctx.db.transaction(lambda conn: self._placed(conn, job, target)):
            await messages.delete(self._ctx, target)

    def _placed(self, conn: Connection, job: Job, target: Target) -> bool:
        placed = group_migration.place(conn, job.id, target)
        if placed:
            self._ctx.db.notify(conn, message_moves.MOVED)
        return placed

    async def _draft(self, chat_id: int, draft_id: str) -> None:
        """An open order's menu, for whoever it was."""

        def look(conn: Connection) -> tuple[drafts.Draft | None, users.User | None]:
            draft = drafts.get(conn, draft_id)
            return draft, users.find(conn, draft.user_id) if draft is not None else None

        ctx = self._ctx
        draft, person = await ctx.db.read(look)
        if draft is None or draft.purpose != PURPOSE or draft.sent or draft.chat_id != chat_id:
            return
        owner = person or unregistered.chat_person(draft.user_id)
        room = await ctx.rooms.of(ctx.engine.groups, chat_id)
        t = ctx.texts.of(room.language or owner.language or owner.language_code)
        await OrderPresenter(ctx, owner, t).put(draft, Target(chat_id, None, 0), await market(ctx, chat_id))


class Moving(BaseMiddleware):
    """Comes first: Telegram's note of a migration is nobody's message, and what still stands in the old chat leads
    nowhere: under its numbers other messages stand in the new one."""

    def __init__(self, ctx: Context, migrations: Migrations) -> None:
        self._ctx = ctx
        self._migrations = migrations

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        message = event.message if isinstance(event, Update) else None
        if message is not None and message.migrate_to_chat_id is not None:
            return await self._migrations.told(message.chat.id, message.migrate_to_chat_id)
        if message is not None and message.migrate_from_chat_id is not None:
            return await self._migrations.told(message.migrate_from_chat_id, message.chat.id)
        query = event.callback_query if isinstance(event, Update) else None
        if query is not None and query.message is not None and query.message.chat.type == "group":
            room = await self._ctx.rooms.of(self._ctx.engine.groups, query.message.chat.id)
            if room.moved_to is not None:
                t = self._ctx.texts.of(room.language or query.from_user.language_code)
                await messages.answer_callback(query, t.plain("group-toast-moved"), alert=True)
                return None
        return await handler(event, data)
