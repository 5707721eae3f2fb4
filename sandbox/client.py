"""Acting as people in the local Telegram, in words of a person; used by the demo and the end-to-end tests.

async with TelegramClient(base_url) as tg:
    ann = await tg.user("Ann", language="en", username="ann")     # id=… to choose one
    chat = ann.private()                    # in a group: grp = await tg.group("Friends", [ann, bob]); ann.in_(grp)
    await chat.send("/video a lake")        # also chat.reply(msg, text), chat.photo(bytes, caption=…), chat.file(…)
    msg = await chat.wait(text="Choose", timeout=5)   # what the bot wrote or edited since this person's last action
    answer = await chat.click("Pika")       # newest visible message with that button; answer.text is the toast
    await chat.expect("Ready", timeout=30)  # the same as wait; both raise Unmet, an AssertionError with the transcript
    await chat.wait_for(lambda m: m.kind == "video")
    msg.text, msg.caption, msg.buttons, msg.kind; await chat.history(msg); await chat.media(msg)
    answer = await chat.inline("a fox"); card = await chat.choose(answer, "Pika")  # what is typed behind the bot's name
    await chat.silent(0.3); await chat.transcript(); await ann.block(); await chat.delete(msg)
    await tg.faults("500", method="editMessageMedia", times=2); await tg.redeliver(3); await tg.calls("sendMessage")
"""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.client_chat import ChatView
from sandbox.client_views import Answer, ClientError, Json, Msg, NoSuchButton, Unmet

__all__ = ["Answer", "ChatView", "ClientError", "Group", "Msg", "NoSuchButton", "Person", "TelegramClient", "Unmet"]


class TelegramClient:
    """A connection to a running local Telegram; makes people and groups, and holds its test switches."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "TelegramClient":
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, http_method: str, path: str, data: Any = None, **query: Any) -> Any:
        """One request to a /client route; raises ClientError with the server's words."""
        if self._session is None:
            raise RuntimeError("use it as a context manager")
        body = {"data": data} if isinstance(data, aiohttp.FormData) else {"json": data} if data is not None else {}
        clean = {name: str(value) for name, value in query.items() if value is not None}
        url = f"{self.base_url}/client/{path}"
        async with self._session.request(http_method, url, params=clean, **body) as response:
            if response.content_type != "application/json":
                return await response.read()
            content = await response.read()
        answer = json.loads(content)
        if not isinstance(answer, dict) or "ok" not in answer:  # a file that somebody was sent
            return content
        if not answer["ok"]:
            raise ClientError(answer["description"])
        return answer["result"]

    async def user(
        self,
        name: str,
        *,
        language: str | None = None,
        username: str | None = None,
        id: int | None = None,  # noqa: A002 - the word of the domain
        premium: bool = False,
    ) -> "Person":
        """A person; asking again with the same id returns (and updates) the same one."""
        fields = {"first_name": name, "language_code": language, "username": username, "is_premium": premium}
        made = await self.call("POST", "users", {"id": id, **fields})
        return Person(self, int(made["id"]), name, username)

    async def group(
        self,
        title: str,
        members: list["Person"],
        *,
        kind: str = "supergroup",
        forum: bool = False,
        bot: str = "member",
    ) -> "Group":
        """A group (kind "group" or "supergroup"); the first member is its creator, `bot` the bot's status in it."""
        ids = [member.id for member in members]
        group = {"title": title, "kind": kind, "members": ids, "forum": forum, "bot": bot}
        made = await self.call("POST", "groups", group)
        return Group(self, int(made["id"]), title)

    async def faults(self, kind: str, **spec: Any) -> None:
        """Queues a fault: sandbox.telegram.control.faults.Fault tells method, chat_id, times, retry_after, seconds."""
        await self.call("POST", "faults", {"kind": kind, **spec})

    async def clear_faults(self) -> None:
        """Forgets queued faults."""
        await self.call("DELETE", "faults")

    async def limits(self, **limits: float | bool) -> Json:
        """Changes flood limits (enabled, scale, overall_per_second, …) and returns all of them."""
        changed: Json = await self.call("POST", "limits", limits)
        return changed

    async def redeliver(self, count: int = 1) -> int:
        """Has the last updates delivered again under the same update_id."""
        return int(await self.call("POST", "redeliver", {"count": count}))

    async def calls(self, method: str | None = None) -> list[Json]:
        """The bot's calls so far (method, chat_id, time, status, description), of one method or all."""
        listed: list[Json] = (await self.call("GET", "calls", method=method))["calls"]
        return listed

    async def counters(self) -> Json:
        """by_method and by_status over all calls of the bot."""
        answer = await self.call("GET", "calls", limit=1)
        return {"by_method": answer["by_method"], "by_status": answer["by_status"]}

    async def bot(self) -> Json:
        """The bot as Telegram knows it: me, commands, webhook, pending_updates, unanswered callback queries."""
        state: Json = await self.call("GET", "bot")
        return state


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat."""

    client: TelegramClient
    id: int
    title: str

    async def set_member(self, person: "Person", status: str) -> None:
        """creator, administrator, member, restricted (to reading), left or kicked."""
        await self.client.call("POST", "member", {"chat_id": self.id, "user_id": person.id, "status": status})

    async def set_bot(self, status: str) -> None:
        """Makes the bot member, administrator, restricted (to reading), left or kicked."""
        await self.client.call("POST", "member", {"chat_id": self.id, "status": status})

    async def topic(self, by: "Person", name: str) -> int:
        """Opens a forum topic; returns its message_thread_id."""
        made = await self.client.call("POST", "topics", {"chat_id": self.id, "user_id": by.id, "name": name})
        return int(made["message_thread_id"])

    async def rule_topic(self, by: "Person", topic: int, act: str) -> None:
        """`act`: close, reopen or delete; 1 is the general topic."""
        place = {"chat_id": self.id, "user_id": by.id, "message_thread_id": topic}
        await self.client.call("POST", "topic", {**place, "act": act})

    async def migrate(self) -> "Group":
        """Upgrades a basic group; returns the supergroup."""
        made = await self.client.call("POST", "migrate", {"chat_id": self.id})
        return Group(self.client, int(made["id"]), self.title)

    async def delete(self) -> None:
        """Deletes the group for good."""
        await self.client.call("POST", "delete_chat", {"chat_id": self.id})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account."""

    client: TelegramClient
    id: int
    name: str
    username: str | None = None

    def private(self) -> ChatView:
        """Their chat with the bot."""
        return ChatView(self.client, self.id, self.id)

    def in_(self, group: Group, thread: int | None = None) -> ChatView:
        """A group as they see it; `thread` writes into a forum topic."""
        return ChatView(self.client, self.id, group.id, thread)

    async def block(self) -> None:
        """Blocks the bot."""
        await self.client.call("POST", "block", {"user_id": self.id})

    async def unblock(self) -> None:
        """Unblocks the bot."""
        await self.client.call("POST", "block", {"user_id": self.id, "blocked": False})
