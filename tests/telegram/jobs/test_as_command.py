"""An order as a command is read as the very same order, or is not offered; pages and captions keep within bounds."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog.models import ON, Model, Option, OptionType
from bot.domain.catalog.options import clashing, valid
from bot.domain.jobs import Delivered, Input, Job
from bot.engine.accounts.preferences import Preferences
from bot.engine.results.history import Page, Shelf
from bot.telegram.history.page import Place, caption, keyboard, place_at
from bot.telegram.i18n.lengths import CAPTION_MAX, units
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.as_command import command_of
from bot.telegram.jobs.handlers.result_more import settings_text
from bot.telegram.jobs.keyboards import reuse_button
from bot.telegram.orders.draft.draft import tidy
from bot.telegram.orders.draft.order_request import OrderRequest
from bot.telegram.orders.draft.parse import read
from bot.telegram.ui.captions import visible
from tests.telegram.order_kit import CATALOG, EN, RU, job_of, market_of, model

SOLD = [m for m in CATALOG.models if m.kind.value != "ask"]
ALL = market_of(*SOLD)
NOBODYS = Preferences()
PHOTO = Input(blob="photo", mime="image/png")


def order(slug: str, prompt: str, options: Mapping[str, str]) -> Job:
    made = model(slug)
    pictures = (replace(PHOTO, own="/history/a", provider=made.provider),) * made.inputs.minimum
    return replace(job_of(slug, dict(options), prompt=prompt), kind=made.kind, inputs=pictures)


def values(option: Option) -> st.SearchStrategy[str]:
    if option.type is OptionType.CHOICE:
        return st.sampled_from([choice.value for choice in option.choices])
    if option.type is OptionType.SWITCH:
        return st.just(ON)
    if option.type is OptionType.TEXT:
        return st.sampled_from(["a blurred face", 'with "quotes"', "--seed 3", "ни рук, ни ног"])
    low, high = int(option.minimum or 0), int(option.maximum or 100)
    return st.integers(low, min(high, 2**31)).map(str)


@st.composite
def orders(draw: st.DrawFn) -> Job:
    made: Model = draw(st.sampled_from(SOLD))
    chosen = draw(st.fixed_dictionaries({}, optional={o.name: values(o) for o in made.options}))
    while (both := clashing(made, chosen)) is not None:
        del chosen[both[1]]
    words = st.lists(st.sampled_from(["a", "fox", "none", "oil", "16:9", "—да", "<b>&", "\n", "4", "лиса"]), min_size=1)
    prompt = tidy(" ".join(draw(words))) or "a lake"
    return order(made.slug, prompt if made.prompt_limit else "", chosen)


@given(orders())
def test_a_command_gives_the_same_order(job: Job) -> None:
    command = command_of(EN, job, ALL, NOBODYS)
    if command is None:
        assert any('"' in v for v in job.options.values()) or "--" in str(job.options), "only such are not offered"
        return
    name, _, rest = command.partition(" ")
    assert name == f"/{job.kind.value}"
    draft = read(EN, OrderRequest(job.kind.value, rest, kind=job.kind), ALL, job.inputs)
    assert (draft.model, draft.prompt, draft.chosen()) == (job.model, job.prompt, job.options)
    assert valid(model(job.model), draft.chosen())


@pytest.mark.parametrize("prompt", ["a fox --style 4", "--model run", "a lake --no-such 3", "x --seed"])
def test_words_that_would_be_read_as_flags_are_not_offered(prompt: str) -> None:
    assert command_of(EN, order("pika", prompt, {}), ALL, NOBODYS) is None
    assert reuse_button(EN, order("pika", prompt, {}), ALL, NOBODYS) == []


def test_what_is_not_sold_any_more_is_not_offered() -> None:
    job = order("pika", "a lake", {"style": "4"})
    assert command_of(EN, job, market_of(model("run")), NOBODYS) is None
    assert command_of(EN, replace(job, options={"style": "gone"}), ALL, NOBODYS) is None


def test_short_commands_are_copied_by_the_button_and_long_ones_come_as_code() -> None:
    job = order("pika", "a lake", {"style": "4"})
    (short,) = reuse_button(EN, job, ALL, NOBODYS)
    assert short.copy_text is not None
    assert short.copy_text.text == "/video --model pika --style 4 a lake"
    longest = order("pika", "🦊" * 108, {"style": "4"})  # two units each
    (at_the_bound,) = reuse_button(EN, longest, ALL, NOBODYS)
    command = command_of(EN, longest, ALL, NOBODYS)
    assert command is not None
    assert (units(command) > 256) == (at_the_bound.copy_text is None)
    (long,) = reuse_button(EN, order("pika", "a lake, " * 60 + "deep", {}), ALL, NOBODYS)
    assert long.copy_text is None
    assert long.callback_data == f"j:{'a' * 13}:reuse:"
    huge = order("flux_dev", "<" * 3999, {})
    said = settings_text(EN, huge, ALL, NOBODYS)
    assert said is not None
    assert "&lt;" * 3999 in said
    assert visible(said) <= 4096
    said = settings_text(EN, order("flash", "a" * 4090, {}), ALL, NOBODYS)
    assert said is not None
    assert "/image --model flash</pre>" in said
    assert "as a reply to it" in said


def test_usual_flags_of_the_person_do_not_change_the_order() -> None:
    job = order("naive_schnell", "a fox", {})
    assert command_of(EN, job, ALL, NOBODYS) == "/image --model naive_schnell a fox"
    own = replace(NOBODYS, flags={"image": "--seed 7"})
    command = command_of(EN, job, ALL, own)
    assert command is not None
    assert '--seed "none"' in command
    draft = read(EN, OrderRequest("image", command.partition(" ")[2], kind=job.kind), ALL, (), own)
    assert (draft.prompt, draft.chosen()) == ("a fox", {})


@pytest.mark.parametrize("t", [EN, RU])
def test_a_page_fits_its_caption_and_its_buttons_their_bytes(t: Speech) -> None:
    worst = order("pika", "<&" * 2000, {"style": "gone" * 300, **{f"o{n}": "x" * 50 for n in range(30)}})
    worst = replace(worst, id="z" * 13, delivered=(Delivered("f", "photo"),) * 10)
    page = Page(worst, 9_999, 10_000, *(["z" * 13] * 4))
    place = Place(Shelf.FAVOURITES, 9, "y" * 13, ("ы" * 64,) * 8)
    ancestors = [worst] * 8
    text = caption(t, CATALOG, page, place, ancestors)
    assert visible(text) <= CAPTION_MAX
    for row in keyboard(t, page, place, ancestors, []).inline_keyboard:
        for each in row:
            assert len((each.callback_data or "").encode()) <= 64
    for at in ("", "all", "all.", "all.100", "all.²", "ALL.1", "all.1.1", "favourites.-1"):
        assert place_at(at) is None
    assert place_at("videos.3") == Place(Shelf.VIDEOS, 3)
