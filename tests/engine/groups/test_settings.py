"""What holds in a group, set without a chat; every process hears of it."""

from bot.domain.catalog.models import Kind
from bot.domain.limits.groups import Group, Presence, Who
from bot.engine.accounts import groups
from bot.engine.groups.settings import GroupSettings
from bot.storage.database import Database
from tests.engine.listening import told

CHAT = -100_5


async def test_every_setting_is_kept_and_leaves_the_others(database: Database) -> None:
    settings = GroupSettings(database)
    assert await settings.of(CHAT) == Group(CHAT)
    async with told(database, groups.CHANGED):
        await settings.who_orders(CHAT, Who.ADMINS)
    await settings.cooldown(CHAT, 60)
    await settings.language(CHAT, "ru")
    await settings.quiet(CHAT, on=True)
    await settings.allow_kind(CHAT, Kind.MUSIC, allowed=False)
    await settings.allow_model(CHAT, "run", allowed=False)
    off = await settings.allow_model(CHAT, "run", allowed=False)
    assert off == await settings.of(CHAT)
    assert off == Group(
        CHAT,
        who=Who.ADMINS,
        language="ru",
        cooldown=60,
        quiet=True,
        kinds_off=frozenset({"music"}),
        models_off=frozenset({"run"}),
    )
    await settings.allow_model(CHAT, "run", allowed=True)
    on = await settings.allow_kind(CHAT, Kind.MUSIC, allowed=True)
    assert not on.kinds_off | on.models_off


async def test_the_bots_standing_is_noted_once_and_told(database: Database) -> None:
    settings = GroupSettings(database)
    async with told(database, groups.CHANGED):
        assert await settings.stands(CHAT, Presence.MUTED)
    assert not await settings.stands(CHAT, Presence.MUTED)
    assert (await settings.of(CHAT)).presence is Presence.MUTED
