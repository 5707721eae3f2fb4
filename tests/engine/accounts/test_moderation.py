"""Bans and their ends, marked in the update that asked for them."""

import pytest

from bot.engine.accounts import bans
from bot.engine.accounts.moderation import Moderation
from bot.engine.dialogs import inbox
from bot.engine.dialogs.confirmations import Confirmations
from bot.engine.dialogs.drafts import DraftGone
from bot.engine.dialogs.inbox import Ticket
from bot.storage.database import Database
from tests.engine.credits.people import met
from tests.engine.listening import told


async def test_a_ban_stands_as_it_was_made_first_until_it_is_lifted(database: Database) -> None:
    olga, boss, ann = [await met(database, i, name) for i, name in enumerate(("Olga", "Boss", "Ann"), 1)]
    moderation = Moderation(database)
    assert await moderation.of(ann) is None
    banned = await moderation.ban(ann.id, reason="spam", actor=olga)
    assert (banned.user, banned.by, banned.ban.reason) == (ann, olga, "spam")
    assert await moderation.ban(ann.id, reason="more spam", actor=boss) == banned
    assert await moderation.of(ann) == banned
    assert await database.read(lambda conn: bans.banned(conn, ann.id))
    assert await moderation.unban(ann.id)
    assert not await moderation.unban(ann.id)


async def test_a_ban_ends_its_question_and_the_update(database: Database) -> None:
    olga, ann = await met(database, 1, "Olga"), await met(database, 2, "Ann")
    await database.transaction(lambda conn: inbox.put(conn, 1, 77, "{}"))
    moderation = Moderation(database)
    await Confirmations(database).ask("q", asker=1, purpose="ban", data={})
    with inbox.under_way(Ticket(1, 77)):
        async with told(database, bans.CHANGED):
            await moderation.ban(ann.id, reason="", actor=olga, draft_id="q")
    assert await database.read(inbox.waiting) == 0
    await database.transaction(lambda conn: [inbox.put(conn, 1, number, "{}") for number in (78, 79)])
    with inbox.under_way(Ticket(1, 78)):
        async with told(database, bans.CHANGED):
            await moderation.unban(ann.id)
    assert await database.read(inbox.waiting) == 1
    with inbox.under_way(Ticket(1, 79)), pytest.raises(DraftGone):
        await moderation.ban(ann.id, reason="", actor=olga, draft_id="q")
    assert await database.read(inbox.waiting) == 1, "what was decided before handles no update"
    with pytest.raises(DraftGone):
        await moderation.ban(4711, reason="", actor=olga)
    assert await moderation.of(ann) is None
