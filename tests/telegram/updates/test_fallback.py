"""Whatever a person sends in private is answered, and in groups nothing but what is said to the bot."""

from typing import Any

import pytest
from aiogram.types import Message

from bot.telegram.updates.fallback import is_content

PRICE = {"title": "A hat", "description": "warm", "start_parameter": "", "currency": "XTR", "total_amount": 5}


def sent(chat: int, **content: Any) -> Message:
    kind = "private" if chat > 0 else "supergroup"
    ann = {"id": 5, "is_bot": False, "first_name": "Ann"}
    return Message.model_validate(
        {"message_id": 1, "date": 0, "chat": {"id": chat, "type": kind}, "from": ann, **content}
    )


@pytest.mark.parametrize(
    "content",
    [
        {"contact": {"phone_number": "+1", "first_name": "Bob"}},
        {"location": {"latitude": 1, "longitude": 2}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"checklist": {"title": "Buy", "tasks": []}},
        {"paid_media": {"star_count": 5, "paid_media": []}},
        {"game": {"title": "Chess", "description": "a game", "photo": []}},
        {"rich_message": {"blocks": []}},
        {"invoice": PRICE},
    ],
    ids=lambda content: next(iter(content)),
)
async def test_what_is_no_text_is_answered_in_private_alone(content: dict[str, Any]) -> None:
    assert await is_content(sent(5, **content))
    assert not await is_content(sent(-5, **content))


async def test_what_telegram_notes_by_itself_is_not() -> None:
    assert not await is_content(sent(5, message_auto_delete_timer_changed={"message_auto_delete_time": 60}))
