"""People type names as they like; what they mean is found, and never guessed."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.orders.matching import QUERY_LIMIT, Ambiguous, Hit, Match, Missing, match, normalise

STYLES = [
    ("1", ("1", "Anime", "Аниме")),
    ("3", ("3", "3D", "3D")),
    ("4", ("4", "Watercolor", "Акварель")),
    ("7", ("7", "Black & White", "Чёрно-белый")),
    ("3d_cartoon", ("3d_cartoon", "3D Cartoon", "3D-мультфильм")),
    ("3d_render", ("3d_render", "3D Render", "3D-рендер")),
    ("sci_fi_art", ("sci_fi_art", "Sci-fi Art", "Научная фантастика")),
    ("80s_vaporwave", ("80s_vaporwave", "80s Vaporwave", "Вейпорвейв 80-х")),
]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("watercolor", Hit("4", exact=True)),
        ("WATERCOLOR", Hit("4", exact=True)),
        (" water-color ", Hit("4", exact=True)),
        ("акварель", Hit("4", exact=True)),
        ("wat", Hit("4", exact=False)),
        ("АКВ", Hit("4", exact=False)),
        ("4", Hit("4", exact=True)),
        ("3", Hit("3", exact=True)),
        ("3d", Hit("3", exact=True)),
        ("3dr", Hit("3d_render", exact=False)),
        ("3D-Render", Hit("3d_render", exact=True)),
        ("3 d _ r e n d e r", Hit("3d_render", exact=True)),
        ("black and white", Hit("7", exact=True)),
        ("Black&White", Hit("7", exact=True)),
        ("чернобелый", Hit("7", exact=True)),
        ("черно—белый", Hit("7", exact=True)),
        ("Scifi", Hit("sci_fi_art", exact=False)),
        ("8", Hit("80s_vaporwave", exact=False)),
        ("ａｎｉｍｅ", Hit("1", exact=True)),
        ("waterclor", Missing(("4",))),
        ("vaporwave", Missing(("80s_vaporwave",))),
        ("zzz", Missing(())),
        ("", Missing(())),
        (" -_- ", Missing(())),
    ],
)
def test_what_is_meant(query: str, meant: Match) -> None:
    assert match(query, STYLES) == meant


def test_an_unclear_prefix_is_not_guessed() -> None:
    assert match("3d", STYLES[4:]) == Ambiguous(("3d_cartoon", "3d_render"))
    assert match("a", [("x", ("Anna",)), ("y", ("Anton", "Art"))]) == Ambiguous(("x", "y"))


def test_the_same_name_twice_is_not_guessed() -> None:
    assert match("anime", [("1", ("Anime",)), ("anime", ("Anime", "anime"))]) == Ambiguous(("1", "anime"))


def test_at_most_three_are_near_the_nearest_first() -> None:
    found = match("styl", [(name, (name,)) for name in ("xtyl", "xtyle", "estyl", "atyl", "btyl")])
    assert isinstance(found, Missing)
    assert len(found.nearest) == 3
    assert len(set(found.nearest)) == 3


def test_a_name_is_never_found_by_the_beginning_of_a_long_query() -> None:
    name = "a" * QUERY_LIMIT
    assert match(name, [("x", (name,))]) == Hit("x", exact=True)
    assert match(name + "b", [("x", (name,))]) == Missing(("x",))


def test_a_hostile_query_takes_no_time() -> None:
    many = [(str(n), (f"style number {n}", "ы" * 40)) for n in range(200)]
    for query in ("ы" * 1_000_000, "\ufdfa" * 500_000, " " * 1_000_000, "a" * 1_000_000):
        started = process_time()
        match(query, many)
        assert process_time() - started < 1.0


@given(st.text(), st.lists(st.tuples(st.text(max_size=5), st.lists(st.text(max_size=10), max_size=3)), max_size=5))
def test_any_query(query: str, candidates: list[tuple[str, list[str]]]) -> None:
    keys = {key for key, _ in candidates}
    match match(query, candidates):
        case Hit(key):
            assert key in keys
        case Ambiguous(found):
            assert len(found) > 1
            assert keys.issuperset(found)
        case Missing(nearest):
            assert len(nearest) <= 3
            assert keys.issuperset(nearest)


@given(st.text(max_size=20))
def test_every_name_finds_itself(name: str) -> None:
    if 0 < len(normalise(name)) <= QUERY_LIMIT:
        assert match(name, [("other", ("☃other☃",)), ("it", (name,))]) == Hit("it", exact=True)
