"""The NeuroArtist adapter says what the service documents, and understands what the service documents."""

import asyncio
import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.domain.catalog.models import Kind, Scalar
from bot.domain.jobs import Asset
from bot.providers.base import (
    Accepted,
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    Discovers,
    GenerationFailed,
    HasBalance,
    HealthCheck,
    Listed,
    LivePrices,
    NotPermitted,
    NotTaken,
    OutOfFunds,
    Picture,
    Provider,
    ProviderError,
    ProviderOrder,
    Refused,
    Resume,
    Running,
    Succeeded,
    UnknownModel,
    UpstreamDown,
)
from bot.providers.kit.polling import Vanished
from bot.providers.neuroartist.provider import NeuroArtist
from tests.providers.kit import QUICK
from tests.providers.polled_kit import Hurried, Service, failure, told

SCHNELL = "fal-ai/flux/schnell"
URL = "https://fal.media/files/a.png"
DONE = {"id": "uuid", "s": "c", "url": URL}


def order(
    prompt: str = "a cat",
    parameters: dict[str, Scalar] | None = None,
    *,
    model: str = SCHNELL,
    results: int = 1,
    pictures: tuple[Picture, ...] = (),
    longest: float = 60.0,
) -> ProviderOrder:
    return ProviderOrder(
        model, prompt, parameters or {}, longest, Kind.IMAGE, results, pictures=pictures, typical_seconds=2.0
    )


def provider(service: Service, key: str = "na_live_xxx", time: Hurried | None = None) -> NeuroArtist:
    return NeuroArtist(
        base_url="https://neuroartist.ru/api/v1/",
        key=key,
        backoff=QUICK,
        client=service.client,
        timing=(time or Hurried()).timing,
    )


def test_it_is_what_it_says() -> None:
    built: Provider = provider(Service({}, {}))
    assert (built.name, built.resumable) == ("neuroartist", True)
    assert isinstance(built, HealthCheck)
    assert isinstance(built, HasBalance)
    assert isinstance(built, LivePrices)
    assert isinstance(built, Discovers)


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        (order("a cat"), '{"m":"fal-ai/flux/schnell","i":{"prompt":"a cat"}}'),
        (order("sunset"), '{"m":"fal-ai/flux/schnell","i":{"prompt":"sunset"}}'),
        (order("waves", model="fal-ai/minimax-video"), '{"m":"fal-ai/minimax-video","i":{"prompt":"waves"}}'),
        (
            order("", model="fal-ai/aura-sr", pictures=(Picture("https://..."),)),
            '{"m":"fal-ai/aura-sr","i":{"image_url":"https://..."}}',
        ),
        (
            order("", model="fal-ai/birefnet", pictures=(Picture("https://..."),)),
            '{"m":"fal-ai/birefnet","i":{"image_url":"https://..."}}',
        ),
    ],
)
async def test_the_documented_examples_without_waiting_for_the_result(wanted: ProviderOrder, sent: str) -> None:
    service = Service({"id": "uuid"}, DONE)
    events, error = await told(provider(service), wanted)
    assert error is None
    assert events == [Accepted("uuid"), Succeeded((Asset(URL),))]
    post, look = service.seen
    assert (post.method, str(post.url)) == ("POST", "https://neuroartist.ru/api/v1/generate")
    assert post.headers["Authorization"] == "Bearer na_live_xxx"
    assert post.headers["Content-Type"] == "application/json"
    assert json.loads(post.content) == json.loads(sent)
    assert (look.method, str(look.url)) == ("GET", "https://neuroartist.ru/api/v1/requests/uuid")
    assert look.headers["Authorization"] == "Bearer na_live_xxx"


async def test_the_documented_statuses_and_any_other() -> None:
    looks = [{"id": "uuid", "s": s} for s in ("q", "p", "post-processing", 7, None)]
    events, error = await told(provider(Service({"id": "uuid"}, [*looks, DONE])), order())
    assert error is None
    assert events == [Accepted("uuid"), *[Running()] * 5, Succeeded((Asset(URL),))]


