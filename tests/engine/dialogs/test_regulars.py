"""Who counts as served before: a top-up or a result makes one, welcome credits alone do not."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.engine.dialogs import regulars
from bot.storage.database import Database
from bot.storage.tables import jobs
from bot.telegram.context.known_customers import NEW_FOR, SERVED_FOR, Regulars

STRANGER, WELCOMED, PAYER, ARTIST, UNLUCKY = 1, 2, 3, 4, 5


def meet(conn: Connection, user_id: int) -> int:
    return users.seen(conn, user_id=user_id, username=None, name="P", language_code="en")[0].account_id


def job(conn: Connection, user_id: int, account: int, state: str) -> None:
    row = {"id": f"job{user_id}", "account_id": account, "user_id": user_id, "provider": "toy", "model": "pika"}
    more = {"kind": "video", "prompt": "a lake", "options": {}, "quote": 1, "locale": "en", "chat_id": user_id}
    conn.execute(sa.insert(jobs).values(**row, **more, state=state, turn=1, next_at=0.0, created_at=0.0))


async def test_a_top_up_or_a_result_makes_a_regular(database: Database) -> None:
    def fill(conn: Connection) -> None:
        ledger.welcome(conn, account_id=meet(conn, WELCOMED), amount=Credits(CREDIT))
        payer = meet(conn, PAYER)
        ledger.top_up(conn, key="topup:1", account_id=payer, amount=Credits(CREDIT), actor=None, note="")
        job(conn, ARTIST, meet(conn, ARTIST), "done")
        job(conn, UNLUCKY, meet(conn, UNLUCKY), "failed")

    await database.transaction(fill)
    everyone = {STRANGER, WELCOMED, PAYER, ARTIST, UNLUCKY, *range(1000, 1200)}
    assert await database.read(lambda conn: regulars.among(conn, everyone)) == {PAYER, ARTIST}


def test_what_is_remembered_of_a_newcomer_soon_passes() -> None:
    now = [100.0]
    memory = Regulars(lambda: now[0])
    assert memory.of({1, 2}) == (frozenset(), frozenset({1, 2}))
    memory.note({1, 2}, {2})
    assert memory.of({1, 2, 3}) == (frozenset({2}), frozenset({3}))
    now[0] += NEW_FOR
    assert memory.of({1, 2}) == (frozenset({2}), frozenset({1}))
    now[0] += SERVED_FOR
    assert memory.of({2}) == (frozenset(), frozenset({2}))
