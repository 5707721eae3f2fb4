"""Answers as they come, shown as message drafts in private chats: the newest text wins, at Telegram's pace."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import SendMessageDraft

from bot.domain.jobs import Target
from bot.telegram.outbox.outbox import Outbox
from bot.telegram.outbox.progress_edits import TIMEOUT, Spawn, Told

log = structlog.get_logger(__name__)

PACE: Final = 1.2
"""Seconds between two drafts of one answer."""
REFRESH: Final = 20.0
"""Seconds after which the same draft is sent again: Telegram shows one for 30."""
SILENCE: Final = 60.0
"""Seconds without a word from the worker after which this answer counts as written elsewhere or not at all."""

Paint = Callable[[], str]


@dataclass(slots=True)
class _Stream:
    target: Target
    draft_id: int
    paint: Paint | None = None
    told: Told | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[Any] | None = None


class DraftStream:
    """At most one draft under way for each answer. As many streams as answers are upstream: the provider's concurrency
    bounds them."""

    def __init__(self, outbox: Outbox, spawn: Spawn, *, pace: float = PACE) -> None:
        self._outbox = outbox
        self._spawn = spawn
        self._pace = pace
        self._streams: dict[str, _Stream] = {}

    def open(self, job_id: str, target: Target, draft_id: int) -> None:
        """From now on what is offered for this job is shown."""
        if job_id not in self._streams:
            stream = self._streams[job_id] = _Stream(target, draft_id)
            stream.task = self._spawn(self._run(job_id, stream), name="draft")

    def offer(self, job_id: str, paint: Paint, told: Told | None = None) -> bool:
        """Shows this soon; `told` hears what became of it, if it is shown. False: the job has no stream here."""
        stream = self._streams.get(job_id)
        if stream is None:
            return False
        stream.paint, stream.told = paint, told
        stream.news.set()
        return True

    def drop(self, job_id: str) -> asyncio.Task[Any] | None:
        """Ends the stream: no draft begins any more. The task that may have one under way."""
        stream = self._streams.pop(job_id, None)
        if stream is None:
            return None
        stream.over.set()
        stream.news.set()
        return stream.task

    async def close(self, job_id: str) -> None:
        """Ends the stream; returns when no draft is under way any more, so that the answer itself comes after it."""
        task = self.drop(job_id)
        if task is None:
            return
        _, late = await asyncio.wait({task}, timeout=TIMEOUT + 1)
        for task in late:
            task.cancel()

    async def _run(self, job_id: str, stream: _Stream) -> None:
        clock = asyncio.get_running_loop().time
        shown, sent_at, heard_at = "", clock(), clock()
        while not stream.over.is_set() and clock() - heard_at < SILENCE:
            try:
                async with asyncio.timeout(REFRESH):
                    await stream.news.wait()
                heard_at = clock()
            except TimeoutError:
                pass  # nothing new: what is shown is shown on
            stream.news.clear()
            text, told = stream.paint() if stream.paint is not None else "", stream.told
            if stream.over.is_set() or (text == shown and clock() - sent_at < REFRESH):
                continue
            shown, sent_at = text, clock()
            await self._send(stream, text, told)
            await self._pause(stream)
        if self._streams.get(job_id) is stream:  # else another began meanwhile
            del self._streams[job_id]

    async def _pause(self, stream: _Stream) -> None:
        """The pace, cut short by the end."""
        try:
            async with asyncio.timeout(self._pace):
                await stream.over.wait()
        except TimeoutError:
            pass

    async def _send(self, stream: _Stream, text: str, told: Told | None) -> None:
        try:
            reached = await self._outbox.hint(message_draft(stream.target, stream.draft_id, text))
            if told is not None:
                told(reached)
        except TelegramAPIError as error:
            log.info("chat.draft_not_sent", chat=stream.target.chat_id, error=str(error)[:200])


def message_draft(at: Target, number: int, text: str | None = None) -> SendMessageDraft:
    """The call that shows a streamed answer; without text that it is under way."""
    return SendMessageDraft(
        chat_id=at.chat_id,
        message_thread_id=at.thread_id,
        draft_id=number,
        text=text,
        can_stop=True,
        keep_on_stop=True,
    )
