"""Refusals for the sake of others: banned people, words that the operator rules out, too much at once."""

from bot.domain.errors import Refusal


class Banned(Refusal):
    """An admin banned this person."""


class Blocked(Refusal):
    """The operator's list of words and patterns does not allow what is asked for."""


class TooManyOrders(Refusal):
    """The limit of orders per minute is reached: the person's own, or everybody's together."""

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
