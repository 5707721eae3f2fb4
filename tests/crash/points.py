"""The table: where a process is killed, and how the order must end then.

One line per step of a scene with the ends for each moment of dying: before, inside and after a transaction; before and
after a call or an event. `made`: the result is shown and charged. `lost`: it is not, for nobody knows what upstream did
with the order. `any`: that depends on what else was under way. test_table.py compares it with what really happens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

MADE, LOST, ANY = "made", "lost", "any"
MADE3, LOST3, ANY3 = (MADE,) * 3, (LOST,) * 3, (ANY,) * 3
MADE2, LOST2, ANY2 = (MADE,) * 2, (LOST,) * 2, (ANY,) * 2

Ends = tuple[str, ...]
Step = tuple[str, Ends] | tuple[str, Ends, int]
"""What, how it ends, and (for what happens more than once) which time."""

TABLE: Final[Mapping[str, tuple[Step, ...]]] = {
    "video": (
        ("tx:Worker.start", MADE3),
        ("tx:Worker._beat", MADE3),
        ("tx:sweep_up", MADE3),
        ("tx:Audit._new", MADE3),
        ("tx:_tonight", MADE3),
        ("tx:note_proof", MADE3),
        ("tx:claim_jobs", MADE3),
        ("tx:claim", MADE3),
        ("call:deleteWebhook", MADE2),
        ("call:setMyCommands", MADE2),
        ("call:getMyDescription", MADE2),
        ("call:setMyDescription", MADE2),
        ("call:getMyShortDescription", MADE2),
        ("call:setMyShortDescription", MADE2),
        ("call:getChatMenuButton", MADE2),
        # the command
        ("call:getUpdates", MADE2),
        ("tx:put_all", (MADE,)),  # T0
        ("tx:put_all[some]", ("", MADE, MADE)),
        ("tx:meet", MADE3),
        ("call:sendMessage[welcome]", MADE2),
        ("tx:open_draft", MADE3),
        ("tx:price_draft", MADE3),
        ("call:sendMessage[card]", MADE2),
        ("tx:note_shown", MADE3),
        ("tx:mark_all", MADE3),
        # the confirmation
        ("call:getUpdates", MADE2, 2),
        ("tx:put_all", (MADE,), 2),
        ("tx:put_all[some]", ("", MADE, MADE), 2),
        ("tx:place_order", MADE3),  # T1
        ("call:answerCallbackQuery", ANY2),
        ("tx:mark_all", ANY3, 2),
        # the generation
        ("tx:claim_jobs[some]", ("", MADE, MADE)),
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("event:Accepted", LOST2),
        ("tx:accept", LOST3),  # T3
        ("event:Running", LOST2),
        ("call:editMessageText[progress]", ANY2),
        ("event:Succeeded", (LOST,)),
        ("tx:keep_result", (LOST, LOST, MADE)),  # T4
        # the delivery
        ("call:editMessageMedia", MADE2),
        ("tx:JobRunner._deliver", MADE3),
        ("tx:finish", MADE3),  # T5
        ("tx:JobRunner._last_word", MADE3),
        ("call:sendMessage[ready]", MADE2),
        ("tx:close_notice", MADE3),  # T6
        # the graceful stop
        ("tx:Inbox.hand_back", MADE3),
        ("tx:Worker.stop", MADE3),
    ),
    # the menu is seen by one person: the job is placed, then its message is sent, then workers may begin
    "in a group": (
        ("tx:note_standing", MADE3),
        ("tx:place_order", MADE3),  # T1
        ("call:sendMessage[other]", MADE2),
        ("tx:note_opened", (MADE, MADE, ANY)),
        ("call:deleteEphemeralMessage", ANY2),
        ("tx:OrderDrafts.closed", ANY3),
        ("tx:finish", MADE3),  # T5
    ),
    "failing": (
        ("event:GenerationFailed", (LOST,)),
        ("tx:fail_upstream", LOST3),
        ("call:editMessageText[not charged]", LOST2),
        ("tx:close_notice", LOST3),
    ),
    "undelivered": (("tx:end_undelivered", LOST3),),
    # the provider does not take it: three intents, each with its own call
    "turned away": (
        ("event:NotTaken", (LOST,)),
        ("tx:turn_away", LOST3),
        ("tx:intend", LOST3, 2),
        ("tx:fail_upstream", LOST3),
    ),
    # made, and its file is not there yet
    "late file": (
        ("tx:JobRunner._await_file", MADE3),
        ("tx:fetch_results.bring", MADE3),
        ("call:editMessageMedia", MADE2),
        ("tx:finish", MADE3),
    ),
    "bad key": (
        ("event:BadKey", (LOST,)),
        ("tx:Cooldowns.acquire", LOST3),
        ("call:sendMessage[alert]", LOST2),
        ("event:ping", LOST2),
        ("tx:Health.try_again", LOST3),
    ),
    "our fault": (("tx:give_up", LOST3),),
    "put off": (("tx:JobRunner._later", MADE3),),
    "last word put off": (("tx:put_off", LOST3),),
    "cancelled": (
        ("tx:Cooldowns.acquire", LOST3),
        ("call:sendMessage[question]", LOST2),
        ("tx:cancel_job", LOST3),
        ("call:editMessageText[not charged]", LOST2),
        ("call:editMessageText[not charged]", LOST2, 2),
        ("tx:close_notice", LOST3),
    ),
    "interrupted": (
        ("tx:Worker.start", LOST3),
        ("tx:Worker._beat", LOST3),
        ("tx:claim_jobs[some]", ("", LOST, LOST)),
        ("tx:fail", LOST3),
        ("call:editMessageText[not charged]", LOST2),
        ("tx:close_notice", LOST3),
    ),
    "delivered twice": (
        ("call:editMessageMedia", MADE2),
        ("tx:JobRunner._deliver", MADE3),
        ("tx:finish", MADE3),
        ("tx:close_notice", MADE3),
    ),
    # submitted and polled: from T3 on the reference is known
    "polled": (
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("event:Accepted", (LOST, MADE)),
        ("tx:accept", (LOST, LOST, MADE)),  # T3
        ("event:Running", MADE2),
        ("event:Succeeded", (MADE,)),
        ("tx:keep_result", MADE3),  # T4
    ),
    "polled on": (
        ("event:submit", (MADE,)),
        ("event:Succeeded", (MADE,)),
        ("tx:keep_result", MADE3),
        ("tx:finish", MADE3),
    ),
    # several results: the album is sent first, and noted, then the job's message is written
    "album": (
        ("tx:accept", (LOST, LOST, MADE)),  # T3
        ("tx:keep_result", MADE3),  # T4
        ("call:sendMediaGroup", MADE2),
        ("tx:keep_delivered", MADE3),
        ("call:editMessageText[album]", MADE2),
        ("tx:JobRunner._deliver", MADE3),
        ("tx:finish", MADE3),  # T5
    ),
    # the same, and while the process is dead the person blocks the bot: what stands and was noted is charged
    "album, then blocked": (
        ("tx:keep_delivered", ("", "", MADE)),
        ("call:editMessageText[album]", (MADE, "")),
    ),
    # one blocking call, whose result is looked up: lost is only what was never sent
    "looked up": (
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("event:Running", (LOST,)),
        ("event:Succeeded", (MADE,)),
        ("tx:keep_result", MADE3),  # T4
    ),
    "looked up again": (
        ("event:look_up", (MADE,)),
        ("event:found", (MADE,)),
        ("tx:keep_result", MADE3),
        ("tx:finish", MADE3),
    ),
    "broken off": (
        ("event:ConnectionLost", (MADE,)),
        ("event:look_up", (MADE,)),
        ("event:found", (MADE,)),
        ("tx:keep_result", MADE3),
    ),
    # in a message of which only the name is known: called as a guest, the result goes by way of the staging chat
    "guest": (
        ("call:sendChatAction", MADE2),
        ("call:getMe", MADE2),
        ("tx:keep_card", MADE3),
        ("call:answerGuestQuery", MADE2),
        ("tx:bind", MADE3),
        ("tx:find_card", MADE3),
        ("tx:place_order", MADE3),  # T1
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("tx:keep_result", (LOST, LOST, MADE)),  # T4
        ("call:sendVideo", MADE2),
        ("tx:keep_delivered", MADE3),
        ("call:editMessageMedia", MADE2),
        ("tx:JobRunner._deliver", MADE3),
        ("tx:finish", MADE3),  # T5
        ("tx:close_notice", MADE3),
    ),
    # an operator's hand: announced, moved once, reported
    "topped up": (
        ("call:sendMessage[announced]", MADE2),
        ("tx:keep_question", MADE3),
        ("tx:move_credits", MADE3),
        ("call:sendMessage[given]", MADE2),
        ("call:editMessageText[moved]", MADE2),
        ("tx:end_question", MADE3),
    ),
    # an order beyond the balance comes back once it can be paid: below everything, in place of the card above
    "paid later": (
        ("tx:price_draft", MADE3),
        ("tx:move_credits", MADE3),
        ("tx:WaitingOrders.claim", (MADE,)),
        ("tx:WaitingOrders.claim[some]", ("", MADE, MADE)),
        ("tx:WaitingOrders.reopen", MADE3),
        ("tx:price_draft", MADE3, 2),
        ("call:sendMessage[card]", MADE2),
        ("tx:note_shown", MADE3, 2),
        ("call:deleteMessage", MADE2),
        ("tx:place_order", MADE3),  # T1
    ),
    "debited": (
        ("tx:keep_question", MADE3),
        ("tx:note_question", MADE3),
        ("call:editMessageText[announced]", MADE2),
        ("tx:move_credits", MADE3),
        ("call:editMessageText[moved]", MADE2),
        ("tx:end_question", MADE3),
    ),
    "refunded": (
        ("tx:keep_question", MADE3),
        ("call:editMessageText[announced]", MADE2),
        ("tx:refund_job", MADE3),
        ("call:editMessageText[moved]", MADE2),
        ("tx:end_question", MADE3),
    ),
    # a stream of words, which nobody can be asked about
    "streamed": (
        ("tx:place_ask", MADE3),  # T1
        ("call:sendMessage[other]", ANY2),
        ("call:sendMessageDraft", ANY2),
        ("tx:JobRunner._open", MADE3),
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("event:Accepted", LOST2),
        ("tx:accept", LOST3),  # T3
        ("event:Partial", LOST2),
        ("event:Succeeded", (LOST,)),
        ("tx:keep_result", (LOST, LOST, MADE)),  # T4
        ("tx:finish", MADE3),
        ("tx:close_notice", MADE3),
    ),
    # a second question waits for the end of the first one's answer, and both are asked once
    "asked on": (
        ("tx:keep_waiting", ANY3),
        ("call:setMessageReaction", ANY2),
        ("tx:finish", ANY3),
        ("tx:place_waiting", ANY3),
        ("tx:close_notice", ANY3),
    ),
    # a part of it was read: it is released, and in a group the failure stands in its place
    "read in part": (("call:sendMessageDraft", ("", LOST), 3),),
    "read in part by a group": (("call:editMessageText[progress]", ("", LOST)),),
}

EARLIER: Final[Mapping[str, str]] = {
    "interrupted": "tx:accept:after",
    "delivered twice": "call:editMessageMedia:after",
    "polled on": "tx:accept:after",
    "looked up again": "event:Succeeded:before",
}
"""Scenes that begin with a death: the line's own comes while the next process picks up the pieces."""

