"""What one tree's codecs, caches and Markdown cost: prints JSON, processor µs of each operation by its name.

    PYTHONPATH=<tree> python -P benchmarks/measured/libraries.py codecs|caches|markdown|markdown-it

The tree may be an older one, so this imports nothing of benchmarks and only what both have; markdown-it is the parser
of markdown-it-py alone, with no HTML made of what it found.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Final

SHORTEST: Final = 0.15
"""Processor seconds for which each operation is repeated."""
PARAGRAPH: Final = "Here is **bold text** and *italic*, `code()`, [a link](https://e.org/x?y=1) and more words. " * 4
PLAIN: Final = "Words of an answer without any marks, line after line, as most answers have them. " * 4
BLOCKS: Final = (
    "# Title",
    PARAGRAPH,
    PLAIN,
    "- one\n- **two**\n  - three\n1. four",
    "```python\nx = 1\nfor i in range(3):\n    print(i)\n```",
    "|a|b|\n|-|-|\n|1|2|\n|3|4|",
    "> said\n> **so**",
)
ANSWER: Final = "\n\n".join(BLOCKS * 40)
FRAME: Final = 400
"""Characters by which a streamed answer has grown when it is shown again."""
WIDE_TABLE: Final = "a|" * 300 + "\n" + "-|" * 300 + "\n" + "a\n" * 49_400


def cost(run: Callable[[], object]) -> float:
    """Processor microseconds of one run, after one that is not counted."""
    run()
    times, began = 0, time.process_time()
    while (spent := time.process_time() - began) < SHORTEST:
        run()
        times += 1
    return spent / times * 1e6


def codecs() -> dict[str, float]:
    from bot.domain.catalog.models import Kind  # noqa: PLC0415
    from bot.domain.jobs import Input  # noqa: PLC0415
    from bot.domain.orders.order_defaults import Usual  # noqa: PLC0415
    from bot.telegram.orders.draft.draft import OrderDraft  # noqa: PLC0415

    small = OrderDraft("a serene lake")
    large = OrderDraft(
        "a serene lake",
        kind=Kind.IMAGE,
        model="flux-pro",
        options={"size": "1024x1024", "count": "4", "seed": ""},
        wanted={f"model-{n}": {"size": "1024x1024", "count": "4"} for n in range(8)},
        usual=Usual({"image": "flux-pro"}, {"image": {"size": "1024x1024"}}, {"count": "4"}),
        inputs=tuple(Input(f"blob-{n}", "image/jpeg", index=n) for n in range(4)),
        last={"model": "flux-pro", "options": {"count": "4"}},
    )
    return {
        "draft with a prompt alone, written and read": cost(lambda: OrderDraft.from_data(small.to_data())),
        "draft with everything, written and read": cost(lambda: OrderDraft.from_data(large.to_data())),
    }


def caches() -> dict[str, float]:
    from bot.engine.accounts.users import User  # noqa: PLC0415
    from bot.telegram.context.throttle import Throttle  # noqa: PLC0415
    from bot.telegram.context.user_cache import Facts, UserCache  # noqa: PLC0415

    facts = Facts("name", "Name", "en")
    users = [User(n, n, "name", "Name", None, "en", 0.0) for n in range(20_000)]
    cache, throttle = UserCache(), Throttle(90)
    for user in users:
        cache.keep(user, facts, greeted=False, edition=0)
        throttle.take(user.id)

    def find() -> None:
        for user in users[-1000:]:
            cache.find(user.id, facts, greeted=False)

    def keep() -> None:  # all of them: by the time that a user comes again, the cache has forgotten them
        for user in users:
            cache.keep(user, facts, greeted=False, edition=0)

    def take() -> None:
        for user in users[-1000:]:
            throttle.take(user.id)

    return {
        "user found": cost(find) / 1000,
        "user kept in place of another": cost(keep) / len(users),
        "update counted by the throttle": cost(take) / 1000,
    }


def markdown(render: Callable[[str], object]) -> dict[str, float]:
    def stream() -> None:
        for end in range(FRAME, 12_000, FRAME):
            render(ANSWER[:end])

    texts = {
        "2,000 characters": ANSWER[:2_000],
        "32,000 characters": ANSWER[:32_000],
        "32,000 characters without a mark": ("\n\n".join([PLAIN] * 100))[:32_000],
    }
    hostile = {
        "opening brackets": "[",
        "pictures begun": "![",
        "links begun": "[a](",
        "asterisks within words": "a**b",
        "lines of a list": "* a\n",
        "backticks, one and two": "`x``",
        "quotes within quotes": "> ",
    }
    found = {f"answer of {name}": cost(lambda text=text: render(text)) for name, text in texts.items()}  # type: ignore[misc]
    found["answer that grows to 12,000 characters, all 29 frames"] = cost(stream)
    for name, unit in hostile.items():
        text = (unit * 100_000)[:100_000]
        found[f"100,000 characters of {name}"] = cost(lambda text=text: render(text))  # type: ignore[misc]
    found["100,000 characters of a table of 300 columns"] = cost(lambda: render(WIDE_TABLE))
    return found


def ours() -> dict[str, float]:
    from bot.telegram.chat.markdown.blocks import render  # noqa: PLC0415

    return markdown(render)


def markdown_it() -> dict[str, float]:
    from markdown_it import MarkdownIt  # noqa: PLC0415

    parser = MarkdownIt("zero", {"maxNesting": 20})
    parser.enable(["blockquote", "fence", "heading", "hr", "list", "table", "emphasis", "strikethrough"])
    parser.enable(["backticks", "link", "image", "escape", "autolink", "balance_pairs"])
    return markdown(parser.parse)


SUBJECTS: Final = {"codecs": codecs, "caches": caches, "markdown": ours, "markdown-it": markdown_it}

if __name__ == "__main__":
    print(json.dumps(SUBJECTS[sys.argv[1]]()))
