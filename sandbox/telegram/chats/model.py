"""Users, chats, files and messages as the emulator keeps them: plain mutable records in memory."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
MEDIA_KINDS = ("photo", "video", "audio", "document", "animation", "voice", "sticker")
HISTORY_KEPT = 500


@dataclass(slots=True)
class User:
    """A person or the bot; `started` lets the bot write first, `blocked` forbids it."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_premium: bool = False
    is_bot: bool = False
    started: bool = False
    blocked: bool = False


@dataclass(slots=True)
class FileRecord:
    """A stored file; several file_ids may share a unique_id. Durations in seconds, sizes in pixels."""

    file_id: str
    unique_id: str
    kind: str
    data: bytes
    path: str
    name: str | None = None
    mime: str | None = None
    width: int = 0
    height: int = 0
    duration: int = 0
    title: str | None = None
    performer: str | None = None
    sizes: tuple["FileRecord", ...] = ()
    cover: "FileRecord | None" = None
    """A film's, where it stands in a message: it belongs to that message, and the file by itself has none."""


@dataclass(slots=True)
class Message:
    """One message of a chat; `history` holds its earlier versions, oldest first."""

    message_id: int
    chat_id: int
    date: int
    sender_id: int | None
    sender_chat_id: int | None = None
    text: str | None = None
    entities: list[Json] = field(default_factory=list)
    caption: str | None = None
    caption_entities: list[Json] = field(default_factory=list)
    media: FileRecord | None = None
    markup: Json | None = None
    keyboard: Json | None = None
    thread_id: int | None = None
    is_topic: bool = False
    reply_to: int | None = None
    media_group_id: str | None = None
    forward_origin: Json | None = None
    service: Json = field(default_factory=dict)
    flags: Json = field(default_factory=dict)
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    edit_date: int | None = None
    deleted: bool = False
    seq: int = 0
    born: int = 0
    """Grows with every message of the server, ephemeral ones too: the order in which people see them."""
    only: int | None = None
    """The one person who sees it: it is ephemeral, and its `message_id` is its ephemeral one, negative."""
    via_bot: bool = False
    """A person sent it by choosing an inline result."""
    inline_id: str | None = None
    """inline_message_id: how the bot edits what stands in chats that it does not know."""
    guest_caller: int | None = None
    """Who called the bot into a chat of which it is no member."""
    history: deque[Json] = field(default_factory=lambda: deque(maxlen=HISTORY_KEPT))

    @property
    def ephemeral_id(self) -> int | None:
        """ephemeral_message_id, None for messages that everybody sees."""
        return -self.message_id if self.only is not None else None

    @property
    def kind(self) -> str:
        """text, one of the media kinds, or service."""
        if self.media is not None:
            return self.media.kind
        return "service" if self.service else "text"


@dataclass(slots=True)
class Chat:
    """A chat; `members` maps user ids to statuses (creator, administrator, member, left, kicked)."""

    id: int
    type: ChatType
    title: str | None = None
    username: str | None = None
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    ephemerals: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    """Topics that take no messages."""
    next_message_id: int = 1
    next_ephemeral_id: int = 1
    members_hidden: bool = False
    migrated_to: int | None = None
    deleted: bool = False
    last_sender_id: int | None = None
    menu_button: Json | None = None

    @property
    def is_private(self) -> bool:
        """Whether this is the chat of one user with the bot."""
        return self.type == "private"

    def find(self, message_id: int) -> Message | None:
        """The message that people know by this id: ephemeral ones have negative ids."""
        return self.messages.get(message_id) if message_id > 0 else self.ephemerals.get(message_id)
