"""Which listed models go on sale by themselves: by family, price and what they require, once, told to the admins."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.catalog.models import Kind
from bot.domain.money import CREDIT, Credits
from bot.engine.catalog import overrides
from bot.engine.catalog.file import families_of, load_catalog, shared_options
from bot.engine.catalog.shop import Shop
from bot.engine.operations.adoption import Adoption, Rule, family_of, kind_of
from bot.engine.operations.discovery import Discovery
from bot.providers.base import Listed, Provider, UpstreamDown
from bot.storage.database import Database
from tests.engine.kit import FakeAlerts, Kit, ToyProvider, catalog, engine, model

RULE = Rule(("flux", "kling"), Credits(80 * CREDIT))
EDIT = Listed("x/flux/edit", kind=Kind.EDIT, units=Decimal(2))
FILM = Listed("x/kling/image-to-video", kind=Kind.VIDEO, units=Decimal(50))
PICTURE, WORDS = {"prompt": "string", "image_url": "string"}, ("prompt", "image_url")


class Lister(ToyProvider):
    """A provider that lists models, and tells of each what it takes."""

    def __init__(self, *listed: Listed) -> None:
        super().__init__()
        self.listed = list(listed)
        self.required: dict[str, tuple[str, ...]] = {}
        self.trouble: Exception | None = None
        self.silent: Exception | None = None
        self.asked = 0

    async def models(self) -> tuple[Listed, ...]:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return tuple(self.listed)

    async def details(self, listed: Listed) -> Listed:
        if self.silent is not None:
            raise self.silent
        required = self.required.get(listed.upstream_id, WORDS)
        return replace(listed, required=required, parameters={**PICTURE, **dict.fromkeys(required, "string")})

    async def prices(self, wanted: Mapping[str, Sequence[int]]) -> Mapping[tuple[str, int], Decimal]:
        return {}


def adoption(db: Database, shop: Shop, provider: Provider, alerts: FakeAlerts, rule: Rule = RULE) -> Adoption:
    providers = {"toy": provider}
    discovery = Discovery(db, shop, providers, shared=shared_options, taken={"help"})
    return Adoption(db, shop, providers, discovery, rule, alerts)


def of(kit: Kit, rule: Rule = RULE) -> Adoption:
    return adoption(kit.db, kit.shop, kit.provider, kit.alerts, rule)


def adopted(kit: Kit) -> list[str]:
    return [m.upstream_id for m in kit.shop.models if m.provider == "toy" and m.slug not in ("pika", "luma")]


async def test_edits_and_animations_are_adopted_at_once_and_told_once(database: Database) -> None:
    async with engine(database, provider=Lister(FILM, EDIT)) as kit:
        await of(kit).look()
        assert adopted(kit) == [EDIT.upstream_id, FILM.upstream_id], "the preferred family first"
        edit, film = (m for m in kit.shop.models if m.upstream_id in (EDIT.upstream_id, FILM.upstream_id))
        assert (edit.kind, edit.inputs.minimum, edit.inputs.param, edit.words_optional) == (
            Kind.EDIT,
            1,
            "image_url",
            False,
        )
        assert (film.kind, kit.shop.price(edit), kit.shop.price(film)) == (Kind.VIDEO, 2 * CREDIT, 50 * CREDIT)
        assert [text for _, text in kit.alerts.said] == ["alert-adopted"]
        (told,) = kit.alerts.values
        assert f"/{edit.slug} · Toy x/flux/edit · 2" in told["models"]
        assert f"/{film.slug} · Toy x/kling/image-to-video · 50" in told["models"]
        database.shift_clock(7 * 3600)
        await of(kit).look()
        assert len(adopted(kit)) == 2
        assert len(kit.alerts.said) == 1


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        (replace(EDIT, upstream_id="x/other/edit"), "no family of the list"),
        (replace(EDIT, upstream_id="x/fluxus/edit"), "another word that begins so"),
        (replace(EDIT, units=None), "no price"),
        (replace(EDIT, units=Decimal(0)), "a price that cannot be"),
        (replace(EDIT, units=Decimal("80.01")), "too dear"),
        (replace(EDIT, allowed=False), "not allowed to this account"),
        (replace(EDIT, kind=Kind.UPSCALE), "neither an edit nor an animation"),
        (replace(EDIT, kind=None, upstream_id="x/flux/dream"), "nothing says what it makes"),
        (replace(EDIT, upstream_id="pika"), "sold already"),
    ],
)
async def test_what_the_list_rules_out_is_not_adopted(database: Database, listed: Listed, why: str) -> None:
    async with engine(database, provider=Lister(listed)) as kit:
        await of(kit).look()
        assert adopted(kit) == [], why


@pytest.mark.parametrize(
    ("listed", "required", "sold"),
    [
        (EDIT, ("prompt", "image_url", "mask_url"), False),
        (EDIT, ("prompt",), False),
        (EDIT, ("image_url",), False),
        (EDIT, ("prompt", "image_urls"), True),
        (FILM, ("image_url",), True),
        (FILM, ("prompt",), False),
        (FILM, ("prompt", "image_url", "video_url"), False),
        (replace(EDIT, kind=Kind.IMAGE), WORDS, True),
        (replace(EDIT, kind=None), WORDS, True),
    ],
)
async def test_an_order_must_fill_what_its_schema_requires(
    database: Database, listed: Listed, required: tuple[str, ...], sold: bool
) -> None:
    provider = Lister(listed)
    provider.required[listed.upstream_id] = required
    async with engine(database, provider=provider) as kit:
        await of(kit).look()
        assert bool(adopted(kit)) is sold


async def test_several_pictures_and_left_out_words_are_as_the_schema_says(database: Database) -> None:
    provider = Lister(EDIT, FILM)
    provider.required = {EDIT.upstream_id: ("prompt", "image_urls"), FILM.upstream_id: ("image_url",)}
    async with engine(database, provider=provider) as kit:
        await of(kit).look()
        edit, film = (m for m in kit.shop.models if m.upstream_id in (EDIT.upstream_id, FILM.upstream_id))
        assert (edit.inputs.param, edit.inputs.maximum) == ("image_urls", 10)
        assert film.words_optional


async def test_what_an_admin_took_off_stays_off(database: Database) -> None:
    async with engine(database, provider=Lister(EDIT)) as kit:
        await of(kit).look()
        (sold,) = [m for m in kit.shop.models if m.upstream_id == EDIT.upstream_id]
        await database.transaction(lambda c: overrides.switch(c, overrides.MODEL, sold.slug, on=False, actor=1))
        await kit.shop.refresh()
        database.shift_clock(7 * 3600)
        await of(kit).look()
        await of(kit, replace(RULE, max_price=Credits(90 * CREDIT))).look()
        assert adopted(kit) == []


async def test_another_rule_is_applied_at_once(database: Database) -> None:
    async with engine(database, provider=Lister(replace(FILM, units=Decimal(85)))) as kit:
        await of(kit).look()
        await of(kit).look()
        assert adopted(kit) == []
        await of(kit, replace(RULE, max_price=Credits(90 * CREDIT))).look()
        assert adopted(kit) == [FILM.upstream_id]


async def test_a_service_that_does_not_answer_is_asked_again_soon(database: Database) -> None:
    provider = Lister(EDIT)
    async with engine(database, provider=provider) as kit:
        provider.trouble = UpstreamDown("down")
        await of(kit).look()
        provider.trouble, provider.silent = None, UpstreamDown("no schema")
        database.shift_clock(61)
        await of(kit).look()
        await of(kit).look()
        assert (provider.asked, adopted(kit)) == (2, [])
        provider.silent = None
        database.shift_clock(61)
        await of(kit).look()
        assert adopted(kit) == [EDIT.upstream_id]


async def test_two_models_of_one_name_get_two(database: Database) -> None:
    twin = replace(EDIT, upstream_id="y/flux/edit", units=Decimal(3))
    async with engine(database, provider=Lister(EDIT, twin)) as kit:
        await of(kit).look()
        first, second = (m for m in kit.shop.models if "flux" in m.upstream_id)
        assert len({first.slug, second.slug}) == len({first.title.of("en"), second.title.of("en")}) == 2


async def test_what_is_adopted_leaves_room_for_what_admins_choose(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overrides, "ADOPTED_MOST", 1)
    async with engine(database, provider=Lister(EDIT, FILM)) as kit:
        await of(kit).look()
        assert adopted(kit) == [EDIT.upstream_id]


async def test_two_processes_adopt_a_model_once(two: tuple[Database, Database]) -> None:
    first, second = two
    base = catalog(model("pika", 10))
    shops = [Shop(db, base, ["toy"]) for db in (first, second)]
    alerts = FakeAlerts()
    both = [adoption(db, shop, Lister(EDIT, FILM), alerts) for db, shop in zip(two, shops, strict=True)]
    for shop in shops:
        await shop.refresh()
    provider = Lister(EDIT, FILM)
    for one in both:  # as if both had read the list before either wrote
        await one.adopt("toy", provider)
    await shops[1].refresh()
    assert [m.upstream_id for m in shops[1].models] == ["pika", EDIT.upstream_id, FILM.upstream_id]
    plan = Discovery(second, shops[1], {}, shared=shared_options).first_plan(
        "toy", await provider.details(EDIT), live=False
    )
    entry = Discovery(second, shops[1], {}, shared=shared_options).drawn(replace(plan, slug="another")).entry
    assert entry is not None
    assert not await second.transaction(lambda conn: overrides.adopt(conn, entry)), "under whichever command"


def test_the_catalogues_families_and_the_settings_price_let_in_what_services_list() -> None:
    families = families_of()
    terms = load_catalog().terms["neuroartist"]
    assert family_of("fal-ai/nano-banana/edit", families) == 0
    assert family_of("fal-ai/kling-video/v2.1/pro/image-to-video", families) is not None
    assert family_of("fal-ai/wan-25-preview/image-to-video", families) is not None
    assert family_of("fal-ai/bytedance/seedream/v4/edit", families) is not None
    assert family_of("fal-ai/face-swap", families) is None
    assert terms.markup * 60 < 80, "the dearest film of the catalogue"


@pytest.mark.parametrize(
    ("upstream_id", "kind"),
    [
        ("fal-ai/minimax-video/image-to-video", Kind.VIDEO),
        ("fal-ai/wan-i2v", Kind.VIDEO),
        ("fal-ai/kling-video/v2/master", Kind.VIDEO),
        ("fal-ai/flux/dev/image-to-image", Kind.EDIT),
        ("fal-ai/flux-pro/kontext/max", Kind.EDIT),
        ("fal-ai/nano-banana/edit", Kind.EDIT),
        ("fal-ai/flux/dev", None),
        ("fal-ai/credits", None),
    ],
)
def test_a_model_of_no_category_is_what_its_id_says(upstream_id: str, kind: Kind | None) -> None:
    assert kind_of(Listed(upstream_id)) is kind
