"""What can go wrong at NeuroAPI."""

from collections.abc import Mapping
from types import MappingProxyType

from sandbox.kit.faults import RESULT_FAULTS, Kind, Stage
from sandbox.kit.spoil import answer_faults, status_faults
from sandbox.neuroapi.forms import FRAMES, SHAPES

READS = ("models",)
_S, _J, _R = Stage.STREAM, Stage.JOB, Stage.REFUSAL
CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {
        **status_faults(_R, "", 401, 402, 403, 404, 429, 500),
        "insufficient_quota": Kind(_R, "429 insufficient_quota: the operator's money is spent"),
        "no_channel": Kind(_R, "503 model_not_found: a gateway has no channel that serves the model at this moment"),
        "content_policy": Kind(_R, "400 content_policy_violation"),
        "context_length": Kind(_R, "400 context_length_exceeded"),
        "unsupported_parameter": Kind(_R, "400 unsupported_parameter: temperature"),
        "unsupported_seed": Kind(_R, "400 unsupported_parameter: seed"),
        "unsupported_size": Kind(_R, "400 unsupported_value: size"),
        "unsupported_stream_options": Kind(_R, "400 whose words name stream_options, without code and param"),
        "unsupported_tools": Kind(_R, "400 unsupported_parameter: tools"),
        "error_200": Kind(_R, "an error in its form under status 200"),
        **answer_faults(Stage.ANSWER),
        "cut": Kind(_S, "the stream breaks within the event after VALUE whole ones", 3),
        "early_end": Kind(_S, "the stream ends after VALUE events, without finish_reason and [DONE]", 3),
        "empty_stream": Kind(_S, "200, then the end without any event"),
        "stream_stall": Kind(_S, "after three events silence for VALUE real seconds; 0: until the client leaves", 0),
        "error_event": Kind(_S, "an error in the stream after VALUE events, then its end", 3),
        "malformed_event": Kind(_S, "broken JSON after VALUE events, then the others", 3),
        "stream_types": Kind(_S, "after three events one with another type in every field; then the others"),
        "odd_events": Kind(_S, "unknown fields, an empty list of choices, an event with no delta"),
        "keepalive": Kind(_S, "comment lines between the events"),
        "crlf": Kind(_S, "lines end in CR LF"),
        "dribble": Kind(_S, "every event arrives byte by byte"),
        "no_done": Kind(_S, "finish_reason, but no [DONE]"),
        "not_streamed": Kind(_S, "a whole JSON answer though a stream was asked for"),
        "no_usage": Kind(_J, "no usage though it was asked for"),
        "length": Kind(_J, "the answer is cut at VALUE tokens: finish_reason length", 20),
        "filtered": Kind(_J, "the answer is cut at VALUE tokens: finish_reason content_filter", 20),
        "content_filter": Kind(_J, "nothing but finish_reason content_filter"),
        "empty_answer": Kind(_J, "an answer with no words"),
        "null_content": Kind(_J, "content is null, and no tool is called"),
        "broken_arguments": Kind(_J, "a tool is called with arguments that are no JSON"),
        "unknown_tool": Kind(_J, "a tool is called that nobody declared"),
        "no_endpoint": Kind(_J, "404 with a page: the service does not listen"),
        "silence": Kind(_J, "the recording has no words"),
        "other_form": Kind(_J, "b64_json where a url is usual, and the other way round"),
        "bad_b64": Kind(_J, "b64_json is no base64"),
        "b64_html": Kind(_J, "b64_json is a page, not a picture"),
        "fewer_images": Kind(_J, "only VALUE of the images ordered", 1),
        "relative_url": Kind(_J, "the urls are paths"),
        "without_picture": Kind(_J, "entries with neither url nor b64_json"),
        **SHAPES,
        **FRAMES,
        **status_faults(Stage.READ, "read_", 401, 429, 500),
        **answer_faults(Stage.READ, "read_"),
        **RESULT_FAULTS,
    }
)
