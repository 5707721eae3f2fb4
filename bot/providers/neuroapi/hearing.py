"""Voice messages turned into words by NeuroAPI: what is sent, and what comes back."""

from typing import Final

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Asset
from bot.providers.base import BadResult, GenerationFailed, NoWords, ProviderOrder, Succeeded
from bot.providers.kit.encoded import decoded
from bot.providers.kit.json_reading import plain
from bot.providers.kit.media_type import HEAD, sniff

WORDS_LIMIT: Final = 100_000
"""Characters: a person says a tenth of that in ten minutes."""


def recording(order: ProviderOrder) -> tuple[str, bytes, str]:
    """Name, bytes and media type of the file: services go by the end of its name."""
    data = decoded(order.pictures[0].url) if order.pictures else None
    found = sniff(data[:HEAD], Kind.AUDIO) if data else None
    if data is None or found is None:
        raise GenerationFailed("no recording in the order")
    return f"voice{found.suffix}", data, found.mime


def words(answer: object) -> Succeeded:
    """Raises NoWords for silence, BadResult for an answer that has no place for words."""
    said = answer.get("text") if isinstance(answer, dict) else None
    if not isinstance(said, str):
        raise BadResult("a transcription without a text")
    text = plain(said).strip()
    if len(text) > WORDS_LIMIT:
        raise BadResult(f"a transcription of {len(text)} characters")
    if not text:
        raise NoWords("a transcription of silence")
    return Succeeded((Asset(text=text),))
