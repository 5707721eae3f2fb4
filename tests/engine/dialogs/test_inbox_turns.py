"""Whose updates are taken next, as pure decisions: ranks, people in turns, and what one person may have in hand."""

from bot.engine.dialogs.inbox_turns import PER_PERSON, ROOM, InHand, Rank, Step, Waiting, fits, pick, urgency

FULL = InHand(PER_PERSON, {(1, Step.MESSAGE): PER_PERSON})


def rows(person: int, count: int, *, rank: Rank = Rank.NEW, step: Step = Step.MESSAGE, first: int = 0) -> list[Waiting]:
    return [Waiting(first + n, person, urgency(rank, step), 100.0 + n) for n in range(count)]


def test_people_take_turns_and_none_has_more_in_hand_than_the_others() -> None:
    stranger, ann = rows(1, 900), rows(2, 3, first=1000)
    taken = pick([*stranger, *ann], InHand())
    assert taken[:6] == [0, 1000, 1, 1001, 2, 1002]
    assert taken == [0, 1000, 1, 1001, 2, 1002, *range(3, PER_PERSON)]
    assert pick(stranger, InHand(PER_PERSON - 1, {(1, Step.MESSAGE): PER_PERSON - 1})) == [0]
    assert pick(stranger, FULL) == []


def test_payments_and_admins_go_first_then_who_was_served_then_newcomers() -> None:
    paid = Waiting(7, 3, urgency(Rank.FIRST, Step.PAYMENT), 900.0)
    admin = Waiting(8, 4, urgency(Rank.FIRST, Step.MESSAGE), 901.0)
    newcomers, served = rows(1, 2), rows(2, 1, rank=Rank.SERVED, first=5)
    assert pick([*newcomers, *served, admin, paid], InHand()) == [7, 8, 5, 0, 1]


def test_of_one_person_taps_go_before_messages_and_payments_before_both() -> None:
    messages = rows(1, 3)
    tap = Waiting(10, 1, urgency(Rank.NEW, Step.TAP), 200.0)
    payment = Waiting(11, 1, urgency(Rank.FIRST, Step.PAYMENT), 201.0)
    assert pick([*messages, tap, payment], InHand()) == [11, 10, 0, 1, 2]


def test_a_payment_is_taken_whatever_else_its_person_has_sent() -> None:
    payment = Waiting(5000, 1, urgency(Rank.FIRST, Step.PAYMENT), 999.0)
    assert pick([*rows(1, 900), payment], FULL) == [5000]
    assert fits([(1, payment.urgency)], FULL)
    assert not fits([(1, urgency(Rank.NEW, Step.MESSAGE))], FULL)


def test_ones_messages_do_not_keep_out_ones_taps() -> None:
    taps = rows(1, 30, step=Step.TAP, first=1000)
    assert pick([*rows(1, 40), *taps], FULL) == list(range(1000, 1000 + PER_PERSON))
    assert fits([(1, urgency(Rank.NEW, Step.TAP))], FULL)


def test_newcomers_leave_room_for_who_was_served_and_these_for_payments() -> None:
    crowd = [row for person in range(2000) for row in rows(person, 1, first=person)]
    assert len(pick(crowd, InHand())) == ROOM[Rank.NEW]
    full = InHand(ROOM[Rank.NEW], {})
    served = rows(9000, 1, rank=Rank.SERVED, first=9000)
    assert pick([*crowd, *served], full) == [9000]
    assert not fits([(1, urgency(Rank.NEW, Step.TAP))], full)
    assert fits([(1, urgency(Rank.SERVED, Step.MESSAGE))], full)
    assert full.least() is Rank.SERVED
    assert InHand(ROOM[Rank.SERVED], {}).least() is Rank.FIRST
    assert InHand(ROOM[Rank.FIRST], {}).least() is None


def test_who_was_served_meanwhile_keeps_their_order() -> None:
    before, after = rows(1, 2), rows(1, 2, rank=Rank.SERVED, first=10)
    other = rows(2, 1, rank=Rank.SERVED, first=20)
    assert pick([*after, *before, *other], InHand(ROOM[Rank.NEW], {})) == [0, 20, 1, 10, 11]
