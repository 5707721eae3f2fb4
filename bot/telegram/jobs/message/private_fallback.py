"""An order in a group where nothing can be written any more: its requester hears of its end, and of the charge for what
stands there, in private."""

import structlog
from aiogram.exceptions import TelegramBadRequest

from bot.domain.jobs import CUT, Job, JobState, Target
from bot.domain.money import Credits
from bot.telegram.api.errors import told_to_the_engine
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Texts
from bot.telegram.outbox import sender
from bot.telegram.outbox.outbox import Outbox

log = structlog.get_logger(__name__)

PROMPT_SHOWN = 200


async def tell_in_private(outbox: Outbox, texts: Texts, job: Job) -> None:
    """Says that a failed order was lost with its chat, and cost nothing; or what was charged for the part of a result
    that stands there. Nothing for what stood in no group; a requester who never pressed Start or blocked the bot hears
    nothing. Raises TryLater."""
    if job.target.chat_id >= 0:
        return
    t, prompt = texts.of(job.locale), shorten(job.prompt, PROMPT_SHOWN)
    if job.state is JobState.FAILED:
        text = t("group-job-lost", prompt=prompt, command=job.kind.value)
    elif CUT in job.facts:
        text = t("group-job-cut", prompt=prompt, price=credits_text(t, job.charged or Credits(0)))
    else:
        return
    with told_to_the_engine():
        try:
            await sender.tell(outbox, Target(job.user_id, None, 0), text)
        except TelegramBadRequest as error:
            log.info("group.nobody_told", job=job.id, error=error.message[:200])
