"""Commands as operators type them: what was not understood is explained, with the form of the command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiogram.types import Message

from bot.domain.notes import LONGEST
from bot.domain.users import Who, who_of
from bot.telegram.admin.credits.arguments import FormError, FormProblem
from bot.telegram.admin.person_lookup import NobodyFound, Replied
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.clip import one_line

GIVEN: Final = 60
"""Units of a wrong word that the answer repeats."""


@asynccontextmanager
async def explained(replies: AdminReplies, message: Message, form: Html) -> AsyncIterator[None]:
    """Inside, FormError and NobodyFound are answered: nothing else happens to the command then."""
    t = replies.t
    try:
        yield
    except FormError as error:
        key = "admin-job-bad-id" if error.problem is FormProblem.NO_JOB else f"admin-form-{error.problem}"
        maximum = credits_text(t, replies.ctx.options.max_topup)
        said = t(key, given=one_line(error.given, GIVEN), maximum=maximum, longest=LONGEST)
        await replies.answer(message, lines([said, form]))
    except NobodyFound as error:
        await replies.answer(message, t(f"admin-nobody-{error.reason}", sought=error.sought))


def person_first(words: list[str], replied: Replied | None) -> tuple[Who | Replied, list[str]]:
    """Whom a command is about, and the words after: who is named, or else whose message it replies to. Raises
    FormError."""
    named = who_of(words[0]) if words else None
    if named is not None:
        return named, words[1:]
    if replied is not None:
        return replied, words
    raise FormError(FormProblem.NOBODY, words[0]) if words else FormError(FormProblem.EMPTY)
