"""Why a file is no result."""

from bot.providers.base import BadResult


class Rubbish(BadResult):
    """The file cannot be opened as what its first bytes claim, or has nothing in it of what was ordered."""


class Cut(BadResult):
    """The file ends before it says: the line may have broken where no length was told, so that another try may help."""
