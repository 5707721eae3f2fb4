"""What an answer's messages say: the parts of the answer, a preview while it streams, and how one failed."""

import json
from collections.abc import Mapping

from bot.domain.catalog.models import ON, Option
from bot.domain.jobs import Cause, Job, JobState
from bot.domain.visible import visible
from bot.engine.conversations.prompt import STOPPED
from bot.telegram.chat.markdown.blocks import Part, render
from bot.telegram.chat.markdown.unfinished import made_whole
from bot.telegram.i18n.lengths import shorten
from bot.telegram.i18n.texts import Html, Speech, escape

QUESTION_SHOWN = 200
BARE_SHOWN = 3500
"""Units of an answer that is nothing but Markdown's own marks; a message takes 4,096."""


def preview(text: str, options: Mapping[str, str]) -> str:
    """The end of an answer under way, as HTML; "" while there is nothing to see."""
    parts = render(made_whole(_source(text, options)))
    return parts[-1].html if parts else ""


def answer_parts(t: Speech, job: Job, *, first: bool = False) -> tuple[Part, ...]:
    """The messages of a finished answer; none when it has no words. `first`: it says how the conversation goes on."""
    text = "\n\n".join(asset.text for asset in job.assets if asset.text)
    parts = render(_said(text, job))
    if not parts and visible(text):  # marks alone, such as an empty block of code: shown as they are
        said = shorten(text.strip(), BARE_SHOWN)
        parts = (Part(escape(said), said),)
    notes = [note for note in (_note(t, job), t.plain("chat-goes-on") if first else "") if note]
    if not parts or not notes:
        return parts
    last = parts[-1]
    html = "\n\n".join([last.html, *(f"<i>{note}</i>" for note in notes)])
    return (*parts[:-1], Part(html, "\n\n".join([last.plain, *notes])))


def words_of(job: Job) -> str:
    """The answer as plain words, without its Markdown."""
    text = "\n\n".join(asset.text for asset in job.assets if asset.text)
    return "\n\n".join(part.plain for part in render(_said(text, job)))


def ended(t: Speech, job: Job, refused: Option | None = None) -> Html:
    """The last word of an answer that never came, with the question it was about. `refused`: the option for which the
    model did not take it."""
    if job.state is JobState.CANCELLED:
        said = t("chat-stopped-before")
    elif refused is not None:
        said = t("job-option-refused", option=t.title(refused.title))
    else:
        key = f"chat-failed-{(job.cause or Cause.INTERNAL).value}"
        said = t(key if t.has(key) else key.replace("chat-", "job-", 1))
    question = escape(shorten(" ".join(job.prompt.split()), QUESTION_SHOWN))
    if not question:
        return Html(f"{said} {t('job-not-charged')}")
    return Html(f"<blockquote>{question}</blockquote>\n{said} {t('job-not-charged')}")


def _said(text: str, job: Job) -> str:
    """The answer as Markdown; one that was stopped or cut breaks off anywhere."""
    source = _source(text, job.options)
    return made_whole(source) if job.facts.get(STOPPED) or job.facts.get("finish") else source


def _source(text: str, options: Mapping[str, str]) -> str:
    """The answer as Markdown: what was ordered as JSON is code, laid out where it is whole."""
    if options.get("json") != ON or not text.strip() or text.lstrip().startswith("```"):
        return text
    try:
        laid_out = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        laid_out = text
    fence = "`" * 3
    while fence in laid_out:
        fence += "`"
    return f"{fence}json\n{laid_out}\n{fence}"


def _note(t: Speech, job: Job) -> str:
    if job.facts.get(STOPPED):
        return t.plain("chat-stopped")
    match job.facts.get("finish"):
        case "length":
            return t.plain("chat-cut")
        case "content_filter":
            return t.plain("chat-cut-by-rules")
        case _:
            return ""
