"""What can go wrong at neuroflash."""

from collections.abc import Mapping
from types import MappingProxyType

from sandbox.kit.faults import RESULT_FAULTS, Kind, Stage
from sandbox.kit.spoil import answer_faults, status_faults

READS = ("models", "history", "entry", "delete")
_J, _A, _R = Stage.JOB, Stage.ANSWER, Stage.READ
CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {
        **status_faults(Stage.REFUSAL, "", 401, 402, 403, 429, 500),
        **answer_faults(_A),
        "failed": Kind(_J, "500 after the whole time"),
        "break_off": Kind(_J, "the connection breaks at once; what is made appears in the history in its time"),
        "break_off_failed": Kind(_J, "the connection breaks at once, and nothing is made"),
        "fewer_images": Kind(_J, "only VALUE of the images ordered", 1),
        "without_history": Kind(_J, "what is made never appears in the history"),
        "late_history": Kind(_J, "what is made appears in the history VALUE real seconds later", 1),
        "duplicate_history": Kind(_J, "VALUE other batches with the same words appear beside it in the history", 1),
        "without_ids": Kind(_J, "image_id and batch_id are null"),
        "without_image_id": Kind(_J, "image_id is null"),
        "without_batch_id": Kind(_J, "batch_id is null"),
        "object_nulls": Kind(_J, "fields of the type object are null"),
        "object_numbers": Kind(_J, "fields of the type object are numbers"),
        "object_texts": Kind(_J, "fields of the type object are texts"),
        "detail": Kind(_J, "a warning in detail"),
        "detail_object": Kind(_J, "detail is an object"),
        "absolute_url": Kind(_J, "url is absolute, on the same host"),
        "foreign_url": Kind(_J, "url is absolute, on another host, which must not see the key"),
        "published_url": Kind(_J, "url has the shorter prefix of other pages"),
        **status_faults(_R, "read_", 401, 403, 404, 429, 500),
        **answer_faults(_R, "read_"),
        "read_nulls": Kind(_R, "the history's fields of the type object are null"),
        "read_texts": Kind(_R, "the history's fields of the type object are texts"),
        **RESULT_FAULTS,
    }
)
