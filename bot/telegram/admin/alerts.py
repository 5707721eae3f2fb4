"""Tells the operator what needs them, at most once an hour per matter: implements the engine's Alerts."""

import asyncio
from typing import Final

import structlog

from bot.domain.jobs import Target
from bot.engine.use_cases import UseCases
from bot.telegram.context.context import BotOptions
from bot.telegram.i18n.texts import Texts
from bot.telegram.outbox import sender
from bot.telegram.outbox.bot import EaselBot

log = structlog.get_logger(__name__)
EVERY: Final = 3600.0
"""Seconds between two alerts about one matter."""
PREFIX: Final = "alert:"


class AdminAlerts:
    """Writes to every admin in their language."""

    def __init__(self, engine: UseCases, bot: EaselBot, texts: Texts, options: BotOptions) -> None:
        self._engine = engine
        self._bot = bot
        self._texts = texts
        self._options = options

    async def alert(self, key: str, message: str, **values: str) -> bool:
        """When no admin could be told, the next occasion tries again."""
        try:
            if not await self._engine.cooldowns.acquire(PREFIX + key, every=EVERY):
                return True
            log.warning("operator.alert", key=key, text=message, **{f"value_{n}": v for n, v in values.items()})
            told = await asyncio.gather(
                *(self._tell(admin, message, values) for admin in sorted(self._options.admin_ids))
            )
            if told and not any(told):
                await self._engine.cooldowns.clear(PREFIX + key)
            return any(told)
        except Exception:
            log.exception("operator.alert_failed", key=key)
            return False

    async def _tell(self, admin: int, message: str, values: dict[str, str]) -> bool:
        try:
            person = await self._engine.people.find(admin)
            language = (person.language or person.language_code) if person is not None else None
            speech = self._texts.of(language)
            await sender.send(self._bot.outbox, Target(admin, None, 0), speech(message, **values))
        except Exception as error:
            log.warning("operator.not_told", admin=admin, error=str(error)[:200])
            return False
        return True
