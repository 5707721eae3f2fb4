"""What words most likely ask for, in both languages."""

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.orders.likely_kind import asks_a_question, named_kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("a video of a lake", Kind.VIDEO),
        ("Видео: озеро на рассвете", Kind.VIDEO),
        ("a lullaby about foxes", Kind.MUSIC),
        ("песня про лису", Kind.MUSIC),
        ("sounds of rain", Kind.AUDIO),
        ("звук дождя", Kind.AUDIO),
        ("3D model of a car", Kind.SOLID),
        ("a poster with a fox", Kind.IMAGE),
        ("картинка с лисой", Kind.IMAGE),
        ("a videographer's portrait", None),
        ("a red fox", None),
        ("лиса в снегу", None),
        ("", None),
        ("x" * 100_000 + " video", None),
    ],
)
def test_a_kind_is_what_the_words_name(words: str, kind: Kind | None) -> None:
    assert named_kind(words) is kind


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("why is the sky blue", True),
        ("Почему небо голубое", True),
        ("the capital of France?", True),
        ("столица Франции?", True),
        ("расскажи про лис", True),
        ("Explain entropy", True),
        ("что-то синее?", True),
        ("a fox who asks why", False),
        ("лиса, которая знает почему", False),
        ("whatever floats", False),
        ("", False),
        ("?", True),
    ],
)
def test_a_question_is_known_by_its_end_or_beginning(words: str, asks: bool) -> None:
    assert asks_a_question(words) is asks
