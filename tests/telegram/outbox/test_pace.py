"""The outbox in virtual time: limits, coalesced progress, and no stale edit after a settled message."""

import asyncio
from itertools import pairwise

import pytest
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import AnswerCallbackQuery, SendChatAction

from bot.domain.jobs import Target
from bot.telegram.api.session import NotSent
from bot.telegram.outbox.flood_limits import FloodLimits, Rates
from bot.telegram.outbox.outbox import Outbox
from bot.telegram.outbox.send_queue import WAITING_PER_CHAT, newcomer
from tests.telegram.virtual import SOMETHING, WHERE, Wire, edit, play, say


def test_a_private_chat_gets_a_burst_then_one_a_second() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        await asyncio.gather(*(outbox.call(say(str(n))) for n in range(6)))

    wire = play(scene)
    assert wire.texts() == ["0", "1", "2", "3", "4", "5"]
    assert wire.times() == [0, 0, 0, 1.02, 2.04, 3.06]


def test_all_chats_together_stay_below_thirty_a_second() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        await asyncio.gather(*(outbox.call(say("x", chat=n + 1)) for n in range(90)))

    wire = play(scene)
    for start in wire.times():
        assert sum(start <= at < start + 0.999 for at in wire.times()) <= 30
    assert max(wire.times()) == pytest.approx(2.04, abs=0.01)


def test_a_group_gets_twenty_a_minute() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        await asyncio.gather(*(outbox.call(say(str(n), chat=-7)) for n in range(22)))

    wire = play(scene)
    assert sum(at < 60 for at in wire.times()) == 20
    assert 60 < wire.times()[20] < 61


def test_what_telegram_does_not_count_is_never_held_up() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        for _ in range(10):
            await outbox.call(AnswerCallbackQuery(callback_query_id="1"))
            await outbox.call(SendChatAction(chat_id=5, action="typing"))

    assert set(play(scene).times()) == {0}


def test_progress_is_coalesced_with_a_leading_and_a_trailing_edge() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        for second in range(8):
            outbox.progress(WHERE, f"at {second}", None)
            await asyncio.sleep(0.9)
        await asyncio.sleep(20)

    wire = play(scene)
    assert list(zip(wire.times(), wire.texts(), strict=True)) == [(0, "at 0"), (3, "at 3"), (6, "at 6"), (9, "at 7")]


def test_progress_is_slower_in_groups_and_leaves_room_there() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        for second in range(60):
            for message in range(1, 5):
                outbox.progress(Target(-7, None, message), f"{message} at {second}", None)
            await asyncio.sleep(1)
        await outbox.call(say("answer", chat=-7))

    wire = play(scene)
    first = [at for at, text in zip(wire.times(), wire.texts(), strict=True) if text.startswith("1 ")]
    assert all(later - sooner >= 10 for sooner, later in pairwise(first))
    assert sum(at < 60 for at in wire.times()) <= 12
    assert (wire.times()[-1], wire.texts()[-1]) == (60, "answer")


def test_the_same_progress_is_not_sent_twice() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        for _ in range(10):
            outbox.progress(WHERE, "same", None)
            await asyncio.sleep(2)

    assert play(scene).texts() == ["same"]


def test_answers_go_before_progress() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        answers = [asyncio.ensure_future(outbox.call(say(f"answer {n}"))) for n in range(5)]
        await asyncio.sleep(0)
        outbox.progress(WHERE, "progress", None)
        await asyncio.gather(*answers)
        await asyncio.sleep(10)

    wire = play(scene)
    assert wire.texts() == [*(f"answer {n}" for n in range(5)), "progress"]
    assert wire.times()[-1] >= wire.times()[-2] + 2 * 1.02  # and leaves a call for an answer


def test_thousands_of_messages_never_take_the_room_of_answers() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        for chat in range(1, 2001):
            outbox.progress(Target(chat, None, 1), "progress", None)
        await asyncio.sleep(5)
        before = asyncio.get_running_loop().time()
        await asyncio.gather(*(outbox.call(say("answer", chat=9000 + n)) for n in range(10)))
        assert asyncio.get_running_loop().time() == before
        assert 90 <= wire.texts().count("progress") <= 108

    play(scene)


def test_nothing_lands_after_a_settled_message() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        outbox.progress(WHERE, "first", None)
        await asyncio.sleep(1)
        outbox.progress(WHERE, "waiting", None)
        await outbox.stop_progress(WHERE)
        await outbox.call(edit("result"))
        outbox.progress(WHERE, "late", None)
        await asyncio.sleep(10)
        assert wire.texts() == ["first", "result"]
        outbox.reopen(WHERE)
        outbox.progress(WHERE, "again", None)
        await asyncio.sleep(1)

    assert play(scene).texts() == ["first", "result", "again"]


