"""Inline messages in the outbox: no chat to wait for, but the bot's own limit and a pace for each message."""

import asyncio
from collections import Counter
from itertools import pairwise

from aiogram.methods import EditMessageText

from bot.domain.jobs import Target
from bot.telegram.outbox.outbox import Outbox
from tests.telegram.virtual import Wire, play


def place(number: int) -> Target:
    return Target(0, None, 0, f"inline-{number}")


def test_each_message_has_its_pace_and_all_share_the_bots_limit() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        for second in range(40):
            for number in range(100):
                outbox.progress(place(number), f"{number} at {second}", None)
            await asyncio.sleep(1)

    wire = play(scene)
    first = [at for at, text in zip(wire.times(), wire.texts(), strict=True) if text.startswith("7 ")]
    assert len(first) >= 3
    assert all(later - sooner >= 10 for sooner, later in pairwise(first))
    seconds = Counter(int(at) for at in wire.times())
    assert max(seconds.values()) <= 30
    assert isinstance(wire.last, EditMessageText)
    assert (wire.last.chat_id, wire.last.message_id) == (None, None)
    assert str(wire.last.inline_message_id).startswith("inline-")


def test_a_settled_message_takes_no_more_and_leaves_others_alone() -> None:
    async def scene(outbox: Outbox, wire: Wire) -> None:
        outbox.progress(place(1), "one", None)
        outbox.progress(place(2), "two", None)
        await asyncio.sleep(1)
        await outbox.stop_progress(place(1))
        outbox.progress(place(1), "late", None)
        outbox.progress(place(2), "more", None)
        await asyncio.sleep(20)
        outbox.reopen(place(1))
        outbox.progress(place(1), "again", None)
        await asyncio.sleep(1)

    assert play(scene).texts() == ["one", "two", "more", "again"]
