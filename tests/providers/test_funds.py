"""That the operator's money at a service is spent, in the words of the services and of the gateways before them."""

import json
from typing import Any

import httpx
import pytest

from bot.providers.ai_now import AiNow
from bot.providers.base import Busy, GenerationFailed, OutOfFunds, ProviderError
from bot.providers.kit.json_api import FUNDS
from bot.providers.neuroapi.errors import refusal
from bot.providers.neuroartist.provider import NeuroArtist
from tests.providers import naive_kit
from tests.providers.neuro_kit import flash, picture, told
from tests.providers.polled_kit import Hurried, Service
from tests.providers.polled_kit import told as followed
from tests.providers.provider_kit import QUICK, answer, order

SPENT: list[dict[str, Any]] = [
    {"error": {"code": "insufficient_user_quota", "message": "用户额度不足, 剩余额度: ¥0.01", "type": "new_api_error"}},
    {
        "error": {
            "code": "pre_consume_token_quota_failed",
            "message": "token quota is not enough",
            "type": "new_api_error",
        }
    },
    {"error": {"message": "余额不足，请充值", "type": "shell_api_error"}},
    {"error": {"message": "недостаточно средств на балансе"}},
    {"error": "Недостаточно средств"},
    {"message": "Insufficient balance. Please top up your account"},
    {"detail": "Insufficient credits"},
    {"detail": {"code": "insufficient_funds", "message": "no"}},
    {"e": "insufficient balance"},
    {"e": "недостаточно средств"},
]
STATUSES = (400, 402, 403, 429, 500, 503)
OTHERS = [
    "You exceeded the limit of requests per minute: rate quota",
    "insufficiently detailed prompt",
    "the balance of colours in this picture",
    "too many tokens",
    "недостаточно подробный запрос",
]


def _answer(status: int, body: dict[str, Any]) -> httpx.Response:
    return answer(status, json.dumps(body, ensure_ascii=False), "application/json")


async def _refused(name: str, status: int, body: dict[str, Any]) -> ProviderError | None:
    match name:
        case "ai_now":
            client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: _answer(status, body)))
            return (await told(AiNow(base_url="https://a.example", key="k", backoff=QUICK, client=client), order()))[1]
        case "neuroflash":
            return (await told(flash(lambda _: _answer(status, body)), picture("default")))[1]
        case "naive":
            return (await followed(naive_kit.provider(Service((status, body), {})), naive_kit.order()))[1]
        case "neuroartist":
            service = Service((status, body), {})
            timing = Hurried().timing
            made = NeuroArtist(
                base_url="https://n.example", key="k", backoff=QUICK, client=service.client, timing=timing
            )
            return (await followed(made, naive_kit.order()))[1]
        case _:
            return refusal(status, json.dumps(body, ensure_ascii=False).encode(), 0.0, "k")


@pytest.mark.parametrize("name", ["ai_now", "neuroflash", "naive", "neuroartist", "neuroapi"])
async def test_it_is_the_operators_matter_whatever_the_status(name: str) -> None:
    for number, body in enumerate(SPENT):
        if name == "neuroapi" and "e" in body:
            continue  # only NeuroArtist has that form
        status = STATUSES[number % len(STATUSES)]
        error = await _refused(name, status, body)
        assert isinstance(error, OutOfFunds), (name, status, body, error)


async def test_an_error_under_a_good_status_and_a_failed_request_say_so_too() -> None:
    assert isinstance(await _refused("neuroartist", 200, {"e": "недостаточно средств"}), OutOfFunds)
    service = Service({"id": "a"}, {"s": "f", "e": "insufficient balance"})
    made = NeuroArtist(
        base_url="https://n.example", key="k", backoff=QUICK, client=service.client, timing=Hurried().timing
    )
    assert isinstance((await followed(made, naive_kit.order()))[1], OutOfFunds)


@pytest.mark.parametrize("words", OTHERS)
async def test_other_words_are_none_of_these(words: str) -> None:
    assert FUNDS.search(words) is None
    assert isinstance(await _refused("naive", 400, {"message": words}), GenerationFailed)
    assert isinstance(await _refused("naive", 429, {"message": words}), Busy)
