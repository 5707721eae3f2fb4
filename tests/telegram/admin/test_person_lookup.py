"""Whose message a command replies to, in all the ways in which Telegram tells it."""

from datetime import UTC, datetime
from typing import Any

from aiogram.types import (
    Chat,
    ForumTopicCreated,
    Message,
    MessageOriginHiddenUser,
    MessageOriginUser,
    User,
)

from bot.telegram.admin.person_lookup import Replied, replied_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GROUP = Chat(id=-100, type="supergroup")
PRIVATE = Chat(id=1, type="private")
OLGA = User(id=1, is_bot=False, first_name="Olga")
ANN = User(id=7, is_bot=False, first_name="Ann")
BOT = User(id=8, is_bot=True, first_name="Easel")


def message(chat: Chat, author: User | None, **fields: Any) -> Message:
    return Message(message_id=5, date=NOW, chat=chat, from_user=author, **fields)


def reply_to(parent: Message | None) -> Message:
    return message(parent.chat if parent is not None else GROUP, OLGA, reply_to_message=parent)


def test_the_author_in_a_group() -> None:
    assert replied_of(reply_to(message(GROUP, ANN))) == Replied(7, plain=True)


def test_no_reply() -> None:
    assert replied_of(reply_to(None)) is None


def test_a_bot_is_nobody() -> None:
    assert replied_of(reply_to(message(GROUP, BOT))) is None


def test_a_channel_and_an_anonymous_admin_are_nobody() -> None:
    assert replied_of(reply_to(message(GROUP, ANN, sender_chat=GROUP))) is None
    assert replied_of(reply_to(message(GROUP, None))) is None


def test_a_topic_is_not_the_person_who_opened_it() -> None:
    opened = message(GROUP, ANN, forum_topic_created=ForumTopicCreated(name="Orders", icon_color=1))
    assert replied_of(reply_to(opened)) is None


def test_in_private_the_first_author_of_a_forwarded_message_takes_a_second_look() -> None:
    origin = MessageOriginUser(date=NOW, sender_user=ANN)
    assert replied_of(reply_to(message(PRIVATE, OLGA, forward_origin=origin))) == Replied(7, plain=False)


def test_in_private_a_hidden_author_is_nobody_rather_than_the_operator() -> None:
    origin = MessageOriginHiddenUser(date=NOW, sender_user_name="Ann")
    assert replied_of(reply_to(message(PRIVATE, OLGA, forward_origin=origin))) is None


def test_in_a_group_who_forwarded_takes_a_second_look() -> None:
    origin = MessageOriginUser(date=NOW, sender_user=OLGA)
    assert replied_of(reply_to(message(GROUP, ANN, forward_origin=origin))) == Replied(7, plain=False)
