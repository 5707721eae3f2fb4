"""Flood limits: 30 a second overall, one a second per chat after a burst, 20 a minute per group."""

import pytest
from aiogram.exceptions import TelegramRetryAfter

from sandbox.telegram.control.config import Limits
from sandbox.telegram.wire.limits import FloodControl, is_counted
from tests.sandbox.telegram_kit import telegram


class Clock:
    """Time that moves when told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_what_counts() -> None:
    counted = ["sendmessage", "sendvideo", "editmessagetext", "editmessagemedia", "copymessage", "forwardmessage"]
    free = ["sendchataction", "answercallbackquery", "getupdates", "getme", "deletemessage", "setmycommands"]
    assert [is_counted(method) for method in counted] == [True] * 6
    assert [is_counted(method) for method in free] == [False] * 6


def test_a_private_chat_has_a_burst_and_then_one_a_second() -> None:
    clock = Clock()
    flood = FloodControl(Limits(), clock)
    assert [flood.check(1, group=False) for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 0.99
    assert flood.check(1, group=False) == 1
    clock.now += 0.01
    assert [flood.check(1, group=False) for _ in range(2)] == [0, 1]
    assert flood.check(2, group=False) == 0


def test_a_sustained_call_a_second_is_never_refused() -> None:
    clock = Clock()
    flood = FloodControl(Limits(), clock)
    for _ in range(100):
        assert flood.check(1, group=False) == 0
        clock.now += 1.0


def test_a_group_takes_twenty_a_minute() -> None:
    clock = Clock()
    flood = FloodControl(Limits(), clock)
    for _ in range(20):
        assert flood.check(-1, group=True) == 0
        clock.now += 1.0
    assert flood.check(-1, group=True) == 40
    clock.now += 40.0
    assert flood.check(-1, group=True) == 0
    assert flood.check(-1, group=True) == 1


def test_thirty_a_second_overall() -> None:
    clock = Clock()
    flood = FloodControl(Limits(), clock)
    assert [flood.check(chat, group=False) for chat in range(31)] == [0] * 30 + [1]
    clock.now += 1.0
    assert flood.check(99, group=False) == 0


def test_scale_and_switch() -> None:
    clock = Clock()
    flood = FloodControl(Limits(scale=10), clock)
    assert [flood.check(1, group=False) for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 0.1
    assert flood.check(1, group=False) == 0
    flood.limits.enabled = False
    assert [flood.check(1, group=False) for _ in range(50)] == [0] * 50


def test_an_album_costs_its_messages() -> None:
    clock = Clock()
    flood = FloodControl(Limits(), clock)
    assert flood.check(1, group=False, cost=10) == 0
    assert flood.check(1, group=False) == 8


async def test_a_bot_is_told_when_to_come_back_and_edits_count() -> None:
    async with telegram(limits=True) as world:
        ann, _ = await world.person()
        sent = await world.bot.send_message(ann.id, "1")
        await world.bot.edit_message_text("2", chat_id=ann.id, message_id=sent.message_id)
        await world.bot.send_message(ann.id, "3")
        with pytest.raises(TelegramRetryAfter) as refused:
            await world.bot.edit_message_text("4", chat_id=ann.id, message_id=sent.message_id)
        assert refused.value.retry_after == 1
        assert "Too Many Requests: retry after 1" in refused.value.message
        await world.bot.send_chat_action(ann.id, "typing")
        assert (await world.tg.counters())["by_status"] == {"200": 4, "429": 1}
        assert (await world.tg.limits(scale=1000))["scale"] == 1000
        await world.bot.send_message(ann.id, "5")
        await world.tg.limits(enabled=False)
        for number in range(10):
            await world.bot.send_message(ann.id, str(number))
