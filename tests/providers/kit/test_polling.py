"""Looks at a polled order come when they are worth it, go on through what passes, and end."""

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.polling import Case, one_run, polled
from bot.domain.catalog.models import Kind, Makes
from bot.providers.base import (
    BadKey,
    BadResult,
    Busy,
    ConnectionLost,
    NotPermitted,
    NotThere,
    ProviderError,
    TimedOut,
    Unreachable,
    UpstreamDown,
)
from bot.providers.kit.polling import FILMS, JITTER, PICTURES, Early, Looks, Vanished, expected, following, gap, pace_of
from tests.providers.polled_kit import Hurried


def plan(end: float, kind: Kind = Kind.IMAGE, until: float = 0.0) -> list[float]:
    """When looks come at an order that never ends."""
    moments = [0.0]
    while moments[-1] < (until or 3 * end):
        moments.append(following(moments[-1], end, pace_of(kind)))
    return moments[1:]


def between(moments: list[float]) -> list[float]:
    return [b - a for a, b in zip([0.0, *moments], moments, strict=False)]


@pytest.mark.parametrize(("kind", "end"), [(Kind.IMAGE, 10.0), (Kind.CUTOUT, 5.0), (Kind.VIDEO, 90.0)])
def test_looks_are_sparse_early_dense_near_the_end_and_thin_out_after(kind: Kind, end: float) -> None:
    moments = plan(end, kind)
    around = [g for m, g in zip(moments, between(moments), strict=True) if 0.95 * end < m <= 1.1 * end]
    late = [g for m, g in zip(moments, between(moments), strict=True) if m > 2 * end]
    assert around == pytest.approx([pace_of(kind).dense] * len(around), rel=0.01)
    assert len(around) >= 1
    assert max(between(moments)[:4]) > 1.5 * pace_of(kind).dense
    assert late == sorted(late)
    assert late[0] > 1.5 * pace_of(kind).dense


def test_a_video_refused_at_once_is_seen_early() -> None:
    assert plan(90.0, Kind.VIDEO)[0] <= 2.0


@pytest.mark.parametrize("end", [0.05, 0.15, 0.5, 1.0, 2.0, 3.0])
def test_a_very_short_work_is_not_waited_for_long(end: float) -> None:
    assert plan(end)[0] <= max(1.25 * end, 0.15)


@given(st.floats(0.01, 100_000), st.sampled_from(list(Kind)), st.floats(0, 3))
def test_every_look_comes_and_none_comes_in_no_time(end: float, kind: Kind, share: float) -> None:
    last = share * end
    wait = following(last, end, pace_of(kind)) - last
    assert 0.05 <= wait <= max(10.0, 0.34 * end, 0.05 * last)
    assert gap(last, end, pace_of(kind)) >= 0.1


def test_the_kinds_have_their_pace() -> None:
    assert {kind for kind in Kind if pace_of(kind) is PICTURES} == {k for k in Kind if k.makes is Makes.PICTURE}
    assert pace_of(Kind.SOLID) is FILMS


def test_what_is_expected() -> None:
    assert expected(10.0) == 10.0
    assert expected(0.0, 8.0) == 8.0
    assert expected(0.0) == expected(-1.0, None) == 0.0
    assert expected(4.0, 9.0) == pytest.approx(6.0)


class Upstream:
    """Answers looks: first with the errors, then that it is done when the time has come."""

    def __init__(self, time: Hurried, done_at: float, *errors: ProviderError) -> None:
        self.errors = list(errors)
        self.moments: list[float] = []
        self._time = time
        self._done_at = done_at

    async def __call__(self) -> bool:
        self.moments.append(self._time.now)
        if self.errors:
            raise self.errors.pop(0)
        return self._time.now >= self._done_at


async def followed(looks: Looks, look: Upstream) -> None:
    while not await looks.next(look):
        pass


@pytest.mark.parametrize("error", [Unreachable(), ConnectionLost(), UpstreamDown("502"), Busy(), TimedOut("slow")])
async def test_what_passes_is_looked_at_again_with_growing_waits(error: ProviderError) -> None:
    time = Hurried()
    look = Upstream(time, 0.0, *[error] * 6)
    await followed(Looks(10.0, 600.0, kind=Kind.IMAGE, timing=time.timing), look)
    waits = between(look.moments)[1:]
    assert len(waits) == 6
    assert waits[3:] == pytest.approx([8.0, 16.0, 30.0], rel=0.01)
    assert time.now < 100


async def test_a_busy_service_is_given_the_time_it_asks_for() -> None:
    time = Hurried()
    look = Upstream(time, 0.0, Busy("later", 42.0))
    await followed(Looks(10.0, 600.0, kind=Kind.IMAGE, timing=time.timing), look)
    assert look.moments[1] - look.moments[0] == pytest.approx(42.0)


async def test_what_the_operator_must_mend_is_asked_for_once_more() -> None:
    time = Hurried()
    once = Upstream(time, 0.0, BadKey("401"))
    await followed(Looks(10.0, 600.0, kind=Kind.IMAGE, timing=time.timing), once)
    assert len(once.moments) == 2
    twice = Upstream(time, 0.0, BadKey("401"), UpstreamDown(), BadKey("401"))
    with pytest.raises(BadKey):
        await followed(Looks(10.0, 600.0, kind=Kind.IMAGE, timing=time.timing), twice)


