"""A person who presses whatever is there: any visible button in any order, words in between, in every kind of chat."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.client import ChatView, ClientError, Msg, NoSuchButton

NEWEST = 6
"""Messages that somebody scrolls back to."""
FAULT = ("Something broke on my side", "сломалось у меня")


@dataclass
class Wanderer:
    """Wanders through chats. Raises AssertionError, with what was done, at a press without an answer or an apology."""

    rng: random.Random
    chats: Sequence[ChatView]
    words: Sequence[str]
    picture: bytes
    done: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    """How often a button of each text was pressed."""

    async def step(self) -> None:
        """One thing: mostly a press, sometimes words, a reply, a photo or something typed behind the bot's name."""
        chat = self.rng.choice(self.chats)
        shown = [msg for msg in await chat.messages() if msg.from_bot or msg.keyboard_rows][-NEWEST:]
        pressable = [(msg, button) for msg in shown for row in msg.keyboard_rows for button in row if _live(button)]
        chance = self.rng.random()
        if pressable and chance < 0.75:
            msg, button = self._rarest(pressable)
            await self._press(chat, msg, button)
        elif chance < 0.94:
            await self._say(chat, shown)
        elif chance < 0.97:
            self.done.append("a photo")
            await chat.photo(self.picture, self.rng.choice(("", "/edit a hat", "what is it?")))
        else:
            await self._inline(chat)
        await self._no_apology(chat)

    def _rarest(self, pressable: list[tuple[Msg, dict[str, str]]]) -> tuple[Msg, dict[str, str]]:
        """Of a few at random what was pressed least, so that nothing is left out for long."""
        few = self.rng.sample(pressable, min(3, len(pressable)))
        return min(few, key=lambda one: self.seen[one[1]["text"]])

    async def _press(self, chat: ChatView, msg: Msg, button: dict[str, str]) -> None:
        said = f"[{button['text']}] under {msg.words[:40]!r}"
        self.done.append(said)
        self.seen[button["text"]] += 1
        try:
            answer = await chat.press(msg, button["callback_data"], timeout=15)
        except (ClientError, NoSuchButton):
            return  # the bot was quicker: the message changed since it was looked at
        assert answer.answered, f"{said} was not answered\n{self.story()}"
        assert not any(fault in answer.text for fault in FAULT), f"{said}: {answer.text}\n{self.story()}"

    async def _say(self, chat: ChatView, shown: list[Msg]) -> None:
        words = self.rng.choice(self.words)
        self.done.append(words)
        reply = self.rng.choice(shown) if shown and self.rng.random() < 0.2 else None
        try:
            await chat.send(words, reply_to=reply)
        except ClientError as error:
            if reply is None or "replied not found" not in str(error):
                raise  # else the bot was quicker: the message vanished since it was looked at

    async def _inline(self, chat: ChatView) -> None:
        words = self.rng.choice(self.words).lstrip("/")
        self.done.append(f"@bot {words}")
        answer = await chat.inline(words, timeout=15)
        if answer.titles:
            self.done.append("… and the first of what was offered")
            await chat.choose(answer, answer.titles[0])

    async def _no_apology(self, chat: ChatView) -> None:
        for msg in await chat.messages():
            assert not any(fault in msg.words for fault in FAULT), f"{msg.words}\n{self.story()}"

    def story(self) -> str:
        """The last things that were done."""
        return "\n".join(self.done[-25:])


def _live(button: dict[str, str]) -> bool:
    return "callback_data" in button and not button.get("disabled")