def test_settling_waits_for_an_edit_under_way() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.latency = 2.0
        outbox.progress(WHERE, "slow", None)
        await asyncio.sleep(0.5)
        await outbox.stop_progress(WHERE)
        assert wire.texts() == ["slow"]
        wire.latency = 0.0
        await outbox.call(edit("result"))

    assert play(scene).texts() == ["slow", "result"]


def test_an_edit_that_hangs_is_cut_off_before_the_result() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.latency = 1000.0
        outbox.progress(WHERE, "hangs", None)
        await asyncio.sleep(0.5)
        await outbox.stop_progress(WHERE)
        wire.latency = 0.0
        await outbox.call(edit("result"))
        await asyncio.sleep(2000)

    wire = play(scene)
    assert (wire.texts(), [text for _, _, _, text in wire.began]) == (["result"], ["hangs", "result"])


def test_too_much_waiting_is_refused_not_piled_up() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        calls = [asyncio.ensure_future(outbox.call(say(str(n)))) for n in range(WAITING_PER_CHAT + 10)]
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert sum(isinstance(result, NotSent) for result in results) >= 7
        assert sum(not isinstance(result, BaseException) for result in results) >= WAITING_PER_CHAT

    play(scene)


def test_chats_are_forgotten_in_time() -> None:
    limits = FloodLimits(Rates())
    for chat in range(30_000):
        limits.land(limits.book(chat + 1, float(chat)), float(chat))
    assert len(limits._lanes) <= 20_000


def test_new_messages_of_a_chat_are_carried_one_after_another() -> None:
    """Connections differ: sends that travel together arrive in any order."""

    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.latencies = [0.3, 0.5, 0.1, 0.05, 0.01]
        sends = [outbox.call(say(str(n))) for n in range(3)]
        sends.append(outbox.call(say("elsewhere", chat=6)))
        await asyncio.gather(outbox.call(edit("an edit")), *sends)

    wire = play(scene)
    assert wire.texts() == ["elsewhere", "an edit", "0", "1", "2"]
    assert [at for at, *_ in wire.began][:3] == [0, 0, 0]  # others need not wait


def test_a_send_that_is_tried_again_keeps_its_place() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.script = [NotSent(SOMETHING, "refused"), TelegramRetryAfter(SOMETHING, "flood", 3)]
        await asyncio.gather(*(outbox.call(say(str(n))) for n in range(3)), outbox.call(edit("an edit")))

    wire = play(scene)
    assert [text for text in wire.texts() if text in "012"] == ["0", "0", "1", "2"]
    assert wire.texts().count("an edit") == 2  # the flood was its own


def test_an_upload_holds_up_no_answer_and_a_long_one_no_burst() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.latencies = [30.0]
        upload = asyncio.ensure_future(outbox.call(say("upload"), request_timeout=300))
        await asyncio.sleep(0.1)
        await outbox.call(say("answer"))
        assert wire.texts() == ["answer"]
        await upload

    play(scene)


def test_edits_of_one_message_keep_their_order() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.latencies = [0.5, 0.1]
        await asyncio.gather(outbox.call(edit("sooner")), outbox.call(edit("later")))

    assert play(scene).texts() == ["sooner", "later"]


def test_notices_let_answers_pass_but_not_for_ever() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        calls = [asyncio.ensure_future(outbox.call(say("answer"))) for _ in range(6)]
        calls.append(asyncio.ensure_future(outbox.call(say("ready"), notice=True)))
        for _ in range(60):
            calls.append(asyncio.ensure_future(outbox.call(say("answer"))))
            await asyncio.sleep(1)
        await asyncio.gather(*calls)

    wire = play(scene)
    assert 30 < wire.times()[wire.texts().index("ready")] < 36


def test_a_call_under_way_counts_from_its_answer() -> None:
    """Telegram counts a call when it comes in, and nobody knows when that was."""

    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.latencies = [0.9, 0.9, 0.9]
        await asyncio.gather(*(outbox.call(edit(str(n), message=n)) for n in range(4)))

    wire = play(scene)
    assert [round(at, 2) for at, *_ in wire.began] == [0, 0, 0, 0.9 + 1.02]


def test_a_group_with_many_jobs_keeps_its_calls_for_their_ends() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        places = [Target(-7, None, n + 1) for n in range(10)]
        for second in range(60):
            for place in places:
                outbox.progress(place, f"{place.message_id} at {second}", None)
            await asyncio.sleep(1)
        for place in places:
            await outbox.stop_progress(place)
            await outbox.call(edit("end", chat=-7, message=place.message_id))

    wire = play(scene)
    progress = [text.split()[0] for text in wire.texts() if text != "end"]
    assert 6 <= len(progress) <= 14
    counts = [progress.count(str(n + 1)) for n in range(10)]
    assert max(counts) - min(counts) <= 1