async def test_several_results_are_several_requests_with_seeds_that_follow_each_other() -> None:
    service = Service([{"id": f"r{n}"} for n in range(3)], DONE)
    events, error = await told(provider(service), order(results=3, parameters={"seed": 2**32 - 1, "num_images": 3}))
    assert error is None
    assert events[:3] == [Accepted("r0"), Accepted("r0,r1"), Accepted("r0,r1,r2")]
    assert events[-1] == Succeeded((Asset(URL),) * 3)
    assert [body["i"] for body in service.bodies] == [{"prompt": "a cat", "seed": s} for s in (2**32 - 1, 0, 1)]


@pytest.mark.parametrize(
    ("posts", "refs"),
    [
        ([{"id": "a"}, (502, {"e": "provider error"}), {"id": "c"}], "a,c"),
        ([(502, {"e": "provider error"}), {"id": "b"}, {"id": "c"}], "b,c"),
        ([{"id": "a"}, (402, {"e": "no money"})], "a"),
        ([{"id": "a"}, (200, b"<html>")], "a"),
        ([{"id": "a"}, {"id": "a"}], "a"),
    ],
)
async def test_of_several_requests_those_that_were_taken_are_delivered(posts: list[object], refs: str) -> None:
    service = Service(posts, DONE)
    events, error = await told(provider(service), order(results=3))
    assert error is None
    assert [e for e in events if isinstance(e, Accepted)][-1] == Accepted(refs)
    (end,) = [e for e in events if isinstance(e, Succeeded)]
    assert len(end.assets) == refs.count(",") + 1
    assert "1 of its requests failed" in end.facts["warning"]
    assert type(end.fault) is (OutOfFunds if "no money" in str(posts) else type(None))
    assert len(service.bodies) == len(posts)


async def test_of_several_results_those_that_were_made_are_delivered_in_order() -> None:
    service = Service(
        [{"id": f"r{n}"} for n in range(4)],
        [
            {"s": "p"},
            {"s": "f", "e": "out of memory"},
            {"s": "c", "url": f"{URL}?2"},
            {"s": "c", "url": "ftp://h/a"},
            {"s": "c", "url": f"{URL}?0"},
        ],
    )
    events, error = await told(provider(service), order(results=4))
    assert error is None
    assert events[4:] == [
        Running(),
        Succeeded((Asset(f"{URL}?0"), Asset(f"{URL}?2")), facts={"warning": events[-1].facts["warning"]}),  # type: ignore[union-attr]
    ]
    assert [look.rsplit("/", 1)[1] for look in service.looks] == ["r0", "r1", "r2", "r3", "r0"]


async def test_one_request_of_several_that_is_turned_away_is_sent_anew() -> None:
    busy: tuple[int, object] = (503, {"e": "overloaded"})
    service = Service([{"id": "a"}, busy, busy, {"id": "b"}], DONE)
    events, error = await told(provider(service), order(results=2))
    assert error is None
    assert len(events[-1].assets) == 2  # type: ignore[union-attr]
    assert len(service.bodies) == 4
    for_ever = Service([{"id": "a"}, busy], DONE)
    events, error = await told(provider(for_ever), order(results=2))
    assert (error, len(events[-1].assets), len(for_ever.bodies)) == (None, 1, 4)  # type: ignore[union-attr]
    first = Service(busy, DONE)
    _, error = await told(provider(first), order(results=2))
    assert (type(error), len(first.bodies)) == (NotTaken, 1), "the order as a whole is sent anew"


async def test_a_request_just_made_may_be_unknown_without_losing_the_others() -> None:
    service = Service([{"id": "a"}, {"id": "b"}], [(404, {"e": "not found"}), DONE, (404, {"e": "not found"}), DONE])
    events, error = await told(provider(service), order(results=2))
    assert error is None
    assert len(events[-1].assets) == 2  # type: ignore[union-attr]


