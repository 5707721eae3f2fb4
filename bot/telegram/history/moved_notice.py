"""The message that a job left: it says where the job is shown now, and shows no progress any more."""

import structlog
from aiogram.exceptions import AiogramError
from aiogram.methods import GetChat

from bot.domain.chats import is_private
from bot.domain.jobs import Job, Target
from bot.telegram.i18n.texts import Html, Speech, Texts
from bot.telegram.outbox import sender
from bot.telegram.outbox.outbox import Outbox
from bot.telegram.ui.captions import JobTexts

log = structlog.get_logger(__name__)


class Whereabouts:
    """Told by every process that showed the job in the old message, and by the one that moved it: what is written there
    is the same, so that neither has to know of the other."""

    def __init__(self, outbox: Outbox, texts: Texts, words: JobTexts) -> None:
        self._outbox = outbox
        self._texts = texts
        self._words = words

    async def tell(self, job: Job, old: Target) -> None:
        """Rewrites the old message, once what was on its way there has arrived. Never raises for what Telegram says."""
        await self._outbox.stop_progress(old)
        t = self._texts.of(job.locale)
        text = Html(f"{self._words.head(t, job)}\n\n{await self._where(t, job, old)}")
        try:
            await sender.edit(self._outbox, old, text, media=True)
        except AiogramError as error:
            log.info("moved.unsaid", job=job.id, error=str(error)[:200])

    async def _where(self, t: Speech, job: Job, old: Target) -> Html:
        """A group's name is told in the private chat only."""
        new = job.target
        if new.chat_id == old.chat_id:
            return t("show-moved-below" if new.thread_id == old.thread_id else "show-moved-topic")
        if is_private(new.chat_id):
            return t("show-moved-private")
        if not is_private(old.chat_id):
            return t("show-moved-elsewhere")
        try:
            title = (await self._outbox.call(GetChat(chat_id=new.chat_id))).title
        except AiogramError:
            title = None
        return t("show-moved-group", title=title) if title else t("show-moved-elsewhere")
