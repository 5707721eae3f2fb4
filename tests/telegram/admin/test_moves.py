"""A move of credits, its update and its question end in one transaction; whatever comes again moves nothing."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
from aiogram.methods import SendMessage
from aiogram.types import Chat, Message, MessageOriginHiddenUser, User
from sqlalchemy import Connection

from bot import ledger
from bot.domain.money import CREDIT, Credits
from bot.engine import drafts, inbox, people
from bot.engine.inbox import Ticket
from bot.storage.database import Database
from bot.storage.tables import inbox as inbox_table
from bot.telegram.admin.access import OperatorMessage
from bot.telegram.admin.clerk import Clerk
from bot.telegram.admin.moves import DraftGone, Move, MoveKind, settle
from bot.telegram.texts import Texts
from tests.telegram.kit import options

TICKET = Ticket(1, 77)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Notebook:
    """An outbox that writes down what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[int | str, str]] = []

    async def call(self, method: SendMessage) -> Message:
        self.sent.append((method.chat_id, method.text))
        return Message(message_id=len(self.sent), date=NOW, chat=Chat(id=int(method.chat_id), type="private"))


@pytest.fixture
async def clerks(database: Database) -> tuple[Clerk, Clerk, Move, Notebook]:
    """Two operators, a top-up of 50 for Ann, and what is sent."""
    outbox = Notebook()
    ctx = cast("Any", SimpleNamespace(db=database, outbox=outbox, texts=Texts(strict=True), options=options()))

    def begin(conn: Connection) -> list[people.User]:
        inbox.put(conn, TICKET.bot_id, TICKET.update_id, "{}")
        names = ("Olga", "Boss", "Ann")
        return [
            people.seen(conn, user_id=i, username=None, name=name, language_code="en")[0]
            for i, name in enumerate(names, 1)
        ]

    olga, boss, ann = await database.transaction(begin)
    t = ctx.texts.of("en")
    move = Move(MoveKind.TOP_UP, "abcdefghijkl2", ann, Credits(50 * CREDIT), "note")
    return Clerk(ctx, olga, t, TICKET), Clerk(ctx, boss, t, None), move, outbox


async def waiting(database: Database) -> bool:
    """Whether the update is still to be handled."""
    query = sa.select(inbox_table.c.handled_at).where(inbox_table.c.update_id == TICKET.update_id)
    return await database.read(lambda conn: conn.execute(query).scalar_one()) is None


async def available(database: Database, user: people.User) -> Credits:
    return (await database.read(lambda conn: ledger.balance(conn, user.account_id))).available


Setting = tuple[Clerk, Clerk, Move, Notebook]


async def test_the_update_is_handled_with_the_money_and_a_replay_tells_nobody(
    database: Database, clerks: Setting
) -> None:
    olga, _, move, outbox = clerks
    assert await waiting(database)
    assert "Topped up" in await settle(olga, move)
    assert not await waiting(database)
    assert len(outbox.sent) == 1
    report = await settle(olga, move)
    assert "Done before: 50 credits by Olga" in report
    assert len(outbox.sent) == 1
    assert await available(database, move.user) == 50 * CREDIT


async def test_another_operator_with_the_same_key_moves_nothing(database: Database, clerks: Setting) -> None:
    olga, boss, move, outbox = clerks
    await settle(olga, move)
    other = Move(move.kind, move.key, move.user, Credits(100 * CREDIT), "")
    assert "Done before: 50 credits by Olga" in await settle(boss, other)
    assert await available(database, move.user) == 50 * CREDIT
    assert len(outbox.sent) == 1


async def test_a_refused_debit_leaves_question_and_update_as_they_were(database: Database, clerks: Setting) -> None:
    olga, _, move, outbox = clerks
    debit = Move(MoveKind.DEBIT, move.key, move.user, move.amount, "")

    def ask(conn: Connection) -> None:
        drafts.create(conn, id="q", user_id=1, purpose="debit", chat_id=1, thread_id=None, data=debit.to_data())

    await database.transaction(ask)
    assert "has only 0 credits available" in await settle(olga, debit, draft_id="q")
    assert await waiting(database)
    assert await database.read(lambda conn: drafts.get(conn, "q")) is not None
    assert outbox.sent == []


async def test_without_its_question_nothing_moves(database: Database, clerks: Setting) -> None:
    olga, _, move, _ = clerks
    with pytest.raises(DraftGone):
        await settle(olga, move, draft_id="gone")
    assert await waiting(database)
    assert await available(database, move.user) == 0


def written(**fields: Any) -> Message:
    olga = User(id=1, is_bot=False, first_name="Olga")
    chat = Chat(id=1, type="private")
    return Message(**{"message_id": 5, "date": NOW, "chat": chat, "from_user": olga, "text": "/topup 2 5", **fields})


async def test_only_an_operators_own_words_count() -> None:
    ctx = cast("Any", SimpleNamespace(is_admin=lambda user_id: user_id == 1))
    passes = OperatorMessage()
    bot = User(id=9, is_bot=True, first_name="Helper")
    assert await passes(written(), ctx)
    assert not await passes(written(from_user=None), ctx)
    assert not await passes(written(from_user=User(id=2, is_bot=False, first_name="Eve")), ctx)
    assert not await passes(written(via_bot=bot), ctx)
    assert not await passes(written(sender_chat=Chat(id=-100, type="supergroup")), ctx)
    origin = MessageOriginHiddenUser(date=NOW, sender_user_name="Eve")
    assert not await passes(written(forward_origin=origin), ctx)
