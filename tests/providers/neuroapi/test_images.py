"""Images of NeuroAPI: the documented orders, and results in any form."""

import base64
from typing import Any

import httpx2
import pytest

from bot.domain.jobs import Asset
from bot.providers.base import (
    BadResult,
    ConnectionLost,
    NotTaken,
    Running,
    Succeeded,
)
from bot.providers.neuroapi.images import together
from sandbox import media
from tests.providers.neuro_kit import (
    answer,
    body,
    neuroapi,
    noting,
    picture,
    told,
)

DALLE = {"model": "dall-e-3", "prompt": "A cute cat playing with a ball of yarn", "n": 1, "size": "1024x1024"}
GPT = {
    "model": "gpt-image-1",
    "prompt": "A beautiful landscape with mountains and a lake",
    "quality": "auto",
    "size": "auto",
}
PICTURE = media.image("a cat", (64, 64), "png", "test")


@pytest.mark.parametrize("wanted", [DALLE, GPT])
async def test_the_documented_images(wanted: dict[str, Any]) -> None:
    seen: list[httpx2.Request] = []
    entry = {"b64_json": base64.b64encode(PICTURE).decode()} if wanted is GPT else {"url": "https://dl.host/a.png"}
    parameters = {name: value for name, value in wanted.items() if name not in ("model", "prompt")}
    service = neuroapi(noting(seen, lambda: answer(200, {"created": 1, "data": [entry]})))
    events, error = await told(service, picture(wanted["model"], wanted["prompt"], parameters))
    assert error is None
    asset = Asset(mime="image/png", data=PICTURE) if wanted is GPT else Asset("https://dl.host/a.png")
    assert events == [Running(), Succeeded((asset,))]
    (sent,) = seen
    assert (sent.method, str(sent.url)) == ("POST", "https://neuroapi.host/v1/images/generations")
    assert body(sent) == wanted


async def test_gpt_image_is_never_told_a_response_format() -> None:
    seen: list[httpx2.Request] = []
    service = neuroapi(noting(seen, lambda: answer(200, {"data": [{"url": "https://dl.host/a.png"}]})))
    await told(service, picture("gpt-image-1", "a fox", {"response_format": "url", "quality": "low"}))
    await told(service, picture("dall-e-3", "a fox", {"response_format": "url"}))
    assert [sorted(body(sent)) for sent in seen] == [
        ["model", "prompt", "quality"],
        ["model", "prompt", "response_format"],
    ]


B64 = base64.b64encode(PICTURE).decode()


@pytest.mark.parametrize(
    ("data", "assets"),
    [
        ([{"url": "/dl/a.png"}], (Asset("https://neuroapi.host/dl/a.png"),)),
        ([{"b64_json": f"data:image/png;base64,{B64}"}], (Asset(mime="image/png", data=PICTURE),)),
        ([{"url": f"data:image/png;base64,{B64}"}], (Asset(mime="image/png", data=PICTURE),)),
        ([{"b64_json": f"{B64[:20]}\n{B64[20:]}", "url": None}], (Asset(mime="image/png", data=PICTURE),)),
        ([7, {}, {"url": 5}, {"url": "https://dl.host/a.png"}], (Asset("https://dl.host/a.png"),)),
        ([{"url": f"https://dl.host/{n}"} for n in range(9)], tuple(Asset(f"https://dl.host/{n}") for n in range(4))),
        ([], ()),
        ("text", ()),
        ([{"b64_json": "@@"}], ()),
        ([{"b64_json": base64.b64encode(b"<html>").decode()}], ()),
        ([{"url": "javascript:alert(1)"}], ()),
    ],
)
async def test_images_in_any_form(data: object, assets: tuple[Asset, ...]) -> None:
    events, error = await told(neuroapi(answer(200, {"data": data})), picture("dall-e-3", "a fox", {"n": 4}, results=4))
    if assets:
        assert events == [Running(), Succeeded(assets)]
    else:
        assert type(error) is BadResult


def test_an_order_of_which_something_may_have_been_made_is_not_sent_anew() -> None:
    turned_away, lost = NotTaken("503"), ConnectionLost("cut")
    with pytest.raises(ConnectionLost):
        together([turned_away, lost])
    with pytest.raises(NotTaken):
        together([turned_away, turned_away])