@pytest.mark.parametrize(("error", "since"), [(Vanished("404"), 61.0), (BadResult("no address"), None)])
async def test_what_does_not_pass_ends_at_once(error: ProviderError, since: float | None) -> None:
    time = Hurried()
    look = Upstream(time, 0.0, error)
    with pytest.raises(type(error)):
        await followed(Looks(10.0, 600.0, kind=Kind.IMAGE, timing=time.timing, since=since), look)
    assert len(look.moments) == 1


@pytest.mark.parametrize("error", [Vanished("404"), NotThere("no url"), NotPermitted("403")])
async def test_an_order_just_made_may_be_unknown_and_a_result_come_later_for_a_minute(error: ProviderError) -> None:
    time = Hurried()
    look = Upstream(time, 0.0, *[error] * 4)
    await followed(Looks(2.0, 600.0, kind=Kind.IMAGE, timing=time.timing), look)
    assert len(look.moments) == 5
    assert time.now < 30
    for_ever = Hurried()
    never = Upstream(for_ever, 0.0, *[error] * 50)
    with pytest.raises(type(error)):
        await followed(Looks(2.0, 600.0, kind=Kind.IMAGE, timing=for_ever.timing), never)
    assert 60 <= for_ever.now < 100


async def test_a_result_that_is_late_is_waited_for_from_the_moment_that_it_is_said_to_be_done() -> None:
    time = Hurried()
    late = [NotThere("no url")] * 4
    look = Upstream(time, 0.0, *late)
    await followed(Looks(10.0, 600.0, kind=Kind.IMAGE, timing=time.timing, since=300.0), look)
    assert len(look.moments) == 5


async def test_the_longest_time_ends_as_what_the_last_look_said() -> None:
    for error in (Vanished("404"), NotThere("no url"), Early(Vanished("404"))):
        time = Hurried()
        with pytest.raises(NotThere if isinstance(error, NotThere) else Vanished):
            await followed(Looks(2.0, 20.0, kind=Kind.IMAGE, timing=time.timing), Upstream(time, 0.0, *[error] * 50))
        assert time.now <= 21


async def test_the_longest_time_ends_it_after_a_last_look_and_says_what_was_wrong() -> None:
    time = Hurried()
    look = Upstream(time, 1e9)
    with pytest.raises(TimedOut, match=r"the total time passed$"):
        await followed(Looks(10.0, 60.0, kind=Kind.IMAGE, timing=time.timing), look)
    assert look.moments[-1] == pytest.approx(60.0)
    assert len(look.moments) < 30
    down = Upstream(time, 0.0, *[UpstreamDown("bad gateway")] * 100)
    with pytest.raises(TimedOut, match="bad gateway"):
        await followed(Looks(10.0, 60.0, kind=Kind.IMAGE, timing=time.timing), down)


@pytest.mark.parametrize("since", [0.0, 5.0, 600.0, 1e6])
async def test_an_order_picked_up_is_asked_about_at_once_and_in_any_case(since: float) -> None:
    time = Hurried()
    look = Upstream(time, 0.0)
    await followed(Looks(10.0, 60.0, kind=Kind.IMAGE, timing=time.timing, since=since), look)
    assert look.moments == [0.0]


async def test_an_order_picked_up_late_is_not_asked_about_for_ever() -> None:
    time = Hurried()
    with pytest.raises(TimedOut):
        await followed(Looks(10.0, 60.0, kind=Kind.IMAGE, timing=time.timing, since=1000.0), Upstream(time, 1e9))
    assert time.now <= 16


async def test_progress_moves_the_expected_end() -> None:
    async def lag(tells: bool) -> float:
        time = Hurried()
        looks = Looks(40.0, 600.0, kind=Kind.VIDEO, timing=time.timing)
        look = Upstream(time, 97.0)
        while not await looks.next(look):
            looks.heard(min(1.0, time.now / 97.0) if tells else None)
        return time.now - 97.0

    assert await lag(tells=True) < 2.1 < await lag(tells=False)


async def test_progress_that_stands_still_or_says_nothing_lets_looks_thin_out() -> None:
    for progress in (0.99, 0.5, 1.0, -1.0):
        time = Hurried()
        looks = Looks(10.0, 600.0, kind=Kind.IMAGE, timing=time.timing)
        look = Upstream(time, 590.0)
        while not await looks.next(look):
            looks.heard(progress)
        assert len(look.moments) < 150
        assert max(between(look.moments)) >= 3.0


async def test_late_looks_are_jittered_and_early_ones_are_not() -> None:
    found: dict[float, list[float]] = {}
    for chance in (0.0, 1.0):
        time = Hurried()
        timing = replace(time.timing, chance=partial(float, chance))
        look = Upstream(time, 40.0)
        await followed(Looks(10.0, 600.0, kind=Kind.IMAGE, timing=timing), look)
        found[chance] = look.moments
    early = [[m for m in moments if m < 11] for moments in found.values()]
    assert early[0] == early[1]
    first_late = [next(m for m in moments if m > 12) for moments in found.values()]
    assert first_late[1] > first_late[0]
    assert (first_late[1] - 11) / (first_late[0] - 11) < (1 + JITTER) / (1 - JITTER) * 2


async def test_the_goals_hold_in_the_simulation() -> None:
    models = list(polled())
    for makes, goal in ((Makes.PICTURE, 0.5), (Makes.VIDEO, 2.0)):
        run = await one_run([m for m in models if m.kind.makes is makes], Case(), 400, 11)
        assert run.median <= goal
        assert run.share <= 0.5
        assert run.most < 5 * goal
