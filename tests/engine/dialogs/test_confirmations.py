"""Questions to operators: found by those who were asked, decided once, ended with their update."""

from bot.engine.dialogs import drafts, inbox
from bot.engine.dialogs.confirmations import Confirmations
from bot.engine.dialogs.inbox import Ticket
from bot.storage.database import Database


async def test_a_question_is_the_askers_alone_and_asked_once(database: Database) -> None:
    confirmations = Confirmations(database)
    asked = await confirmations.ask("q", asker=1, purpose="ban", data={"user": 2})
    await confirmations.placed("q", 7)
    again = await confirmations.ask("q", asker=1, purpose="ban", data={"user": 3})
    assert (again.data, again.message_id, asked.message_id) == ({"user": 2}, 7, 0)
    assert await confirmations.of(1, "q", {"ban"}) == again
    assert await confirmations.of(2, "q", {"ban"}) is None
    assert await confirmations.of(1, "q", {"refund"}) is None
    assert await confirmations.at(1, 7, "ban") == again
    database.shift_clock(drafts.LIFETIME + 1)
    assert await confirmations.of(1, "q", {"ban"}) is None


async def test_what_was_decided_is_not_called_off(database: Database) -> None:
    confirmations = Confirmations(database)
    for name in ("open", "decided"):
        await confirmations.ask(name, asker=1, purpose="top_up", data={})
    await database.transaction(lambda conn: drafts.decide(conn, "decided"))
    await confirmations.placed("decided", 7)
    await database.transaction(lambda conn: inbox.put(conn, 1, 77, "{}"))
    with inbox.under_way(Ticket(1, 77)):
        assert not await confirmations.call_off("decided")
    assert await database.read(inbox.waiting) == 0
    assert await confirmations.call_off("open")
    assert not await confirmations.call_off("open")


async def test_a_question_ends_with_its_update(database: Database) -> None:
    confirmations = Confirmations(database)
    await database.transaction(lambda conn: [inbox.put(conn, 1, number, "{}") for number in (77, 78)])
    plan, sync = [await confirmations.ask(name, asker=1, purpose=name, data={}) for name in ("plan", "sync")]
    with inbox.under_way(Ticket(1, 77)):
        await confirmations.asked_again("plan", {"warned": "k1"})
    assert await database.read(inbox.waiting) == 1
    changed = await confirmations.of(1, "plan", {"plan"})
    assert changed is not None
    assert changed.data == {"warned": "k1"}
    sync.data["tried"] = 1
    await confirmations.save(sync)
    assert await confirmations.of(1, "sync", {"sync"}) == sync
    sync.data["found"] = ["model"]
    with inbox.under_way(Ticket(1, 78)):
        await confirmations.end(plan.id, changed=sync)
    assert await database.read(inbox.waiting) == 0
    assert await confirmations.of(1, "plan", {"plan"}) is None
    assert await confirmations.of(1, "sync", {"sync"}) == sync
