"""What can go wrong at Naive."""

from collections.abc import Mapping
from types import MappingProxyType

from sandbox.kit.faults import RESULT_FAULTS, Kind, Stage
from sandbox.kit.spoil import answer_faults, status_faults

READS = ("models", "pricing", "usage", "cancel")
_J, _A = Stage.JOB, Stage.ANSWER
CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {
        **status_faults(Stage.REFUSAL, "", 401, 402, 403, 429, 500),
        "402_nested": Kind(Stage.REFUSAL, "402 whose error is an object with code and message"),
        **answer_faults(_A),
        "status": Kind(_A, "the order is answered with status VALUE", 201),
        "without_estimates": Kind(_A, "the answer has job_id and status only"),
        "failed": Kind(_J, "the job fails and says why"),
        "failed_silently": Kind(_J, "the job fails and says nothing"),
        "cancelled": Kind(_J, "the job ends as cancelled, unasked"),
        "lost": Kind(_J, "the job is not found when polled"),
        "stuck": Kind(_J, "the job is processed for ever"),
        "unknown_status": Kind(_J, "unknown statuses on the way to completed"),
        "without_progress": Kind(_J, "no progress is told"),
        "without_result": Kind(_J, "completed with no result"),
        "late_result": Kind(_J, "completed with no result at the first VALUE polls", 2),
        "fewer_images": Kind(_J, "only VALUE of the images ordered", 1),
        "relative_url": Kind(_J, "the urls are paths"),
        "strange_url": Kind(_J, "the urls are of another scheme"),
        "dear": Kind(_J, "credits_used is VALUE times the estimate", 3),
        "fractional_credits": Kind(_J, "credits_used has seven decimals"),
        "text_credits": Kind(_J, "credits_used is a text"),
        "without_credits": Kind(_J, "credits_used and the seed are missing"),
        **status_faults(Stage.POLL, "poll_", 401, 403, 404, 429, 500),
        **answer_faults(Stage.POLL, "poll_"),
        **status_faults(Stage.READ, "read_", 401, 403, 404, 429, 500),
        **answer_faults(Stage.READ, "read_"),
        **RESULT_FAULTS,
    }
)