async def test_when_all_fail_the_first_failure_is_the_end() -> None:
    looks = [{"s": "f", "e": "flagged by content policy"}, {"s": "f"}]
    service = Service([{"id": "a"}, {"id": "b"}], looks)
    assert type((await told(provider(service), order(results=2)))[1]) is Refused
    service = Service([(402, {}), {"id": "b"}], DONE)
    assert type((await told(provider(service), order(results=2)))[1]) is OutOfFunds
    assert len(service.bodies) == 1


async def test_a_look_that_fails_leaves_the_others_alone() -> None:
    service = Service([{"id": "a"}, {"id": "b"}], [(500, {}), {"s": "c", "url": URL}, (503, b"<html>"), DONE])
    events, error = await told(provider(service), order(results=2))
    assert error is None
    assert len(events[-1].assets) == 2  # type: ignore[union-attr]
    assert [look[-1] for look in service.looks] == ["a", "b", "a", "a"]


async def test_past_the_longest_time_what_is_there_is_delivered() -> None:
    service = Service({}, [{"s": "p"}, DONE])
    time = Hurried(wall=5000.0)
    events, error = await told(provider(service, time=time), order(results=2), Resume("a,b", 1000.0))
    assert error is None
    assert events == [Succeeded((Asset(URL),))]
    assert service.bodies == []


async def test_an_order_is_resumed_by_its_ids_and_never_sent_again() -> None:
    service = Service((500, {}), [{"s": "p"}, DONE])
    time = Hurried()
    events, error = await told(provider(service, time=time), order(results=3), Resume("r1,r2", time.begun - 1))
    assert error is None
    assert events == [Running(), Succeeded((Asset(URL),) * 2)]
    assert service.bodies == []
    assert time.waits[0] < 5  # asked at once, and waited between the rounds


@pytest.mark.parametrize("ref", ["", ",", "a b", "../balance,", "x" * 300, "é"])
async def test_a_stored_reference_that_is_none(ref: str) -> None:
    service = Service({}, DONE)
    events, error = await told(provider(service), order(), Resume(ref, 0.0))
    assert (events, type(error), service.seen) == ([], Vanished, [])


ERRORS: list[tuple[object, type[ProviderError]]] = [
    ((400, {"e": "invalid json"}), GenerationFailed),
    ((200, {"e": "missing model"}), GenerationFailed),
    ((500, {"e": "missing input"}), GenerationFailed),
    ((404, {"e": "unknown model"}), UnknownModel),
    ((200, {"e": "Unknown Model "}), UnknownModel),
    ((502, {"e": "provider error"}), GenerationFailed),
    ((200, {"e": "provider error"}), GenerationFailed),
    ((401, {"e": "provider error"}), GenerationFailed),
    ((404, {"e": "not found"}), UpstreamDown),
    ((401, {"e": "bad token"}), BadKey),
    ((401, b""), BadKey),
    ((402, {}), OutOfFunds),
    ((403, {"e": 5}), NotPermitted),
    ((429, {"e": "slow down"}), Busy),
    ((500, {"e": "boom"}), UpstreamDown),
    ((503, b"<html>"), NotTaken),
    ((404, b"<html>"), UpstreamDown),
    ((301, b""), UpstreamDown),
    ((422, {"e": "the prompt could not be read"}), GenerationFailed),
    ((422, {"e": "the prompt was moderated"}), Refused),
    ((200, {"e": "content policy violation"}), Refused),
    ((400, {"e": "something new"}), GenerationFailed),
    ((200, {}), ConnectionLost),
    ((200, {"id": 42}), ConnectionLost),
    ((200, {"id": "a,b"}), ConnectionLost),
    ((200, {"id": "../balance"}), ConnectionLost),
    ((200, []), ConnectionLost),
    ((200, b"<html>"), ConnectionLost),
    ((200, b""), ConnectionLost),
    ((200, b"[" * 60_000), ConnectionLost),
]


