"""Every job shown by its own view: answers by theirs, what is made by that of media, inline messages by a third."""

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Job, Target
from bot.engine.ports import ChatView, Delivery, Fetched, Keep, Progress, Seen


class Views:
    def __init__(self, jobs: ChatView, answers: ChatView, inline: ChatView) -> None:
        self._jobs = jobs
        self._answers = answers
        self._inline = inline

    def _of(self, job: Job) -> ChatView:
        if job.target.inline_id:
            return self._inline
        return self._answers if job.kind is Kind.ASK else self._jobs

    async def open(self, job: Job) -> Target:
        return await self._of(job).open(job)

    def progress(self, job: Job, progress: Progress) -> None:
        self._of(job).progress(job, progress)

    def drop(self, job: Job) -> bool:
        return self._of(job).drop(job)

    def seen(self, job: Job) -> Seen:
        return self._of(job).seen(job)

    async def deliver(self, job: Job, results: tuple[Fetched, ...], keep: Keep | None = None) -> Delivery:
        return await self._of(job).deliver(job, results, keep)

    async def final(self, job: Job) -> Target | None:
        return await self._of(job).final(job)
