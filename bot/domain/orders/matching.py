"""Which thing a person means by what they typed: names and values in any case, prefixes, and the nearest otherwise."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

QUERY_LIMIT = 64
"""Characters of a query that are looked at: names are far shorter, and comparing is quadratic."""
NEAREST = 3
_FOLD = {ord("ё"): "е", ord("&"): "and"}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing is meant; `exact` unless only a prefix of a name was given."""

    key: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several things fit equally well, in the order of the candidates."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing fits; `nearest` are up to three things with similar names, the most similar first."""

    nearest: tuple[str, ...]


Match = Hit | Ambiguous | Missing


def normalise(text: str) -> str:
    """The text as it is compared: no case, spaces, underscores, dashes or accents of typing; ё is е, & is and."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_FOLD)
    return "".join(c for c in folded if not c.isspace() and c != "_" and unicodedata.category(c) not in ("Pd", "Cf"))


def match(query: str, candidates: Iterable[tuple[str, Sequence[str]]]) -> Match:
    """What `query` means among the candidates: (key, its names and values).

    An exact name or value beats every prefix; a prefix must fit one key only. An empty query is Missing, without
    nearest; one longer than QUERY_LIMIT is Missing too, and compared by its beginning.
    """
    whole = normalise(query[: 2 * QUERY_LIMIT])
    wanted = whole[:QUERY_LIMIT]
    if not wanted:
        return Missing(())
    names = [(key, [normalise(name) for name in own]) for key, own in candidates]
    if len(query) <= 2 * QUERY_LIMIT and whole == wanted:
        for exact in (True, False):
            fits = _unique(
                key for key, own in names if any(n == wanted if exact else n.startswith(wanted) for n in own)
            )
            if fits:
                return Hit(fits[0], exact) if len(fits) == 1 else Ambiguous(fits)
    return Missing(_nearest(wanted, names))


def _nearest(wanted: str, names: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    owners: dict[str, list[str]] = {}
    for key, own in names:
        for name in own:
            owners.setdefault(name, []).append(key)
    similar = get_close_matches(wanted, list(owners), n=2 * NEAREST, cutoff=0.6)
    return _unique(key for name in similar for key in owners[name])[:NEAREST]


def _unique(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))
