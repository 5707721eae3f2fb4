"""The only place that spawns tasks: none dies silently, and all of them end with the process."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from bot.storage.errors import DatabaseLost

log = structlog.get_logger(__name__)

RESTART_DELAYS = (0.1, 1.0, 5.0, 30.0)
"""Seconds before a service that raised runs again; the last one repeats."""
HEALTHY = 60.0
"""Seconds of running after which a failure counts as the first one again."""


class Supervisor:
    """Owns every background task of the process."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, coro: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
        """Runs a task to its end; an exception is logged, never lost."""
        task = asyncio.create_task(coro, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def serve(self, service: Callable[[], Awaitable[None]], *, name: str) -> asyncio.Task[Any]:
        """Runs a service for ever: when it raises it is logged and started again after a delay."""
        return self.spawn(self._restarting(service, name), name=name)

    async def stop(self, timeout: float = 5.0) -> None:
        """Cancels every task and waits for their end, at most `timeout` seconds."""
        tasks = [t for t in self._tasks if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            _, pending = await asyncio.wait(tasks, timeout=timeout)
            for task in pending:
                log.error("task.would_not_stop", task=task.get_name())

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task.failed", task=task.get_name(), exc_info=error)

    @staticmethod
    async def _restarting(service: Callable[[], Awaitable[None]], name: str) -> None:
        failures = 0
        while True:
            begun = time.monotonic()
            try:
                await service()
            except DatabaseLost as lost:  # it has waited long already, and does so again
                log.warning("service.waits", service=name, error=str(lost))
                await asyncio.sleep(RESTART_DELAYS[0])
                continue
            except Exception:
                if time.monotonic() - begun > HEALTHY:
                    failures = 0
                log.exception("service.failed", service=name, failures=failures + 1)
            else:
                return
            await asyncio.sleep(RESTART_DELAYS[min(failures, len(RESTART_DELAYS) - 1)])
            failures += 1
