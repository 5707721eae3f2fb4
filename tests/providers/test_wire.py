"""What a status means where a service says nothing of its own."""

import pytest

from bot.providers.base import NotPermitted, ProviderError, UpstreamDown
from bot.providers.wire import Said, by_status


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
