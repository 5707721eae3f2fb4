"""Refusals that the core gives and the chat turns into sentences. None of them is a bug: each carries what to say."""

from bot.domain.money import Credits


class Refusal(Exception):
    """Base of everything the core refuses; nothing was held, taken or changed."""


class NotEnoughCredits(Refusal):
    """The balance does not cover the amount."""

    def __init__(self, *, available: Credits, needed: Credits) -> None:
        super().__init__(f"needs {needed}, has {available}")
        self.available = available
        self.needed = needed


class TooManyActiveJobs(Refusal):
    """The user's limit of unfinished jobs is reached."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"limit {limit}")
        self.limit = limit


class InputsGone(Refusal):
    """A picture that the order works on is no longer kept here: it must be sent again. Nothing was held."""


class StillAnswering(Refusal):
    """The person's last question in this chat is still being answered."""

    def __init__(self, job_id: str) -> None:
        super().__init__(job_id)
        self.job_id = job_id


class QuestionTooLong(Refusal):
    """The question alone has more tokens than the model is sent."""


class TooManyImprovements(Refusal):
    """The free improvements of this hour are used up."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"limit {limit}")
        self.limit = limit


class TooManyPresets(Refusal):
    """The person has as many presets as there may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"limit {limit}")
        self.limit = limit


class QueueFull(Refusal):
    """Our own queue for the provider is at its bound."""


class NotOnSale(Refusal):
    """The model is unknown, switched off, or paused after an operator fault."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.model = model


class TooManyCancels(Refusal):
    """The user's limit of cancelled running jobs per hour is reached."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"limit {limit}")
        self.limit = limit


class NotCancellable(Refusal):
    """The job is being delivered or is finished."""


class UnknownJob(Refusal):
    """No such job, or not this user's: the user is never told which."""


class NotRefundable(Refusal):
    """Nothing was captured for the job, or it was refunded before."""


class Forgotten(NotRefundable):
    """The job's owner had everything about them erased: no account could use what was given back."""


class KeyReused(Exception):
    """An idempotency key came again with different content: a bug or an attack, never a replay."""
