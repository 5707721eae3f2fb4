"""Credits given on the command line: the user hears of them from the bot that runs, or from the next one."""

import argparse
import asyncio
import io

import pytest

from bot import ledger
from bot.cli import topup
from bot.cli.main import main
from bot.domain.money import CREDIT, Credits
from bot.domain.users import Who
from bot.engine.accounts import users
from bot.engine.credits import notices
from bot.engine.privacy import erasure
from bot.engine.use_cases import UseCases
from bot.settings import Settings
from bot.storage.database import Database
from tests.drivers.app import easel


async def test_the_running_bot_tells_of_credits_from_the_command_line(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BOT_TOKEN", "4711:abcdef")
    monkeypatch.setenv("DATABASE_URL", database_url)
    async with easel(database_url) as world:
        ann = await world.person("Ann")
        chat = ann.private()
        beside = database_url.startswith("postgresql")
        if not beside:  # one process writes: the bot is stopped meanwhile
            await world._stack.aclose()
        code = await asyncio.to_thread(main, ["topup", str(ann.id), "12.50", "for", "patience"])
        assert code == 0
        assert f"{ann.id} got 12.5 credits and has 12.5 now.\n" in capsys.readouterr().out  # beside the bot's log
        if not beside:
            await world.restart()
        told = await chat.expect("You were given", timeout=10)
        assert "12.5" in told.text
        await asyncio.sleep(0.2)
        said = [m for m in (await chat.messages()) if "You were given" in m.text]
        assert len(said) == 1, "once"
        assert await world.balance(ann) == (12.5, 0)
        assert not await world.easel.db.read(notices.due)


async def test_a_user_who_cannot_be_written_to_is_told_later(database_url: str) -> None:
    async with easel(database_url) as world:
        ann = await world.person("Ann")
        await ann.block()
        amount = Credits(5 * CREDIT)
        await world.easel.db.transaction(lambda conn: notices.leave(conn, "t1", user_id=ann.id, amount=amount))
        await world.restart()
        await asyncio.sleep(0.5)
        await ann.unblock()
        world.easel.db.shift_clock(notices.LATER + 1)
        await ann.private().expect("You were given", timeout=10)


async def test_what_no_user_can_be_told_is_given_up_after_a_week(database_url: str) -> None:
    async with easel(database_url) as world:
        amount = Credits(5 * CREDIT)
        db = world.easel.db
        await db.transaction(lambda conn: notices.leave(conn, "t1", user_id=4711, amount=amount))
        db.shift_clock(notices.KEPT + 1)
        assert await db.transaction(lambda conn: notices.claim(conn, limit=5)) == []
        assert not await db.read(notices.due)
        assert await db.read(ledger.verify) == []


async def test_of_two_commands_in_the_same_moment_one_is_asked_about(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))  # no terminal: no answer is a no
    await database.transaction(lambda conn: users.seen(conn, user_id=4711, username=None, name="", language_code=""))
    asked = argparse.Namespace(user="4711", yes=False)
    engine = UseCases.over(database)
    codes = await asyncio.gather(*(topup.give(engine, asked, Credits(5 * CREDIT), "by hand") for _ in range(2)))
    assert sorted(codes) == [topup.GIVEN, topup.NOT_GIVEN]
    said = capsys.readouterr()
    assert "has 5 now" in said.out
    assert "4711 got the same amount from this command" in said.err


async def test_who_is_erased_before_the_answer_is_given_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, _ = await database.transaction(
        lambda conn: users.seen(conn, user_id=4711, username=None, name="", language_code="")
    )
    find = topup._known

    async def found_and_erased(engine: UseCases, who: Who | None) -> users.User | None:
        found = await find(engine, who)
        await database.transaction(lambda conn: erasure.forget(conn, ann, key=b"a key", agreed=Credits(0)))
        return found

    monkeypatch.setattr(topup, "_known", found_and_erased)
    asked = argparse.Namespace(user="4711", yes=True)
    assert await topup.give(UseCases.over(database), asked, Credits(5 * CREDIT), "by hand") == topup.NOT_GIVEN
    assert capsys.readouterr().err == "4711 had all their data erased meanwhile. Nothing was given.\n"
    assert (await database.read(lambda conn: ledger.balance(conn, ann.account_id))).available == 0
