"""What people see in the local Telegram: messages, answers to presses, and how waiting for them can fail."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class ClientError(Exception):
    """The local Telegram refused what a person tried."""


class NoSuchButton(AssertionError):
    """No visible message has that button; the text lists the buttons that are visible."""


class Unmet(AssertionError):
    """What was waited for did not come; the text is the transcript of the chat."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press brought: the toast or alert of the bot, or what a url or copy button holds."""

    answered: bool
    text: str = ""
    show_alert: bool = False
    url: str | None = None
    copied: str | None = None


@dataclass(frozen=True, slots=True)
class Msg:
    """One message as it was when it was looked at. `seq` is the number of its last event."""

    raw: Json

    @property
    def id(self) -> int:
        """message_id."""
        return int(self.raw["message_id"])

    @property
    def message(self) -> Json:
        """The Bot API object."""
        message: Json = self.raw["message"]
        return message

    @property
    def text(self) -> str:
        """The text, "" for media."""
        return str(self.message.get("text", ""))

    @property
    def caption(self) -> str:
        """The caption, "" when there is none."""
        return str(self.message.get("caption", ""))

    @property
    def words(self) -> str:
        """Text or caption, whichever there is."""
        return self.text or self.caption

    @property
    def kind(self) -> str:
        """text, photo, video, audio, document, animation, voice or service."""
        return str(self.raw["kind"])

    @property
    def seq(self) -> int:
        """The number of the last event of this message."""
        return int(self.raw["seq"])

    @property
    def edits(self) -> int:
        """How often it was edited."""
        return int(self.raw["edits"])

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.raw["from_bot"])

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who looks sees it. Its id is negative then."""
        return self.raw["only"] is not None

    @property
    def deleted(self) -> bool:
        """Whether it is gone."""
        return bool(self.raw["deleted"])

    @property
    def keyboard_rows(self) -> list[list[Json]]:
        """The rows of inline buttons as the Bot API has them."""
        rows: list[list[Json]] = self.message.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    @property
    def buttons(self) -> list[str]:
        """The texts of its inline buttons, row by row."""
        return [button["text"] for row in self.keyboard_rows for button in row]

    def button(self, label: str) -> Json | None:
        """The button of that text; else the one with the shortest text containing it, in any case."""
        buttons = [button for row in self.keyboard_rows for button in row]
        for button in buttons:
            if button["text"] == label:
                return button
        partial = [button for button in buttons if label.casefold() in button["text"].casefold()]
        return min(partial, key=lambda button: len(button["text"]), default=None)


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What the bot offers for what was typed behind its name."""

    raw: Json

    @property
    def answered(self) -> bool:
        """Whether it came in time."""
        return bool(self.raw["answered"])

    @property
    def titles(self) -> list[str]:
        """The titles of the results; those of files have the kind of the file where they have no title."""
        return [each["title"] or each["type"] for each in self.raw["results"]]

    @property
    def button(self) -> Json | None:
        """The button over the results: text and start_parameter."""
        button: Json | None = self.raw["button"]
        return button

    def result(self, title: str) -> Json:
        """The result of that title, else the first whose title begins so; raises NoSuchButton."""
        named = zip(self.titles, self.raw["results"], strict=True)
        found: list[Json] = [each for name, each in named if name.startswith(title)]
        if not found:
            raise NoSuchButton(f"no result {title!r}; there are: {self.titles}")
        return next((each for each in found if each["title"] == title), found[0])


def answer_of(result: Json) -> Answer:
    """The answer in the server's reply to a press."""
    button = result.get("button")
    if button is not None:
        copied = button.get("copy_text", {}).get("text")
        return Answer(answered=False, url=button.get("url"), copied=copied)
    answer = result["answer"] or {}
    shown = bool(answer.get("show_alert"))
    return Answer(answered=result["answered"], text=answer.get("text", ""), show_alert=shown, url=answer.get("url"))
