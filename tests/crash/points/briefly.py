"""What is died in where time is short, and where only one of the databases has it."""

from collections.abc import Mapping
from typing import Final

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
