"""Commands as people type them: flags before, in and after the prompt, quotes and dashes of every keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.orders.flags import PROBLEMS, MissingValue, ParsedFlags, Problem, RepeatedFlag, UnknownFlag, parse

KNOWN = {
    "model": ("pika", "Pika", "run", "Run", "luma"),
    "style": (
        "4",
        "Watercolor",
        "Акварель",
        "7",
        "Black & White",
        "Чёрно-белый",
        "3D",
        "3D Render",
        "Sci-fi Art",
        "1",
        "Anime",
    ),
}


def parsed(text: str) -> ParsedFlags:
    return parse(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "values", "prompt"),
    [
        ("a serene lake", {}, "a serene lake"),
        ("--model pika --style watercolor a lake", {"model": "pika", "style": "watercolor"}, "a lake"),
        ("a lake --model pika --style 4", {"model": "pika", "style": "4"}, "a lake"),
        ("a lake --style 4 at dawn", {"style": "4"}, "a lake at dawn"),
        ("--model=pika --style=4 a lake", {"model": "pika", "style": "4"}, "a lake"),
        ("--style: 4 a lake", {"style": "4"}, "a lake"),
        ("--STYLE Watercolor a lake", {"style": "Watercolor"}, "a lake"),
        ("—style watercolor a lake", {"style": "watercolor"}, "a lake"),
        ("–style watercolor a lake", {"style": "watercolor"}, "a lake"),
        ("——style watercolor a lake", {"style": "watercolor"}, "a lake"),
        ('--style "black & white" a lake', {"style": "black & white"}, "a lake"),
        ("--style «чёрно-белый» озеро", {"style": "чёрно-белый"}, "озеро"),
        ("--style “black & white” a lake", {"style": "black & white"}, "a lake"),
        ("--style „black & white“ a lake", {"style": "black & white"}, "a lake"),
        ('--style="black & white"a lake', {"style": "black & white"}, "a lake"),
        ("--style black & white a lake", {"style": "black & white"}, "a lake"),
        ("--style Black and White a lake", {"style": "Black and White"}, "a lake"),
        ("--style 3d render a house", {"style": "3d render"}, "a house"),
        ("--style 3d a house", {"style": "3d"}, "a house"),
        ("--style sci fi art a lake", {"style": "sci fi art"}, "a lake"),
        ("--style sci-fi_art a lake", {"style": "sci-fi_art"}, "a lake"),
        ("--style watercolor, a lake", {"style": "watercolor"}, "a lake"),
        ("--style wat a lake", {"style": "wat"}, "a lake"),
        ("--style nonsense a lake", {"style": "nonsense"}, "a lake"),
        ("--style --style", {}, ""),
        ('--style "unclosed a lake', {"style": "unclosed"}, "a lake"),
        ("a — b", {}, "a — b"),
        ("well—known", {}, "well—known"),
        ("a -- b", {}, "a -- b"),
        ("5--6 and -style", {}, "5--6 and -style"),
        ("--5 degrees", {}, "--5 degrees"),
        ("—Привет, — сказал он", {}, "—Привет, — сказал он"),
        ("Озеро. —Тихо,  —шепчет", {}, "Озеро. —Тихо,  —шепчет"),
        ("  a\n\n lake  \n", {}, "a\n\n lake"),
        ("one\ntwo  three\n--style 4", {"style": "4"}, "one\ntwo  three"),
        ("one\n--style 4\ntwo", {"style": "4"}, "one\ntwo"),
        ("--style\n4\na lake", {"style": "4"}, "a lake"),
        ("--model pika", {"model": "pika"}, ""),
        ("", {}, ""),
        ("   ", {}, ""),
    ],
)
def test_flags_and_prompt(text: str, values: dict[str, str], prompt: str) -> None:
    found = parsed(text)
    assert (found.values, found.prompt) == (values, prompt)
    assert bool(found.problems) is (text == "--style --style")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("--stlye 4 a lake", (UnknownFlag("stlye", ("style",)),)),
        ("--sty 4 a lake", (UnknownFlag("sty", ("style",)),)),
        ("—stlye 4 a lake", (UnknownFlag("stlye", ("style",)),)),
        ("—seed 5 a lake", (UnknownFlag("seed", ()),)),
        ("--seed 5 --quality high", (UnknownFlag("seed", ()), UnknownFlag("quality", ()))),
        ("--Привет", (UnknownFlag("Привет", ()),)),
        ("--style", (MissingValue("style"),)),
        ("a lake --style", (MissingValue("style"),)),
        ("--style --model pika", (MissingValue("style"),)),
        ("--style= --model=pika", (MissingValue("style"),)),
        ('--style "" a lake', (MissingValue("style"),)),
        ("--style , a lake", (MissingValue("style"),)),
        ("--style 4 --style 7 a lake", (RepeatedFlag("style"),)),
        ("--style 4 --style 4 --STYLE 4 a lake", (RepeatedFlag("style"),)),
    ],
)
def test_problems(text: str, problems: tuple[Problem, ...]) -> None:
    assert parsed(text).problems == problems


def test_the_first_of_a_repeated_flag_stays() -> None:
    assert parsed("--style 4 --style 7 a lake").values == {"style": "4"}


def test_problems_are_bounded() -> None:
    assert len(parsed(" ".join(f"--wrong{n} x" for n in range(100))).problems) == PROBLEMS


def test_a_flag_of_another_language_can_be_known() -> None:
    known = {"стиль": ("Акварель",)}
    assert parse("—стиль акварель озеро", known) == ParsedFlags({"стиль": "акварель"}, "озеро", ())
    assert parse("—стил акварель озеро", known).problems == (UnknownFlag("стил", ("стиль",)),)


def test_without_known_names_a_value_is_one_word() -> None:
    assert parse("--n 2 a lake", {"n": ()}) == ParsedFlags({"n": "2"}, "a lake", ())


@pytest.mark.parametrize(
    ("text", "values", "prompt"),
    [
        ("--no-safety red fox", {"no-safety": "on"}, "red fox"),
        ("a —no-safety fox", {"no-safety": "on"}, "a fox"),
        ("fox --no-safety", {"no-safety": "on"}, "fox"),
        ("--no-safety=off fox", {"no-safety": ""}, "fox"),
        ("--no-safety: нет, fox", {"no-safety": "on"}, "нет, fox"),
        ("--no-safety=yes fox", {"no-safety": "on"}, "fox"),
        ("--no-safety=fox", {"no-safety": "on"}, "fox"),
        ("--no-safety --n 2 fox", {"no-safety": "on", "n": "2"}, "fox"),
    ],
)
def test_a_switch_takes_no_value(text: str, values: dict[str, str], prompt: str) -> None:
    assert parse(text, {"no-safety": (), "n": ()}, {"no-safety"}) == ParsedFlags(values, prompt, ())


def test_a_switch_given_twice_is_told() -> None:
    assert parse("--json --json x", {"json": ()}, {"json"}).problems == (RepeatedFlag("json"),)


pieces = st.sampled_from(
    [
        *'ab \n\t-—–=:,&"«»“”',
        "--",
        " --style",
        " —model ",
        "=",
        "4",
        "black & white",
        "pika",
        "x" * 300,
        "ё",
        "\u200b",
        "\ud800",
    ]
)


@given(st.lists(pieces, max_size=40).map("".join) | st.text())
def test_any_text(text: str) -> None:
    found = parsed(text)
    assert set(found.values) <= set(KNOWN)
    assert all(value == value.strip() != "" for value in found.values.values())
    assert found.prompt == found.prompt.strip()
    assert len(found.problems) <= PROBLEMS
    kept = "".join(found.prompt.split())
    letters = iter("".join(text.split()))
    assert all(letter in letters for letter in kept), "the prompt has only what was typed, in that order"


@given(st.text(alphabet=st.characters(exclude_characters="-—–")))
def test_text_without_dashes_is_the_prompt(text: str) -> None:
    assert parsed(text) == ParsedFlags({}, text.strip(), ())


@given(
    st.sampled_from(KNOWN["style"]),
    st.sampled_from(['--style "{}"', "--style {}", "—style={}", "–style «{}»"]),
    st.lists(st.sampled_from(["lake", "озеро", "und", "fog,", "(blue)"]), min_size=1, max_size=5).map(" ".join),
    st.booleans(),
)
def test_every_known_name_is_read_whole(name: str, form: str, prompt: str, first: bool) -> None:
    flag = form.format(name)
    text = f"{flag} {prompt}" if first else f"{prompt} {flag}"
    assert parsed(text) == ParsedFlags({"style": name}, prompt, ())


@pytest.mark.parametrize(
    "unit",
    [
        "--style ",
        '--a " ',
        "--style « ",
        "—ы ",
        "- ",
        "-" * 7,
        " " * 9,
        "\n",
        "--style 4 ",
        "x",
        "--style " + "a " * 99,
    ],
)
def test_hostile_text_is_parsed_in_linear_time(unit: str) -> None:
    """A hundred times what Telegram lets through: quadratic work on it would run into the suite's time limit."""
    text = (unit * (400_000 // len(unit) + 1))[:400_000]
    assert len(parsed(text).prompt) <= len(text)
