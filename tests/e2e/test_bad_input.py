"""Random words and forged presses against the running bot: no failure, no press without an answer."""

import random
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.domain.jobs import JobState
from tests.drivers.app import World, easel

ALPHABET = 'aя \n\t-—–"«»<>&{}$:/@0٣²\u200b\u202e\ud7ff🎬\u0301'
COMMANDS = (
    *("video", "music", "pika", "run", "luma", "suno", "start", "help", "jobs", "cancel", "settings", "balance"),
    *("models", "price", "image", "upscale", "edit", "ask", "flux_dev", "naive_schnell", "upscaler"),
)
FLAGS = (
    "--style",
    "--model",
    "—style",
    "--",
    "--style=",
    "--STYLE",
    "--стиль",
    "--model pika",
    '--style "',
    "--style 4",
    *("--ar 16:9", "--ar 16х9", "--n 2", "--n 99", "--seed", "--no-safety", "--steps=0", "--guidance 3,5", "--size sq"),
)


ACTS = (
    *("kind", "model", "opt", "page", "back", "ok", "ask", "show", "cancel", "sure", "keep", "receipt", "again", ""),
    *("menu", "val", "step", "type", "last", "swap", "question", "skip", "models"),
    *("notify", "better", "mine", "usual", "flags", "noflags", "presets", "predel", "presure", "drop"),
    *("style", "with", "open", "jobs", "lang", "home", "make", "balance", "topup", "refund", "yes"),
)


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with easel(sqlite_url, welcome_credits=Decimal(1000), active_jobs_per_user=50) as started:
        yield started


def words(rng: random.Random) -> str:
    """A message somebody might type, or a cat."""
    parts = [rng.choice(("", f"/{rng.choice(COMMANDS)}", f"/{rng.choice(COMMANDS)}@easel_bot"))]
    for _ in range(rng.randrange(4)):
        noise = "".join(rng.choice(ALPHABET) for _ in range(rng.randrange(12)))
        parts.append(rng.choice((rng.choice(FLAGS), noise, "a lake")))
    return " ".join(parts).strip() or "?"


def presses(rng: random.Random, ids: list[str]) -> str:
    """Callback data as a hostile client makes it."""
    prefix = rng.choice(("d", "j", "m", "a", "x", ""))
    act = rng.choice(ACTS)
    noise = "".join(rng.choice(ALPHABET) for _ in range(rng.randrange(6)))
    arg = rng.choice(
        ("", "pika", "pika.4", "0.1", "3.+", "4.-", "0.2", "image.0", "9999", "-1", "video", "en", "٣", noise)
    )
    known = rng.choice((*ids, "aaaaaaaaaaaaa", "", noise))
    parts = [prefix, act, arg] if prefix in ("m", "a") else [prefix, known, act, arg]
    data = ":".join(parts + ["x"] * (rng.random() < 0.1))
    while len(data.encode()) > 64:
        data = data[:-1]
    return data or "?"


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_no_words_and_no_press_break_the_bot(world: World, seed: int) -> None:
    rng = random.Random(seed)
    ann = await world.person()
    chat = ann.private()
    await chat.send("/pika --style 4 a lake")
    card = await chat.wait("Price", button="Confirm")
    ids = [card.keyboard_rows[0][0]["callback_data"].split(":")[1]]
    for _ in range(60):
        data = presses(rng, ids)
        answer = await chat.forge(card.id, data)
        assert answer.answered, data
        assert "Something broke on my side" not in answer.text, data
    for _ in range(40):
        typed = words(rng)
        await chat.send(typed)
        said = await chat.wait()
        assert "Something broke on my side" not in said.words, typed
    await chat.send("/luma a lake")
    result = await chat.wait("Luma", button="Confirm")
    await chat.click("Confirm", on=result)
    job = await world.job(lambda job: job.state is JobState.DONE and not job.notice_due)
    for _ in range(40):
        data = presses(rng, [job.id])
        answer = await chat.forge(result.id, data)
        assert answer.answered, data
        assert "Something broke on my side" not in answer.text, data
    assert (await chat.refresh(result)).kind == "video"


async def test_a_nul_in_a_prompt_is_left_out(database_url: str) -> None:
    """PostgreSQL takes it in no text."""
    async with easel(database_url) as world:
        ann = await world.person(credits=50)
        await ann.private().send("/pika a la\0ke --style none")
        await ann.private().click("Confirm", on=await ann.private().wait("a lake", button="Confirm"))
        assert (await world.finished()).prompt == "a lake"
