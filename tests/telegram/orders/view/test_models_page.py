"""/models, /price and the answers to commands with nothing on sale: within Telegram's limits, whatever is sold."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.domain.catalog.models import Kind
from bot.engine.catalog.shop import Offer
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.view.models_page import kinds_shown, models_page, price_text
from bot.telegram.orders.view.not_sold import kind_not_sold, model_not_sold
from bot.telegram.ui.screen import HEIGHT, height
from tests.telegram.order_kit import AI_NOW, CATALOG, EN, RU, many_models, market_of, model

ALL = market_of(*CATALOG.models)
OPTIONED = [m for m in CATALOG.models if m.options]


def plain(markup: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", markup))


def page(offers: tuple[Offer, ...], kind: Kind | None = None, number: int = 0, t: Speech = EN) -> tuple[str, list[str]]:
    text, keyboard = models_page(t, offers, CATALOG.terms, kind, number)
    return plain(text), [b.text for row in keyboard.inline_keyboard for b in row]


def price(slug: str, options: Mapping[str, str] = {}, t: Speech = EN) -> str:
    offer = ALL.get(slug)
    assert offer is not None
    return plain(price_text(t, offer, options, ALL, CATALOG.terms[offer.model.provider]))


def test_each_kind_has_a_page_with_reason_command_price_and_time() -> None:
    text, labels = page(ALL.offers, Kind.UPSCALE)
    assert text == "🔍 Upscale\nUpscale ×4 — width and height times four\n/upscaler · 1.2 credits · 8 s"
    assert labels == [f"{EN.plain(f'order-kind-{k.value}')}" for k in kinds_shown(ALL.offers) if k is not Kind.UPSCALE]
    text, _ = page(ALL.offers, Kind.VIDEO)
    assert text.startswith("🎬 Video\n⭐ Pika — inexpensive, with 7 styles\n/pika · 10 credits · 2 min\nLuma — ")
    assert "Kling — cinematic, choice of aspect\n/kling · 72 credits · 1 min 30 s" in text
    assert "Options: /price pika" in text
    assert "up to" in page(ALL.offers, Kind.ASK)[0]


def test_what_is_temporarily_unavailable_is_marked_and_not_priced() -> None:
    text, _ = page(market_of(*AI_NOW, paused=("pika",)).offers, Kind.VIDEO)
    assert "Pika · temporarily unavailable" in text
    assert "/pika" not in text


def test_pages_turn_and_never_lose_the_reader() -> None:
    offers = market_of(*many_models(20)).offers
    assert page(offers, Kind.VIDEO, 3)[1] == ["‹", "4/4", "›"]
    assert page(offers, Kind.VIDEO, 99) == page(offers, Kind.VIDEO, 3)
    assert page(offers, Kind.VIDEO, 1)[0] != page(offers, Kind.VIDEO, 2)[0]
    assert page(offers, Kind.IMAGE) == page(offers, Kind.VIDEO)
    assert page((), Kind.IMAGE) == (plain(EN("order-nothing-on-sale")), [])


@pytest.mark.parametrize("t", [EN, RU])
def test_every_page_fits_one_screen(t: Speech) -> None:
    wide = tuple(
        replace(m, slug=f"{m.slug[:4]}{n}", options=(*m.options, *model("flux_schnell").options))
        for n, m in enumerate(many_models(40))
    )
    for offers in (ALL.offers, market_of(*wide).offers):
        for kind in Kind:
            for number in range(6):
                text, keyboard = models_page(t, offers, CATALOG.terms, kind, number)
                assert height(text) <= HEIGHT
                for row in keyboard.inline_keyboard:
                    assert all(len((b.callback_data or "").encode()) <= 64 for b in row)


def test_a_price_has_a_row_for_each_option_that_changes_it() -> None:
    said = price("dalle", {"size": "1792x1024"})
    assert "Price: 19.2 credits · about 20 s" in said
    assert "Images: 1 – 19.2 · 2 – 38.4 · 3 – 57.6 · 4 – 76.8" in said
    assert "Size: 1024×1024 – 9.6 · 1792×1024 – 19.2" in said
    assert "To order it: /dalle --size 1792x1024" in said
    said = price("gpt_image", {"quality": "high"})
    assert "Price: 38.4 credits" in said
    assert "Quality: Auto – 38.4 · Low – 2.4 · Medium – 9.6 · High – 38.4" in said
    assert "Size: Auto – 57.6 · 1024×1024 – 38.4 · 1536×1024 – 57.6 · 1024×1536 – 57.6" in said


def test_a_price_by_usage_names_the_price_of_questions_and_answers() -> None:
    assert "0.03 credits for 1,000 tokens of questions, 0.24 credits for 1,000 tokens of answers" in price("gpt")


@pytest.mark.parametrize("t", [EN, RU])
def test_every_price_fits_a_message(t: Speech) -> None:
    for sold in CATALOG.models:
        for option in (None, *sold.options):
            chosen = {} if option is None or not option.choices else {option.name: option.choices[-1].value}
            assert 0 < len(price(sold.slug, chosen, t)) <= 4096


def test_a_model_off_sale_says_what_it_would_cost() -> None:
    market = market_of(*CATALOG.models, paused=("luma",))
    offer = market.get("luma")
    assert offer is not None
    said = plain(price_text(EN, offer, {}, market, CATALOG.terms["ai_now"]))
    assert "temporarily unavailable. When it is back it costs 30 credits" in said


@pytest.mark.parametrize("t", [EN, RU])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_without_models_names_others(t: Speech, kind: Kind) -> None:
    others = [m for m in CATALOG.models if m.kind is not kind]
    said = plain(kind_not_sold(t, kind, others))
    assert f"/{kind.value}" in said
    assert any(f"/{other.kind.value}" in said for other in others)
    assert t.plain("sold-nothing") in plain(kind_not_sold(t, kind, ()))


def test_the_nearest_come_first() -> None:
    assert "use: /edit" in plain(kind_not_sold(EN, Kind.IMAGE, [m for m in CATALOG.models if m.kind is not Kind.IMAGE]))
    assert "use: /music" in plain(kind_not_sold(EN, Kind.AUDIO, CATALOG.models))
    assert "use: /luma (Luma), /pika (Pika), /run (Run)" in plain(model_not_sold(EN, model("kling"), AI_NOW))
    assert "/video" in plain(model_not_sold(EN, model("flux_dev"), AI_NOW))
