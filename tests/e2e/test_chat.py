"""Conversations in private chats: streamed drafts, memory, Stop, retry, refusals, and what an answer costs."""

from typing import Any

from bot.domain.jobs import Cause, Job, JobState
from sandbox.client import ChatView, Person
from sandbox.client_views import Msg
from sandbox.telegram.methods import METHODS
from tests.drivers.app import World, easel
from tests.drivers.catalog import sampling_file

CHAT = ("ai_now", "neuroapi")


async def test_an_answer_streams_as_a_draft_and_ends_as_one_message(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        world.services.neuroapi.state.scale = 2.0
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/ask why is the sky blue?")
        begun = await chat.wait("New conversation")
        assert "up to 0.7" in begun.text
        draft = await chat.wait_draft("Simulated answer", timeout=20)
        assert draft["can_stop"]
        assert draft["entities"][0]["type"] == "bold"
        answer = await chat.wait("Simulated answer: why is the sky blue?", timeout=20)
        world.services.neuroapi.state.scale = 0.002
        assert "• first this," in answer.text
        assert answer.edits == 0
        assert await chat.draft() is None
        job = await world.finished()
        assert job.state is JobState.DONE
        assert job.charged is not None
        assert 0 < job.charged < job.quote
        await chat.send("/ask and the sea?")
        await chat.wait("Simulated answer: and the sea?")
        assert len([m for m in await chat.messages() if "New conversation" in m.text]) == 1
        assert [m["role"] for m in asked(world)] == ["system", "user", "assistant", "user"]
        assert asked(world)[1]["content"] == "why is the sky blue?"
        await world.finished()
        spent = sum(job.charged or 0 for job in await world.jobs()) / 1_000_000
        await chat.send("/balance")
        assert f"{spent:g}" in (await chat.wait("The chat has cost you")).text


def asked(world: World) -> list[dict[str, str]]:
    """The messages of the last request."""
    body: Any = world.services.neuroapi.requests[-1].body
    return list(body["messages"])


async def speaking(world: World, chat: ChatView, question: str) -> Job:
    """Asks, and returns when the answer has begun."""
    world.services.neuroapi.state.scale = 1.0
    await chat.send(question)
    await chat.wait_draft("Simulated answer", timeout=20)
    return (await world.jobs())[-1]


async def test_stop_keeps_and_charges_what_was_said(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await speaking(world, chat, "/ask a long essay about foxes")
        await chat.stop()
        stopped = await chat.wait("Stopped.")
        assert "Simulated answer" in stopped.text
        job = await world.finished()
        assert job.state is JobState.DONE
        assert job.facts["stopped"] == "1"
        assert 0 < (job.charged or 0) < job.quote
        world.services.neuroapi.state.scale = 0.002
        await chat.send("/ask go on")
        await chat.wait("Simulated answer: go on")
        assert "Simulated answer" in asked(world)[2]["content"]


async def test_a_second_answer_to_the_same_hears_that_the_first_is_under_way(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await ask(world, chat, "/ask one")
        await speaking(world, chat, "/ask a long essay about foxes")
        await chat.send("/retry")
        await chat.wait("still answering")
        answer = await chat.click("Stop")
        assert "Stopped" in answer.text
        await chat.wait("⏹ Stopped.")
        await world.finished()


async def test_new_forgets_and_retry_replaces(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/retry")
        await chat.wait("no question to answer again")
        await ask(world, chat, "/ask one")
        await ask(world, chat, "/ask two")
        await chat.send("/retry")
        await chat.wait("Simulated answer: two")
        await world.finished()
        assert [m["content"] for m in asked(world)[1::2]] == ["one", "two"]
        await ask(world, chat, "/ask three")
        assert [m["content"] for m in asked(world)[1::2]] == ["one", "two", "three"]
        await chat.send("/new")
        await chat.wait("forgotten")
        await ask(world, chat, "/ask four")
        assert [m["content"] for m in asked(world)[1:]] == ["four"]
        await chat.send("/new")
        await chat.wait("forgotten")
        await chat.send("/new")
        await chat.wait("nothing to forget")


async def ask(world: World, chat: ChatView, question: str) -> Msg:
    """Asks and waits for the end."""
    await chat.send(question)
    msg = await chat.wait("Simulated answer")
    await world.finished()
    return msg


async def test_a_reply_is_asked_about(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        first = await ask(world, chat, "/ask one")
        await chat.reply(first, "/ask say it shorter")
        await chat.wait("Simulated answer: Simulated answer")
        said = asked(world)[-1]["content"]
        assert said.startswith("Simulated answer: one")
        assert said.endswith("say it shorter")
        await chat.send("/ask")
        await chat.wait("why is the sky blue?")


async def test_flags_go_upstream_and_json_comes_as_code(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT, catalog_file=sampling_file()) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send(
            "/ask --json --temperature 0,5 --top-p 0.9 --seed 7 --presence 1 --frequency -1 --stop END foxes"
        )
        answer = await chat.wait('"simulated": true')
        assert answer.message["entities"][0]["type"] == "pre"
        body: Any = world.services.neuroapi.requests[-1].body
        sent = {
            "temperature": 0.5,
            "top_p": 0.9,
            "seed": 7,
            "presence_penalty": 1,
            "frequency_penalty": -1,
            "stop": "END",
        }
        assert {name: body[name] for name in sent} == sent
        assert body["response_format"] == {"type": "json_object"}
        assert "tools" not in body
        await chat.send("/ask --temperature 5 foxes")
        await chat.wait("Temperature")
        await chat.send("/ask --style anime foxes")
        await chat.wait("--style")


async def test_long_answers_are_split_between_paragraphs(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/ask 1500 words about foxes with code")
        await world.finished(timeout=30)
        said = [m for m in await chat.messages() if m.from_bot and m.message.get("text")]
        parts = said[said.index(next(m for m in said if "Simulated answer" in m.text)) :]
        assert len(parts) >= 2
        assert all(len(m.text) <= 4096 for m in parts)
        assert any(e["type"] == "pre" for m in parts for e in m.message.get("entities", []))


async def test_too_little_credit_and_no_chat_model(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person()
        chat = ann.private()
        await chat.send("/ask why?")
        refused = await chat.wait("Not enough credits")
        assert "💳 Ask for credits" in refused.buttons
        assert world.services.neuroapi.requests == []
        await world.restart(neuroapi_api_key=None)
        await chat.send("/ask why?")
        await chat.wait("unavailable right now")
        await chat.send("/new")
        await chat.wait("I do not know this command")


async def test_failures_say_that_nothing_was_charged_and_try_again_works(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        faults = {"cut": Cause.CONNECTION_LOST, "content_policy": Cause.REFUSED, "empty_answer": Cause.NO_WORDS}
        for fault, cause in faults.items():
            world.services.neuroapi.faults.add(fault)
            await chat.send(f"/ask about {fault}")
            failed = await chat.wait("You were not charged", button="Try again")
            assert (await world.finished()).cause is cause
            await chat.click("Try again", on=failed)
            await chat.wait(f"Simulated answer: about {fault}")
            await world.finished()
        assert "Try again" not in " ".join((await chat.messages())[-1].buttons)


async def test_a_restart_in_the_middle_of_an_answer_is_told_with_a_retry(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await speaking(world, chat, "/ask a long essay about foxes")
        await world.restart()
        failed = await chat.wait("I had to restart", button="Try again")
        assert "You were not charged" in failed.text
        assert await world.balance(ann) == (10, 0)
        world.services.neuroapi.state.scale = 0.002
        await chat.click("Try again")
        await chat.wait("Simulated answer")
        await world.finished()


async def test_a_server_without_drafts_gets_a_message_with_stop(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        world.services.neuroapi.state.scale = 1.0
        withdrawn = METHODS.pop("sendmessagedraft")
        try:
            await chat.send("/ask a long essay about foxes")
            shown = await chat.wait("Simulated answer", timeout=20, button="Stop")
        finally:
            METHODS["sendmessagedraft"] = withdrawn
        await chat.click("Stop", on=shown)
        stopped = await chat.wait("⏹ Stopped.")
        assert stopped.id == shown.id
        assert "⏹ Stop" not in stopped.buttons
        assert (await world.finished()).state is JobState.DONE


async def test_chat_mode_takes_plain_text(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT, catalog_file=sampling_file()) as world:
        ann = await world.person(credits=10)
        chat = ann.private()
        await chat.send("/settings")
        await chat.wait("Language")
        await chat.click("Chat")
        page = await chat.wait("Chat mode is off")
        await chat.click("Turn chat mode on", on=page)
        await chat.wait("Chat mode is on")
        await chat.click("0.7")
        await chat.wait(button="✓ 0.7")
        await chat.send("hello -- there")
        await chat.wait("Simulated answer: hello -- there")
        await world.finished()
        body: Any = world.services.neuroapi.requests[-1].body
        assert body["temperature"] == 0.7
        await chat.send("/start")
        await chat.wait()
        await chat.click("Music")
        await chat.send("a calm tune")
        await chat.wait("Suno")
        await chat.click("Cancel")
        await chat.send("/settings")
        await chat.wait("Language")
        await chat.click("Chat")
        await chat.click("Turn chat mode off")
        await chat.send("/new")
        await chat.wait("forgotten")
        await chat.send("a calm tune")
        await chat.wait(button="Cancel")


async def test_strangers_cannot_stop_or_retry(sqlite_url: str) -> None:
    async with easel(sqlite_url, providers=CHAT) as world:
        ann, bob = await world.person(credits=10), await world.person("Bob", credits=10)
        job = await speaking(world, ann.private(), "/ask a long essay about foxes")
        theirs: Person = bob
        forged = await theirs.private().forge(1, f"k:stop:{job.id}:")
        assert "somebody else" in forged.text
        assert "somebody else" in (await theirs.private().forge(1, f"k:retry:{job.id}:")).text
        await ann.private().stop()
        await ann.private().wait("Stopped.")
        await world.finished()
