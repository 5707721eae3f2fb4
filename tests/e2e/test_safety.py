"""Rules for everybody's sake, as chats: words, bans, limits, the welcome of a crowd. None of it costs anybody."""

import asyncio
import os
from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.app import Wrap
from bot.engine.accounts import bans, users
from bot.providers.base import Event, Provider, ProviderOrder, Refused, Resume, Running
from sandbox.client import Msg, Person
from tests.drivers.app import ADMIN_ID, World, easel

WORDS = "gore\nmusic: lake\n"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text(WORDS)
    return path


async def ordered(world: World, person: Person, prompt: str = "a lake") -> None:
    """Presses Confirm on a Pika order."""
    chat = person.private()
    await chat.send(f"/pika {prompt} --style none")
    await chat.wait(button="Confirm")
    await chat.click("Confirm")


async def banned_elsewhere(world: World, person: Person) -> None:
    """As another process would: this one hears of it."""

    def ban(conn: Connection) -> None:
        bans.ban(conn, person.id, reason="", actor=1)
        world.easel.db.notify(conn, bans.CHANGED)

    await world.easel.db.transaction(ban)
    await asyncio.sleep(0.3)


async def many(world: World, count: int) -> None:
    """Waits until there are so many jobs."""
    for _ in range(100):
        if len(await world.jobs()) == count:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await world.jobs())


async def test_a_forbidden_word_is_told_before_there_is_anything_to_confirm(sqlite_url: str, words: Path) -> None:
    async with easel(sqlite_url, blocked_words_file=words) as world:
        ann, boris = await world.person(credits=100), await world.person("Boris", language="ru", credits=100)
        chat = ann.private()
        await chat.send("/pika a lake of GORE --style none")
        told = await chat.wait("The operator's rules do not allow this order.")
        assert "Nothing was charged" in told.text
        assert told.buttons == []
        await boris.private().send("gore")
        assert "Кредиты не списаны" in (await boris.private().wait("Правила оператора")).text
        await chat.send("/suno a lake")
        await chat.wait("The operator's rules")
        await chat.send("/pika a lake --style none")
        await chat.wait(button="Confirm")
        assert await world.jobs() == []
        olga = await world.admin()
        await olga.private().send("/status")
        await olga.private().click("Safety", on=await olga.private().wait(button="Safety"))
        status = await olga.private().wait("Entries in the word list: 2; refused since the start: 3")
        assert "Banned people: 0" in status.text


async def test_a_word_forbidden_meanwhile_is_refused_at_confirm(sqlite_url: str, words: Path) -> None:
    async with easel(sqlite_url, blocked_words_file=words) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await chat.send("/pika a lake --style none")
        await chat.wait(button="Confirm")
        words.write_text(WORDS + "lake\n")
        os.utime(words, (1, 1))
        for _ in range(100):
            if world.easel.orders._words.count == 3:
                break
            await asyncio.sleep(0.1)
        await chat.click("Confirm")
        await chat.wait("The operator's rules do not allow this order.")
        assert await world.balance(ann) == (100, 0)
        assert await world.jobs() == []


async def test_a_ban_is_confirmed_by_name_and_id_and_leaves_one_sentence(database_url: str) -> None:
    async with easel(database_url) as world:
        olga, ann = await world.admin(), await world.person(credits=50)
        admin, chat = olga.private(), ann.private()
        await chat.send("/pika a lake --style none")
        card = await chat.wait(button="Confirm")
        await admin.send("/ban @ann for <b>spam</b>")
        asked = await admin.wait("Ban Ann (@ann, id")
        assert str(ann.id) in asked.text
        assert "Reason: for <b>spam</b>" in asked.text
        assert not await world.easel.db.read(lambda conn: bans.banned(conn, ann.id))
        await admin.click("Confirm")
        done = await admin.wait("Banned: Ann")
        assert "By Olga" in done.text
        assert "You have been blocked from using this bot" in (await chat.click("Confirm", on=card)).text
        await chat.send("/balance")
        assert (await chat.wait("blocked from using this bot")).text.endswith("Write to the operator: @operator")
        for text in ("a lake", "hello"):
            await chat.send(text)
        await chat.silent(0.4)
        await admin.send("/users")
        await admin.wait("· banned")
        await admin.send("/ban @ann")
        await admin.wait("is banned already, by Olga")
        assert await world.balance(ann) == (50, 0)
        await admin.send(f"/unban {ann.id}")
        await admin.wait("may use the bot again")
        await admin.send(f"/unban {ann.id}")
        await admin.wait("is not banned")
        await chat.send("/balance")
        await chat.wait("50 credits")


async def test_a_ban_lets_the_running_job_end_and_survives_a_restart(sqlite_url: str) -> None:
    async with easel(sqlite_url, scale=0.01) as world:
        olga, ann = await world.admin(), await world.person(credits=50)
        await ordered(world, ann)
        await olga.private().send(f"/ban {ann.id}")
        await olga.private().wait("Ban Ann")
        await olga.private().click("Confirm")
        await olga.private().wait("Banned: Ann")
        job = await world.finished()
        assert job.state == "done"
        await world.restart()
        await ann.private().send("/help")
        await ann.private().wait("blocked from using this bot")


