"""A move of credits, its update and its question end in one transaction; whatever comes again moves nothing."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import Chat, Message, MessageOriginHiddenUser, User
from sqlalchemy import Connection

from bot import ledger
from bot.domain.jobs import Target
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.engine.credits.adjustments import Adjustment, AdjustmentKind
from bot.engine.dialogs import drafts, inbox
from bot.engine.dialogs.drafts import Draft, DraftGone
from bot.engine.dialogs.inbox import Ticket
from bot.engine.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.tables import inbox as inbox_table
from bot.telegram.admin.access import OperatorMessage
from bot.telegram.admin.credits.adjustment import carry_out, execute
from bot.telegram.admin.replies import AdminReplies, Said
from bot.telegram.i18n.texts import Texts
from tests.telegram.kit import options

TICKET = Ticket(1, 77)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Notebook:
    """An outbox that writes down what it is given; edits apart."""

    def __init__(self) -> None:
        self.sent: list[tuple[int | str, str]] = []
        self.edited: list[str] = []

    async def call(self, method: SendMessage | EditMessageText, *_: object, **__: object) -> Message | bool:
        if isinstance(method, EditMessageText):
            self.edited.append(method.text or "")
            return True
        self.sent.append((method.chat_id, method.text))
        return Message(message_id=len(self.sent), date=NOW, chat=Chat(id=int(method.chat_id), type="private"))


@pytest.fixture
async def operators(database: Database) -> tuple[AdminReplies, AdminReplies, Adjustment, Notebook]:
    """Two operators, a top-up of 50 for Ann, and what is sent."""
    outbox = Notebook()
    ctx = cast(
        "Any",
        SimpleNamespace(engine=UseCases.over(database), outbox=outbox, texts=Texts(strict=True), options=options()),
    )

    def begin(conn: Connection) -> list[users.User]:
        inbox.put(conn, TICKET.bot_id, TICKET.update_id, "{}")
        names = ("Olga", "Boss", "Ann")
        return [
            users.seen(conn, user_id=i, username=None, name=name, language_code="en")[0]
            for i, name in enumerate(names, 1)
        ]

    olga, boss, ann = await database.transaction(begin)
    t = ctx.texts.of("en")
    move = Adjustment(AdjustmentKind.TOP_UP, "abcdefghijkl2", ann, Credits(50 * CREDIT), "note")
    return AdminReplies(ctx, olga, t), AdminReplies(ctx, boss, t), move, outbox


async def waiting(database: Database) -> bool:
    """Whether the update is still to be handled."""
    query = sa.select(inbox_table.c.handled_at).where(inbox_table.c.update_id == TICKET.update_id)
    return await database.read(lambda conn: conn.execute(query).scalar_one()) is None


async def available(database: Database, user: users.User) -> Credits:
    return (await database.read(lambda conn: ledger.balance(conn, user.account_id))).available


Setting = tuple[AdminReplies, AdminReplies, Adjustment, Notebook]


SAID = Said(Target(1, None, 7))


async def put_off(database: Database, move: Adjustment, draft_id: str) -> Draft:
    """The draft of a move that was announced."""

    def ask(conn: Connection) -> Draft:
        purpose, data = move.kind.value, move.to_data()
        return drafts.create(conn, id=draft_id, user_id=1, purpose=purpose, chat_id=1, thread_id=None, data=data)[0]

    return await database.transaction(ask)


async def test_the_update_is_handled_when_the_outcome_was_said_and_a_replay_tells_nobody(
    database: Database, operators: Setting
) -> None:
    olga, _, move, outbox = operators
    draft = await put_off(database, move, "q")
    assert "Topped up" in (await execute(olga, move, draft)).text
    assert await waiting(database)  # a crash here: the update comes again
    assert len(outbox.sent) == 1
    with inbox.under_way(TICKET):
        await carry_out(olga, SAID, move, draft)
    assert "Done earlier: 50 credits by Olga" in outbox.edited[-1]
    assert not await waiting(database)
    assert await database.read(lambda conn: drafts.get(conn, "q")) is None
    assert len(outbox.sent) == 1
    assert await available(database, move.user) == 50 * CREDIT


async def test_another_operator_with_the_same_key_moves_nothing(database: Database, operators: Setting) -> None:
    olga, boss, move, outbox = operators
    draft = await put_off(database, move, "q")
    await execute(olga, move, draft)
    other = Adjustment(move.kind, move.key, move.user, Credits(100 * CREDIT), "")
    draft = await put_off(database, other, "other")
    assert "Done earlier: 50 credits by Olga" in (await execute(boss, other, draft)).text
    assert await available(database, move.user) == 50 * CREDIT
    assert len(outbox.sent) == 1


async def test_a_refused_debit_leaves_question_and_update_as_they_were(database: Database, operators: Setting) -> None:
    olga, _, move, outbox = operators
    debit = Adjustment(AdjustmentKind.DEBIT, move.key, move.user, move.amount, "")
    draft = await put_off(database, debit, "q")
    assert "has only 0 credits available" in (await execute(olga, debit, draft)).text
    assert await waiting(database)
    assert await database.read(lambda conn: drafts.get(conn, "q")) is not None
    assert outbox.sent == []


async def test_without_its_question_nothing_moves(database: Database, operators: Setting) -> None:
    olga, _, move, _ = operators
    gone = await put_off(database, move, "gone")
    assert await database.transaction(lambda conn: drafts.call_off(conn, "gone"))
    with pytest.raises(DraftGone):
        await execute(olga, move, gone)
    assert await waiting(database)
    assert await available(database, move.user) == 0


async def test_what_moved_cannot_be_called_off_although_it_was_not_told_yet(
    database: Database, operators: Setting
) -> None:
    olga, _, move, _ = operators
    draft = await put_off(database, move, "q")
    await execute(olga, move, draft)
    assert not await database.transaction(lambda conn: drafts.call_off(conn, "q"))
    await put_off(database, move, "another")
    assert await database.transaction(lambda conn: drafts.call_off(conn, "another"))


async def test_a_move_under_another_key_is_asked_for_once_more(database: Database, operators: Setting) -> None:
    olga, boss, move, outbox = operators
    draft = await put_off(database, move, "q")
    await carry_out(olga, SAID, move, draft)
    again = Adjustment(move.kind, "abcdefghijkl3", move.user, move.amount, "")
    draft = await put_off(database, again, "again")
    await carry_out(olga, SAID, again, draft)
    assert "⚠️ You topped up the same person by the same amount" in outbox.edited[-1]
    assert await available(database, move.user) == 50 * CREDIT
    draft = await put_off(database, again, "of the boss")  # of another operator it is no repetition
    await carry_out(boss, SAID, again, draft)
    assert await available(database, move.user) == 100 * CREDIT
    database.shift_clock(601)
    later = Adjustment(move.kind, "abcdefghijkl4", move.user, move.amount, "")
    draft = await put_off(database, later, "later")
    await carry_out(olga, SAID, later, draft)
    assert await available(database, move.user) == 150 * CREDIT


def written(**fields: Any) -> Message:
    olga = User(id=1, is_bot=False, first_name="Olga")
    chat = Chat(id=1, type="private")
    return Message(**{"message_id": 5, "date": NOW, "chat": chat, "from_user": olga, "text": "/topup 2 5", **fields})


async def test_only_an_operators_own_words_count() -> None:
    ctx = cast("Any", SimpleNamespace(is_admin=lambda user_id: user_id == 1))
    ann, t = cast("Any", SimpleNamespace(id=1)), Texts(strict=True).of("en")
    passes = OperatorMessage()
    bot = User(id=9, is_bot=True, first_name="Helper")
    assert await passes(written(), ctx, ann, t) == {"replies": AdminReplies(ctx, ann, t)}
    assert not await passes(written(from_user=None), ctx, ann, t)
    assert not await passes(written(from_user=User(id=2, is_bot=False, first_name="Eve")), ctx, ann, t)
    assert not await passes(written(via_bot=bot), ctx, ann, t)
    assert not await passes(written(sender_chat=Chat(id=-100, type="supergroup")), ctx, ann, t)
    origin = MessageOriginHiddenUser(date=NOW, sender_user_name="Eve")
    assert not await passes(written(forward_origin=origin), ctx, ann, t)
