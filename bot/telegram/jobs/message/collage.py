"""Several photos of one job as a collage in its own message: a rich message, only where the operator wants them.

Older apps show a placeholder in its place, and nothing tells the bot: that is why albums are the rule.
"""

import html
import re
from collections.abc import Sequence

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.methods import EditMessageText, SendRichMessage
from aiogram.types import (
    FSInputFile,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    InputRichBlockCollage,
    InputRichBlockParagraph,
    InputRichBlockPhoto,
    InputRichMessage,
    Message,
    RichBlockCollage,
    RichBlockPhoto,
)

from bot.domain.jobs import Delivered, Job, Target
from bot.domain.results import Fetched
from bot.telegram.api.errors import Refusal, refusal
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.message.media_forms import Form, forms
from bot.telegram.outbox.bot import EaselBot
from bot.telegram.ui.captions import Words

log = structlog.get_logger(__name__)


class Collages:
    def __init__(self, bot: EaselBot, words: Words, upload_limit: int) -> None:
        self._bot = bot
        self._words = words
        self._limit = upload_limit

    async def deliver(
        self, job: Job, results: tuple[Fetched, ...], speech: Speech, markup: InlineKeyboardMarkup
    ) -> tuple[Target, tuple[Delivered, ...]] | None:
        """Edits the job's message into the collage, which may be repeated. None: not all are photos, or Telegram does
        not take it as a collage. Raises what else Telegram answers."""
        count = max(len(results), len(job.delivered))
        best = [(await forms(job, i, results, self._limit))[:1] for i in range(count)]
        photos = [form for ways in best for form in ways if form.media == "photo"]
        if len(photos) < count or any(d.message_id for d in job.delivered):
            return None
        rich = self._rich(job, photos, speech)
        seconds = sum(form.seconds or 0 for form in photos) or None
        try:
            target, answer = await self._show(job, rich, markup, seconds)
        except (TelegramEntityTooLarge, TelegramBadRequest) as error:
            if isinstance(error, TelegramBadRequest) and refusal(error) not in (Refusal.OTHER, Refusal.THREAD_GONE):
                raise
            log.warning("collage.refused", job=job.id, error=error.message[:200])
            return None
        ids = _file_ids(answer) if isinstance(answer, Message) else [form.file_id for form in photos]
        return target, tuple(Delivered(file_id, "photo") for file_id in [*ids, *[""] * count][:count])

    async def _show(
        self, job: Job, rich: InputRichMessage, markup: InlineKeyboardMarkup, seconds: int | None
    ) -> tuple[Target, Message | bool]:
        place = job.target
        if place.message_id:
            edit = EditMessageText(
                chat_id=place.chat_id, message_id=place.message_id, rich_message=rich, reply_markup=markup
            )
            try:
                return place, await self._bot(edit, seconds)
            except TelegramBadRequest as error:
                if refusal(error) is not Refusal.MESSAGE_GONE:
                    raise
        send = SendRichMessage(
            chat_id=place.chat_id, message_thread_id=place.thread_id, rich_message=rich, reply_markup=markup
        )
        sent = await self._bot(send, seconds)
        return Target(sent.chat.id, place.thread_id, sent.message_id), sent

    def _rich(self, job: Job, photos: Sequence[Form], speech: Speech) -> InputRichMessage:
        said = html.unescape(re.sub(r"<[^>]*>", "", self._words.album(speech, job, {})))
        blocks = [
            InputRichBlockPhoto(
                photo=InputMediaPhoto(media=FSInputFile(f.path, filename=f.name) if f.path is not None else f.file_id)
            )
            for f in photos
        ]
        paragraphs = [InputRichBlockParagraph(text=part) for part in said.split("\n\n") if part]
        return InputRichMessage(blocks=[InputRichBlockCollage(blocks=list(blocks)), *paragraphs])


def _file_ids(answer: Message) -> list[str]:
    """The largest size of each photo of the collage, in its order."""
    found: list[str] = []
    for block in answer.rich_message.blocks if answer.rich_message is not None else ():
        inner = block.blocks if isinstance(block, RichBlockCollage) else [block]
        found += [each.photo[-1].file_id for each in inner if isinstance(each, RichBlockPhoto) and each.photo]
    return found
