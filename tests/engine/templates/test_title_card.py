"""Title cards: pictures with the title in either alphabet, the same each time."""

from io import BytesIO

import pytest
from PIL import Image, ImageFont

from bot.domain.catalog.models import Kind
from bot.domain.catalog.templates import KINDS
from bot.engine.catalog.file import load_catalog
from bot.engine.templates.file import load_templates
from bot.engine.templates.title_card import FONT, SIZE, draw, title_card


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_is_a_picture_of_its_own(kind: Kind) -> None:
    made = draw("one", kind, "Портрет маслом")
    with Image.open(BytesIO(made)) as card:
        assert (card.format, card.size) == ("PNG", SIZE)
    assert len(made) < 300_000
    assert made == draw("one", kind, "Портрет маслом")
    assert made != draw("two", kind, "Портрет маслом")


def test_every_letter_of_every_title_is_in_the_font() -> None:
    font = ImageFont.truetype(FONT, 40)
    nothing = bytes(font.getmask("\U0010ffff"))
    for template in load_templates(load_catalog()):
        for title in template.title.by_language.values():
            assert not [c for c in title if not c.isspace() and bytes(font.getmask(c)) == nothing]


async def test_a_title_of_one_long_word_or_of_signs_alone_is_drawn() -> None:
    template = load_templates(load_catalog())[0]
    assert await title_card(template, "en") == draw(template.slug, template.kind, "Oil portrait")
    assert draw("x", template.kind, "Превысокомногорассмотрительствующий")
    assert draw("x", template.kind, "🎨 Art") == draw("x", template.kind, "Art")
    assert draw("x", template.kind, "🎨")
