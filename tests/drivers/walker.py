"""A person who opens everything: presses each button of a page, sees where it leads, goes back, and measures it all."""

import re
from dataclasses import dataclass, field

from bot.telegram.i18n.texts import escape
from bot.telegram.ui.screen import HEIGHT, height
from sandbox.client import ChatView, ClientError, Msg, NoSuchButton, Unmet

NAMED = re.compile(r"^(?=[a-z]*[2-7])?[a-z2-7]{13}$")
"""An id of an order or a draft, another one each time."""
BACK = ("‹ ", "Close", "Закрыть", "Cancel", "Отмена", "Back", "No, keep", "Нет, оставить", "Keep it", "Не отменять")
"""How labels begin that lead out of a page."""


@dataclass
class Walker:
    """Walks through one chat. `left`: acts that are never pressed."""

    chat: ChatView
    left: frozenset[str] = frozenset()
    deepest: int = 4
    high: dict[str, int] = field(default_factory=dict)
    """Pages that are higher than a screen, by the way to them."""
    stuck: list[str] = field(default_factory=list)
    """Pages that rewrote another one and have no way out."""
    pages: set[str] = field(default_factory=set)
    pressed: dict[str, int] = field(default_factory=dict)

    async def open(self, command: str) -> None:
        """What a command shows, and everything behind its buttons."""
        shown = await self._sent(command)
        if shown is None:
            return
        self._measure(shown, command)
        await self._through(command, (), shown)

    async def _sent(self, command: str) -> Msg | None:
        await self.chat.send(command)
        try:
            return await self.chat.wait(timeout=5)
        except Unmet:
            return None

    async def _through(self, command: str, way: tuple[str, ...], page: Msg) -> None:
        """Presses everything on a page that was not pressed before."""
        if len(way) >= self.deepest:
            return
        for label, data in _buttons(page):
            if not self._wanted(data):
                continue
            here = await self._there(command, way, page)
            if here is None:
                return
            found = await self._pressed(here, label)
            said = " → ".join([command, *way, label])
            if found is None:
                continue
            self._measure(found, said)
            if found.id != here.id:
                continue
            self._way_out(found, label, said)
            await self._through(command, (*way, label), found)
            page = found

    def _wanted(self, data: str) -> bool:
        """Each kind of button twice: the second of its kind may hold more than the first."""
        if self.left & set(data.split(":")):
            return False
        kind = ":".join("*" if NAMED.match(part) or part.isdigit() else part for part in data.split(":"))
        self.pressed[kind] = self.pressed.get(kind, 0) + 1
        return self.pressed[kind] <= (2 if "*" in kind else 1)

    async def _there(self, command: str, way: tuple[str, ...], page: Msg) -> Msg | None:
        """The page again: by Back where that leads there, else the whole way anew."""
        now = await self.chat.refresh(page)
        if not now.deleted and _shape(now) == _shape(page) and now.words == page.words:
            return now
        shown = await self._sent(command)
        for label in way:
            shown = None if shown is None else await self._pressed(shown, label)
        return shown

    async def _pressed(self, page: Msg, label: str) -> Msg | None:
        """What the press of a button brought; None: nothing but a toast."""
        try:
            answer = await self.chat.click(label, on=page, timeout=10)
        except (ClientError, NoSuchButton):
            return None
        try:
            return await self.chat.wait(timeout=0.15 if answer.text else 1.5)
        except Unmet:
            return None

    def _measure(self, page: Msg, said: str) -> None:
        self.pages.add(page.words)
        lines = height(escape(page.words))
        if lines > HEIGHT:
            self.high[said] = lines

    def _way_out(self, page: Msg, label: str, said: str) -> None:
        """A page that took another's place leads back, unless it is where Back led, or has no buttons at all."""
        labels = [text for text, _ in _buttons(page)]
        if labels and not label.startswith(BACK) and not any(text == "‹" or text.startswith(BACK) for text in labels):
            self.stuck.append(f"{said}: {labels}")


def _buttons(page: Msg) -> list[tuple[str, str]]:
    live = [b for row in page.keyboard_rows for b in row if "callback_data" in b and not b.get("disabled")]
    return [(b["text"], b["callback_data"]) for b in live]


def _shape(page: Msg) -> list[str]:
    return page.buttons
