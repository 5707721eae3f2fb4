"""What the bot does, in a sentence, from what is on sale: the first thing that the menu, /help and its profile say."""

from collections.abc import Collection
from typing import Final

from bot.domain.catalog.models import Kind
from bot.telegram.i18n.texts import Speech

MADE: Final = (Kind.IMAGE, Kind.VIDEO, Kind.MUSIC, Kind.AUDIO, Kind.SOLID)
"""Kinds that are made from words alone."""


def abilities(t: Speech, kinds: Collection[Kind]) -> str:
    """Plain text; "" where nothing is on sale."""
    things = _listing(t, [t.plain(f"does-thing-{kind.value}") for kind in MADE if kind in kinds])
    told = [t.plain("does-make-answer" if Kind.ASK in kinds else "does-make", things=things)] if things else []
    if not things and Kind.ASK in kinds:
        told.append(t.plain("does-answer"))
    if Kind.EDIT in kinds:
        told.append(t.plain("does-edit"))
    return " ".join(told)


def _listing(t: Speech, things: list[str]) -> str:
    """Like "pictures, videos and music"."""
    if len(things) < 2:
        return "".join(things)
    return t.plain("does-and", things=", ".join(things[:-1]), last=things[-1])
