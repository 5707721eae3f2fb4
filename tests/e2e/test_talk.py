"""Talk that goes on: what one just writes after an answer, replies in groups, and what leaves the conversation."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.catalog.models import Kind
from bot.domain.jobs import JobState
from bot.storage.tables import conversations
from sandbox.client import ChatView
from sandbox.client_views import Msg
from tests.drivers.app import World, easel

CHAT = ("ai_now", "neuroapi")
LINE = {"en": "Just write on. A new topic", "ru": "Просто пишите дальше."}
NEW_TOPIC = {"en": "New topic", "ru": "Новая тема"}
PICTURE = {"en": "Make a picture of this", "ru": "Сделать из этого картинку"}
FORGOTTEN = {"en": "forgotten", "ru": "забыт"}


def asked(world: World) -> list[dict[str, str]]:
    """The messages of the last request, without the instruction."""
    body: Any = world.services.neuroapi.requests[-1].body
    return list(body["messages"])[1:]


async def answered(world: World, chat: ChatView, question: str) -> Msg:
    """Writes and waits for the end of the answer."""
    await chat.send(question)
    msg = await chat.wait("Simulated answer")
    await world.finished()
    return msg


async def grow_old(world: World) -> None:
    """The last answer is an hour old."""

    def hour_ago(conn: Any) -> None:
        conn.execute(update(conversations).values(updated_at=conversations.c.updated_at - 3600))

    await world.easel.db.transaction(hour_ago)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_after_an_answer_one_just_writes_on(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        first = await answered(world, chat, "/ask one")
        assert LINE[language] in first.text
        assert [PICTURE[language] in label for label in first.buttons] == [True, False]
        assert NEW_TOPIC[language] in first.buttons[1]
        second = await answered(world, chat, "two -- and more")
        assert LINE[language] not in second.text  # once is enough
        assert NEW_TOPIC[language] in second.buttons[1]
        assert [m["content"] for m in asked(world)[::2]] == ["one", "two -- and more"]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_new_topic_ends_the_conversation(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        answer = await answered(world, chat, "/ask one")
        await chat.click(NEW_TOPIC[language], on=answer)
        await chat.wait(FORGOTTEN[language])
        assert (await chat.refresh(answer)).buttons == []
        questions = len(world.services.neuroapi.requests)
        await chat.send("a calm lake")
        await chat.wait(button="Cancel" if language == "en" else "Отмен")
        assert len(world.services.neuroapi.requests) == questions
        await answered(world, chat, "/ask two")
        assert [m["content"] for m in asked(world)] == ["two"]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_picture_of_the_answer_is_one_card_away(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(language=language, credits=10)
        chat = ann.private()
        answer = await answered(world, chat, "/ask a lake")
        await chat.click(PICTURE[language], on=answer)
        card = await chat.wait("Simulated answer: a lake", button="Confirm" if language == "en" else "Подтвердить")
        assert "**" not in card.text
        assert [job.kind for job in await world.jobs()] == [Kind.ASK]  # it waits for its Confirm


async def test_an_old_conversation_takes_no_words(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        first = await answered(world, chat, "/ask one")
        await grow_old(world)
        await chat.send("a calm lake")
        await chat.wait(button="Cancel")
        await chat.click("Cancel")
        await chat.reply(first, "two")  # a reply is meant for it, however old
        await chat.wait("Simulated answer: two")
        await world.finished()
        assert [m["content"] for m in asked(world)[::2]] == ["one", "two"]


async def test_without_young_conversations_questions_begin_with_a_command(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT, chat_young_minutes=0) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        answer = await answered(world, chat, "/ask one")
        assert LINE["en"] not in answer.text
        await chat.send("a calm lake")
        await chat.wait(button="Cancel")


async def test_what_was_tapped_or_asked_for_comes_before_the_conversation(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=100)
        chat = ann.private()
        await answered(world, chat, "/ask one")
        await chat.send("/start")
        await chat.wait()
        await chat.click("Music")
        await chat.send("a calm tune")
        await chat.wait("Suno")
        await chat.click("Cancel")
        await answered(world, chat, "two")
        assert [m["content"] for m in asked(world)[::2]] == ["one", "two"]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_replies_in_a_group_go_on_with_ones_own_conversation(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(language=language, credits=10)
        group = await world.tg.group("Friends", [ann])
        chat = ann.in_(group)
        first = await answered(world, chat, "/ask one")
        assert first.buttons == []
        assert LINE[language] not in first.text
        await chat.send("hello everybody")
        await chat.silent(0.2)
        await chat.reply(first, "two")
        second = await chat.wait("Simulated answer: two")
        await world.finished()
        assert [m["content"] for m in asked(world)[::2]] == ["one", "two"]
        await chat.reply(first, "and the first?")  # not the latest: it is said what the words are about
        await chat.wait("Simulated answer")
        await world.finished()
        assert asked(world)[-1]["content"].startswith("Simulated answer: one")
        assert second.id != first.id


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_another_members_reply_is_their_own_question(sqlite_url: str, language: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        bob = await world.person("Bob", language=language, credits=10)
        eve = await world.person("Eve", credits=10)
        group = await world.tg.group("Friends", [ann, bob, eve])
        first = await answered(world, ann.in_(group), "/ask one")
        before = await world.balance(ann)
        theirs = bob.in_(group)
        await theirs.reply(first, "really?")
        offer = await theirs.wait(button="Ask ·" if language == "en" else "Спросить ·")
        assert len(world.services.neuroapi.requests) == 1  # nothing is asked before its price was seen
        button = offer.button("Ask ·" if language == "en" else "Спросить ·")
        assert button is not None
        assert "somebody else" in (await eve.in_(group).forge(offer.id, button["callback_data"])).text
        await theirs.click("Ask ·" if language == "en" else "Спросить ·", on=offer)
        await theirs.wait("really?", timeout=10)
        job = await world.finished()
        assert job.user_id == bob.id
        assert job.state is JobState.DONE
        assert asked(world)[-1]["content"].startswith("Simulated answer: one")
        assert asked(world)[-1]["content"].endswith("really?")
        assert len(asked(world)) == 1  # Ann's memory is hers
        assert await world.balance(ann) == before
        await theirs.reply(first, "and why?")  # the price is known by now
        await theirs.wait("Simulated answer")
        await world.finished()
        assert len(asked(world)) == 3
