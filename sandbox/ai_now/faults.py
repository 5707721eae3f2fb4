"""What can go wrong at AI-Now."""

from collections.abc import Mapping
from types import MappingProxyType

from sandbox.kit.faults import RESULT_FAULTS, Kind, Stage

__all__ = ["CATALOGUE", "Stage"]

_R, _S = Stage.REFUSAL, Stage.STREAM
CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {
        "401": Kind(_R, "the key is refused"),
        "418": Kind(_R, "the token balance is too low"),
        "500": Kind(_R, "internal error, with a JSON message"),
        "503_html": Kind(_R, "a proxy's HTML page instead of JSON"),
        "reset_after_body": Kind(_R, "accepted and paid, then the connection breaks without an answer"),
        "empty_stream": Kind(_S, "200, then the end without any event"),
        "error_event": Kind(_S, "an Error event after VALUE events", 1),
        "error_event_at": Kind(_S, "an Error event after VALUE events", 3),
        "cut": Kind(_S, "the connection breaks within the event after VALUE whole ones", 2),
        "early_end": Kind(_S, "a proper end after VALUE events, without Completed", 2),
        "stall": Kind(
            _S, "after two events silence for VALUE real seconds, then it goes on; 0: until the client leaves", 0
        ),
        "malformed_json": Kind(_S, "broken JSON in place of Completed; VALUE: after so many events, all others follow"),
        "wrong_types": Kind(_S, "numbers and lists as statuses, a number as url"),
        "completed_without_url": Kind(_S, "Completed with no url"),
        "unknown_status": Kind(_S, "unknown statuses and fields on the way to Completed"),
        "keepalive": Kind(_S, "comment lines between the events"),
        "crlf": Kind(_S, "lines end in CR LF"),
        "multiline": Kind(_S, "one event's JSON over several data lines"),
        "dribble": Kind(_S, "every event arrives byte by byte"),
        **RESULT_FAULTS,
    }
)
