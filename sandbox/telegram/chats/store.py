"""The state of the emulated Telegram: people, chats, messages; everything in memory and bounded."""

import time
from collections.abc import Mapping

from sandbox.telegram.chats.model import Chat, ChatType, Json, Message, User
from sandbox.telegram.control.config import Config
from sandbox.telegram.wire.errors import ApiError, bad

ANONYMOUS_ADMIN = 1087968824
AS_CHANNEL = 136817688
LINKED = 777000
"""Who stands in `from` of messages sent as a chat: by an anonymous admin, as a channel, and posts of a linked one."""
USER_ID_MAX = 1 << 52


class Store:
    """Users and chats by id. Private chats carry the id of their user."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.bot = User(config.bot_id, config.bot_name, config.bot_username, is_bot=True)
        anonymous = User(ANONYMOUS_ADMIN, "Group", "GroupAnonymousBot", is_bot=True)
        as_channel = User(AS_CHANNEL, "Channel", "Channel_Bot", is_bot=True)
        fakes = (anonymous, as_channel, User(LINKED, "Telegram"))
        self.users: dict[int, User] = {self.bot.id: self.bot, **{fake.id: fake for fake in fakes}}
        self.chats: dict[int, Chat] = {}
        self._next_user = 1_000_001
        self._next_group = 4_000_001
        self._born = 0

    def add_user(self, user: User) -> User:
        """Adds a person (id 0: a fresh one) with a private chat; adding a known id again updates the person."""
        if user.id > USER_ID_MAX:
            raise bad("invalid user id")
        if user.id <= 0:
            while self._next_user in self.users:
                self._next_user += 1
            user.id = self._next_user
        holder = self.by_username(user.username or "")
        if holder is not None and holder.id != user.id:
            raise bad(f"the username {user.username} is taken by {holder.first_name} ({holder.id})")
        known = self.users.get(user.id)
        if known is not None:
            known.first_name, known.username = user.first_name, user.username
            known.language_code, known.is_premium = user.language_code, user.is_premium
            return known
        self._room()
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private")
        return user

    def add_group(
        self, title: str, kind: ChatType, members: list[int], *, is_forum: bool = False, bot: str = "member"
    ) -> Chat:
        """Adds a group; the first member is its creator, `bot` is the status of the bot in it."""
        self._room()
        self._next_group += 1
        chat_id = -self._next_group if kind == "group" else -1_000_000_000_000 - self._next_group
        chat = Chat(chat_id, kind, title=title, is_forum=is_forum and kind == "supergroup")
        chat.next_message_id = 2  # the first one told of the group's creation; topic 1 is the general one
        for number, member in enumerate(members):
            chat.members[self.user(member).id] = "member" if number else "creator"
        chat.members[self.bot.id] = bot
        self.chats[chat_id] = chat
        return chat

    def _room(self) -> None:
        if len(self.chats) >= self.config.chats_kept:
            raise bad("too many chats")

    def by_username(self, username: str) -> User | None:
        """Who has this username, in any case of its letters."""
        wanted = username.lower()
        return next((user for user in self.users.values() if wanted and (user.username or "").lower() == wanted), None)

    def user(self, user_id: int) -> User:
        """The person of that id; 400 when unknown."""
        try:
            return self.users[user_id]
        except KeyError:
            raise bad("user not found") from None

    def chat(self, reference: object) -> Chat:
        """The chat of an id or @username; 400 "chat not found" when there is none."""
        text = str(reference).strip()
        if text.startswith("@"):
            name = text[1:].lower()
            for chat in self.chats.values():
                if (chat.username or "").lower() == name and not chat.is_private:
                    return chat
            raise bad("chat not found")
        try:
            return self.chats[int(text)]
        except (KeyError, ValueError):
            raise bad("chat not found") from None

    def is_known(self, user_id: int) -> bool:
        """Whether the bot has ever met this person: in private or in a common group."""
        return self.users[user_id].started or any(
            user_id in chat.members and chat.members.get(self.bot.id) in {"member", "administrator"}
            for chat in self.chats.values()
            if not chat.is_private
        )

    def new_message(self, chat: Chat, sender_id: int | None, **fields: object) -> Message:
        """Appends a message to a chat (which forgets its oldest beyond the bound) and returns it."""
        message = self._message(chat, chat.next_message_id, sender_id, fields)
        chat.next_message_id += 1
        chat.messages[message.message_id] = message
        chat.last_sender_id = sender_id
        while len(chat.messages) > self.config.messages_kept:
            chat.messages.popitem(last=False)
        return message

    def new_ephemeral(self, chat: Chat, sender_id: int, only: int, **fields: object) -> Message:
        """A message that only one person and the bot see."""
        message = self._message(chat, -chat.next_ephemeral_id, sender_id, {**fields, "only": only})
        chat.next_ephemeral_id += 1
        chat.ephemerals[message.message_id] = message
        while len(chat.ephemerals) > self.config.messages_kept:
            chat.ephemerals.popitem(last=False)
        return message

    def _message(self, chat: Chat, message_id: int, sender_id: int | None, fields: Mapping[str, object]) -> Message:
        self._born += 1
        message = Message(message_id, chat.id, int(time.time()), sender_id, born=self._born)
        for name, value in fields.items():
            setattr(message, name, value)
        return message

    def message(self, chat: Chat, message_id: int | None, missing: ApiError) -> Message:
        """A message that was not deleted, else raises `missing`."""
        message = chat.messages.get(message_id or 0)
        if message is None or message.deleted:
            raise missing
        return message

    def is_admin(self, chat: Chat, user_id: int) -> bool:
        """Whether that member administers the group."""
        return chat.members.get(user_id) in {"creator", "administrator"}


def migrate(store: Store, chat: Chat) -> tuple[Chat, Json]:
    """Turns a basic group into a supergroup; returns the new chat and the service note of the old one."""
    if chat.type != "group" or chat.migrated_to is not None:
        raise bad("only a basic group can be upgraded")
    new = store.add_group(chat.title or "", "supergroup", [])
    new.members = dict(chat.members)
    chat.migrated_to = new.id
    return new, {"migrate_to_chat_id": new.id}