async def test_admins_are_not_banned_and_strangers_ban_nobody(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        olga, ann = await world.admin(), await world.person()
        await olga.private().send(f"/ban {ADMIN_ID}")
        await olga.private().wait("admins cannot be banned")
        for wrong, said in (
            ("/ban", "Use it like this"),
            ("/ban 123", "The user with the id"),
            ("/unban what", "neither a @username"),
        ):
            await olga.private().send(wrong)
            await olga.private().wait(said)
        await ann.private().send("/ban @olga")
        await ann.private().wait("I do not know this command")
        assert await world.easel.db.read(bans.count) == 0


async def test_a_banned_person_in_a_group_is_answered_only_when_they_name_the_bot(sqlite_url: str) -> None:
    async with easel(sqlite_url) as world:
        olga, ann = await world.admin(), await world.person()
        group = await world.tg.group("Friends", [ann])
        await banned_elsewhere(world, ann)
        await ann.in_(group).send("/help")
        await ann.in_(group).silent(0.4)
        await ann.in_(group).send("/help@easel_bot")
        await ann.in_(group).wait("blocked from using this bot")
        assert olga.id == ADMIN_ID


async def test_who_sends_too_much_is_told_once_and_then_left_out(sqlite_url: str) -> None:
    async with easel(sqlite_url, updates_per_minute=5) as world:
        olga, ann = await world.admin(), await world.person()
        chat = ann.private()
        for _ in range(12):
            await chat.send("/balance")
        await asyncio.sleep(1.5)
        said = [m for m in await chat.messages() if m.from_bot]
        assert sum("That was a lot at once. I did not read all of it" in m.text for m in said) == 1
        assert sum("Your balance" in m.text for m in said) == 4  # and /start
        hello = next(m for m in said if m.buttons)
        assert (await chat.click("❓ Help", on=hello)).text == ""
        for _ in range(12):
            await olga.private().send("/balance")
        told: list[Msg] = []
        for _ in range(50):
            told = [m for m in await olga.private().messages() if "Your balance" in m.text]
            if len(told) == 12:
                break
            await asyncio.sleep(0.1)
        assert len(told) == 12, "admins are never held up"


async def test_orders_per_minute_are_told_with_the_time_to_wait(sqlite_url: str) -> None:
    async with easel(sqlite_url, orders_per_minute=1) as world:
        ann = await world.person(credits=100)
        await ordered(world, ann)
        await world.finished()
        await ordered(world, ann)
        told = await ann.private().wait("At most 1 order a minute. Nothing was charged.")
        assert "You can order again in" in told.text
        assert len(await world.jobs()) == 1
        world.easel.db.shift_clock(61)
        await ordered(world, ann)
        await many(world, 2)


async def test_new_people_order_so_much_a_day_and_payers_as_they_like(sqlite_url: str) -> None:
    async with easel(sqlite_url, new_user_orders_per_day=1, welcome_credits=Decimal(50)) as world:
        ann = await world.person()
        await ordered(world, ann)
        await world.finished()
        await ordered(world, ann)
        told = await ann.private().wait("Before your first top-up: at most 1 order a day. Nothing was charged.")
        assert "@operator" in told.text
        await world.give(ann, 1)
        await ordered(world, ann)
        await many(world, 2)


async def test_a_crowd_of_new_people_gets_the_welcome_a_little_later(sqlite_url: str) -> None:
    async with easel(sqlite_url, welcome_per_hour=1, welcome_credits=Decimal(50)) as world:
        ann, bob = await world.person(), await world.person("Bob")
        assert (await world.balance(ann), await world.balance(bob)) == ((50, 0), (0, 0))
        assert "in about 1 h" in (await bob.private().wait("Many people have just joined")).text
        world.easel.db.shift_clock(3700)
        await world.easel.db.transaction(lambda conn: world.easel.db.notify(conn, users.CHANGED))
        await asyncio.sleep(0.3)
        await bob.private().send("/start")
        await bob.private().wait("🎁 You have 50 credits")
        assert await world.balance(bob) == (50, 0)


class Moderated:
    """A provider whose moderation refuses everything."""

    def __init__(self, inner: Provider) -> None:
        self.name = inner.name
        self.resumable = False

    async def run(
        self, order: ProviderOrder, *, job_id: str, resume: Resume | None = None
    ) -> AsyncGenerator[Event, None]:
        yield Running()
        raise Refused("prompt violates policy 7b")

    async def aclose(self) -> None:
        pass


async def test_moderation_upstream_is_told_as_such_and_costs_nothing(sqlite_url: str) -> None:
    async with easel(sqlite_url, wrap=Wrap(provider=Moderated)) as world:
        ann = await world.person(credits=50)
        await ordered(world, ann)
        failed = await ann.private().wait("The service refused this prompt: its rules do not allow it.", timeout=15)
        assert "You were not charged" in failed.text
        assert "7b" not in await ann.private().transcript()
        assert (await world.finished()).cause == "refused"
        assert await world.balance(ann) == (50, 0)


async def test_questions_obey_the_rules_too_and_limits_are_told_once(sqlite_url: str, words: Path) -> None:
    changes: dict[str, Any] = {"blocked_words_file": words, "orders_per_minute": 1}
    async with easel(sqlite_url, providers=("ai_now", "neuroapi"), **changes) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/ask how is gore made?")
        assert "Nothing was charged" in (await chat.wait("The operator's rules do not allow this")).text
        await chat.send("/ask why is the sky blue?")
        await chat.wait("Simulated answer: why is the sky blue?")
        await world.finished()
        left = await world.balance(ann)
        for question in ("one more?", "and another?", "please?"):
            await chat.send(f"/ask {question}")
        await asyncio.sleep(1.5)
        told = [m.text for m in await chat.messages() if "At most 1 order a minute" in m.text]
        assert len(told) == 1
        assert await world.balance(ann) == left
        assert len(await world.jobs()) == 1
