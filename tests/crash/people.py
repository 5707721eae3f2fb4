"""People of the soak: they order at random, cancel, tap twice and never wait politely."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from sandbox.client import ChatView, ClientError, Msg, NoSuchButton
from tests.crash.stage import Stage

MODELS = ("/suno", "/luma", "/pika", "/pika --style watercolor", "/run --style frost")
FAULTS = (
    *("error_event", "cut=1", "early_end", "malformed_json", "completed_without_url", "empty_stream", "wrong_types"),
    *(
        "reset_after_body",
        "500",
        "dead_result",
        "result_html",
        "result_slow=1",
        "stall=2",
        "unknown_status",
        "401",
        "418",
    ),
)
FAULTY = 0.35
"""Of the orders, how many go wrong upstream."""
CANCELLED = 0.25
TAPPED_TWICE = 0.2
HURRY = 8.0
"""Seconds after which somebody gives up on an answer and orders something else."""
CROWDED = 0.1
"""Seconds between two looks."""


@dataclass
class Tally:
    """What everybody did."""

    orders: int = 0
    confirmed: set[str] = field(default_factory=set)
    cancels: int = 0


class Customer:
    """One person; `live` until told to stop."""

    def __init__(self, stage: Stage, chat: ChatView, rng: Random, tally: Tally) -> None:
        self._stage = stage
        self._chat = chat
        self._rng = rng
        self._tally = tally

    async def live(self, closing: asyncio.Event) -> None:
        number = 0
        while not closing.is_set():
            number += 1
            await self._order(f"wish {self._chat.user_id}-{number}.")
            await asyncio.sleep(self._rng.uniform(0, 2))

    async def _order(self, wish: str) -> None:
        faulty = self._rng.random() < FAULTY
        prompt = f"{wish} [fault:{self._rng.choice(FAULTS)}]" if faulty else wish
        cancels = self._rng.random() < CANCELLED
        taps = 2 if self._rng.random() < TAPPED_TWICE else 1
        await self._chat.send(f"{self._rng.choice(MODELS)} {prompt}")
        self._tally.orders += 1
        card = await self._see(wish, "Confirm")
        if card is None:
            return
        self._tally.confirmed.add(prompt)
        for _ in range(taps):
            await self._press(card, "Confirm")
        if cancels:
            await asyncio.sleep(self._rng.uniform(0, 4))
            await self._cancel(wish)

    async def _cancel(self, wish: str) -> None:
        message = await self._see(wish, "Cancel")
        if message is None or not await self._press(message, "Cancel"):
            return
        self._tally.cancels += 1
        question = await self._see("", "Yes, cancel it")
        if question is not None:
            await self._press(question, "Yes, cancel it")

    async def _see(self, words: str, label: str) -> Msg | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(HURRY):
                while True:
                    for message in reversed(await self._chat.messages()):
                        if message.from_bot and words in message.words and message.button(label) is not None:
                            return message
                    await asyncio.sleep(CROWDED)
        return None

    async def _press(self, message: Msg, label: str) -> bool:
        try:
            await self._chat.click(label, on=message, timeout=0)
        except (NoSuchButton, ClientError):  # the bot was quicker
            return False
        return True
