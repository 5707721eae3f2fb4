"""Groups: what is stored of them, what their settings refuse, and what a migration takes along."""

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Cause, Delivered, JobState, Order, Target
from bot.domain.limits.groups import Group, GroupRefused, Presence, Who, Why, refused
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import groups
from bot.engine.accounts.users import User
from bot.engine.conversations import memory
from bot.engine.dialogs import drafts, expiring_messages
from bot.engine.groups import migration as group_migration
from bot.engine.groups.migration import Moved
from bot.engine.jobs.submit import Placed
from bot.storage.clock import now
from bot.storage.database import Database
from bot.storage.tables import jobs
from tests.engine.kit import Kit, engine
from tests.telegram.order_kit import model

SUPER = -1_000_004_000_003
GROUP = -4_000_002
VIDEO, IMAGE = model("pika"), model("flux_dev")


def why(group: Group, **more: object) -> Why | None:
    values = {"admin": False, "model": VIDEO, "kind": None, "last_order_at": None, "now": 1000.0, **more}
    found = refused(group, **values)  # type: ignore[arg-type]
    return found.why if found is not None else None


def test_what_a_group_refuses() -> None:
    group = Group(GROUP)
    assert why(group) is None
    assert why(replace(group, who=Who.NOBODY), admin=True) is Why.NOBODY
    assert why(replace(group, who=Who.ADMINS)) is Why.ADMINS
    assert why(replace(group, who=Who.ADMINS), admin=True) is None
    assert why(replace(group, kinds_off=frozenset({"video"}))) is Why.KIND
    assert why(replace(group, kinds_off=frozenset({"video"})), model=None, kind=Kind.VIDEO) is Why.KIND
    assert why(replace(group, kinds_off=frozenset({"video"})), model=IMAGE) is None
    assert why(replace(group, models_off=frozenset({"pika"}))) is Why.MODEL
    assert why(replace(group, models_off=frozenset({"pika"})), model=None, kind=Kind.VIDEO) is None
    cooling = replace(group, cooldown=60)
    assert why(cooling, last_order_at=941.0, admin=True) is Why.COOLDOWN
    assert why(cooling, last_order_at=940.0) is None
    found = refused(cooling, admin=False, model=VIDEO, kind=None, last_order_at=941.0, now=1000.0)
    assert found is not None
    assert found.seconds == 1.0


async def test_settings_are_kept_and_what_cannot_be_read_is_default(database: Database) -> None:
    assert await database.read(lambda conn: groups.of(conn, GROUP)) == Group(GROUP)
    wanted = Group(
        GROUP,
        who=Who.ADMINS,
        language="ru",
        cooldown=300,
        quiet=True,
        kinds_off=frozenset({"music"}),
        models_off=frozenset({"pika", "suno"}),
    )
    await database.transaction(lambda conn: groups.change(conn, GROUP, lambda _: wanted))
    assert await database.transaction(lambda conn: groups.found(conn, GROUP, Presence.ADMIN))
    assert not await database.transaction(lambda conn: groups.found(conn, GROUP, Presence.ADMIN))
    assert await database.read(lambda conn: groups.of(conn, GROUP)) == replace(wanted, presence=Presence.ADMIN)
    odd = {"who": "me", "language": None, "cooldown": -5, "quiet": "yes", "kinds_off": "music", "models_off": [1]}
    assert groups.read(GROUP, odd, "lost") == Group(GROUP)


async def test_two_admins_at_once_lose_nothing(database: Database) -> None:
    def off(slug: str) -> object:
        def add(group: Group) -> Group:
            return replace(group, models_off=group.models_off | {slug})

        return database.transaction(lambda conn: groups.change(conn, GROUP, add))

    slugs = [f"model_{n}" for n in range(6)]
    await asyncio.gather(*(off(slug) for slug in slugs))  # type: ignore[call-overload]
    assert (await database.read(lambda conn: groups.of(conn, GROUP))).models_off == frozenset(slugs)