THAWED: Final[tuple[tuple[str, str, int, str], ...]] = (
    ("video", "call:editMessageText[progress]:before", 2, LOST),
    ("video", "call:editMessageMedia:before", 1, MADE),
    ("failing", "call:editMessageText[not charged]:before", 1, LOST),
    ("album", "call:sendMediaGroup:before", 1, MADE),
    ("album", "call:editMessageText[album]:before", 1, MADE),
    ("read in part by a group", "call:editMessageText[progress]:before", 2, LOST),
)
"""Scene, step, which time, and end: there a process freezes for longer than its lease, and another takes over."""

TWICE: Final = frozenset(
    {
        ("paid later", "call:sendMessage[card]:after"),
        ("paid later", "tx:note_shown:before"),
        ("paid later", "tx:note_shown:inside"),
    }
)
"""Where Telegram took the card of an order that came back, and no process noted it: there another card follows."""


SQLITE_ONLY: Final = frozenset({"tx:Worker.start"})
"""There exactly one process writes, so that a new one frees at once what it finds owned."""


MONEY: Final = frozenset(
    {
        "tx:place_order",
        "tx:finish",
        "tx:fail",
        "tx:end_undelivered",
        "tx:fail_upstream",
        "tx:cancel_job",
        "tx:move_credits",
        "tx:refund_job",
    }
)
"""Whose middle is died in also where time is short."""

