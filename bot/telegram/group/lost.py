"""An order in a group where nothing can be written any more: its requester hears of its end in private."""

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import SendMessage

from bot.domain.jobs import Job, JobState
from bot.telegram.bot import EaselBot
from bot.telegram.captions import shorten
from bot.telegram.refusals import told_to_the_engine
from bot.telegram.texts import Texts

log = structlog.get_logger(__name__)

PROMPT_SHOWN = 200


async def tell_in_private(bot: EaselBot, texts: Texts, job: Job) -> None:
    """Says that a failed order was lost with its chat, and cost nothing. Nothing for what stood in no group; who never
    pressed Start or blocked the bot hears nothing. Raises TryLater."""
    if job.state is not JobState.FAILED or job.target.chat_id >= 0:
        return
    text = texts.of(job.locale)("group-job-lost", prompt=shorten(job.prompt, PROMPT_SHOWN), command=job.kind.value)
    with told_to_the_engine():
        try:
            await bot(SendMessage(chat_id=job.user_id, text=text))
        except (TelegramForbiddenError, TelegramBadRequest) as error:
            log.info("group.nobody_told", job=job.id, error=error.message[:200])
