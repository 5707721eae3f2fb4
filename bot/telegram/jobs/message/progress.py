"""The progress of a job in its message, wherever that stands: painted when its turn comes, not when it was told."""

from dataclasses import dataclass

from bot.domain.jobs import Job
from bot.engine.ports import Progress
from bot.telegram.i18n.texts import Texts
from bot.telegram.outbox.outbox import Outbox
from bot.telegram.outbox.progress_edits import Look
from bot.telegram.ui.captions import JobTexts
from bot.telegram.ui.keyboards import cancel_button


class Painter:
    """What both of the engine's ChatViews do with progress."""

    def __init__(self, outbox: Outbox, texts: Texts, words: JobTexts) -> None:
        self._outbox = outbox
        self._texts = texts
        self._words = words

    def progress(self, job: Job, progress: Progress) -> None:
        self._outbox.progress_of(job.target, _Picture(self, job, progress), lasts=progress.lasts)

    def drop(self, job: Job) -> bool:
        return self._outbox.drop(job.target)

    def paint(self, job: Job, progress: Progress) -> Look:
        """What the job's message shows."""
        speech = self._texts.of(job.locale)
        return self._words.progress(speech, job, progress), cancel_button(speech, job, progress)


@dataclass(frozen=True, slots=True)
class _Picture:
    """Progress that waits to be painted: a third of a partial of a method in memory, and thousands wait."""

    painter: Painter
    job: Job
    progress: Progress

    def __call__(self) -> Look:
        return self.painter.paint(self.job, self.progress)
