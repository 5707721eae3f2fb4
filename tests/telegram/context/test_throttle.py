"""Counting what people send: the limit, the one telling, and a memory that stays small."""

from bot.telegram.context import throttle
from bot.telegram.context.throttle import Heard, Throttle


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_so_many_a_minute_and_each_person_for_themselves() -> None:
    clock = Clock()
    limit = Throttle(3, clock)
    assert [limit.take(1) for _ in range(3)] == [0, 0, 0]
    clock.now += 20
    assert limit.take(1) == 40
    assert limit.take(2) == 0
    clock.now += 40
    assert limit.take(1) == 0


def test_it_is_told_once_in_a_window() -> None:
    clock = Clock()
    limit = Throttle(1, clock)
    assert not limit.tell(1), "nothing was counted yet"
    limit.take(1)
    limit.take(1)
    assert [limit.tell(1), limit.tell(1)] == [True, False]
    clock.now += 60
    limit.take(1)
    limit.take(1)
    assert limit.tell(1)


def test_zero_counts_nobody() -> None:
    limit = Throttle(0)
    assert [limit.take(1) for _ in range(1000)] == [0] * 1000


def test_a_crowd_does_not_fill_the_memory() -> None:
    limit, heard = Throttle(1), Heard()
    for user_id in range(throttle.KEPT + 500):
        limit.take(user_id)
        heard.first(user_id, 60)
    assert len(limit._counts) == throttle.KEPT
    assert len(heard._until) == throttle.KEPT


def test_a_limit_is_heard_of_once_while_it_holds() -> None:
    clock = Clock()
    heard = Heard(clock)
    assert [heard.first(1, 30), heard.first(1, 30), heard.first(2, 30)] == [True, False, True]
    clock.now += 31
    assert heard.first(1, 30)


def test_an_album_counts_as_one_and_shares_one_fate() -> None:
    limit = Throttle(2, Clock())
    assert [limit.take(1, "a") for _ in range(10)] == [0] * 10
    assert [limit.take(1), limit.take(1, "b") > 0, limit.take(1, "b") > 0] == [0, True, True]


def test_what_could_not_be_stored_does_not_count() -> None:
    limit = Throttle(2, Clock())
    for _ in range(5):
        assert limit.take(1) == 0
        limit.give_back(1)
    limit.give_back(2)
    assert [limit.take(1), limit.take(1)] == [0, 0]
    assert limit.take(1) > 0
