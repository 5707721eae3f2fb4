"""Results on their way to a chat: what was fetched of a provider's asset, or why it stays a link."""

from dataclasses import dataclass
from pathlib import Path

from bot.domain.jobs import Asset


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A result on our disk, sniffed: `media` is video, audio, photo or document; `mime` is what the bytes are."""

    path: Path
    media: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A result over the size cap: it is never downloaded whole and goes out as a link."""

    asset: Asset


Fetched = ResultFile | TooLarge
