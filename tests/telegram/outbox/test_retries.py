"""The outbox in virtual time: what is called again after a failure, when, and what never is."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, DeleteMessage, SendMessage, TelegramMethod
from aiogram.types import ReplyParameters

from bot.telegram.api.session import NotSent
from bot.telegram.outbox.outbox import Outbox
from tests.telegram.virtual import SOMETHING, WHERE, Wire, edit, play, say


def test_a_429_is_waited_out_in_its_chat_only_and_sent_once_more() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.script = [TelegramRetryAfter(SOMETHING, "flood", 7)]
        first = asyncio.ensure_future(outbox.call(say("first")))
        await asyncio.sleep(0.1)
        await asyncio.gather(first, outbox.call(say("second")), outbox.call(say("elsewhere", chat=6)))

    wire = play(scene)
    by_text = {text: at for at, text in zip(wire.times(), wire.texts(), strict=True)}
    assert wire.texts().count("first") == 2
    assert by_text["elsewhere"] == 0.1
    assert min(by_text["first"], by_text["second"]) >= 7


def test_a_429_of_progress_holds_the_chat_and_is_not_repeated() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.script = [TelegramRetryAfter(SOMETHING, "flood", 20)]
        outbox.progress(WHERE, "one", None)
        await asyncio.sleep(4)
        outbox.progress(WHERE, "two", None)
        await outbox.call(say("answer"))
        await asyncio.sleep(10)

    wire = play(scene)
    assert wire.texts() == ["one", "answer", "two"]
    assert wire.times()[1] >= 20


def test_a_long_429_is_left_to_the_caller_and_nothing_is_sent_meanwhile() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.script = [TelegramRetryAfter(SOMETHING, "flood", 500)]
        for _ in range(3):
            with pytest.raises(TelegramRetryAfter) as caught:
                await outbox.call(say("x"))
            assert caught.value.retry_after >= 490
        assert len(wire.calls) == 1
        await asyncio.sleep(501)
        await outbox.call(say("y"))

    assert play(scene).texts() == ["x", "y"]


@pytest.mark.parametrize(
    ("method", "error", "calls"),
    [
        (say("x"), TelegramNetworkError(SOMETHING, "timeout"), 1),
        (say("x"), TelegramServerError(SOMETHING, "oops"), 1),
        (say("x"), NotSent(SOMETHING, "refused"), 2),
        (edit("x"), TelegramNetworkError(SOMETHING, "timeout"), 2),
        (edit("x"), TelegramServerError(SOMETHING, "oops"), 2),
        (DeleteMessage(chat_id=5, message_id=1), TelegramNetworkError(SOMETHING, "timeout"), 2),
        (AnswerCallbackQuery(callback_query_id="1"), TelegramNetworkError(SOMETHING, "timeout"), 2),
        (edit("x"), TelegramEntityTooLarge(SOMETHING, "413"), 1),
        (edit("x"), TelegramBadRequest(SOMETHING, "message to edit not found"), 1),
    ],
)
def test_only_what_may_arrive_twice_is_called_twice(method: TelegramMethod[Any], error: Exception, calls: int) -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.script = [error]
        if calls > 1:
            await outbox.call(method)
        else:
            with pytest.raises(type(error)):
                await outbox.call(method)

    assert len(play(scene).calls) == calls


def test_retries_end() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.script = [TelegramServerError(SOMETHING, "oops") for _ in range(50)]
        with pytest.raises(TelegramServerError):
            await outbox.call(edit("x"))

    assert len(play(scene).calls) == 4


def test_an_upload_that_broke_off_is_left_to_its_caller() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.script = [TelegramNetworkError(SOMETHING, "timeout")]
        with pytest.raises(TelegramNetworkError):
            await outbox.call(edit("x"), request_timeout=300)

    assert len(play(scene).calls) == 1


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (edit("x"), "Bad Request: message is not modified: specified new message content"),
        (AnswerCallbackQuery(callback_query_id="1"), "Bad Request: query is too old and response timeout expired"),
    ],
)
def test_refusals_that_mean_success(method: TelegramMethod[Any], words: str) -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.script = [TelegramBadRequest(SOMETHING, words)]
        assert await outbox.call(method) is True

    play(scene)


def test_a_group_that_became_a_supergroup_is_written_to_there() -> None:
    moved: list[tuple[int, int]] = []

    async def note(old: int, new: int) -> None:
        moved.append((old, new))

    async def scene(outbox: Outbox, wire: Wire) -> None:
        outbox.migrated = note
        wire.script = [TelegramMigrateToChat(SOMETHING, "upgraded", -1007)]
        await outbox.call(say("first", chat=-7))
        answer = say("second", chat=-7).model_copy(update={"reply_parameters": ReplyParameters(message_id=5)})
        await outbox.call(answer)
        assert isinstance(wire.last, SendMessage)
        assert wire.last.reply_parameters is None  # of what it answered, too
        with pytest.raises(TelegramBadRequest):  # message ids are others there
            await outbox.call(edit("third", chat=-7))

    wire = play(scene)
    assert [(chat, text) for _, _, chat, text in wire.calls] == [(-7, "first"), (-1007, "first"), (-1007, "second")]
    assert moved == [(-7, -1007)]
