"""A model's Markdown: what it looks like, and that no text breaks a message or loses a word."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.chat.markdown.blocks import LIMIT, render
from sandbox.telegram.wire.entities import formatted
from sandbox.telegram.wire.html import utf16_len

MARKS = ["*", "**", "_", "__", "`", "``", "```", "~~", "[", "]", "](http://a.b/c)", "<", ">", "&", "|", "#", "-"]
WORDS = ["\n", "\n\n", " ", "\\", "a", "слово", "😀", "1. ", "- ", "> ", "|-|", "|a|b|", "```py\n"]
PIECES = st.one_of(
    st.sampled_from([*MARKS, *WORDS]),
    st.text(max_size=6),
)


def html(text: str) -> str:
    (part,) = render(text)
    return part.html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("**bold** and *italic*", "<b>bold</b> and <i>italic</i>"),
        ("__bold__ and _italic_", "<b>bold</b> and <i>italic</i>"),
        ("***both***", "<b><i>both</i></b>"),
        ("~~gone~~ ~not~", "<s>gone</s> ~not~"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("2 * 3 ** 4", "2 * 3 ** 4"),
        ("**open", "**open"),
        ("*a **b* c**", "<i>a **b</i> c**"),
        ("`a < b`", "<code>a &lt; b</code>"),
        ("``a ` b``", "<code>a ` b</code>"),
        ("`open", "`open"),
        (r"\*no\*", "*no*"),
        ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
        ("[a **b**](https://e.org/x?y=1&z=2)", '<a href="https://e.org/x?y=1&amp;z=2">a <b>b</b></a>'),
        ("[a](https://e.org/x_(y))", '<a href="https://e.org/x_(y)">a</a>'),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[a](tg://user?id=1)", "[a](tg://user?id=1)"),
        ("![cat](https://e.org/cat.png)", '<a href="https://e.org/cat.png">cat</a>'),
        ("<https://e.org/a>", "https://e.org/a"),
        ("# Title", "<b>Title</b>"),
        ("#hashtag", "#hashtag"),
        ("# A\ntext\n\nmore", "<b>A</b>\ntext\n\nmore"),
        ("- one\n- **two**\n  - three\n1. four", "• one\n• <b>two</b>\n  • three\n1. four"),
        ("- [ ] open\n- [x] done", "☐ open\n☑ done"),
        ("> said\n> **so**", "<blockquote>said\n<b>so</b></blockquote>"),
        ("```python\nif a < b:\n    *x*\n```", '<pre><code class="language-python">if a &lt; b:\n    *x*</code></pre>'),
        ("```\nraw\n```\nafter", "<pre>raw</pre>\nafter"),
        ("```js\nunclosed", '<pre><code class="language-js">unclosed</code></pre>'),
        ('```"><b>\nx\n```', '<pre><code class="language-b">x</code></pre>'),
        ("a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("|a|b|\n|-|:-:|\n|**1**|22|\nx", "<pre>a | b\n--+---\n1 | 22</pre>\nx"),
    ],
)
def test_markdown_as_html(text: str, expected: str) -> None:
    assert html(text) == expected
    formatted(expected, "HTML", None)


def test_long_answers_are_split_between_paragraphs() -> None:
    paragraphs = [f"Paragraph {n}. " + "word " * 150 for n in range(20)]
    parts = render("\n\n".join(paragraphs))
    assert len(parts) > 3
    assert all(part.plain.startswith("Paragraph") for part in parts)
    assert all(utf16_len(part.plain) <= LIMIT for part in parts)


def test_a_heading_goes_with_what_it_heads() -> None:
    parts = render("word " * 770 + "\n\n## Second\n\n" + "more " * 300)
    assert [part.plain.split()[0] for part in parts] == ["word", "Second"]


def test_long_code_keeps_its_language_in_every_message() -> None:
    parts = render("```python\n" + "\n".join(f"line_{n} = {n}" for n in range(900)) + "\n```")
    assert len(parts) > 2
    assert all(part.html.startswith('<pre><code class="language-python">line_') for part in parts)


def test_one_endless_word_is_cut() -> None:
    parts = render("😀" * 10_000)
    assert sum(part.plain.count("😀") for part in parts) == 10_000


def test_nothing_to_see_is_no_message() -> None:
    assert render("") == render(" \n\t\n") == render("```\n```") == ()


HOSTILE = ["*a ", "**a _b ", "`a ``b ", "[a](", "[", "|a|\n|-|\n", "> ", "~~~\n", "_a* ", "<http://"]
HOSTILE += ["*", "`", "![", "a**b", "* a\n", "- > ", "  - a\n    ", "](", "\\*", "&", "<"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_texts_end(unit: str) -> None:
    """Where the way through them grew with the square of their length, this would not end within the test's time."""
    assert render(unit * (200_000 // len(unit)) + "\n\nend") is not None


def test_a_table_of_many_columns_is_no_larger_than_what_was_written() -> None:
    parts = render("a|" * 300 + "\n" + "-|" * 300 + "\n" + "a\n" * 5 + "b|\n" * 30_000)
    assert sum(len(part.plain) for part in parts) < 200_000


def test_ever_longer_runs_of_backticks_end() -> None:
    assert render(" ".join("`" * length for length in range(1, 600))) != ()


@pytest.mark.parametrize("unit", ["[", "![a](", "**a _b ", "- a\n"])
def test_every_frame_of_a_growing_answer_ends(unit: str) -> None:
    answer = unit * (20_000 // len(unit))
    for length in range(400, len(answer), 400):
        assert render(answer[:length]) != ()


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_taken_and_keeps_its_words(text: str) -> None:
    parts = render(text)
    seen = ""
    for part in parts:
        shown, _ = formatted(part.html, "HTML", None)
        assert shown.split() == part.plain.split()
        assert utf16_len(shown) <= 4_096
        seen += part.plain
    words = _letters(seen)
    source = _letters(text)
    bare = "".join(c for c in text if unicodedata.category(c) != "Cc")  # control characters go before anything is read
    if "http" not in bare and "```" not in bare and "~~~" not in bare:
        assert words == source
    else:
        assert _is_within(words, source)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalpha() and c.isprintable())


def _is_within(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(char in rest for char in part)
