"""An operator's command is answered after a flood penalty, as everybody's is; a user's penalty holds no operator up."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import SendMessage
from aiogram.types import Chat, Message
from aiogram.types import User as Sender

from bot.engine.accounts.users import User
from bot.engine.dialogs import inbox
from bot.engine.dialogs.inbox import Ticket
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.i18n.texts import Html, Texts
from tests.telegram.admin.credits.test_adjustment import NOW

TEXTS = Texts(strict=True)


class HeldUp:
    """An outbox to a Telegram that wants an hour's peace."""

    async def call(self, method: SendMessage, *_: object, **__: object) -> Message:
        raise TelegramRetryAfter(method=method, message="Too Many Requests", retry_after=3600)


def person(id: int, name: str) -> User:
    return cast("User", SimpleNamespace(id=id, name=name, language="en", language_code="en", account_id=id))


def replies() -> AdminReplies:
    ctx = cast("Any", SimpleNamespace(outbox=HeldUp(), texts=TEXTS))
    return AdminReplies(ctx, person(1, "Olga"), TEXTS.of("en"))


def command(chat_id: int, kind: str) -> Message:
    sender = Sender(id=1, is_bot=False, first_name="Olga")
    return Message(message_id=5, date=NOW, chat=Chat(id=chat_id, type=kind), from_user=sender, text="/status")


@pytest.mark.parametrize(("chat_id", "kind"), [(1, "private"), (-100, "supergroup")])
async def test_the_update_of_a_command_waits_for_the_end_of_the_penalty(chat_id: int, kind: str) -> None:
    with pytest.raises(TelegramRetryAfter), inbox.under_way(Ticket(1, 77)):
        await replies().answer(command(chat_id, kind), Html("Status"))
    assert not await replies().answer(command(chat_id, kind), Html("Status")), "nothing would bring it again"


async def test_what_a_user_cannot_be_told_now_does_not_hold_the_operator_up() -> None:
    with inbox.under_way(Ticket(1, 77)):
        assert await replies().tell(person(2, "Ann"), "admin-told-top_up", amount="5", balance="5") is False
