"""What the bot notes of its own membership: the log tells an operator the id of a chat for STAGING_CHAT_ID."""

from typing import Any, cast

import pytest
from aiogram.types import ChatMemberUpdated
from structlog.testing import capture_logs

from bot.telegram.context.context import Context
from bot.telegram.groups.membership import record_presence

BOT = {"id": 42, "is_bot": True, "first_name": "Easel"}


def joined(kind: str, chat_id: int) -> ChatMemberUpdated:
    change: dict[str, Any] = {
        "chat": {"id": chat_id, "type": kind, "title": "Staging"},
        "from": {"id": 5, "is_bot": False, "first_name": "Olga"},
        "date": 0,
        "old_chat_member": {"status": "left", "user": BOT},
        "new_chat_member": {"status": "member", "user": BOT},
    }
    return ChatMemberUpdated.model_validate(change)


@pytest.mark.parametrize(("kind", "chat_id", "told"), [("channel", -1_001_234, True), ("private", 5, False)])
async def test_a_channel_is_told_in_the_log_and_a_private_chat_is_nobodys_business(
    kind: str, chat_id: int, told: bool
) -> None:
    with capture_logs() as logs:
        await record_presence(joined(kind, chat_id), cast("Context", None))
    expected = {"event": "group.standing", "chat": chat_id, "presence": "member", "log_level": "info"}
    assert logs == ([expected] if told else [])
