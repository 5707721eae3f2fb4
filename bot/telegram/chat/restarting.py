"""Says that a question waits for the next process: it has no message yet that could show so."""

import structlog
from aiogram.exceptions import AiogramError

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Job
from bot.telegram.i18n.texts import Texts
from bot.telegram.outbox import sender
from bot.telegram.outbox.outbox import Outbox

log = structlog.get_logger(__name__)


class Restarting:
    """An order's own message shows that it waits; the answer to a question becomes a message only once it begins."""

    def __init__(self, outbox: Outbox, texts: Texts) -> None:
        self._outbox = outbox
        self._texts = texts

    async def tell(self, job: Job) -> None:
        """Never raises for what Telegram says."""
        if job.kind is not Kind.ASK:
            return
        t = self._texts.of(job.locale)
        try:
            await sender.send(self._outbox, job.target, t("job-restarting"))
        except AiogramError as error:
            log.info("restart.unsaid", job=job.id, error=str(error)[:200])
