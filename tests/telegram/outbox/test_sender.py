"""Every refusal of Telegram's, whichever sender meets it, ends as the table of refusals says."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import EditMessageCaption, SendPhoto, TelegramMethod
from aiogram.types import Chat, Message, MessageId

from bot.domain.jobs import Target
from bot.engine.ports import NotShown, TargetGone, TryLater
from bot.telegram.api.errors import (
    NEXT,
    Change,
    End,
    Refusal,
    end_of,
    refusal,
    shown_or_not,
    told_to_the_engine,
)
from bot.telegram.api.slim_methods import ChatId, Sent, WhisperId
from bot.telegram.i18n.lengths import MESSAGE_MAX, units
from bot.telegram.outbox import sender
from bot.telegram.outbox.ephemeral import EphemeralTarget
from bot.telegram.outbox.outbox import Outbox
from tests.telegram.virtual import SOMETHING, Wire, play


def bad(words: str) -> TelegramBadRequest:
    return TelegramBadRequest(SOMETHING, f"Bad Request: {words}")


EXAMPLES: Final[dict[Refusal, Exception]] = {
    Refusal.CHAT_GONE: bad("chat not found"),
    Refusal.BLOCKED: TelegramForbiddenError(SOMETHING, "Forbidden: bot was blocked by the user"),
    Refusal.MESSAGE_GONE: bad("message to edit not found"),
    Refusal.THREAD_GONE: bad("TOPIC_CLOSED"),
    Refusal.NOT_TEXT: bad("there is no text in the message to edit"),
    Refusal.TOO_LONG: bad("message is too long"),
    Refusal.TOO_LARGE: TelegramEntityTooLarge(SOMETHING, "Request Entity Too Large"),
    Refusal.FILE_GONE: bad("wrong file identifier/HTTP URL specified"),
    Refusal.NO_RIGHT: bad("not enough rights to send photos to the chat"),
    Refusal.PRESS_LATE: bad("query is too old and response timeout expired or query ID is invalid"),
    Refusal.FLOOD: TelegramRetryAfter(SOMETHING, "Too Many Requests", 500),
    Refusal.MIGRATED: TelegramMigrateToChat(SOMETHING, "group chat was upgraded", -1005),
    Refusal.PASSING: TelegramServerError(SOMETHING, "Bad Gateway"),
    Refusal.BOT_REFUSED: TelegramNotFound(SOMETHING, "Not Found"),
    Refusal.OTHER: bad("can't parse entities"),
}
TOPIC = Target(-5, 77, 9)
HIDDEN = EphemeralTarget(-5, 77, 0, receiver=6, query_id="press")
RAISES = "raises"
CALM = "calm"
Sender = Callable[[Outbox], Awaitable[object]]
SENDERS: Final[dict[str, Sender]] = {
    "send": lambda outbox: sender.send(outbox, TOPIC, "<b>x</b>", reply_to=9, plain="x"),
    "tell": lambda outbox: sender.tell(outbox, TOPIC, "<b>x</b>", reply_to=9, plain="x"),
    "post": lambda outbox: sender.post(outbox, SendPhoto(chat_id=-5, message_thread_id=77, photo="file")),
    "edit": lambda outbox: sender.edit(outbox, TOPIC, "<b>x</b>", plain="x", media=True),
    "keyboard": lambda outbox: sender.keyboard(outbox, TOPIC, None),
    "edit_or_send": lambda outbox: sender.edit_or_send(outbox, TOPIC, "<b>x</b>", plain="x"),
    "try_edit": lambda outbox: sender.try_edit(outbox, TOPIC, "x"),
    "try_keyboard": lambda outbox: sender.try_keyboard(outbox, TOPIC, None),
    "delete": lambda outbox: sender.delete(outbox, TOPIC),
    "send_ephemeral": lambda outbox: sender.send_ephemeral(outbox, HIDDEN, "x"),
}
NAMING: Final = {"edit", "keyboard", "try_edit", "try_keyboard", "delete"}
"""Those that change a message."""
STRICT: Final = {"send", "post", "edit_or_send"}


def expected(name: str, end: End) -> str:
    """Whether that sender raises what ends so."""
    if end is End.LATER or name in STRICT:
        return RAISES
    if name == "tell":
        return CALM if end is End.CLOSED else RAISES
    if name in ("edit", "keyboard"):
        return CALM if end in (End.GONE, End.WRONG) else RAISES
    return CALM


class Answering(Wire):
    """Answers as Telegram does, where nothing is scripted."""

    async def __call__(self, method: TelegramMethod[Any], request_timeout: int | None = None) -> Any:
        await super().__call__(method, request_timeout)
        fields: Any = method
        match method.__api_method__:
            case "sendMessage" if fields.ephemeral_message_parameters is not None:
                return WhisperId(message_id=0, chat=ChatId(id=fields.chat_id), ephemeral_message_id=3)
            case "sendMessage":
                return Sent(message_id=12, chat=ChatId(id=fields.chat_id))
            case "sendPhoto":
                return Message(message_id=12, date=datetime.now(UTC), chat=Chat(id=fields.chat_id, type="supergroup"))
            case "editMessageText":
                return MessageId(message_id=9)
        return True


def meets(name: str, *errors: Exception) -> tuple[object, list[TelegramMethod[Any]]]:
    """What the sender returns, or the error that it raises, and its calls."""
    found: list[object] = []
    calls: list[TelegramMethod[Any]] = []

    class Noting(Answering):
        async def __call__(self, method: TelegramMethod[Any], request_timeout: int | None = None) -> Any:
            calls.append(method)
            return await super().__call__(method, request_timeout)

    async def scene(outbox: Outbox, wire: Wire) -> None:
        noting = Noting()
        noting.script = list(errors)
        outbox._transport = noting
        try:
            found.append(await SENDERS[name](outbox))
        except Exception as error:
            found.append(error)

    play(scene)
    return found[0], calls


def test_every_refusal_is_told_apart_and_has_an_outcome() -> None:
    assert set(EXAMPLES) == set(NEXT) == set(Refusal)
    assert {kind: refusal(error) for kind, error in EXAMPLES.items()} == {kind: kind for kind in Refusal}
    assert {next_.change for next_ in NEXT.values()} == {None, *Change}
    assert {next_.end for next_ in NEXT.values()} == set(End)
    assert refusal(ValueError()) is None is end_of(ValueError())


@pytest.mark.parametrize("name", SENDERS)
@pytest.mark.parametrize("kind", Refusal)
def test_a_refusal_that_nothing_mends_ends_the_same_with_every_sender(kind: Refusal, name: str) -> None:
    error, end = EXAMPLES[kind], NEXT[kind].end
    if kind is Refusal.MIGRATED and name in NAMING:  # under its number another message stands in the supergroup
        end = End.GONE
    outcome, _ = meets(name, *[error] * 12)
    if expected(name, end) == RAISES:
        assert outcome is error
    elif isinstance(outcome, Target):
        assert not outcome.placed
    else:
        assert outcome in (None, False)


@pytest.mark.parametrize("name", ["send", "tell", "post", "send_ephemeral"])
def test_a_closed_topic_gives_way_to_the_general_one(name: str) -> None:
    outcome, calls = meets(name, EXAMPLES[Refusal.THREAD_GONE])
    assert [getattr(call, "message_thread_id", None) for call in calls] == [77, None]
    assert getattr(calls[-1], "reply_parameters", None) is None
    place = outcome[1] if isinstance(outcome, tuple) else outcome
    assert isinstance(place, Target)
    assert place.thread_id is None


@pytest.mark.parametrize("name", ["send", "tell", "edit", "edit_or_send"])
def test_words_whose_markup_is_refused_go_without_it(name: str) -> None:
    _, (_, again) = meets(name, EXAMPLES[Refusal.OTHER])
    assert (again.text, again.parse_mode) == ("x", None)  # type: ignore[attr-defined]


def test_words_that_are_too_long_are_cut() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        outbox._transport = wire = Answering()
        wire.script = [EXAMPLES[Refusal.TOO_LONG]]
        await sender.tell(outbox, TOPIC, f"<b>{'long &amp; ' * 1000}</b>")
        said = wire.calls[-1][3]
        assert said.startswith("long & long &")
        assert MESSAGE_MAX - 30 < units(said) <= MESSAGE_MAX

    play(scene)


def test_media_takes_the_words_as_its_caption() -> None:
    outcome, (_, again) = meets("edit", EXAMPLES[Refusal.NOT_TEXT])
    assert outcome is True
    assert isinstance(again, EditMessageCaption)
    assert (again.chat_id, again.message_id, again.caption) == (-5, 9, "<b>x</b>")
    assert meets("try_edit", EXAMPLES[Refusal.NOT_TEXT])[0] is False, "a menu does not write over a result"


def test_an_ephemeral_message_goes_without_the_press_that_came_too_late() -> None:
    outcome, (_, again) = meets("send_ephemeral", EXAMPLES[Refusal.PRESS_LATE])
    assert again.ephemeral_message_parameters.callback_query_id is None  # type: ignore[attr-defined]
    assert isinstance(outcome, EphemeralTarget)
    assert outcome.ephemeral_id == 3


@pytest.mark.parametrize("kind", [Refusal.MESSAGE_GONE, Refusal.NO_RIGHT])
def test_what_cannot_be_edited_is_sent_anew(kind: Refusal) -> None:
    outcome, calls = meets("edit_or_send", EXAMPLES[kind])
    assert [call.__api_method__ for call in calls] == ["editMessageText", "sendMessage"]
    assert outcome == Target(-5, 77, 12)


@pytest.mark.parametrize("kind", Refusal)
def test_the_engine_hears_of_every_refusal_by_its_end(kind: Refusal) -> None:
    error = EXAMPLES[kind]
    wanted: type[Exception] = {End.CLOSED: TargetGone, End.LATER: TryLater, End.BOT_REFUSED: TryLater}.get(
        NEXT[kind].end, type(error)
    )
    with pytest.raises(wanted), told_to_the_engine():
        raise error
    with pytest.raises(NotShown if wanted is type(error) else wanted), shown_or_not():
        raise error
