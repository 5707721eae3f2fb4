"""What inline buttons carry: at most 64 bytes, ids and short slugs only. All of it is untrusted input."""

from aiogram.filters import Filter
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery


class DraftAction(CallbackData, prefix="d"):
    """A step of an order that is being put together; `id` is the draft's."""

    id: str
    act: str
    arg: str = ""


class JobAction(CallbackData, prefix="j"):
    """A button under a job's message: cancel, receipt, again, style, model, with (`arg` is a model's slug)."""

    id: str
    act: str
    arg: str = ""


class AdminAction(CallbackData, prefix="a"):
    """A button of the operator's side; `id` is a draft, a user or a job, as `act` says."""

    act: str
    id: str = ""
    arg: str = ""


class MenuAction(CallbackData, prefix="m"):
    """A button of the menu, the settings or a paged list."""

    act: str
    arg: str = ""


class PersonalAction(CallbackData, prefix="p"):
    """A button under /mydata (json, zip) and /forget (forget, keep; `id` is the question's draft)."""

    act: str
    id: str = ""


class HistoryAction(CallbackData, prefix="h"):
    """A button of the history; `id` is a job, `at` shelf and place in the job (videos.2), `search` the draft with the
    words that are looked for."""

    act: str
    id: str = ""
    at: str = ""
    search: str = ""


class IdeaAction(CallbackData, prefix="t"):
    """A button of the album of ideas: page, use, home. `slug` is a template's, `shelf` a kind or "" for all."""

    act: str
    slug: str = ""
    shelf: str = ""


class InlineAction(CallbackData, prefix="i"):
    """A button under an inline message. `id` is a draft's for go (`arg`: model and price), pick and page, a job's for
    see and retry."""

    id: str
    act: str
    arg: str = ""


class acts(Filter):  # noqa: N801  # reads as a word where handlers are registered
    """Passes presses whose act is one of these; stands behind the filter that unpacks the data.

    A Filter on purpose: aiogram runs any other callable object in a thread and takes its coroutine for a "yes".
    """

    def __init__(self, *names: str) -> None:
        self._names = names

    async def __call__(
        self,
        query: CallbackQuery,
        callback_data: DraftAction | JobAction | AdminAction | MenuAction | HistoryAction | IdeaAction,
    ) -> bool:
        return callback_data.act in self._names
