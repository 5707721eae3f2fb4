"""What neuroflash tells beside images: its models; whom the key is shown; what is deleted there."""

import json
from dataclasses import replace

import httpx
import pytest

from bot.domain.catalog.models import Kind
from bot.providers.base import (
    BadKey,
    Listed,
    NotPermitted,
    ProviderError,
    UpstreamDown,
)
from tests.providers.neuro_kit import HOST, LIST, VIEW, entry, flash, logged, picture, service, told
from tests.providers.provider_kit import answer


@pytest.mark.parametrize(
    ("url", "guarded"),
    [
        (f"{HOST}/api/ds-prototypes/image_generation/a-1/view", True),
        (f"{HOST}:443/image_generation/a-1/view", True),
        ("http://app.neuroflash.com/image_generation/a-1/view", False),
        ("https://app.neuroflash.com.evil.test/a", False),
        ("https://app.neuroflash.com:8443/a", False),
        ("https://user@evil.test/app.neuroflash.com", False),
        ("https://cdn.neuroflash.com/a", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_the_key_goes_to_its_own_host_alone(url: str, guarded: bool) -> None:
    headers = flash(service()).headers_for(url)
    assert ("Authorization" in headers, "x-workspace-id" in headers) == (guarded, guarded)
    assert headers.get("Accept") == ("image/*" if guarded else None)


async def test_its_models() -> None:
    more = {
        "id": "nano",
        "name": "Nano",
        "capabilities": ["text-to-image", "image-to-image"],
        "max_images": 4,
        "aspect_ratios": ["1:1", 5, "16:9"],
        "output_formats": "png",
        "allowed": True,
        "order": 1,
    }
    edits = {"id": "edits", "capabilities": ["image-to-image"], "order": 9}
    listed = [edits, more, *LIST, 7, {"id": None}]
    service_ = flash(lambda _: answer(200, json.dumps(listed), "application/json"))
    models = await service_.models()
    assert [model.upstream_id for model in models] == ["string", "nano", "nano", "edits", "default", "default"]
    parameters = dict.fromkeys(("prompt", "aspect_ratio", "output_format"), "string") | {"num_images": "integer"}
    assert models[1] == Listed(
        "nano",
        "Nano",
        Kind.IMAGE,
        required=("prompt",),
        parameters=parameters,
        choices={"aspect_ratio": ("1:1", "16:9")},
        max_results=4,
    )
    both = {"aspect_ratio": ("auto", "1:1", "16:9")}
    assert models[2] == replace(models[1], title="Nano Edit", kind=Kind.EDIT, choices=both)
    assert (models[0].allowed, models[3].kind) == (False, Kind.EDIT)
    assert await service_.details(models[1]) == models[1]
    await service_.ping()


def _entry(name: str, order: int, **more: object) -> dict[str, object]:
    both = {"capabilities": ["text-to-image", "image-to-image"], "max_images": 4, "aspect_ratios": ["1:1", "16:9"]}
    return {"id": name, "order": order, "allowed": True, "output_formats": ["png"], **both, **more}


async def _default_of(*listed: dict[str, object]) -> dict[Kind | None, Listed]:
    service_ = flash(lambda _: answer(200, json.dumps(listed), "application/json"))
    return {model.kind: model for model in await service_.models() if model.upstream_id == "default"}


async def test_its_own_choice_has_the_limits_of_the_first_that_is_allowed() -> None:
    told = await _default_of(
        _entry("last", 9, max_images=8),
        _entry("off", 1, allowed=False, max_images=3),
        _entry("paints", 2, capabilities=["text-to-image"], max_images=1, aspect_ratios=["1:1"]),
        _entry("both", 3, max_images=2),
    )
    assert set(told) == {Kind.IMAGE, Kind.EDIT}
    image, edit = told[Kind.IMAGE], told[Kind.EDIT]
    assert (image.max_results, image.allowed) == (1, True)
    assert image.choices == {"aspect_ratio": ("1:1",), "output_format": ("png",)}
    assert (edit.max_results, edit.choices["aspect_ratio"]) == (2, ("auto", "1:1", "16:9"))
    none = await _default_of(_entry("a", 1, allowed=False), _entry("b", 2, allowed=False))
    assert [model.allowed for model in none.values()] == [False, False]
    assert await _default_of() == {}
    alone = await _default_of(_entry("paints", 2, capabilities=["text-to-image"], max_images=1))
    assert (alone[Kind.EDIT].max_results, alone[Kind.EDIT].allowed) == (1, True), "no word says that it edits"


@pytest.mark.parametrize(
    ("capability", "edits"),
    [
        ("edit", True),
        ("image_edit", True),
        ("editing", True),
        ("Image-to-Image", True),
        ("img2img", True),
        ("image to image", True),
        ("editorial", False),
        ("credits", False),
        ("unedited", False),
        ("upscale", False),
        ("text-rendering", False),
    ],
)
async def test_words_that_are_not_edit_make_no_editor(capability: str, edits: bool) -> None:
    listed = [_entry("m", 1, capabilities=["text-to-image", capability])]
    models = await flash(lambda _: answer(200, json.dumps(listed), "application/json")).models()
    assert [model.kind for model in models if model.upstream_id == "m"] == [Kind.IMAGE, *[Kind.EDIT] * edits]
    strange = [_entry("m", 1, capabilities=[capability])]
    models = await flash(lambda _: answer(200, json.dumps(strange), "application/json")).models()
    assert [model.kind for model in models if model.upstream_id == "m"] == [Kind.EDIT if edits else Kind.IMAGE]


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [(401, "{}", BadKey), (403, "{}", NotPermitted), (200, "{}", UpstreamDown), (200, "<html>", UpstreamDown)],
)
async def test_a_list_that_is_none(status: int, said: str, expected: type[ProviderError]) -> None:
    with pytest.raises(expected):
        await flash(lambda _: answer(status, said, "application/json")).ping()


@pytest.mark.parametrize(
    ("own", "requests"),
    [
        (VIEW.format("a-1"), [("DELETE", "/history/a-1")]),
        ("/image_generation/b-2/view", [("DELETE", "/history/b-2")]),
        ("/somewhere/else", [("GET", "/history"), ("DELETE", "/history/c-3")]),
        ("/nobody/knows", [("GET", "/history")]),
        (f"{HOST}/api/ds-prototypes/image_generation/b-2/view", [("DELETE", "/history/b-2")]),
        ("https://elsewhere.example/image_generation/b-2/view", []),
        ("https://cdn.example/a.png", []),
    ],
)
async def test_results_are_deleted_there(own: str, requests: list[tuple[str, str]]) -> None:
    seen: list[httpx.Request] = []
    entries = [entry(), entry("c-3", output_image_url="/somewhere/else")]
    await flash(logged(seen, service(entries=entries))).delete(own)
    assert [(sent.method, sent.url.path.removeprefix("/api/ds-prototypes")) for sent in seen] == requests


async def test_what_is_gone_is_deleted() -> None:
    await flash(lambda _: answer(404, {"detail": "Not Found"})).delete(VIEW.format("a-1"))
    with pytest.raises(NotPermitted):
        await flash(lambda _: answer(403, {"detail": "no"})).delete(VIEW.format("a-1"))


@pytest.mark.parametrize(
    ("key", "workspace", "expected"),
    [("ключ", "ws", BadKey), ("k", "область", NotPermitted), ("k", "a\nb", NotPermitted)],
)
async def test_what_no_header_can_carry(key: str, workspace: str, expected: type[ProviderError]) -> None:
    seen: list[httpx.Request] = []
    built = flash(logged(seen, service()), key=key, workspace=workspace)
    assert type((await told(built, picture("default")))[1]) is expected
    with pytest.raises(expected):
        await built.ping()
    assert seen == []


async def test_the_key_is_told_to_nobody() -> None:
    said = {"detail": "bad token sk-very-secret-1"}
    error = (await told(flash(service(said, 500), key="sk-very-secret-1"), picture("default")))[1]
    assert error is not None
    assert "[key]" in error.detail
    assert "secret" not in repr(error)
