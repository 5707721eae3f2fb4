"""The words of a voice message: shown, and then taken in as a message of their own."""

import hashlib
from typing import Any, Final

from bot.domain.jobs import Cause, Job, JobState
from bot.engine.conversations.memory import Ask
from bot.telegram.context.context import Context
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech

SHOWN: Final = 3_000
"""Characters of the words that the message shows."""
_OFF: Final = (Cause.UNAVAILABLE, Cause.UNKNOWN_MODEL)


def hears(ctx: Context, job: Job) -> bool:
    """Whether the job turns a voice message into words."""
    model = ctx.shop.catalog.get(job.model)
    return model is not None and model.hears


def text_of(t: Speech, job: Job) -> Html:
    """What the message says: that I listen, the words, or why there are none."""
    if job.state in (JobState.DELIVERING, JobState.DONE):
        return t("voice-heard", words=shorten(words_of(job), SHOWN))
    if not job.state.finished:
        return t("voice-listening")
    key = "voice-silent" if job.cause is Cause.NO_WORDS else "voice-off" if job.cause in _OFF else "voice-failed"
    return Html(f"{t(key)} {t('job-not-charged')}")


def words_of(job: Job) -> str:
    """What was said."""
    return "\n".join(asset.text for asset in job.assets if asset.text).strip()


async def pass_on(ctx: Context, job: Job, ask: Ask) -> None:
    """Takes the words in as the message that its person might have written. Idempotent: the inbox knows the number."""
    message = await ctx.engine.voices.message(ask.draft_id)
    if message is not None and ctx.voice.says is not None:
        await ctx.voice.says(_number(job.id), as_written(message, words_of(job)))


def as_written(message: dict[str, Any], words: str) -> dict[str, Any]:
    """The message with these words in place of its recording; behind a command where that stood under it. Said words
    are no command."""
    caption = message.pop("caption", "")
    return {**message, "text": f"{caption} {words}" if caption else words.lstrip("/") or words}


def _number(job_id: str) -> int:
    """The number of an update that is none of Telegram's: below zero."""
    return -1 - int.from_bytes(hashlib.blake2b(job_id.encode(), digest_size=7).digest())
