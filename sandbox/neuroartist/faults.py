"""What can go wrong at NeuroArtist."""

from collections.abc import Mapping
from types import MappingProxyType

from sandbox.kit.faults import RESULT_FAULTS, Kind, Stage
from sandbox.kit.spoil import answer_faults, status_faults

READS = ("models", "schema", "balance")
_J = Stage.JOB
CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {
        **status_faults(Stage.REFUSAL, "", 401, 402, 403, 429, 500),
        "provider_error": Kind(Stage.REFUSAL, '{"e":"provider error"} to the order'),
        "unknown_model": Kind(Stage.REFUSAL, '{"e":"unknown model"} to the order'),
        "error_200": Kind(Stage.REFUSAL, '{"e":"provider error"} under status 200'),
        **answer_faults(Stage.ANSWER),
        "failed": Kind(_J, "the request fails"),
        "failed_with_e": Kind(_J, "the request fails and says e"),
        "lost": Kind(_J, "the request is not found when polled"),
        "stuck": Kind(_J, "the request is processed for ever"),
        "unknown_status": Kind(_J, "unknown statuses on the way to c"),
        "without_url": Kind(_J, "c with no url"),
        "late_url": Kind(_J, "c with no url the first VALUE times", 2),
        "relative_url": Kind(_J, "url is a path"),
        "strange_url": Kind(_J, "url is of another scheme"),
        "dear": Kind(_J, "the balance falls by VALUE times the price", 3),
        **status_faults(Stage.POLL, "poll_", 401, 403, 404, 429, 500),
        **answer_faults(Stage.POLL, "poll_"),
        **status_faults(Stage.READ, "read_", 401, 403, 404, 429, 500),
        **answer_faults(Stage.READ, "read_"),
        **RESULT_FAULTS,
    }
)
