"""Several results of one job: albums under its message, which then says what they are and has the buttons.

What was sent is noted group by group, so that after a crash only the group in flight may come twice.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

import structlog
from aiogram.types import InlineKeyboardMarkup

from bot.domain.jobs import NOWHERE, Delivered, Job, Target
from bot.domain.results import Fetched
from bot.engine.ports import Keep, NotAllowed, NotShown
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.message.delivery import WAITS, ResultSender, linked
from bot.telegram.jobs.message.media_forms import Form, forms, kept
from bot.telegram.outbox import sender
from bot.telegram.outbox.outbox import Outbox

log = structlog.get_logger(__name__)

Waiting = tuple[int, list[Form]]
"""A result by its index, and the ways to show it."""
Note = Callable[[Sequence[tuple[int, Delivered]]], Awaitable[None]]
"""Hears which results stand in the chat now, by their index."""
ALBUM_MAX: Final = 10
TOGETHER: Final = {"photo": "seen", "video": "seen", "document": "document", "audio": "audio"}
"""What may share an album (Bot API, sendMediaGroup)."""


class Albums:
    def __init__(self, outbox: Outbox, result_sender: ResultSender, upload_limit: int) -> None:
        self._outbox = outbox
        self._result_sender = result_sender
        self._limit = upload_limit

    async def deliver(
        self,
        job: Job,
        results: tuple[Fetched, ...],
        speech: Speech,
        markup: InlineKeyboardMarkup,
        keep: Keep | None,
    ) -> tuple[Target, tuple[Delivered, ...]]:
        """Sends what does not stand there yet, then writes the job's message. Raises what Telegram answers."""
        count = max(len(results), len(job.delivered), len(job.assets))
        found = [*job.delivered, *[WAITS] * (count - len(job.delivered))]
        waiting = [(i, await forms(job, i, results, self._limit)) for i, d in enumerate(found) if not _stands(d)]

        async def note(sent: Sequence[tuple[int, Delivered]]) -> None:
            for index, delivered in sent:
                found[index] = delivered
            if keep is not None:
                await keep(found)

        denied = [await self._group(job, group, speech, note) for group in groups(waiting)]
        if all(each.media == NOWHERE for each in found):
            raise (NotAllowed if any(denied) else NotShown)(
                "Telegram takes none of the results, and they have no links"
            )
        target = await self._tell(job, found, speech, markup)
        return target, tuple(replace(each, aside=False) for each in found)

    async def tell(self, job: Job, speech: Speech, markup: InlineKeyboardMarkup) -> bool:
        """Writes the job's message once more, for what was delivered of it. False: it takes no words."""
        words = self._result_sender.words(job, job.delivered, speech)
        return await sender.edit(self._outbox, job.target, words, markup, media=True)

    async def _group(self, job: Job, group: list[Waiting], speech: Speech, note: Note) -> bool:
        """One album; one by one where Telegram does not take it as such. What stands is noted before the next is sent:
        the person may send the bot away in between. Whether the chat's rights kept the album out."""
        denied = False
        if len(group) > 1:
            best = [ways[0] for _, ways in group]
            try:
                sent = await self._result_sender.album(job, replace(job.target, message_id=0), best, speech)
            except NotShown as error:
                denied = isinstance(error, NotAllowed)
            else:
                pairs = zip(group, best, sent, strict=True)
                await note([(index, kept(message, form, own=True)) for (index, _), form, message in pairs])
                return False
        for index, ways in group:
            try:
                delivered = await self._result_sender.beside(job, ways, speech)
            except NotShown as error:
                denied = denied or isinstance(error, NotAllowed)
                delivered = linked([])
            await note([(index, delivered)])
        return denied

    async def _tell(self, job: Job, found: Sequence[Delivered], speech: Speech, markup: InlineKeyboardMarkup) -> Target:
        text = self._result_sender.words(job, found, speech)
        return await sender.edit_or_send(self._outbox, job.target, text, markup)


def _stands(delivered: Delivered) -> bool:
    return bool(delivered.message_id) or delivered.media in ("link", NOWHERE)


def groups(waiting: Sequence[Waiting]) -> list[list[Waiting]]:
    """What may go out together, in the results' order."""
    ordered = sorted(waiting, key=lambda each: _company(each[1]))  # stable: in order within each kind of album
    found: list[list[Waiting]] = []
    for company, members in groupby(ordered, key=lambda each: _company(each[1])):
        rest = list(members)
        size = ALBUM_MAX if company in TOGETHER.values() else 1
        found += [rest[i : i + size] for i in range(0, len(rest), size)]
    return found


def _company(ways: Sequence[Form]) -> str:
    return TOGETHER.get(ways[0].media, "alone") if ways else "alone"
