"""What the person does in each scene. Every button is pressed once: after a crash Telegram delivers again, not they."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.engine.catalog import pauses
from bot.engine.jobs import queries
from bot.storage.tables import waiting_orders
from sandbox.client import ChatView, Msg, Person
from sandbox.services import Services
from tests.crash import audit
from tests.crash.bots import Bots
from tests.crash.failpoints import OUR_FAULT
from tests.crash.stage import ANN, OLGA, SCALE, STAGING, Stage


@dataclass(frozen=True, slots=True)
class Scene:
    """`prompt` may order a fault of the simulator; `act` is what happens after Confirm."""

    prompt: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    act: Callable[[Stage, ChatView], Awaitable[None]] | None = None
    fault: Mapping[str, Any] = field(default_factory=dict)
    """What Telegram does wrong from the beginning."""
    command: str = "/pika --style watercolor"
    confirmed: bool = True
    """Whether the order waits for a press of Confirm."""
    confirm: Callable[[Stage, ChatView], Awaitable[None]] | None = None
    """How it is confirmed, where that takes more than a press."""
    shared: bool = False
    """Whether it is ordered in a group, where only Ann sees the menu, and everybody the job."""
    guest: bool = False
    """Whether the bot is called where it is no member; there the order waits for a press of Generate."""
    sells: Collection[str] = ("ai_now",)
    longest: Mapping[str, float] = field(default_factory=dict)
    """See Stage."""
    scale: float = SCALE
    """Of the services' seconds and minutes."""
    orders: bool = True
    """Whether anything is ordered; else only `act` happens."""
    given: int = 0
    """Credits that Ann has more in the end, by an operator's hand."""
    jobs: int = 1
    """How many jobs come of it."""
    refunds: bool = False
    """Whether the order's price is given back in the end."""

    def on(self, bots: Bots, url: str, folder: Path, bury: Callable[[], Awaitable[None]]) -> Stage:
        """A stage for it."""
        services = Services(scale=self.scale, seed=3)
        values: dict[str, Any] = {"services": services, "sells": self.sells, "longest": self.longest}
        return Stage(bots, url, folder, dict(self.settings), bury, **values)


async def play(stage: Stage, scene: Scene) -> ChatView:
    """From the first message to the last press; returns when everything settled."""
    ann = await stage.tg.user("Ann", language="en", username="ann", id=ANN)
    if scene.fault:
        await stage.tg.faults(**scene.fault)
    chat = await in_a_group(stage, ann, scene) if scene.shared or scene.guest else ann.private()
    if not scene.orders:
        await chat.send("/start")
        await stage.met(chat, lambda m: True, "the welcome")
        assert scene.act is not None
        await scene.act(stage, chat)
        await stage.until(stage.quiet, "the end")
        return chat
    await chat.send(f"{scene.command} {scene.prompt}")
    if scene.confirm is not None:
        await scene.confirm(stage, chat)
    elif scene.confirmed:
        label = "Generate" if scene.guest else "Confirm"
        card = await stage.met(chat, lambda m: m.button(label) is not None, "the confirmation")
        assert card is not None
        await chat.click(label, on=card, timeout=0)
    await stage.until(stage.ordered, "the job")
    if scene.act is not None:
        await scene.act(stage, chat)
    await stage.until(stage.settled, "the end")
    return chat


async def in_a_group(stage: Stage, ann: Person, scene: Scene) -> ChatView:
    """A group of somebody who has an account."""
    home = ann.private()
    await home.send("/start")
    await stage.met(home, lambda m: True, "the welcome")
    return ann.in_(await stage.tg.group("Friends", [ann], bot="left" if scene.guest else "member"))


async def cancel(stage: Stage, chat: ChatView) -> None:
    """Cancel while upstream works, and yes when asked; unless a crash ended the job before that."""
    running = await stage.met(chat, lambda m: "%" in m.text and m.button("Cancel") is not None, "the bar")
    if running is None or not await pressed(chat, running, "Cancel"):
        return
    question = await stage.met(chat, lambda m: m.button("Yes, cancel it") is not None, "the question")
    if question is not None:
        await pressed(chat, question, "Yes, cancel it")


async def pressed(chat: ChatView, message: Msg, label: str) -> bool:
    """Whether the button was still there to be pressed."""
    now = await chat.refresh(message)
    if now.button(label) is None:
        return False
    await chat.click(label, on=now, timeout=0)
    return True


async def block_behind_the_album(stage: Stage, chat: ChatView) -> None:
    """As soon as the pictures stand."""
    if await stage.met(chat, lambda m: m.message.get("media_group_id") is not None, "the album") is not None:
        await stage.tg.call("POST", "block", {"user_id": ANN})


async def back_on_sale(stage: Stage, _chat: ChatView) -> None:
    """The key works again: the next health check lifts the pause."""

    async def lifted() -> bool:
        return await stage.settled() and not await stage.db.read(pauses.everything)

    await stage.until(lifted, "the end of the pause")


async def of_the_operator(stage: Stage, command: str, report: str, *, asked: bool) -> None:
    """Olga's command, her Confirm where she is `asked`, and the report. After a death it says that the move was done
    before: the credits had moved, and what comes again moves nothing."""
    chat = (await stage.tg.user("Olga", language="en", username="olga", id=OLGA)).private()
    await chat.send(command)
    if asked:
        question = await stage.met(chat, lambda m: m.button("Confirm") is not None, "the question", at_rest=stage.quiet)
        assert question is not None
        await chat.click("Confirm", on=question, timeout=0)
    ends = (report, "Done earlier:", "was refunded earlier")
    told = await stage.met(chat, lambda m: any(end in m.text for end in ends), "the report", at_rest=stage.quiet)
    assert told is not None, f"the operator heard of no end\n{await chat.transcript()}"


