"""The NeuroArtist adapter says what the service documents, and understands what the service documents."""

import json

import pytest

from bot.domain.jobs import Asset
from bot.providers.base import (
    Accepted,
    Discovers,
    HasBalance,
    HealthCheck,
    LivePrices,
    NotTaken,
    OutOfFunds,
    Picture,
    Provider,
    ProviderOrder,
    Refused,
    Resume,
    Running,
    Succeeded,
)
from bot.providers.kit.polling import Vanished
from tests.providers.neuroartist_kit import DONE, URL, order, provider
from tests.providers.polled_kit import Hurried, Service, told


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
