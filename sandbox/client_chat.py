"""One person's view of one chat in the local Telegram: write, press, wait, read."""

import asyncio
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any, Protocol

import aiohttp

from sandbox.client_views import Answer, InlineAnswer, Json, Msg, NoSuchButton, Unmet, answer_of
from sandbox.transcript import transcript_of

POLL = 10.0
NEWEST = 200


class Server(Protocol):
    """Whatever can call the /client routes."""

    async def call(self, http_method: str, path: str, data: Any = None, **query: Any) -> Any:
        """One request; returns its result."""


class ChatView:
    """A chat as one person sees and uses it."""

    def __init__(self, server: Server, user_id: int, chat_id: int, thread: int | None = None) -> None:
        self.user_id = user_id
        self.chat_id = chat_id
        self.thread = thread
        self._client = server
        self._since = 0

    async def _act(self, path: str, data: Json) -> Any:
        base = {"chat_id": self.chat_id, "user_id": self.user_id}
        self._since = int((await self._client.call("GET", "bot"))["last_event"])
        return await self._client.call("POST", path, {**base, **data})

    async def send(
        self,
        text: str,
        *,
        reply_to: Msg | None = None,
        anonymous: bool = False,
        channel: int | None = None,
        automatic: bool = False,
        quote: str = "",
        quoted_from: str = "",
    ) -> Msg:
        """Writes a text; `anonymous`: as the group; `channel`: as that one, or `automatic`, its post in this group;
        `quote`: a part of what is replied to, or with `quoted_from`, a name, of a message in another chat."""
        sender = {"anonymous": anonymous, "channel": channel, "automatic": automatic}
        quoted = {"quote": quote, "quoted_from": quoted_from} if quote else {}
        data = {"text": text, "reply_to": reply_to.id if reply_to else None, **sender, **quoted}
        return Msg(await self._act("send", {**data, "thread_id": self.thread}))

    async def reply(self, msg: Msg, text: str) -> Msg:
        """Replies to a message."""
        return await self.send(text, reply_to=msg)

    async def photo(self, data: bytes, caption: str = "") -> Msg:
        """Sends a photo."""
        return await self.file(data, kind="photo", name="photo.jpg", caption=caption)

    async def photos(self, pictures: Sequence[bytes], caption: str = "") -> list[Msg]:
        """Sends an album; its first photo has the caption."""
        name, since, sent = str(time.time_ns()), -1, []
        for number, data in enumerate(pictures):
            said = "" if number else caption
            sent.append(await self.file(data, kind="photo", name="photo.jpg", caption=said, album=name))
            since = self._since if since < 0 else since
        self._since = since
        return sent

    async def file(
        self,
        data: bytes,
        *,
        kind: str = "document",
        name: str = "file.bin",
        caption: str = "",
        album: str = "",
        reply_to: Msg | None = None,
    ) -> Msg:
        """Sends a file as one of the media kinds; those of one `album` belong together."""
        self._since = int((await self._client.call("GET", "bot"))["last_event"])
        form = aiohttp.FormData()
        fields = {"chat_id": self.chat_id, "user_id": self.user_id, "kind": kind, "thread_id": self.thread}
        answers = reply_to.id if reply_to else None
        more = {"caption": caption or None, "album": album or None, "reply_to": answers}
        for field, value in {**fields, **more}.items():
            if value is not None:
                form.add_field(field, str(value))
        form.add_field("file", BytesIO(data), filename=name)
        return Msg(await self._client.call("POST", "media", form))

    async def click(self, label: str, *, on: Msg | None = None, timeout: float = 5.0) -> Answer:
        """Presses a button of the newest visible message that has it (or of `on`) and waits for the bot's answer.
        An exact text is preferred to a part of one. Raises NoSuchButton, and ClientError for a disabled button."""
        messages = await self.messages()
        if on is not None:
            messages = [msg for msg in messages if msg.id == on.id]
        for msg in reversed(messages):
            button = msg.button(label)
            if button is not None:
                data = {"message_id": msg.id, "text": button["text"], "wait": timeout}
                return answer_of(await self._act("click", data))
        visible = [f"#{msg.id}: {msg.buttons}" for msg in messages if msg.buttons]
        raise NoSuchButton(f"no button {label!r}; visible buttons: {'; '.join(visible) or 'none'}")

    async def press(self, msg: Msg, data: str, *, timeout: float = 5.0) -> Answer:
        """Presses the button of a message by its callback data."""
        return answer_of(await self._act("click", {"message_id": msg.id, "data": data, "wait": timeout}))

    async def forge(self, message_id: int, data: str, *, timeout: float = 5.0) -> Answer:
        """Presses a button that is not there, as a hostile or stale client can: any data, any message id."""
        press = {"message_id": message_id, "data": data, "forge": True, "wait": timeout}
        return answer_of(await self._act("click", press))

    async def inline(self, text: str, *, offset: str = "", timeout: float = 5.0) -> InlineAnswer:
        """Types behind the bot's name and waits for what it offers."""
        return InlineAnswer(await self._act("inline", {"text": text, "offset": offset, "wait": timeout}))

    async def choose(self, answer: InlineAnswer, title: str) -> Msg:
        """Taps the result of that title, or the first whose title begins so: a message via the bot stands here."""
        result = answer.result(title)
        return Msg(await self._act("choose", {"query_id": answer.raw["query_id"], "result_id": result["id"]}))

    async def draft(self) -> Json | None:
        """What the bot is writing at this moment, if it shows that: draft_id, text, entities, can_stop, changes."""
        shown: Json | None = await self._client.call("GET", "draft", chat_id=self.chat_id)
        return shown

    async def wait_draft(self, text: str = "", timeout: float = 5.0) -> Json:
        """Waits for a draft containing `text`; raises Unmet."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            shown = await self.draft()
            if shown is not None and text in shown["text"]:
                return shown
            await asyncio.sleep(0.01)
        raise Unmet(f"no draft with {text!r} came within {timeout:g} s\n{await self.transcript()}")

    async def stop(self) -> None:
        """Presses Stop under the draft; raises ClientError when there is no such button."""
        await self._act("stop", {})

    async def messages(self) -> list[Msg]:
        """The visible messages, oldest first."""
        listed = await self._client.call("GET", "messages", chat_id=self.chat_id, user_id=self.user_id, limit=NEWEST)
        return [msg for msg in map(Msg, listed) if not msg.deleted]

    async def last(self) -> Msg:
        """The newest visible message of the bot; raises Unmet when there is none."""
        for msg in reversed(await self.messages()):
            if msg.from_bot:
                return msg
        raise Unmet("the bot has written nothing here")

    async def wait_for(self, wanted: Callable[[Msg], bool], timeout: float = 5.0, *, what: str = "") -> Msg:
        """The newest message that the bot wrote or edited since this person's last action here and that is `wanted`;
        waits up to `timeout` seconds, then raises Unmet."""
        deadline = time.monotonic() + timeout
        seen = self._since
        while True:
            for msg in sorted(await self.messages(), key=lambda msg: msg.seq, reverse=True):
                if msg.seq > self._since and msg.from_bot and wanted(msg):
                    return msg
                seen = max(seen, msg.seq)
            left = deadline - time.monotonic()
            if left <= 0:
                raise Unmet(
                    f"{what or 'what was waited for'} did not come within {timeout:g} s\n{await self.transcript()}"
                )
            query = {"after": seen, "chat_id": self.chat_id, "user_id": self.user_id, "timeout": min(left, POLL)}
            events = (await self._client.call("GET", "events", **query))["events"]
            seen = max([seen, *(event["seq"] for event in events)])

    async def wait(self, text: str = "", timeout: float = 5.0, *, button: str | None = None) -> Msg:
        """Waits for a message of the bot containing `text` in its text or caption, and a button when one is named."""
        what = f"{text!r}" + (f" with the button {button!r}" if button else "")
        return await self.wait_for(
            lambda msg: text in msg.words and (button is None or msg.button(button) is not None), timeout, what=what
        )

    async def expect(self, text: str, timeout: float = 5.0) -> Msg:
        """The same as `wait`, reading as a check."""
        return await self.wait(text, timeout)

    async def silent(self, seconds: float = 0.3) -> None:
        """Raises Unmet if the bot writes or edits anything here within that time."""
        await asyncio.sleep(seconds)
        for msg in await self.messages():
            if msg.from_bot and msg.seq > self._since:
                raise Unmet(f"the bot was not silent\n{await self.transcript()}")

    async def wait_gone(self, msg: Msg, timeout: float = 15.0) -> None:
        """Waits until a message is deleted; raises Unmet."""
        deadline = time.monotonic() + timeout
        while not (await self.refresh(msg)).deleted:
            if time.monotonic() >= deadline:
                raise Unmet(f"message #{msg.id} is still there after {timeout:g} s\n{await self.transcript()}")
            await asyncio.sleep(0.05)

    async def refresh(self, msg: Msg) -> Msg:
        """The same message as it is now, also when it was deleted."""
        return Msg(await self._look(msg))

    async def _look(self, msg: Msg) -> Json:
        place = {"chat_id": self.chat_id, "user_id": self.user_id}
        found: Json = await self._client.call("GET", "message", message_id=msg.id, **place)
        return found

    async def history(self, msg: Msg) -> list[Json]:
        """The earlier versions of a message, oldest first: time and content fields."""
        history: list[Json] = (await self._look(msg))["history"]
        return history

    async def media(self, msg: Msg) -> bytes:
        """The bytes of its media."""
        data: bytes = await self._client.call("GET", "media", chat_id=self.chat_id, message_id=msg.id)
        return data

    async def delete(self, msg: Msg) -> None:
        """Deletes a message for everybody."""
        await self._client.call("POST", "delete_message", {"chat_id": self.chat_id, "message_id": msg.id})

    async def clear(self) -> None:
        """Empties this private chat for both sides."""
        await self._client.call("POST", "delete_chat", {"chat_id": self.chat_id})

    async def events(self) -> list[Json]:
        """Everything visible that happened in this chat, oldest first (as far back as the server keeps it)."""
        found: list[Json] = []
        while True:
            after = found[-1]["seq"] if found else 0
            place = {"chat_id": self.chat_id, "user_id": self.user_id}
            page = await self._client.call("GET", "events", after=after, limit=1_000, **place)
            if not page["events"]:
                return found
            found += page["events"]

    async def transcript(self) -> str:
        """The chat as readable lines."""
        return transcript_of(await self.events())
