"""Keeps Telegram's command lists right: what an admin puts on or off sale appears there without a restart."""

import asyncio
from typing import Final

from aiogram import Bot

from bot.engine.catalog import overrides
from bot.telegram.context.context import Context
from bot.telegram.ui.command_list import register_commands

PACE: Final = 5.0
"""Seconds between two rewrites: several changes in a row are one."""


class CommandMenus:
    """Both services belong together: `listen` hears of changes, `serve` acts on them."""

    def __init__(self, bot: Bot, ctx: Context) -> None:
        self._bot = bot
        self._ctx = ctx
        self._news = asyncio.Event()
        self._shown = self._sold()

    async def listen(self) -> None:
        """Runs until cancelled."""
        await self._ctx.db.listen(overrides.CHANGED, self._news.set)

    async def serve(self) -> None:
        """Runs for ever. Prices change the stock too: only another choice of models is told."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self._ctx.shop.refresh()
            sold = self._sold()
            if sold != self._shown:
                self._shown = sold
                await register_commands(self._bot, self._ctx)
            await asyncio.sleep(PACE)

    def _sold(self) -> list[tuple[str, str]]:
        return [(model.slug, model.title.of("en")) for model in self._ctx.shop.models]
