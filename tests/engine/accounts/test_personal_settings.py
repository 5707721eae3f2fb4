"""What people choose for good, asked for without a chat."""

import asyncio

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.errors import TooManyPresets
from bot.engine.accounts import users
from bot.engine.accounts.personal_settings import PersonalSettings
from bot.engine.accounts.preferences import NEVER, PRESETS, Preferences
from bot.engine.dialogs import chosen_kind
from bot.storage.database import Database

ANN, STRANGER = 11, 99


@pytest.fixture
async def settings(database: Database) -> PersonalSettings:
    await database.transaction(
        lambda conn: users.seen(conn, user_id=ANN, username="ann", name="Ann", language_code="en")
    )
    return PersonalSettings(database)


async def test_every_choice_is_kept_and_leaves_the_others(settings: PersonalSettings) -> None:
    await settings.confirm_above(ANN, 5_000_000)
    await settings.notify_after(ANN, NEVER)
    await settings.offer_improvements(ANN, on=False)
    await settings.chat_mode(ANN, on=True)
    await settings.chat_model(ANN, "clever")
    await settings.temperature(ANN, "0.7")
    await settings.usual_model(ANN, Kind.VIDEO, "run")
    own = await settings.usual_flags(ANN, Kind.IMAGE, "--ar 16:9", model="pika")
    assert own == await settings.of(ANN)
    assert own == Preferences(
        confirm_above=5_000_000,
        notify_after=NEVER,
        improve=False,
        chat_mode=True,
        chat_model="clever",
        temperature="0.7",
        models={"video": "run", "image": "pika"},
        flags={"image": "--ar 16:9"},
    )


async def test_what_is_usual_is_taken_back_one_by_one(settings: PersonalSettings) -> None:
    await settings.usual_flags(ANN, Kind.IMAGE, "--ar 16:9", model="pika")
    assert (await settings.usual_flags(ANN, Kind.IMAGE, "", model="other")).flags == {"image": "--ar 16:9"}
    assert (await settings.no_usual_flags(ANN, Kind.IMAGE)).models == {"image": "other"}
    assert await settings.usual_model(ANN, Kind.IMAGE, "") == Preferences()


async def test_a_stranger_has_the_defaults_and_keeps_nothing(settings: PersonalSettings) -> None:
    assert await settings.of(STRANGER) == Preferences()
    await settings.chat_mode(STRANGER, on=True)
    assert await settings.of(STRANGER) == Preferences()


async def test_a_language_is_chosen_and_left_to_telegram_again(settings: PersonalSettings, database: Database) -> None:
    told = asyncio.Event()
    listening = asyncio.create_task(database.listen(users.CHANGED, told.set))
    async with asyncio.timeout(10):
        await told.wait()  # at the start
        told.clear()
        for language in ("ru", None):
            await settings.choose_language(ANN, language)
            await told.wait()
            told.clear()
            person = await database.read(lambda conn: users.find(conn, ANN))
            assert person is not None
            assert person.language == language
    listening.cancel()


async def test_flags_are_awaited_until_they_come_or_the_person_turns_away(
    settings: PersonalSettings, database: Database
) -> None:
    await settings.choose_kind(ANN, Kind.MUSIC)
    await settings.await_flags(ANN, Kind.IMAGE)
    assert await settings.flags_awaited(ANN) is Kind.IMAGE
    assert await database.read(lambda conn: chosen_kind.look(conn, ANN)) is None
    await settings.usual_flags(ANN, Kind.IMAGE, "--n 2")
    assert await settings.flags_awaited(ANN) is None
    await settings.await_flags(ANN, Kind.IMAGE)
    await settings.await_flags(ANN, None)
    assert await settings.flags_awaited(ANN) is None


async def test_presets_are_saved_replaced_and_deleted_up_to_their_limit(settings: PersonalSettings) -> None:
    for number in range(PRESETS):
        assert await settings.save_preset(ANN, f"p{number}", "--n 2") is None
    with pytest.raises(TooManyPresets) as refused:
        await settings.save_preset(ANN, "more", "--n 2")
    assert refused.value.limit == PRESETS
    assert await settings.save_preset(ANN, "p0", "--n 3") == "--n 2"  # in place of one there is room
    assert await settings.save_preset(ANN, "p0", "--n 3") == "--n 3"
    left = await settings.delete_preset(ANN, "p1")
    assert await settings.delete_preset(ANN, "p1") == left
    assert len(left.presets) == PRESETS - 1
