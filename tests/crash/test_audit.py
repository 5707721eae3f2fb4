"""The audit itself: it is silent about an honest end and complains about every way of cheating."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.jobs import Cause, Job
from bot.domain.money import CREDIT, Credits
from sandbox.ai_now.state import Record
from sandbox.client import Msg
from tests.crash import audit
from tests.crash.audit import NOT_CHARGED, Books
from tests.telegram import kit

CHAT = 5
DONE = kit.done(CHAT, 9, took=50.0, charged=Credits(10 * CREDIT), owner=None)
FAILED = kit.failed(CHAT, 9, Cause.INTERRUPTED, owner=None)


def books(job: Job, *, waiting: int = 0, **moves: int) -> Books:
    return Books((job,), waiting, (), Counter({(job.id, kind): count for kind, count in moves.items()}))


def message(id: int, kind: str, **content: Any) -> Msg:
    """What the chat shows, as the local Telegram tells it."""
    return Msg({"message_id": id, "kind": kind, "from_bot": True, "deleted": False, "message": content})


RESULT = message(9, "video", caption=f"{DONE.prompt}\n\nPika")
REGRET = message(9, "text", text=f"{FAILED.prompt}\n\nI had to restart. {NOT_CHARGED}.")
READY = message(10, "text", text="✅ Ready! Your video is here.", reply_to_message={"message_id": 9})


@pytest.mark.parametrize(
    ("found", "complaints"),
    [
        (books(DONE, hold=1, capture=1), 0),
        (books(FAILED, hold=1, release=1), 0),
        (books(DONE, hold=1, capture=2), 1),
        (books(DONE, hold=1, capture=1, release=1), 1),
        (books(FAILED, hold=1, capture=1), 1),
        (books(FAILED, hold=1), 1),
        (books(replace(DONE, charged=Credits(11 * CREDIT)), hold=1, capture=1), 1),
    ],
)
def test_money(found: Books, complaints: int) -> None:
    assert len(list(audit.money(found))) == complaints


@pytest.mark.parametrize(
    ("job", "shown", "complaints"),
    [
        (DONE, [RESULT], 0),
        (DONE, [RESULT, READY], 0),
        (FAILED, [REGRET], 0),
        (DONE, [REGRET], 2),
        (FAILED, [RESULT], 3),
        (DONE, [], 1),
        (DONE, [RESULT, READY, READY], 1),
        (FAILED, [REGRET, READY], 1),
        (FAILED, [REGRET, message(12, "video", caption=FAILED.prompt)], 1),
        (DONE, [message(9, "text", text="⏳ Starting…")], 1),
    ],
)
def test_truth(job: Job, shown: list[Msg], complaints: int) -> None:
    assert len(list(audit.truth(books(job), CHAT, shown))) == complaints


@pytest.mark.parametrize(
    ("job", "prompts", "complaints"),
    [
        (DONE, [DONE.prompt], 0),
        (FAILED, [], 0),
        (FAILED, [FAILED.prompt], 0),
        (DONE, [], 1),
        (DONE, [DONE.prompt] * 2, 1),
        (FAILED, [FAILED.prompt] * 2, 1),
        (DONE, [DONE.prompt, "what nobody ordered"], 1),
    ],
)
def test_submits(job: Job, prompts: list[str], complaints: int) -> None:
    log = [Record(id=n, started=0.0, prompt=prompt) for n, prompt in enumerate(prompts)]
    assert len(list(audit.submits(books(job), log))) == complaints


def test_settled() -> None:
    assert books(DONE).settled
    assert not books(DONE, waiting=1).settled
    assert not books(replace(DONE, notice_due=True)).settled
    assert not books(kit.job(CHAT, 9)).settled
    assert not books(replace(DONE, owner="w-dead")).settled
