"""Answers that break off anywhere: in a draft that is still being written, and after Stop."""

import re

import pytest

from bot.telegram.chat.markdown.blocks import render
from bot.telegram.chat.markdown.unfinished import made_whole

ANSWER = """# Lakes of the *north*

A **deep and _cold_ lake** is ~~blue~~ `green(x)` and [known](https://lakes.example.org/a_b) for `its ice`.

> ## Said of it
> - **clear** water
> and *long* winters

| Lake | **Depth** |
|:-----|----------:|
| Onega | *127* m |
| Ladoga | 230 m |

1. **First** a boat,
2. then ***patience***.
- [ ] bread

```python
print("**kept**")
```

The end of **it**."""
MARKS = re.compile(r"\*\*|__|~~|```|(?<![\w\"(])[*_`](?=\w)|^\s*#|^\s*>|\]\(|^\s*\||^\s*[-*]\s", re.MULTILINE)
KEPT = 'print("**kept**")'


def shown(text: str) -> str:
    return "\n".join(part.plain for part in render(made_whole(text)))


def test_no_mark_is_seen_wherever_it_breaks_off() -> None:
    for end in range(len(ANSWER) + 1):
        seen = shown(ANSWER[:end])
        for length in range(len(KEPT), 7, -1):  # code keeps what stands in it
            seen = seen.replace(KEPT[:length], "")
        assert not MARKS.search(seen), (end, ANSWER[max(0, end - 30) : end], seen[-80:])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("It is **bold and", "It is <b>bold and</b>"),
        ("It is **bold*", "It is <b>bold</b>"),
        ("It is **", "It is"),
        ("Call `run", "Call <code>run</code>"),
        ("Call `", "Call"),
        ("See [the page](https://exa", "See the page"),
        ("See [the pa", "See the pa"),
        ("Text\n\n##", "Text"),
        ("Text\n- ", "Text"),
        ("| a | b |", "a · b"),
        ("| a | b |\n|", "a · b"),
        ("```py\nx = 1\n``", '<pre><code class="language-py">x = 1</code></pre>'),
        ("2 * 3 = 6 and snake_case stays", "2 * 3 = 6 and snake_case stays"),
        ("A **whole** answer.", "A <b>whole</b> answer."),
    ],
)
def test_what_begun_ends_where_the_text_does(text: str, html: str) -> None:
    (part,) = render(made_whole(text))
    assert part.html == html


def test_nothing_but_marks_shows_nothing() -> None:
    for text in ("", "*", "**", "`", "```", "#", "> ", "|", "- "):
        assert render(made_whole(text)) == ()
