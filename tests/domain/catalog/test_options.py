"""What an order says of its options is what goes upstream: for every value of every option in the catalogue."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.catalog.models import ON, Choice, Model, Option, OptionType, Translations
from bot.domain.catalog.number_steps import presets
from bot.domain.catalog.options import clashing, differing, parameters, results, rivals, valid
from bot.engine.catalog.file import load_catalog

CATALOG = load_catalog(allow=["no-safety"])


def values_of(option: Option) -> Iterator[str]:
    match option.type:
        case OptionType.CHOICE:
            yield from (choice.value for choice in option.choices)
        case OptionType.SWITCH:
            yield ON
        case OptionType.TEXT:
            yield "end"
        case _:
            yield from presets(option) or (f"{option.minimum:f}", f"{option.maximum:f}")


def every_value() -> Iterator[tuple[Model, Option, str]]:
    for model in CATALOG.models:
        for option in model.options:
            yield from ((model, option, value) for value in values_of(option))


def of(slug: str) -> Model:
    found = CATALOG.get(slug)
    assert found is not None
    return found


def test_what_is_said_to_be_chosen_is_in_the_request_and_a_default_goes_without_saying() -> None:
    for model, option, value in every_value():
        plain, chosen = parameters(model, {}), parameters(model, {option.name: value})
        said = differing(model, {option.name: value})
        about = (model.slug, option.name, value)
        assert said == ({} if value == option.default else {option.name: value}), about
        if said:
            assert plain != chosen or results(model, said) > results(model, {}), about
            assert not option.param or option.param in chosen, about


def test_of_two_options_that_decide_the_same_only_the_one_that_is_sent_is_said() -> None:
    both = {"ar": "16:9", "size": "portrait_16_9"}  # an order of an earlier version
    flux = of("flux_schnell")
    assert parameters(flux, both)["image_size"] == "portrait_16_9"
    assert differing(flux, both) == {"size": "portrait_16_9"}
    assert len(differing(flux, {"ar": "16:9", "size": "landscape_16_9"})) == 1


def test_values_that_are_none_of_the_models_are_not_said_and_none_is_no_value() -> None:
    assert differing(of("flux_schnell"), {"ar": "17:3", "style": "4", "n": "", "seed": "7"}) == {"seed": "7"}


def test_defaults_chosen_on_purpose_or_sent_in_any_case_are_not_said() -> None:
    assert differing(of("flux_dev"), {"steps": "28", "guidance": "3.5", "n": "1"}) == {}
    assert differing(of("gpt_image"), {"quality": "medium", "size": "1024x1024"}) == {}
    assert differing(of("gpt_image"), {"quality": "medium", "ar": "1:1"}) == {}


def shaped(first: str, second: str) -> Model:
    """A model whose two options are two parameters upstream."""
    words = Translations({"en": "x"})
    made = [Option(n, Translations({"en": n}), (Choice("a", words),), param=f"to_{n}") for n in (first, second)]
    return replace(of("luma"), options=tuple(made))


def test_aspect_and_size_decide_the_same_also_as_two_parameters() -> None:
    model = shaped("size", "ar")
    assert rivals(*model.options)
    assert clashing(model, {"ar": "a", "size": "a"}) == ("size", "ar")
    assert not valid(model, {"ar": "a", "size": "a"})
    assert valid(model, {"ar": "a"})
    other = shaped("ar", "quality")
    assert not rivals(*other.options)
    assert clashing(other, {"ar": "a", "quality": "a"}) is None


def test_every_pair_of_the_catalogue_that_shapes_a_picture_excludes_each_other() -> None:
    for model in CATALOG.models:
        ar, size = model.option("ar"), model.option("size")
        if ar is not None and size is not None:
            both = {"ar": ar.choices[0].value, "size": size.choices[0].value}
            assert clashing(model, both), model.slug
