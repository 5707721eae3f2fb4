"""Refusals for the sake of others: banned people, words that the operator rules out, too much at once."""

from bot.domain.errors import Refusal
from bot.domain.money import Credits


class Banned(Refusal):
    """An admin banned this person."""


class Blocked(Refusal):
    """The operator's list of words and patterns does not allow what is asked for."""


class TooManyOrders(Refusal):
    """The limit of orders per minute is reached: the person's own, or that of all together."""

    def __init__(self, limit: int, seconds: float, *, everybody: bool) -> None:
        super().__init__(f"limit {limit}")
        self.limit = limit
        self.seconds = seconds
        """Until one more is taken."""
        self.everybody = everybody


class TooManyNewOrders(Refusal):
    """The daily limit of orders for people who never topped up is reached."""

    def __init__(self, limit: int, seconds: float) -> None:
        super().__init__(f"limit {limit}")
        self.limit = limit
        self.seconds = seconds
        """Until one more is taken."""


class TooManyCostlyEnds(Refusal):
    """Too many of the person's orders ended within the hour, by their doing, after the operator had paid for them."""

    def __init__(self, limit: int, seconds: float) -> None:
        super().__init__(f"limit {limit}")
        self.limit = limit
        self.seconds = seconds
        """Until one more is taken."""


class StillWorking(Refusal):
    """Orders of the person are not finished, or their last word is not said: nothing can be erased yet."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} jobs")
        self.count = count


class BalanceMoved(Refusal):
    """The balance is another than the one that was agreed to be forfeited. Nothing was erased."""

    def __init__(self, balance: Credits) -> None:
        super().__init__(str(balance))
        self.balance = balance
