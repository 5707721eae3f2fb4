"""A group that became a supergroup: what stood in it is put before its people again, in the new chat."""

from collections.abc import Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from bot.domain.jobs import Target
from bot.engine.groups.migration import Moved
from bot.engine.orders.order_drafts import PURPOSE
from bot.engine.ports import ChatView, TargetGone, TryLater
from bot.telegram.context.context import Context
from bot.telegram.orders.view.presenter import OrderPresenter, market
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
        moved = await self._ctx.engine.migrations.move(old, new)
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
        job = await self._ctx.engine.migrations.waiting(job_id, chat_id)
        if job is None:
            return
        try:
            target = await self._view.open(job)
        except (TargetGone, TryLater) as error:
            log.info("group.job_not_shown", job=job_id, error=str(error)[:200])
            return
        if target.placed and not await self._ctx.engine.migrations.placed(job_id, target):
            await messages.delete(self._ctx, target)

    async def _draft(self, chat_id: int, draft_id: str) -> None:
        """An open order's menu, seen by one member or by all."""
        ctx = self._ctx
        found = await ctx.engine.migrations.menu(draft_id, PURPOSE, chat_id)
        if found is None:
            return
        draft, person = found
        owner = person or unregistered.chat_person(draft.user_id)
        room = await ctx.rooms.of(ctx.engine.groups, chat_id)
        t = ctx.texts.of(room.language or owner.language or owner.language_code)
        await OrderPresenter(ctx, owner, t).put(draft, Target(chat_id, None, 0), await market(ctx, chat_id))


class Moving(BaseMiddleware):
    """Comes first: Telegram's note of a migration has no author, and what still stands in the old chat leads
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
