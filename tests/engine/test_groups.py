"""Groups: what is stored of them, what their settings refuse, and what a migration takes along."""

import asyncio
from dataclasses import replace

from bot.domain.catalog import Kind
from bot.domain.groups import Group, Presence, Who, Why, refused
from bot.engine import groups
from bot.storage.database import Database
from tests.telegram.order_kit import model

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
