"""Conversations with a chat model, without a chat."""

from bot.domain.catalog.models import Kind
from bot.engine.accounts.personal_settings import PersonalSettings
from bot.engine.conversations.memory import Purpose
from bot.engine.orders.conversations import Conversations
from bot.storage.database import Database
from tests.engine.chat_kit import answered, chatting


async def test_the_last_question_is_known_until_it_is_forgotten(database: Database) -> None:
    async with chatting(database) as (kit, _):
        ann, talks = await kit.person(1, 10), Conversations(database)
        assert not await talks.forget(1, 1)
        name = await answered(kit, ann, "why?")
        last = await talks.last(1, 1, ann.account_id)
        assert last is not None
        assert last.id == name
        assert await talks.under_way(1) is None
        assert (await talks.ask_of(name)).purpose is Purpose.CHAT
        assert await talks.forget(1, 1)
        assert await talks.under_way(2) is None


async def test_plain_text_is_a_question_where_that_was_chosen(database: Database) -> None:
    talks, settings = Conversations(database), PersonalSettings(database)
    async with chatting(database) as (kit, _):
        await kit.person(1)
        assert not await talks.takes_text(1)
        await settings.chat_mode(1, on=True)
        assert await talks.takes_text(1)
        await settings.choose_kind(1, Kind.VIDEO)
        assert not await talks.takes_text(1)
