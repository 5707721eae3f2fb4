"""The people's side of the server: JSON routes under /client to act in chats and to see what is in them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.telegram.chats.callbacks import Query
from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.members import set_member
from sandbox.telegram.chats.model import MEDIA_KINDS, Chat, Json, User
from sandbox.telegram.chats.store import migrate
from sandbox.telegram.people import acts, acts_inline
from sandbox.telegram.people.media_shown import media_shown
from sandbox.telegram.wire.errors import ApiError, bad
from sandbox.telegram.wire.params import Params, read_params
from sandbox.telegram.wire.render import render_chat, render_for_client, render_user

Action = Callable[[Params], Awaitable[Any]]
WAIT_MAX = 60.0


class ClientRoutes:
    """Every route answers {"ok": true, "result": …} or {"ok": false, "description": …}."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        """The routes people use."""
        posts: dict[str, Action] = {
            "users": self.add_user,
            "groups": self.add_group,
            "send": self.send,
            "media": self.send_media,
            "edit": self.edit,
            "click": self.click,
            "block": self.block,
            "stop": self.stop,
            "delete_message": self.delete_message,
            "delete_chat": self.delete_chat,
            "member": self.set_member,
            "migrate": self.migrate,
        }
        gets: dict[str, Action] = {
            "messages": self.messages,
            "message": self.message,
            "events": self.events,
            "draft": self.draft,
        }
        table = [web.post(f"/client/{name}", self.route(action)) for name, action in posts.items()]
        table += [web.get(f"/client/{name}", self.route(action)) for name, action in gets.items()]
        return [*table, web.get("/client/media", self._download)]

    def route(self, action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A request handler around an action on parameters."""

        async def handle(request: web.Request) -> web.Response:
            try:
                params = await read_params(request, self._core.config.file_upload)
                return web.json_response({"ok": True, "result": await action(params)})
            except ApiError as error:
                return web.json_response(error.body(), status=error.code)

        return handle

    def _chat(self, params: Params) -> Chat:
        return self._core.store.chat(params.text("chat_id"))

    @staticmethod
    def need(params: Params, name: str) -> int:
        """A number that must be given."""
        value = params.integer(name)
        if value is None:
            raise bad(f"{name} is required")
        return value

    async def add_user(self, params: Params) -> Json:
        """A person: first_name, and optionally id, username, language_code, is_premium. Without an id, the one who has
        this username and this first_name already is meant: a script that runs twice gets its people again."""
        username, name = params.text("username"), params.text("first_name")
        known = self._core.store.by_username(username)
        mine = known.id if known is not None and known.first_name == name else 0
        user = User(
            params.integer("id", 0) or mine,
            params.text("first_name") or "Somebody",
            params.text("username") or None,
            params.text("language_code") or None,
            is_premium=params.boolean("is_premium"),
        )
        return render_user(self._core.store.add_user(user))

    async def add_group(self, params: Params) -> Json:
        """A group: title, kind (group, supergroup, channel), members, forum, bot (the bot's status in it)."""
        kind = params.text("kind") or "supergroup"
        members = params.json("members") or []
        if kind not in {"group", "supergroup", "channel"}:
            raise bad("kind must be group, supergroup or channel")
        if not isinstance(members, list) or not members or not all(isinstance(member, int) for member in members):
            raise bad("members must be a list of user ids, the creator first")
        bot = params.text("bot") or "member"
        chat = self._core.store.add_group(
            params.text("title") or "Group",
            kind,  # type: ignore[arg-type]  # one of the three, see above
            members,
            is_forum=params.boolean("forum"),
            bot="left",
        )
        creator = next(iter(chat.members))
        set_member(self._core, chat, creator, self._core.store.bot.id, bot)
        return render_chat(self._core.store, chat)

    async def send(self, params: Params) -> Json:
        """A text: chat_id, user_id, text, and optionally reply_to, thread_id, anonymous (as the group), channel (as
        that one) and automatic (a post of that one, which is linked to the group), quote (a part of what is
        replied to) and quoted_from (a name: the quote is of another chat)."""
        chat, channel = self._chat(params), params.integer("channel")
        as_channel = self._core.store.chat(channel) if channel else None
        message = acts.write(
            self._core,
            chat,
            self.need(params, "user_id"),
            text=params.text("text"),
            reply_to=params.integer("reply_to"),
            thread_id=params.integer("thread_id"),
            sent_as=chat if params.boolean("anonymous") else as_channel,
            automatic=params.boolean("automatic"),
            quote=params.text("quote"),
            quoted_from=params.text("quoted_from"),
        )
        acts_inline.call_guest(self._core, chat, message)
        return render_for_client(self._core.store, message)

    async def send_media(self, params: Params) -> Json:
        """A file (multipart part "file"): chat_id, user_id, kind, caption, reply_to, thread_id, album."""
        kind = params.text("kind") or "document"
        upload = params.files.get("file")
        if kind not in MEDIA_KINDS or upload is None:
            raise bad(f"kind must be one of {MEDIA_KINDS}, and a file part is required")
        chat, user_id = self._chat(params), self.need(params, "user_id")
        acts.member_of(self._core, chat, user_id)
        media = await self._core.inputs.store(upload, kind, params)
        message = acts.write(
            self._core,
            chat,
            user_id,
            media=media,
            caption=params.text("caption") or None,
            reply_to=params.integer("reply_to"),
            thread_id=params.integer("thread_id"),
            album=params.text("album") or None,
        )
        acts_inline.call_guest(self._core, chat, message)
        return render_for_client(self._core.store, message)

    async def edit(self, params: Params) -> Json:
        """Edits a person's own text: chat_id, user_id, message_id, text."""
        ids = self.need(params, "user_id"), self.need(params, "message_id")
        message = acts.rewrite(self._core, self._chat(params), *ids, params.text("text"))
        return render_for_client(self._core.store, message)

    async def click(self, params: Params) -> Json:
        """Presses a button: chat_id, user_id, message_id, text or data, and wait (seconds for the bot's answer).
        With forge=true any data is pressed, whether the message has such a button or not."""
        data, text = params.raw("data"), params.raw("text")
        ids = self.need(params, "user_id"), self.need(params, "message_id")
        pressed: Query | Json
        if params.boolean("forge"):
            pressed = acts.forge(self._core, self._chat(params), *ids, params.text("data"))
        else:
            pressed = acts.click(self._core, self._chat(params), *ids, text=text, data=data)
        if isinstance(pressed, dict):
            return {"button": pressed}
        try:
            async with asyncio.timeout(min(WAIT_MAX, float(params.text("wait") or 0))):
                await pressed.done.wait()
        except TimeoutError:
            pass
        return {"query_id": pressed.id, "answered": pressed.answer is not None, "answer": pressed.answer}

    async def stop(self, params: Params) -> bool:
        """Presses Stop under the bot's draft: chat_id, user_id."""
        acts.stop(self._core, self._chat(params), self.need(params, "user_id"))
        return True

    async def draft(self, params: Params) -> Json | None:
        """The draft that is shown in a chat: chat_id."""
        shown = self._core.drafts.get(self._chat(params).id)
        return shown.shown() if shown is not None else None

    async def block(self, params: Params) -> bool:
        """Blocks (or with blocked=false unblocks) the bot: user_id."""
        blocked = params.raw("blocked") is None or params.boolean("blocked")
        acts.block(self._core, self.need(params, "user_id"), blocked=blocked)
        return True

    async def delete_message(self, params: Params) -> bool:
        """Deletes any message for everybody: chat_id, message_id."""
        wanted = self.need(params, "message_id")
        message = self._core.store.message(self._chat(params), wanted, bad("message to delete not found"))
        self._core.delete(message)
        return True

    async def delete_chat(self, params: Params) -> bool:
        """Deletes a group, or empties a private chat for both sides: chat_id."""
        acts.delete_chat(self._core, self._chat(params))
        return True

    async def set_member(self, params: Params) -> bool:
        """Sets a member's status: chat_id, user_id (0: the bot), status, by."""
        chat = self._chat(params)
        by = params.integer("by") or next(iter(chat.members), 0)
        user_id = params.integer("user_id") or self._core.store.bot.id
        set_member(self._core, chat, by, user_id, params.text("status"))
        return True

    async def migrate(self, params: Params) -> Json:
        """Upgrades a basic group to a supergroup: chat_id."""
        core, old = self._core, self._chat(params)
        new, note = migrate(core.store, old)
        creator = next(iter(old.members))
        for chat, service in ((old, note), (new, {"migrate_from_chat_id": old.id})):
            acts.tell(core, chat, core.store.new_message(chat, creator, service=service))
        return render_chat(core.store, new)

    async def messages(self, params: Params) -> list[Json]:
        """The newest messages of a chat, oldest first: chat_id, limit (100), user_id (who looks)."""
        limit = min(self._core.config.messages_kept, params.integer("limit", 100) or 100)
        chat, viewer = self._chat(params), params.integer("user_id")
        mine = [message for message in chat.ephemerals.values() if message.only == viewer]
        newest = sorted([*chat.messages.values(), *mine], key=lambda message: message.born)[-limit:]
        return [render_for_client(self._core.store, message) for message in newest]

    async def message(self, params: Params) -> Json:
        """One message, deleted or not, with its earlier versions: chat_id, message_id, user_id (who looks)."""
        found = self._chat(params).find(self.need(params, "message_id"))
        if found is None or found.only not in (None, params.integer("user_id")):
            raise bad("message not found")
        return {**render_for_client(self._core.store, found), "history": list(found.history)}

    async def events(self, params: Params) -> Json:
        """What happened after a number: after, chat_id, limit (100), timeout (seconds to wait for one), user_id."""
        after, chat_id = params.integer("after", 0) or 0, params.integer("chat_id")
        limit = max(1, min(1_000, params.integer("limit", 100) or 100))
        timeout = min(WAIT_MAX, float(params.text("timeout") or 0))
        found = await self._core.events.wait(after, chat_id, limit, timeout, params.integer("user_id"))
        return {"events": found, "last": self._core.events.last}

    async def _download(self, request: web.Request) -> web.Response:
        try:
            media = media_shown(self._core, Params(dict(request.query)))
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        return web.Response(body=media.data, content_type=(media.mime or "application/octet-stream").split(";")[0])