@pytest.mark.parametrize(("answered", "expected"), ERRORS)
async def test_what_an_answer_to_an_order_means(answered: object, expected: type[ProviderError]) -> None:
    service = Service(answered, DONE)
    events, error = await told(provider(service), order())
    assert (events, type(error)) == ([], expected)
    assert len(service.seen) == 1


LOOKS: list[tuple[object, type[ProviderError] | None]] = [
    ((404, {"e": "not found"}), None),
    ((200, {"e": "not found"}), None),
    ((404, {}), None),
    ((404, b"<html>"), None),
    ((200, {"e": "provider error"}), GenerationFailed),
    ((200, {"s": "f"}), GenerationFailed),
    ((200, {"s": "f", "e": "NSFW content detected"}), Refused),
    ((200, {"s": "c"}), None),
    ((200, {"s": "c", "url": "ftp://h/a"}), BadResult),
    ((200, {"s": "c", "url": "http://["}), BadResult),
    ((200, {"s": "c", "url": {"a": 1}}), None),
    ((200, {"s": "f", "e": {"no": "text"}}), GenerationFailed),
    ((500, {"e": "boom"}), None),
    ((429, {}), None),
    ((401, {}), None),
    ((403, {}), None),
    ((200, b"<html>"), None),
    ((200, b""), None),
    ((200, "ok"), None),
    ((200, {"s": ["c"]}), None),
]


@pytest.mark.parametrize(("answered", "expected"), LOOKS)
async def test_what_an_answer_to_a_look_means(answered: object, expected: type[ProviderError] | None) -> None:
    """None: it passes, and the next look finds the result."""
    service = Service({"id": "uuid"}, [answered, DONE])
    events, error = await told(provider(service), order())
    assert type(error) is (expected or type(None))
    assert isinstance(events[-1], Succeeded) is (expected is None)
    assert len(service.looks) == (1 if expected else 2)


async def test_a_result_may_be_a_path_on_the_services_own_host() -> None:
    looks = {"s": "c", "url": "/files/a.png"}
    events, _ = await told(provider(Service({"id": "uuid"}, looks)), order())
    assert events[-1] == Succeeded((Asset("https://neuroartist.ru/files/a.png"),))


async def test_the_key_is_never_in_a_detail() -> None:
    service = Service((400, {"e": "no such key: na_live_xxx \0\ud800"}), DONE)
    error = (await told(provider(service), order()))[1]
    assert error is not None
    assert error.detail == "HTTP 400 no such key: [key] ?"


async def test_a_key_that_no_header_can_carry() -> None:
    service = Service({"id": "a"}, DONE)
    assert type((await told(provider(service, key="ключ"), order()))[1]) is BadKey
    assert service.seen == []


async def test_retry_after_is_told() -> None:
    answer = httpx.Response(429, headers={"Retry-After": "7"}, stream=httpx.ByteStream(b""))
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))
    error = (await told(NeuroArtist(base_url="https://h", key="k", client=client), order()))[1]
    assert isinstance(error, Busy)
    assert error.seconds == 7.0


async def test_pictures_are_let_go_of_before_the_wait() -> None:
    picture = Picture("data:image/png;base64," + "A" * 100_000)
    service = Service({"id": "a"}, {"s": "p"})
    run: Any = provider(service).run(order("", pictures=(picture,)), job_id="job")
    assert await anext(run) == Accepted("a")
    assert await anext(run) == Running()
    held = [value for value in run.ag_frame.f_locals.values() if isinstance(value, ProviderOrder | dict)]
    assert held == []
    await run.aclose()
    await asyncio.sleep(0)


