"""Names for what services list: readable, short enough for a button and a command, never cut within a word."""

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.orders.matching import normalise
from bot.engine.catalog.file import load_catalog
from bot.engine.catalog.listed_names import TITLE, command_of, in_russian, title_of, whole_words
from bot.engine.catalog.schema import VALUE_BYTES

CATALOG = load_catalog()
SLUGS = {m.slug for m in CATALOG.models}


@pytest.mark.parametrize(
    ("upstream_id", "title", "command"),
    [
        ("fal-ai/flux/dev/image-to-image", "Flux Dev · edit", "flux_dev_edit"),
        ("fal-ai/minimax-video/image-to-video", "Minimax Video · animate", "minimax_video_animate"),
        ("fal-ai/kling-video/v1.6/pro/image-to-video", "Kling Video V1.6 Pro · animate", "kling_v1_6_pro_animate"),
        ("fal-ai/gemini-25-flash-image/edit", "Gemini 25 Flash Image · edit", "gemini_25_flash_edit"),
        ("fal-ai/clarity-upscaler", "Clarity · upscale", "clarity_upscale"),
        ("fal-ai/imageutils/rembg", "Imageutils · remove background", "imageutils_background"),
        ("fal-ai/wan-t2v", "Wan", "wan"),
        ("fal-ai/wan-i2v", "Wan · animate", "wan_animate"),
        ("fal-ai/recraft-v3", "Recraft V3", "recraft_v3"),
        ("fal-ai/flux/dev", "Flux Dev", "flux_dev_2"),
        ("fal-ai/image-to-video", "Image To Video", "image_to_video"),
        ("anthropic/claude-3.5-sonnet-20241022", "Claude 3.5 Sonnet 20241022", "claude_3_5_sonnet"),
        ("deepseek-ai/DeepSeek-V3", "DeepSeek V3", "deepseek_v3"),
        ("gpt-image-1-mini", "GPT Image 1 Mini", "gpt_image_1_mini"),
        ("gpt-6", "GPT 6", "gpt_6"),
        ("4o", "4o", "m_4o"),
        ("ё", "Ё", "m"),
        ("a/" + "very-" * 20, "Very Very Very Very Very Very", "very_very_very_very_very"),
        ("a/" + "x" * 80, "X" + "x" * 30 + "…", "model"),
    ],
)
def test_an_id_becomes_a_title_and_a_command_unlike_the_others(upstream_id: str, title: str, command: str) -> None:
    assert title_of(upstream_id) == title
    assert command_of(upstream_id, SLUGS) == command
    assert len(title) <= TITLE
    assert len(command) <= VALUE_BYTES


def test_the_title_that_a_service_tells_is_kept_in_whole_words() -> None:
    assert title_of("x/y", " Seedream\n4.0 ") == "Seedream 4.0"
    assert title_of("x/y", "Seedream 4.0 for pictures of everything") == "Seedream 4.0 for pictures of…"
    assert title_of("x/y", "fal-ai/flux/dev/edit") == "Flux Dev · edit", "an id in the place of a title"
    assert title_of("x/y", "fal-ai/recraft-v3") == "Recraft V3"


def test_where_a_name_is_taken_the_kind_is_added_and_then_a_number() -> None:
    taken = {normalise("Nano Pro")}
    assert title_of("nano-pro", kind=Kind.EDIT, taken=taken) == "Nano Pro · edit"
    assert title_of("nano-pro", kind=Kind.IMAGE, taken=taken) == "Nano Pro 2"
    assert title_of("nano-pro", kind=Kind.EDIT, taken={*taken, normalise("Nano Pro · edit")}) == "Nano Pro 2"
    assert command_of("nano-pro", {"nano_pro"}, kind=Kind.EDIT) == "nano_pro_edit"
    assert command_of("nano-pro", {"nano_pro", "nano_pro_2"}, kind=Kind.VIDEO) == "nano_pro_3"
    assert command_of("nano-pro", {"nano_pro", "nano_pro_edit"}, kind=Kind.EDIT) == "nano_pro_2"


def test_many_models_of_one_name_all_get_their_own() -> None:
    taken: set[str] = set()
    for _ in range(300):
        taken.add(command_of("v/stable-diffusion-ultra-max", taken))
    assert len(taken) == 300
    assert all(len(name) <= VALUE_BYTES for name in taken)


def test_what_a_model_does_is_said_in_russian_too() -> None:
    assert in_russian("Flux Dev · edit") == "Flux Dev · правка"
    assert in_russian("Minimax Video · animate") == "Minimax Video · оживление"
    assert in_russian("Flux Dev") == "Flux Dev"
    assert in_russian("edit") == "edit"


def test_whole_words_end_with_a_mark_where_some_are_left_out() -> None:
    assert whole_words("one two", 7) == "one two"
    assert whole_words("one two three", 9) == "one two…"
    assert whole_words("x" * 20, 5) == "xxxx…"
