"""Conversations with a chat model, without a chat."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.engine.accounts.personal_settings import PersonalSettings
from bot.engine.conversations.memory import Purpose
from bot.engine.orders.conversations import Conversations
from bot.storage.database import Database
from bot.storage.tables import conversations
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


YOUNG = 1800.0


async def test_plain_text_is_a_question_where_that_was_chosen(database: Database) -> None:
    talks, settings = Conversations(database), PersonalSettings(database)
    async with chatting(database) as (kit, _):
        await kit.person(1)
        assert not await talks.takes_text(1, young=YOUNG)
        await settings.chat_mode(1, on=True)
        assert await talks.takes_text(1, young=0)
        await settings.choose_kind(1, Kind.VIDEO)
        assert not await talks.takes_text(1, young=YOUNG)


async def test_plain_text_is_a_question_while_the_conversation_is_young(database: Database) -> None:
    async with chatting(database) as (kit, _):
        ann, talks = await kit.person(1, 10), Conversations(database)
        name = await answered(kit, ann, "why?")
        job = await kit.job(name)
        assert not await talks.goes_on(job, young=YOUNG)
        assert await talks.takes_text(1, young=YOUNG)
        assert not await talks.takes_text(1, young=0)
        assert await talks.has_begun(1, 1)
        assert not await talks.has_begun(2, 1)
        later = await kit.job(await answered(kit, ann, "and then?"))
        assert await talks.goes_on(later, young=YOUNG)

        def grow_old(conn: Connection) -> None:
            conn.execute(sa.update(conversations).values(updated_at=conversations.c.updated_at - YOUNG - 1))

        await database.transaction(grow_old)
        assert not await talks.takes_text(1, young=YOUNG)
        assert await talks.forget(1, 1)
        assert not await talks.takes_text(1, young=YOUNG)
