"""An option for who has minutes: how long the wanderers wander."""

import pytest

WANDER = "--wander"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(WANDER, type=float, default=8.0, help="seconds that people press buttons at random")