def test_progress_that_is_dropped_is_not_sent_and_newer_is() -> None:
    under_way = []

    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.latency = 1.0
        outbox.progress(WHERE, "at 0", None)
        await asyncio.sleep(0.5)
        outbox.progress(WHERE, "at 1", None)
        under_way.append(outbox.drop(WHERE))
        await asyncio.sleep(5)
        under_way.append(outbox.drop(WHERE))
        outbox.progress(WHERE, "at 6", None)
        await asyncio.sleep(5)

    assert play(scene).texts() == ["at 0", "at 6"]
    assert under_way == [True, False]


def test_what_stands_in_a_message_is_not_edited_in_again_at_each_try() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        for _ in range(3):  # a file that is asked for again: each try is a life of its own
            outbox.progress(WHERE, "sending", None)
            await asyncio.sleep(5)
            outbox.drop(WHERE)
        for _ in range(3):  # Telegram puts the result off
            outbox.progress(WHERE, "sending", None)
            await asyncio.sleep(5)
            await outbox.stop_progress(WHERE)
            outbox.reopen(WHERE)
        outbox.progress(WHERE, "other", None)
        await asyncio.sleep(5)

    assert play(scene).texts() == ["sending", "other"]


def test_what_perhaps_does_not_stand_is_shown_again() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.script = [TelegramNetworkError(say("x"), "reset")]
        outbox.progress(WHERE, "sending", None)
        await asyncio.sleep(5)
        outbox.drop(WHERE)
        outbox.progress(WHERE, "sending", None)
        await asyncio.sleep(5)

    assert play(scene).texts() == ["sending", "sending"]


def test_a_dropped_message_leaves_its_groups_room_to_the_others() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        wire.latency = 0.1
        for message in range(1, 20):
            outbox.progress(Target(-7, None, message), "left", None)
        await asyncio.sleep(0.05)
        for message in range(1, 20):
            outbox.drop(Target(-7, None, message))
        await asyncio.sleep(100)
        for second in range(60):
            for message in range(20, 23):
                outbox.progress(Target(-7, None, message), f"{message} at {second}", None)
            await asyncio.sleep(1)

    assert sum(at > 60 for at in play(scene).times()) == 12


def test_progress_that_lasts_a_second_is_sent_within_it_or_never() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        for second in range(0, 10, 5):
            outbox.progress(WHERE, f"before {second}", None)
            outbox.progress_of(WHERE, lambda second=second: (f"at {second}", None), lasts=1.0)  # type: ignore[misc]
            await asyncio.sleep(1)
            outbox.progress_of(WHERE, lambda: ("too late", None), lasts=1.0)
            await asyncio.sleep(4)

    assert play(scene).texts() == ["at 0", "at 5"]


async def _greeted(outbox: Outbox, count: int) -> None:
    newcomer.set(True)  # in this task alone
    await asyncio.gather(*(outbox.call(say("hello", chat=100 + n)) for n in range(count)))


def test_a_crowd_of_newcomers_keeps_nobody_waiting_who_was_served_before() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        crowd = asyncio.create_task(_greeted(outbox, 300))
        for n in range(20):
            await asyncio.sleep(0.37)
            await outbox.call(say(f"at {0.37 * (n + 1):.2f}", chat=5 + n))
        await crowd

    wire = play(scene)
    waits = [at - float(text.removeprefix("at ")) for at, _, _, text in wire.calls if text.startswith("at ")]
    assert max(waits) < 0.02
    assert max(wire.times()) < 300 / 24, "and the crowd is answered as fast as may be"
    for start in wire.times():
        assert sum(start <= at < start + 0.999 for at in wire.times()) <= 30


def test_progress_goes_on_beside_a_crowd_of_newcomers() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        crowd = asyncio.create_task(_greeted(outbox, 200))
        for n in range(8):
            outbox.progress(Target(5, None, 1), f"step {n}", None)
            await asyncio.sleep(0.7)
        await crowd

    assert sum(text.startswith("step") for text in play(scene).texts()) >= 2


def test_newcomers_are_served_in_the_order_in_which_they_came() -> None:
    async def scene(outbox: Outbox, _wire: Wire) -> None:
        await _greeted(outbox, 80)

    chats = [chat for _, _, chat, _ in play(scene).calls]
    assert chats == sorted(chats, key=lambda chat: chat or 0)
