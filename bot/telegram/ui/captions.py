"""The words of a job's message within Telegram's limits: heads, captions and prompts, cut where they must be."""

from collections.abc import Mapping
from typing import Final, assert_never

from bot.domain.catalog.models import Catalog, Model, OptionType
from bot.domain.catalog.options import LEFT_TO_THE_MODEL, differing, refused, stored
from bot.domain.chats import is_private
from bot.domain.jobs import Cause, Job, JobState, several
from bot.engine.ports import Progress, Stage
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.lengths import CAPTION_MAX, shorten, units, without_markup
from bot.telegram.i18n.texts import Html, Speech, escape
from bot.telegram.ui.option_texts import option_set, said_value
from bot.telegram.ui.progress_bar import bar

PROMPT_SHOWN: Final = 300
"""Units of the prompt under way and after a failure."""
TITLE_SHOWN: Final = 64


def visible(markup: str) -> int:
    """Units of an HTML text as it is shown."""
    return units(without_markup(markup))


def model_title(speech: Speech, catalog: Catalog, slug: str) -> str:
    """The model's name; the slug of one that left the catalogue."""
    model = catalog.get(slug)
    return speech.title(model.title) if model is not None else slug


def choices(speech: Speech, catalog: Catalog, slug: str, options: Mapping[str, str]) -> str:
    """What was chosen, by name, "" for nothing: no defaults, and nothing that was left to the model. What left the
    catalogue is shown as it is."""
    model = catalog.get(slug)
    if model is None:
        return " · ".join(options.values())
    told = differing(model, options)
    gone = {name: value for name, value in options.items() if not _has(model, name, value)}
    found = []
    for name, value in (told | gone).items():
        option = model.option(name)
        if option is None:
            found.append(value)
        elif option.type is OptionType.CHOICE and value != LEFT_TO_THE_MODEL:
            found.append(said_value(speech, option, value))
        elif option.type is not OptionType.CHOICE:
            found.append(option_set(speech, option, value))
    return " · ".join(found)


def _has(model: Model, name: str, value: str) -> bool:
    option = model.option(name)
    return option is not None and stored(option, value) == value


def why(speech: Speech, catalog: Catalog, job: Job) -> Html:
    """The sentence that says why a job failed, with the name of an option that the model does not take."""
    option = refused(catalog.get(job.model), job)
    if option is not None:
        return speech("job-option-refused", option=speech.title(option.title))
    return speech(f"job-failed-{(job.cause or Cause.INTERNAL).value}")


class JobTexts:
    """What a job's message says."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def head(self, speech: Speech, job: Job) -> Html:
        """The job's model and style."""
        model = model_title(speech, self._catalog, job.model)
        style = choices(speech, self._catalog, job.model, job.options)
        return speech("job-head-style", model=model, style=style) if style else speech("job-head", model=model)

    def progress(self, speech: Speech, job: Job, progress: Progress) -> Html:
        """The message while the job is under way."""
        said = speech("job-restarting") if progress.restarting else self._stage(speech, progress)
        if is_private(job.target.chat_id):  # what an order without a question costs stands here first
            said = Html(f"{said}\n{speech('order-price-held', price=credits_text(speech, job.quote))}")
        return self._told(speech, job, said)

    def _stage(self, speech: Speech, progress: Progress) -> Html:
        match progress.stage:
            case Stage.QUEUED:
                held = progress.held
                said = speech("job-queued", position=progress.position)
                if held is not None:
                    said = speech("job-held", minutes=round(held / 60 + 0.49))
            case Stage.STARTING:
                said = speech("job-starting")
            case Stage.RUNNING:
                said = self._bar(speech, progress)
            case Stage.RESUMED:
                said = Html(f"{speech('job-resumed')}\n{self._bar(speech, progress)}")
            case Stage.AWAITED:
                said = speech("job-awaited", elapsed=speech.duration(progress.elapsed))
            case Stage.DELIVERING:
                said = speech("job-delivering")
            case _:
                assert_never(progress.stage)
        return said

    def ended(self, speech: Speech, job: Job) -> Html:
        """The last word of a job that brought nothing."""
        said = speech("job-cancelled") if job.state is JobState.CANCELLED else why(speech, self._catalog, job)
        return self._told(speech, job, Html(f"{said} {speech('job-not-charged')}"))

    def link(self, speech: Speech, job: Job, url: str, *, limit_mb: int | None) -> Html:
        """The result as a link: too large (`limit_mb`), or refused by Telegram."""
        if limit_mb is None:
            return self._told(speech, job, speech("job-as-link", url=url))
        return self._told(speech, job, speech("job-too-large", url=url, limit=limit_mb))

    def caption(self, speech: Speech, job: Job) -> Html:
        """Prompt, model and style: nothing about money, for it is forwarded with the result."""
        head = self._below(speech, job)
        prompt = shorten(job.prompt, CAPTION_MAX - visible(head) - 2)
        return Html(f"{escape(prompt)}\n\n{head}" if prompt else head)

    def album(self, speech: Speech, job: Job, links: Mapping[int, str]) -> Html:
        """The caption of several results beside each other, with what their numbers do; `links`: those that Telegram
        did not take, by index."""
        parts = [self.caption(speech, job)]
        if several(job):
            parts.append(speech("media-numbers", makes=job.kind.makes.value))
        taken = [(index, url) for index, url in links.items() if url.startswith(("http://", "https://"))]
        parts += [speech(_link_words(job, index), number=index + 1, url=url) for index, url in taken]
        return Html("\n".join(parts))

    def _below(self, speech: Speech, job: Job) -> Html:
        """Model and style, whose order it is where others read it, and how many came where fewer than ordered."""
        head, came = self.head(speech, job), job.shown or len(job.assets)
        if job.requester:
            head = Html(f"{head}\n{speech('shared-by', name=job.requester)}")
        if not came or came >= job.ordered:
            return head
        return Html(f"{head}\n{speech('media-fewer', came=came, ordered=job.ordered)}")

    @staticmethod
    def ready(speech: Speech, job: Job) -> Html:
        """The word that notifies; where others read it, too, with whom it is for."""
        said = speech("job-ready", kind=job.kind.value)
        if not job.requester:
            return said
        mention = Html(f'<a href="tg://user?id={job.user_id}">{escape(job.requester)}</a>')
        return speech("shared-ready", mention=mention, ready=said)

    def song(self, speech: Speech, job: Job) -> tuple[str, str]:
        """Title and performer of an audio file."""
        title = shorten(" ".join(job.prompt.split()), TITLE_SHOWN)
        return title, model_title(speech, self._catalog, job.model)

    def _told(self, speech: Speech, job: Job, said: Html) -> Html:
        prompt = escape(shorten(job.prompt, PROMPT_SHOWN))
        about = f"\n<i>{prompt}</i>" if prompt else ""
        payer = f"\n{speech('shared-payer', name=job.requester)}" if job.requester else ""
        return Html(f"{self.head(speech, job)}{about}{payer}\n\n{said}")

    @staticmethod
    def _bar(speech: Speech, progress: Progress) -> Html:
        cells, percent = bar(progress)
        late = 0 < progress.typical < progress.elapsed
        return speech(
            "job-running-late" if late else "job-running",
            bar=cells,
            percent=percent,
            elapsed=speech.duration(progress.elapsed),
            typical=speech.duration(max(1.0, progress.typical)) if late else speech.about(progress.typical),
        )


def _link_words(job: Job, index: int) -> str:
    """Why one of several is a link."""
    large = index < len(job.delivered) and job.delivered[index].large
    return "media-link-large" if large else "media-link"
