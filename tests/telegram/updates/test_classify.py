"""What an update is, told from its raw JSON: whose, how urgent, and whether it counts."""

from typing import Any

import pytest

from bot.engine.dialogs.inbox_turns import Step
from bot.telegram.updates.classify import Kind, kind_of

ANN: dict[str, Any] = {"id": 7, "is_bot": False}
OLGA: dict[str, Any] = {"id": 1}
HOME: dict[str, Any] = {"chat": {"id": 7, "type": "private"}, "from": ANN}
GROUP: dict[str, Any] = {"chat": {"id": -5, "type": "supergroup"}, "from": ANN}
US: dict[str, Any] = {"id": 42, "is_bot": True}


def kind(name: str = "easel_bot", **update: Any) -> Kind:
    return kind_of({"update_id": 1, **update}, {1}, bot_id=42, name=name)


@pytest.mark.parametrize(
    ("update", "counts"),
    [
        ({"message": HOME | {"text": "hello"}}, True),
        ({"message": HOME | {"photo": []}}, True),
        ({"edited_message": HOME | {"text": "hello"}}, True),
        ({"message": GROUP | {"text": "how are you all?"}}, False),
        ({"message": GROUP | {"photo": []}}, False),
        ({"message": GROUP | {"text": "/help"}}, True),
        ({"message": GROUP | {"text": "/help@Easel_bot now"}}, True),
        ({"message": GROUP | {"text": "/help@other_bot"}}, False),
        ({"message": GROUP | {"caption": "/animate"}}, True),
        ({"message": GROUP | {"text": "well, @easel_bot?"}}, True),
        ({"message": GROUP | {"text": "yes", "reply_to_message": {"from": US}}}, True),
        ({"message": GROUP | {"text": "yes", "reply_to_message": {"from": ANN}}}, False),
        ({"message": GROUP | {"text": "secretly", "ephemeral_message_id": 3}}, True),
        ({"message": GROUP | {"new_chat_title": "G"}}, False),
        ({"callback_query": {"from": ANN, "message": GROUP}}, True),
        ({"inline_query": {"from": ANN}}, True),
        ({"guest_message": GROUP | {"text": "draw"}}, True),
        ({"my_chat_member": {"from": ANN, "chat": {"id": 7, "type": "private"}}}, False),
        ({"channel_post": {"chat": {"id": -9, "type": "channel"}, "text": "/help"}}, False),
        ({"message": "text"}, False),
        ({"message": {"chat": 5, "text": 6, "reply_to_message": 7}}, False),
    ],
)
def test_what_is_said_to_the_bot_counts_and_what_people_say_to_each_other_does_not(
    update: dict[str, Any], counts: bool
) -> None:
    assert kind(**update).counts is counts


def test_payments_and_admins_never_count_and_go_first() -> None:
    for paid in (
        {"pre_checkout_query": {"from": ANN}},
        {"message": HOME | {"successful_payment": {"total_amount": 1}}},
        {"message": HOME | {"refunded_payment": {"total_amount": 1}}},
    ):
        assert kind(**paid) == Kind(7, Step.PAYMENT, first=True, counts=False)
    assert kind(message=HOME | {"from": OLGA, "text": "x"}) == Kind(1, Step.MESSAGE, first=True, counts=False)
    assert kind(callback_query={"from": OLGA}) == Kind(1, Step.TAP, first=True, counts=False)


def test_who_speaks_as_a_chat_is_that_chat_and_not_telegrams_stand_in() -> None:
    """Every anonymous admin of every group has the same `from`: they would share one throttle and one lane."""
    stand_in = {"id": 1087968824, "is_bot": True}
    anonymous = {"from": stand_in, "sender_chat": {"id": -5, "type": "supergroup"}, "text": "/help"}
    assert kind(message=GROUP | anonymous).person == -5


def test_a_command_counts_while_the_bots_own_name_is_not_known() -> None:
    update = {"update_id": 1, "message": GROUP | {"text": "/help@easel_bot"}}
    assert kind_of(update, (), bot_id=42, name=None).counts


def test_the_pictures_of_an_album_are_told_by_its_name() -> None:
    assert kind(message=HOME | {"photo": [], "media_group_id": "a1"}).album == "a1"