async def test_a_migration_takes_everything_along(database: Database) -> None:
    async with engine(database, start=False) as kit:
        user = await kit.person(7)

        def fill(conn: Connection) -> None:
            groups.change(conn, GROUP, lambda g: replace(g, cooldown=300, models_off=frozenset({"luma"})))
            drafts.create(
                conn, id="d1", user_id=7, purpose="order", chat_id=GROUP, thread_id=None, data={}, message_id=5
            )
            drafts.create(conn, id="d2", user_id=7, purpose="order", chat_id=GROUP, thread_id=None, data={})
            memory.begin(conn, GROUP, 7)
            expiring_messages.note(conn, expiring_messages.Fleeting(GROUP, 0, 5), "d1")

        await database.transaction(fill)
        placed = await in_group(kit, user, "job1")
        assert placed.job.target.chat_id == GROUP
        with pytest.raises(GroupRefused) as told:
            await in_group(kit, user, "job2")
        assert told.value.why is Why.COOLDOWN
        album = [{"file_id": "f", "media": "photo", "message_id": 8}]
        some = sa.update(jobs).values(ordered=2, delivered=album)
        await database.transaction(lambda conn: conn.execute(some).rowcount)
        moved = await database.transaction(lambda conn: group_migration.migrate(conn, GROUP, SUPER))
        assert moved == Moved(("job1",), ("d1",)), "whoever is sending d2's menu sends it to the new chat"
        assert await database.transaction(lambda conn: group_migration.migrate(conn, GROUP, SUPER)) == Moved()
        group = await database.read(lambda conn: groups.of(conn, SUPER))
        assert (group.cooldown, group.models_off) == (300, frozenset({"luma"}))
        assert [o.model.slug for o in await kit.shop.offers(chat_id=SUPER)] == ["pika"]
        with pytest.raises(GroupRefused):
            await in_group(kit, user, "job2", chat_id=SUPER)
        job = await kit.job("job1")
        assert (job.target, job.delivered) == (Target(SUPER, None, 0), (Delivered("f", "photo"),))
        assert await database.transaction(lambda conn: group_migration.place(conn, "job1", Target(SUPER, None, 3)))
        assert not await database.transaction(lambda conn: group_migration.place(conn, "job1", Target(SUPER, None, 4)))
        for name in ("d1", "d2"):
            draft = await database.read(lambda conn, name=name: drafts.get(conn, name))  # type: ignore[misc]
            assert draft is not None
            assert (draft.chat_id, draft.message_id) == (SUPER, 0)
        assert not await database.transaction(lambda conn: memory.begin(conn, SUPER, 7))
        assert await database.transaction(lambda conn: expiring_messages.claim(conn, limit=5)) == []


async def test_what_was_set_in_the_new_group_first_stands(database: Database) -> None:
    def both(conn: Connection) -> Group:
        groups.change(conn, GROUP, lambda g: replace(g, language="ru"))
        groups.change(conn, SUPER, lambda g: replace(g, quiet=True))
        group_migration.migrate(conn, GROUP, SUPER)
        return groups.of(conn, SUPER)

    assert await database.transaction(both) == Group(SUPER, quiet=True)


async def test_an_order_that_waited_for_a_group_which_was_left_never_starts(database: Database) -> None:
    async with engine(database, start=False) as kit:
        user = await kit.person(7)
        await in_group(kit, user, "job1")
        await database.transaction(lambda conn: groups.found(conn, GROUP, Presence.GONE))
        await kit.worker.start()
        ended = await kit.finished("job1")
        assert (ended.state, ended.cause) == (JobState.FAILED, Cause.UNDELIVERABLE)
        assert kit.provider.submits == []
        assert await kit.balance(user) == (100, 0)


async def in_group(kit: Kit, user: User, job_id: str, *, chat_id: int = GROUP) -> Placed:
    order = Order(
        id=job_id,
        account_id=user.account_id,
        user_id=user.id,
        model="pika",
        prompt="a lake",
        options={},
        quote=Credits(10 * CREDIT),
        locale="en",
        target=Target(chat_id, None, 9),
    )
    return await kit.orders.submit(order, quoted_at=await kit.db.read(now))
