"""A voice message is words: shown first, then handled as if they had been written."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.jobs import JobState
from bot.storage.tables import jobs
from sandbox.client import ChatView
from sandbox.client_views import Msg
from tests.drivers.app import World, easel
from tests.drivers.recordings import recording

BOTH = ("ai_now", "neuroapi")
HEARD = {"en": "🎙 “a red fox in the snow”", "ru": "🎙 «a red fox in the snow»"}
OFF = {"en": "I cannot take voice messages", "ru": "я не принимаю голосовые"}


async def say(chat: ChatView, data: bytes = b"", **more: Any) -> Msg:
    """Sends a voice message."""
    return await chat.file(data or recording(), kind="voice", name="voice.ogg", **more)


def listened(world: World) -> int:
    return sum(each.path.endswith("/audio/transcriptions") for each in world.services.neuroapi.requests)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_voice_message_is_shown_as_words_and_becomes_an_order(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await say(chat, recording(30))
        await chat.wait(HEARD[language])
        card = await chat.wait_for(lambda msg: bool(msg.buttons) and "a red fox in the snow" in msg.text)
        assert "🎙" not in card.text
        job = await world.finished()
        assert job.state is JobState.DONE
        available, held = await world.balance(ann)
        assert (round(10 - available, 2), held) == (0.36, 0)  # half a minute at 0.6 × 1.2


async def test_in_a_young_conversation_it_is_the_next_question(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/ask one")
        await chat.wait("Simulated answer: one")
        await world.finished()
        world.services.neuroapi.heard.append("and what of two?")
        await say(chat)
        await chat.wait("“and what of two?”")
        await chat.wait("Simulated answer: and what of two?")
        await world.finished()


async def test_what_was_tapped_before_is_what_the_spoken_words_become(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person(credits=50)
        chat = ann.private()
        await chat.click("Video")
        await chat.wait()
        world.services.neuroapi.heard.append("a calm lake")
        await say(chat)
        await chat.wait("“a calm lake”")
        card = await chat.wait("Pika", button="Watercolor")
        assert "a calm lake" in card.text


async def test_in_a_group_it_answers_the_bot_or_stands_under_a_command(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person(credits=10)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        await say(chat)
        await chat.silent()
        assert listened(world) == 0
        world.services.neuroapi.heard.append("why is the sky blue?")
        sent = await say(chat, caption="/ask")
        shown = await chat.wait("“why is the sky blue?”")
        assert shown.message["reply_to_message"]["message_id"] == sent.id
        await chat.wait("Simulated answer: why is the sky blue?")
        await world.finished()


async def test_said_words_are_no_command(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        world.services.neuroapi.heard.append("/forget everything")
        await say(chat)
        await chat.wait("“/forget everything”")
        await chat.wait_for(lambda msg: bool(msg.buttons) and "forget everything" in msg.text)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_without_a_model_it_says_so(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=BOTH) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        await say(chat)
        await chat.wait(OFF[language])
        assert await world.jobs() == []


async def test_a_service_that_does_not_listen_is_asked_once_and_admins_see_it(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        admin = (await world.admin()).private()
        ann = await world.person(credits=10)
        chat = ann.private()
        world.services.neuroapi.faults.add("no_endpoint")
        await say(chat)
        await chat.wait(OFF["en"])
        assert (await world.finished()).state is JobState.FAILED
        await say(chat, recording(4))
        await chat.wait_for(lambda msg: OFF["en"] in msg.text and "not charged" not in msg.text)
        assert listened(world) == 1
        assert await world.balance(ann) == (10, 0)
        await admin.wait("Whisper")
        await admin.clear()
        await admin.send("/status")
        await admin.wait("does not permit whisper")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("silence", "no words"),
        ("500", "could not make out"),
        ("wrong_types", "could not make out"),
        ("html", "make out"),
    ],
)
async def test_what_brings_no_words_costs_nothing(sqlite_url: str, fault: str, said: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        world.services.neuroapi.faults.add(fault)
        await say(chat)
        shown = await chat.wait(said)
        assert "not charged" in shown.text
        assert (await world.finished()).state is JobState.FAILED
        assert await world.balance(ann) == (10, 0)


async def test_what_is_no_recording_is_refused_before_it_is_sent(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        whole = recording(4)
        await chat.file(recording(601), kind="voice", name="voice.ogg")
        await chat.wait("at most")
        await chat.file(whole[: len(whole) // 8], kind="audio", name="memo.ogg")
        await chat.wait()
        assert listened(world) <= 1


async def test_without_credits_nothing_is_listened_to(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person()
        chat = ann.private()
        await say(chat)
        await chat.wait("credits")
        assert listened(world) == 0
        assert await world.jobs() == []


async def test_the_words_come_once_however_often_the_end_is_told(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=BOTH, voice_model="whisper") as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await say(chat)
        await chat.wait_for(lambda msg: bool(msg.buttons) and "a red fox in the snow" in msg.text)
        job = await world.finished()

        def due_again(conn: Any) -> None:
            conn.execute(update(jobs).where(jobs.c.id == job.id).values(notice_due=True, next_at=0.0))

        await world.easel.db.transaction(due_again)
        await world.restart()
        await world.finished()
        await chat.send("/balance")
        await chat.wait("9.9")
        assert len([msg for msg in await chat.messages() if "a red fox in the snow" in msg.text and msg.buttons]) == 1