async def top_up(stage: Stage, _chat: ChatView) -> None:
    await of_the_operator(stage, f"/topup {ANN} 5", "Topped up Ann", asked=False)


async def pay_later(stage: Stage, chat: ChatView) -> None:
    """The card lacks credits, Olga gives them, and the order comes back. Confirm is pressed on every card of it."""

    def confirms(message: Msg) -> bool:
        return message.from_bot and message.button("Confirm") is not None

    async def back() -> bool:
        waits = await stage.db.read(lambda conn: conn.execute(sa.select(waiting_orders.c.user_id)).first())
        return waits is None and any(confirms(m) for m in await chat.messages())

    card = await stage.met(chat, lambda m: m.button("Check again") is not None, "the card", at_rest=stage.quiet)
    assert card is not None, await chat.transcript()
    await top_up(stage, chat)
    await stage.until(back, "the order")
    cards = [m for m in await chat.messages() if confirms(m)]
    stage.cards = len(cards)
    for each in cards:
        await pressed(chat, each, "Confirm")


async def debit(stage: Stage, _chat: ChatView) -> None:
    await of_the_operator(stage, f"/debit {ANN} 5", "Took 5 credits", asked=True)


async def refund(stage: Stage, _chat: ChatView) -> None:
    await stage.until(stage.settled, "the result")
    job = (await stage.db.read(lambda conn: queries.everyone(conn, offset=0, limit=1)))[0]
    await of_the_operator(stage, f"/refund {job.id}", "Refunded", asked=True)


async def ask_on(stage: Stage, chat: ChatView) -> None:
    """Another question while the first is being answered, or after its answer was lost; both become jobs."""

    async def speaks() -> bool:
        return await chat.draft() is not None or await stage.settled()

    async def both() -> bool:
        return (await audit.standing(stage.db))[0] == 2

    await stage.until(speaks, "the answer's beginning")
    await chat.send("and a pond?")
    await stage.until(both, "the second question")


async def until_put_off(stage: Stage, _chat: ChatView) -> None:
    """Telegram takes no edit until the last word was put off, or until the process died trying."""
    first = stage.bot

    async def put_off() -> bool:
        jobs = await stage.db.read(lambda conn: queries.everyone(conn, offset=0, limit=1))
        return stage.bot is not first or (jobs[0].state.finished and jobs[0].tries > 0)

    await stage.until(put_off, "the delay")
    await stage.tg.clear_faults()


POLLED = Scene(
    "a quiet lake", command="/naive_schnell", sells=("naive",), longest={"naive_schnell": 180}, scale=0.5
)  # slow enough to be asked once while it works
LOOKED_UP = Scene("a quiet lake", command="/flash", sells=("neuroflash",), longest={"flash": 15})
LONG = "150 words about a lake"
OPERATED = {"admin_ids": [OLGA]}
DEAF = {"kind": "500", "method": "editMessageText", "times": 100}
SCENES: Mapping[str, Scene] = {
    "video": Scene("a quiet lake"),
    "in a group": Scene("a quiet lake", shared=True),
    "failing": Scene("a quiet lake [fault:error_event]"),
    "undelivered": Scene("a quiet lake [fault:result_html]"),
    "turned away": Scene("a quiet lake [fault:503_html]"),
    "late file": Scene("a quiet lake [fault:result_late]"),
    "bad key": Scene("a quiet lake [fault:401]", {"admin_ids": [ANN], "ping_every_seconds": 1}, back_on_sale),
    "our fault": Scene(f"a quiet lake {OUR_FAULT}"),
    "put off": Scene("a quiet lake", fault={"kind": "drop_before", "method": "editMessageMedia"}),
    "last word put off": Scene("a quiet lake [fault:error_event]", act=until_put_off, fault=DEAF),
    "cancelled": Scene("a quiet lake [fault:stall]", act=cancel),
    "interrupted": Scene("a quiet lake"),
    "delivered twice": Scene("a quiet lake"),
    "polled": POLLED,
    "polled on": POLLED,
    "album": Scene("a quiet lake", command="/naive_schnell --n 2", sells=("naive",)),
    "album, then blocked": Scene(
        "a quiet lake", command="/naive_schnell --n 2", sells=("naive",), act=block_behind_the_album
    ),
    "looked up": LOOKED_UP,
    "looked up again": LOOKED_UP,
    "broken off": Scene("a quiet lake [fault:break_off]", command="/flash", sells=("neuroflash",)),
    "guest": Scene(
        "a quiet lake", {"staging_chat_id": STAGING}, command="@easel_bot /pika --style watercolor", guest=True
    ),
    "topped up": Scene("", OPERATED, top_up, orders=False, given=5),
    "paid later": Scene(
        "a quiet lake", {**OPERATED, "ai_now_credits_per_token": "3.5"}, command="/luma", confirm=pay_later, given=5
    ),
    "debited": Scene("", OPERATED, debit, orders=False, given=-5),
    "refunded": Scene("a quiet lake", OPERATED, refund, refunds=True),
    "streamed": Scene("why is a lake quiet?", command="/ask", confirmed=False, sells=("neuroapi",)),
    "asked on": Scene(LONG, act=ask_on, command="/ask", confirmed=False, sells=("neuroapi",), scale=0.3, jobs=2),
    "read in part": Scene(LONG, command="/ask", confirmed=False, sells=("neuroapi",), scale=0.3),
    "read in part by a group": Scene(
        LONG, command="/ask", confirmed=False, sells=("neuroapi",), scale=0.3, shared=True
    ),
}