BRIEFLY: Final[Mapping[str, frozenset[str]]] = {
    "in a group": frozenset({"tx:place_order:after"}),
    "guest": frozenset(
        {"tx:place_order:after", "event:submit:before", "call:sendVideo:after", "call:editMessageMedia:after"}
    ),
    "polled": frozenset({"tx:intend:after", "event:Accepted:before", "tx:accept:after", "event:Running:after"}),
    "polled on": frozenset({"tx:keep_result:before"}),
    "turned away": frozenset({"tx:turn_away:after"}),
    "late file": frozenset({"tx:JobRunner._await_file:after", "tx:fetch_results.bring:after"}),
    "album": frozenset({"call:sendMediaGroup:after", "call:editMessageText[album]:before"}),
    "album, then blocked": frozenset({"tx:keep_delivered:after"}),
    "looked up": frozenset({"event:submit:before", "event:Succeeded:before"}),
    "looked up again": frozenset({"event:found:before"}),
    "broken off": frozenset({"event:look_up:before"}),
    "topped up": frozenset(
        {
            "call:sendMessage[announced]:after",
            "tx:move_credits:inside",
            "tx:move_credits:after",
            "tx:end_question:before",
        }
    ),
    "paid later": frozenset(
        {
            "tx:WaitingOrders.claim[some]:after",
            "tx:WaitingOrders.reopen:after",
            "call:sendMessage[card]:before",
            "call:sendMessage[card]:after",
            "tx:note_shown:before",
            "tx:note_shown:after",
            "call:deleteMessage:before",
        }
    ),
    "debited": frozenset({"tx:move_credits:inside", "tx:move_credits:after", "call:editMessageText[moved]:after"}),
    "refunded": frozenset({"tx:refund_job:inside", "tx:refund_job:after"}),
    "asked on": frozenset({"tx:keep_waiting:after", "tx:place_waiting:inside", "tx:place_waiting:after"}),
    "streamed": frozenset({"tx:place_ask:inside", "event:Partial:before", "tx:keep_result:after", "tx:finish:before"}),
}
"""Scenes of which only this is died in where time is short: the rest of the engine has had its deaths in the others."""


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the table at one moment."""

    scene: str
    what: str
    when: str
    hit: int
    end: str

    @property
    def at(self) -> str:
        return f"{self.what}:{self.when}"

    @property
    def cards(self) -> int:
        """How many cards of an order that waited for credits stand there then."""
        return (2 if (self.scene, self.at) in TWICE else 1) if self.scene == "paid later" else 0

    def __str__(self) -> str:
        return f"{self.scene} {self.at}" + (f" #{self.hit}" if self.hit > 1 else "")


def points(dialect: str, *, everything: bool = True) -> Iterator[Point]:
    """All of them, in the order of the table; or, where time is short, without the middles of transactions that move no
    money, and with what an earlier scene was died in already on one of the databases only, in turns."""
    found = _points(dialect, everything=everything)
    if everything:
        yield from found
        return
    met: set[str] = set()
    repeated = 0
    for point in found:
        if point.at in met:
            repeated += 1
            if repeated % 2 == (dialect == "sqlite"):
                continue
        met.add(point.at)
        yield point


def _points(dialect: str, *, everything: bool) -> Iterator[Point]:
    for scene, steps in TABLE.items():
        for what, ends, *hits in steps:
            moments = ("before", "inside", "after") if what.startswith("tx:") else ("before", "after")
            for when, end in zip(moments, ends, strict=False):
                brief = BRIEFLY.get(scene)
                short = f"{what}:{when}" in brief if brief is not None else when != "inside" or what in MONEY
                wanted = everything or short
                if end and wanted and (dialect == "sqlite" or what not in SQLITE_ONLY):
                    yield Point(scene, what, when, hits[0] if hits else 1, end)
