"""The figures of the status page."""

from bot.engine.accounts.moderation import Moderation
from bot.engine.dialogs import inbox
from bot.engine.operations.overview import Overview
from bot.storage.database import Database
from tests.engine.credits.people import met


async def test_figures_count_what_is_there(database: Database) -> None:
    overview = Overview(database)
    empty = await overview.figures()
    assert (empty.queues, empty.open_ends, empty.latest, empty.updates, empty.bans, empty.costly) == (
        {},
        0,
        [],
        0,
        0,
        (),
    )
    ann = await met(database, 2, "Ann")
    await Moderation(database).ban(ann.id, reason="", actor=ann)
    await database.transaction(lambda conn: inbox.put(conn, 1, 77, "{}"))
    figures = await overview.figures()
    assert (figures.updates, figures.bans) == (1, 1)
    assert overview.database == database.dialect