async def test_balance_and_health() -> None:
    assert await provider(Service({}, {"b": 1000})).balance() == Decimal(1000)
    assert await provider(Service({}, {"b": 999.5})).balance() == Decimal("999.5")
    await provider(Service({}, {"b": 0})).ping()
    strange: object
    for strange in ({"b": None}, {"b": True}, {"b": -1}, {"b": "much"}, {}, (200, []), {"b": [1]}):
        assert type(await failure(provider(Service({}, strange)).ping())) is UpstreamDown
    assert type(await failure(provider(Service({}, (401, {}))).ping())) is BadKey


MODELS = {"m": [["fal-ai/flux/schnell", 0.27], ["fal-ai/flux/dev", 1.35]]}


async def test_prices_are_those_of_single_results_times_their_number() -> None:
    service = Service({}, MODELS)
    prices = await provider(service).prices({SCHNELL: (1, 3), "gone": (1,)})
    assert prices == {(SCHNELL, 1): Decimal("0.27"), (SCHNELL, 3): Decimal("0.81")}
    assert service.looks == ["https://neuroartist.ru/api/v1/models"]


async def test_rows_of_another_form_are_left_out() -> None:
    rows = [["a", 1], ["b"], ["c", "2.5"], ["d", None], [], "e", {"id": "f"}, [7, 1], ["g", -1], ["h", 1, "more"]]
    listed = await provider(Service({}, {"m": rows})).models()
    assert [(one.upstream_id, one.units) for one in listed] == [
        *(("a", Decimal(1)), ("b", None), ("c", Decimal("2.5")), ("d", None), ("g", None), ("h", Decimal(1)))
    ]
    strange: object
    for strange in ({}, {"m": {}}, (200, []), {"m": None}, {"m": [[42, 1], "a"]}):
        assert type(await failure(provider(Service({}, strange)).models())) is UpstreamDown


async def test_kinds_come_from_the_categories_and_the_guide() -> None:
    by_category = [
        {"m": [["fal-ai/flux/dev", 1]]},
        {"m": [["fal-ai/aura-sr", 1], ["x/redraw", 1]]},
        {"m": [["x/film", 1]]},
        {"m": [["x/sound", 1]]},
        {"m": [["x/solid", 1]]},
    ]
    names = (
        "fal-ai/flux/dev",
        "fal-ai/aura-sr",
        "fal-ai/birefnet",
        "x/redraw",
        "x/film",
        "x/sound",
        "x/solid",
        "x/new",
    )
    service = Service({}, [*by_category, {"m": [[name, 2] for name in names]}])
    listed = await provider(service).models()
    assert {one.upstream_id: one.kind for one in listed} == dict(
        zip(
            names,
            (Kind.IMAGE, Kind.UPSCALE, Kind.CUTOUT, Kind.EDIT, Kind.VIDEO, Kind.AUDIO, Kind.SOLID, None),
            strict=True,
        )
    )
    asked = [httpx.URL(look).params.get("category") for look in service.looks]
    assert asked == ["text-to-image", "image-to-image", "text-to-video", "audio", "3d", None]


async def test_details_are_the_schema() -> None:
    schema = {"r": ["prompt"], "p": {"prompt": "string", "image_size": "String ", "odd": 4}, "more": 1}
    service = Service({}, schema)
    listed = await provider(service).details(Listed("fal-ai/flux/schnell", units=Decimal(1)))
    assert service.seen[0].url.raw_path == b"/api/v1/models/fal-ai%2Fflux%2Fschnell/schema"
    assert (listed.required, listed.units) == (("prompt",), Decimal(1))
    assert listed.parameters == {"prompt": "string", "image_size": "string", "odd": ""}
    strange: object
    for strange in ({}, {"r": [], "p": []}, {"r": {}, "p": {}}, {"r": ["prompt", 5], "p": {}}, (200, [])):
        assert type(await failure(provider(Service({}, strange)).details(Listed("a")))) is UpstreamDown
    unknown = provider(Service({}, (404, {"e": "unknown model"})))
    assert type(await failure(unknown.details(Listed("a")))) is UnknownModel
