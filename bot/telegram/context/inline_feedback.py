"""Whether Telegram tells which inline results are chosen: the operator decides that with BotFather, no call says it."""


class Feedback:
    """What this process saw of it."""

    def __init__(self) -> None:
        self.missed = 0
        """Cards that were pressed before Telegram had said in which message they stand."""
