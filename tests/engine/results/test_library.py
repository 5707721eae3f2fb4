"""A person's results as they leaf through them, without a chat."""

import pytest

from bot.domain.errors import UnknownJob
from bot.domain.jobs import SOURCE
from bot.engine.accounts.personal_settings import PersonalSettings
from bot.engine.accounts.users import User
from bot.engine.dialogs.confirmations import Confirmations
from bot.engine.results.history import Shelf
from bot.engine.results.library import Library, ResultDeleted
from bot.engine.results.originals import DELETED
from bot.storage.database import Database
from tests.engine.results.test_history import person, put


@pytest.fixture
async def ann(database: Database) -> User:
    user = await person(database, 11)
    await put(database, user, "j1", "a fox")
    await put(database, user, "j2", "a lake")
    return user


async def test_a_page_is_the_one_asked_for_or_the_newest(database: Database, ann: User) -> None:
    library = Library(database)
    newest = await library.leaf(ann, Shelf.ALL, (), "")
    asked = await library.leaf(ann, Shelf.ALL, (), "j1")
    found = await library.leaf(ann, Shelf.ALL, ("fox",), "")
    assert newest is not None
    assert asked is not None
    assert found is not None
    assert (newest.page.job.id, asked.page.job.id, found.page.job.id) == ("j2", "j1", "j1")
    assert await library.leaf(ann, Shelf.FAVOURITES, (), "") is None


async def test_a_page_has_what_it_was_made_of_and_what_its_owner_prefers(database: Database, ann: User) -> None:
    await put(database, ann, "j3", facts={SOURCE: "j1"})
    own = await PersonalSettings(database).chat_model(ann.id, "clever")
    leaf = await Library(database).leaf(ann, Shelf.ALL, (), "j3")
    assert leaf is not None
    assert ([job.id for job in leaf.ancestors], leaf.own) == (["j1"], own)


async def test_favourites_are_marked_and_unmarked_by_their_owner(database: Database, ann: User) -> None:
    library, bob = Library(database), await person(database, 12)
    for _ in range(2):
        assert await library.mark(ann, "j1", favourite=True)
    assert not await library.mark(bob, "j1", favourite=False)
    leaf = await library.leaf(ann, Shelf.FAVOURITES, (), "")
    assert leaf is not None
    assert leaf.page.count == 1
    assert await library.mark(ann, "j1", favourite=False)
    assert await library.leaf(ann, Shelf.FAVOURITES, (), "") is None


async def test_a_result_is_its_owners_and_there(database: Database, ann: User) -> None:
    library, bob = Library(database), await person(database, 12)
    await put(database, ann, "gone3", facts={DELETED: "on"})
    await put(database, ann, "live4", state="queued")
    assert (await library.result(ann, "j1")).prompt == "a fox"
    with pytest.raises(ResultDeleted):
        await library.result(ann, "gone3")
    for asker, job_id in ((bob, "j1"), (ann, "none"), (ann, "live4")):
        with pytest.raises(UnknownJob):
            await library.result(asker, job_id)


async def test_a_search_is_remembered_for_who_made_it(database: Database, ann: User) -> None:
    library, bob = Library(database), await person(database, 12)
    for _ in range(2):
        await library.remember_search(ann, "s", ("fox", "snow"))
    assert await library.searched(ann, "s") == ("fox", "snow")
    assert await library.searched(bob, "s") is None
    await Confirmations(database).ask("q", asker=ann.id, purpose="ban", data={"words": ["fox"]})
    assert await library.searched(ann, "q") is None
    database.shift_clock(24 * 3600 + 1)
    assert await library.searched(ann, "s") is None
