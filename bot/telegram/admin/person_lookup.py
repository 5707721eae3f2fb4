"""Whom a command is about: a @username, a Telegram id, or the author of the message that it replies to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from aiogram.types import Message, MessageOriginUser
from aiogram.types import User as Sender

from bot.domain.users import ById, ByName, Who
from bot.engine.accounts.people import People
from bot.engine.accounts.users import User


@dataclass(frozen=True, slots=True)
class Replied:
    """Whose message the command replies to. `plain` False: it takes a second look to see who is meant."""

    id: int
    plain: bool


class Unknown(StrEnum):
    """Why no user was found; the name of the explanation."""

    NAME = "name"
    ID = "id"
    REPLIED = "replied"


class NobodyFound(Exception):
    """No user of the bot is meant by that. Carries what was looked for."""

    def __init__(self, reason: Unknown, sought: str) -> None:
        super().__init__(sought)
        self.reason = reason
        self.sought = sought


def replied_of(message: Message) -> Replied | None:
    """The person behind the message replied to; None when there is none: a bot, a channel, a hidden sender.

    In private an operator answers what they forwarded: its first author is meant. In a forum every message counts as a
    reply to the one that opened the topic: that is no reply.
    """
    parent = message.reply_to_message
    if parent is None or parent.forum_topic_created is not None:
        return None
    private = message.chat.type == "private"
    author: Sender | None = parent.from_user
    if private and parent.forward_origin is not None:
        origin = parent.forward_origin
        author = origin.sender_user if isinstance(origin, MessageOriginUser) else None
    if author is None or author.is_bot or parent.sender_chat is not None:
        return None
    return Replied(author.id, plain=not private and parent.forward_origin is None)


async def find(people: People, who: Who | Replied) -> User:
    """The user meant. Raises NobodyFound."""
    match who:
        case ByName(name):
            found, reason, sought = await people.named(name), Unknown.NAME, f"@{name}"
        case ById(user_id):
            found, reason, sought = await people.find(user_id), Unknown.ID, str(user_id)
        case Replied(user_id):
            found, reason, sought = await people.find(user_id), Unknown.REPLIED, str(user_id)
        case _:
            assert_never(who)
    if found is None:
        raise NobodyFound(reason, sought)
    return found
