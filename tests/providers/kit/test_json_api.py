"""What a status means where a service says nothing of its own."""

import pytest

from bot.providers.base import GenerationFailed, NotPermitted, OptionRefused, ProviderError, UpstreamDown
from bot.providers.kit.json_api import Said, by_status


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        ({"detail": "not in your plan"}, "application/json", NotPermitted),
        (None, "", NotPermitted),
        (None, "text/html", UpstreamDown),
    ],
)
def test_a_firewalls_page_says_nothing_of_the_operators_plan(
    data: object, label: str, expected: type[ProviderError]
) -> None:
    assert type(by_status(Said(403, data, label), "")) is expected


@pytest.mark.parametrize(
    ("data", "param"),
    [
        ({"detail": [{"loc": ["body", "input", "seed"], "msg": "too large", "type": "value_error"}]}, "seed"),
        ({"detail": [{"loc": ["body"], "msg": "prompt: wrong"}]}, ""),
        ({"detail": [{"loc": ["body", 3], "msg": "wrong"}]}, ""),
        ({"error": {"message": "no", "param": "num_images"}}, "num_images"),
        ({"error": "no", "param": "aspect_ratio"}, "aspect_ratio"),
        ({"error": {"message": "no", "param": None}}, ""),
        ({"detail": "wrong"}, ""),
    ],
)
@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_that_names_a_parameter(data: object, param: str, status: int) -> None:
    error = by_status(Said(status, data, "application/json"), "")
    assert type(error) is (OptionRefused if param else GenerationFailed)
    assert getattr(error, "param", "") == param
