"""The operator is told: once an hour per matter, in each admin's language, and again when nobody got it."""

from bot.engine.accounts import users
from bot.engine.use_cases import UseCases
from bot.storage.database import Database
from bot.telegram.admin.alerts import AdminAlerts
from tests.telegram.kit import TEXTS, World, options


async def test_admins_are_told_once_an_hour_in_their_language(database: Database, world: World) -> None:
    (ann, english), (bob, russian) = await world.person("Ann"), await world.person("Bob", language="ru")
    await database.transaction(
        lambda conn: users.seen(conn, user_id=bob.id, username=None, name="Bob", language_code="ru")
    )
    alerts = AdminAlerts(UseCases.over(database), world.bot, TEXTS, options(admin_ids=frozenset({ann.id, bob.id})))
    for _ in range(3):
        await alerts.alert("bad_key:toy", "alert-bad-key", provider="<Toy>", model="Pika")
    assert [m.text.split(" refuses")[0] for m in await english.messages() if m.from_bot] == ["🔑 <Toy>"]
    assert "не принимает ключ" in (await russian.last()).text
    database.shift_clock(3601)
    await alerts.alert("bad_key:toy", "alert-bad-key", provider="Toy", model="Pika")
    assert len([m for m in await english.messages() if m.from_bot]) == 2


async def test_an_alert_nobody_got_is_tried_again(database: Database, world: World) -> None:
    ann, chat = await world.person("Ann")
    alerts = AdminAlerts(UseCases.over(database), world.bot, TEXTS, options(admin_ids=frozenset({ann.id})))
    await ann.block()
    await alerts.alert("k", "alert-back-on-sale", provider="Toy")
    await ann.unblock()
    await alerts.alert("k", "alert-back-on-sale", provider="Toy")
    assert "works again" in (await chat.last()).text
    await alerts.alert("k2", "alert-bad-key")  # a missing value is our bug, not the caller's trouble
