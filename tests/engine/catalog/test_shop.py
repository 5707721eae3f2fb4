"""What is on sale at which price, and why not: switches, the shelf, live prices, operator faults, what runs cost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.catalog.models import Catalog, Choice, Kind, Option, OptionType, Translations
from bot.domain.errors import NotOnSale
from bot.domain.jobs import Asset, Cause, JobState
from bot.domain.money import CREDIT, Credits
from bot.engine.accounts import users
from bot.engine.catalog import overrides
from bot.engine.catalog.file import shared_options
from bot.engine.catalog.shop import Shop, Why
from bot.engine.jobs.submit import QuoteStale
from bot.engine.operations.discovery import Discovery, News
from bot.engine.operations.price_watch import PriceWatch
from bot.engine.operations.provider_admin import ProviderAdmin
from bot.providers.base import (
    Accepted,
    BadKey,
    Listed,
    NotPermitted,
    Provider,
    Succeeded,
    UnknownModel,
    UpstreamDown,
)
from bot.storage.database import Database
from bot.storage.tables import shelf
from tests.engine.kit import Kit, ToyProvider, catalog, engine, model

LIVE = replace(model("pika", 10), live=True)


class Seller(ToyProvider):
    """A provider that tells prices, models and its balance."""

    def __init__(self) -> None:
        super().__init__()
        self.units: dict[str, Decimal] = {"pika": Decimal(12)}
        self.trouble: Exception | None = None
        self.listed: list[Listed] = [Listed("pika"), Listed("luma")]
        self.left = Decimal(100)
        self.asked = 0

    async def prices(self, wanted: Mapping[str, Sequence[int]]) -> Mapping[tuple[str, int], Decimal]:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return {(m, n): self.units[m] * n for m, counts in wanted.items() if m in self.units for n in counts}

    async def models(self) -> tuple[Listed, ...]:
        if self.trouble is not None:
            raise self.trouble
        return tuple(self.listed)

    async def details(self, listed: Listed) -> Listed:
        return listed

    async def balance(self) -> Decimal:
        return self.left


def watch(kit: Kit) -> PriceWatch:
    providers: dict[str, Provider] = {"toy": kit.provider}
    return PriceWatch(kit.db, kit.shop, providers, age=3600, alerts=kit.alerts)


def other(kit: Kit, **settings: object) -> Shop:
    """The shop of another process."""
    return Shop(kit.db, kit.shop.base, ["toy"], **settings)  # type: ignore[arg-type]


def room(kit: Kit, *, low: int = 0) -> ProviderAdmin:
    providers: dict[str, Provider] = {"toy": kit.provider}
    discovery = Discovery(kit.db, kit.shop, providers, shared=shared_options, taken={"help"})
    return ProviderAdmin(kit.db, kit.shop, providers, kit.alerts, discovery=discovery, low_balance=Decimal(low))


async def whys(shop: Shop) -> dict[str, Why | None]:
    return {offer.model.slug: offer.why for offer in await shop.everything()}


async def test_todays_price_holds_while_it_is_young(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller, what=catalog(LIVE)) as kit:
        (before,) = await kit.shop.offers()
        assert (before.price, before.approximate) == (10 * CREDIT, True)
        await watch(kit).look()
        (offer,) = await kit.shop.offers()
        assert (offer.price, offer.approximate) == (12 * CREDIT, False)
        (elsewhere,) = await other(kit).offers()
        assert elsewhere.price == 12 * CREDIT, "one process asks, all of them know"
        database.shift_clock(3700)
        (old,) = await kit.shop.offers()
        assert (old.price, old.approximate, old.available) == (10 * CREDIT, True, True)
        (strict,) = await other(kit, sells_without_price=False).offers()
        assert (strict.available, strict.why) == (False, Why.NO_PRICE)


async def test_without_todays_price_a_provider_may_sell_nothing_whatever_the_operator_chose(database: Database) -> None:
    seller = Seller()
    terms = replace(catalog().terms["toy"], fallback=False)
    fixed = model("luma", 30)
    async with engine(database, provider=seller, what=Catalog({"toy": terms}, (LIVE, fixed))) as kit:
        ann = await kit.person(1)
        assert await whys(kit.shop) == {"pika": Why.NO_PRICE, "luma": None}
        with pytest.raises(NotOnSale):
            await kit.order(ann)
        await watch(kit).look()
        assert await whys(kit.shop) == {"pika": None, "luma": None}
        placed = await kit.order(ann)
        assert (await kit.finished(placed.job.id)).charged == 12 * CREDIT
        database.shift_clock(3700)
        assert await whys(kit.shop) == {"pika": Why.NO_PRICE, "luma": None}, "it is old again"


def _chosen(*values: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, Translations({"en": value, "ru": value})) for value in values)


async def test_a_model_has_the_options_and_values_that_its_provider_lists_for_its_kind(database: Database) -> None:
    seller = Seller()
    said = Translations({"en": "x", "ru": "x"})
    several = Option("n", said, type=OptionType.INTEGER, param="num_images", minimum=Decimal(1), maximum=Decimal(4))
    ratio = Option("ar", said, _chosen("auto", "1:1", "16:9"), param="aspect_ratio", default="16:9")
    form = Option("format", said, _chosen("png", "jpeg"), param="output_format")
    own = Option("seed", said, type=OptionType.INTEGER, minimum=Decimal(0), maximum=Decimal(9))
    options = (several, ratio, form, own)
    image = replace(model("flash"), upstream_id="default", kind=Kind.IMAGE, options=options)
    edit = replace(model("flash_edit"), upstream_id="default", kind=Kind.EDIT, options=options)
    parameters = dict.fromkeys(("num_images", "aspect_ratio", "output_format"), "string")
    async with engine(database, provider=seller, what=catalog(image, edit)) as kit:
        first = Listed("default", kind=Kind.IMAGE, parameters=parameters, max_results=1)
        first = replace(first, choices={"aspect_ratio": ("1:1",), "output_format": ("webp",)})
        second = replace(first, kind=Kind.EDIT, max_results=3, choices={"aspect_ratio": ("auto", "1:1")})
        seller.listed = [first, second]
        await watch(kit).look()
        shop = other(kit)
        await shop.refresh()
        found = {m.slug: {o.name: o for o in m.options} for m in shop.models}
        assert set(found["flash"]) == {"ar", "seed"}, "one picture at a time, and no form of ours"
        assert [c.value for c in found["flash"]["ar"].choices] == ["1:1"]
        assert found["flash"]["ar"].default == ""
        assert found["flash_edit"]["n"].maximum == 3
        assert [c.value for c in found["flash_edit"]["ar"].choices] == ["auto", "1:1"]
        assert len(found["flash_edit"]["format"].choices) == 2, "of these it says nothing"
        seller.listed = [replace(first, allowed=False), replace(second, allowed=False)]
        database.shift_clock(6 * 3600 + 1)
        await watch(kit).look()
        assert await whys(other(kit)) == {"flash": Why.NOT_ALLOWED, "flash_edit": Why.NOT_ALLOWED}


async def test_prices_are_asked_once_in_a_while_and_soon_again_after_a_failure(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller, what=catalog(LIVE)) as kit:
        seller.trouble = UpstreamDown("503")
        await watch(kit).look()
        await watch(kit).look()
        assert seller.asked == 1
        seller.trouble = None
        database.shift_clock(61)
        await watch(kit).look()
        await watch(kit).look()
        assert seller.asked == 2
        database.shift_clock(1801)
        await watch(kit).look()
        assert seller.asked == 3


async def test_a_price_that_changed_meanwhile_is_shown_anew(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller, what=catalog(LIVE)) as kit:
        ann = await kit.person(1)
        quoted = kit.shop.price(LIVE)
        await watch(kit).look()
        kit.shop.price = lambda *_: quoted  # type: ignore[method-assign]  # what the confirmation showed
        order = kit.order(ann)
        kit.orders._shop = other(kit)
        with pytest.raises(QuoteStale) as stale:
            await order
        assert stale.value.quote == Credits(12 * CREDIT)
        assert await kit.balance(ann) == (100, 0)


async def test_nonsense_for_a_price_is_no_price(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller, what=catalog(LIVE)) as kit:
        seller.units = {"pika": Decimal(0)}
        await watch(kit).look()
        (offer,) = await kit.shop.offers()
        assert (offer.price, offer.approximate) == (10 * CREDIT, True)


async def test_switched_off_is_off_at_once_in_every_process(database: Database) -> None:
    async with engine(database) as kit:
        ann, second = await kit.person(1), other(kit)
        assert await room(kit).switch(overrides.MODEL, "pika", on=False, actor=9)
        assert not await room(kit).switch(overrides.MODEL, "pika", on=False, actor=9)
        assert [o.model.slug for o in await second.offers()] == ["luma"]
        assert await whys(second) == {"pika": Why.MODEL_OFF, "luma": None}
        with pytest.raises(NotOnSale):
            await kit.order(ann)
        assert await room(kit).switch(overrides.PROVIDER, "toy", on=False, actor=9)
        assert await whys(second) == dict.fromkeys(("pika", "luma"), Why.PROVIDER_OFF)
        assert await room(kit).switch(overrides.PROVIDER, "toy", on=True, actor=9)
        assert await room(kit).switch(overrides.MODEL, "pika", on=True, actor=9)
        placed = await kit.order(ann)
        assert (await kit.finished(placed.job.id)).state is JobState.DONE


async def test_what_waits_for_a_model_that_went_off_fails_without_a_charge(database: Database) -> None:
    async with engine(database, start=False) as kit:
        ann = await kit.person(1)
        await kit.order(ann)
        await room(kit).switch(overrides.MODEL, "pika", on=False, actor=9)
        await kit.worker.start()
        assert (await kit.finished("job1")).cause is Cause.UNAVAILABLE
        assert kit.provider.submits == []
        assert await kit.balance(ann) == (100, 0)


async def _unknown_for_minutes(kit: Kit, ann: users.User) -> None:
    """Two more orders for the model that its provider does not know, five minutes later."""
    kit.db.shift_clock(301)
    for _ in range(2):
        placed = await kit.order(ann, "404", slug="luma")
        await kit.finished(placed.job.id)


async def test_an_operator_fault_of_one_model_takes_that_one_off(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["403"] = (NotPermitted("no images in this plan"),)
        kit.provider.scripts["404"] = (UnknownModel("unknown model"),)
        for number, (prompt, slug) in enumerate((("403", "pika"), ("404", "luma")), start=1):
            await kit.order(ann, prompt, slug=slug)
            assert (await kit.finished(f"job{number}")).cause in (Cause.UNAVAILABLE, Cause.UNKNOWN_MODEL)
        await _unknown_for_minutes(kit, ann)
        assert await whys(kit.shop) == {"pika": Why.NOT_ALLOWED, "luma": Why.UNKNOWN_MODEL}
        assert [message for _, message in kit.alerts.said] == ["alert-not-permitted", "alert-unknown-model"]
        database.shift_clock(601 - 301)
        assert await whys(kit.shop) == {"pika": None, "luma": Why.UNKNOWN_MODEL}, "one is probed, the other waits"
        placed = await kit.order(ann)
        assert (await kit.finished(placed.job.id)).state is JobState.DONE
        assert await room(kit).switch(overrides.MODEL, "luma", on=True, actor=9)
        assert await whys(kit.shop) == {"pika": None, "luma": None}


async def test_a_model_that_is_listed_again_is_sold_again(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller) as kit:
        kit.provider.scripts["404"] = (UnknownModel("unknown model"),)
        await kit.order(await kit.person(1), "404")
        await kit.finished("job1")
        seller.listed = [Listed("luma")]
        report = await room(kit).discovery.report()
        assert [(f.news, f.slug) for f in report.found] == [(News.GONE, "pika")]
        assert (await whys(kit.shop))["pika"] is Why.UNKNOWN_MODEL
        seller.listed.append(Listed("pika"))
        assert (await room(kit).discovery.report()).found == ()
        assert (await whys(kit.shop))["pika"] is None


async def test_what_a_provider_does_not_allow_is_not_sold(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller) as kit:
        seller.listed = [Listed("pika", allowed=False), Listed("luma", required=("prompt", "face"))]
        await watch(kit).look()
        assert await whys(other(kit)) == {"pika": Why.NOT_ALLOWED, "luma": Why.NEEDS_MORE}
        assert await kit.shop.offers() == ()


async def test_a_provider_that_does_not_answer_is_told_and_changes_nothing(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller) as kit:
        seller.trouble = UpstreamDown("503")
        report = await room(kit).discovery.report()
        assert (report.found, report.silent) == ((), {"toy": "UpstreamDown"})


async def test_a_run_that_cost_more_than_its_quote_alerts_and_charges_the_quote(database: Database) -> None:
    async with engine(database) as kit:
        ann = await kit.person(1)
        asset = Asset("https://cdn.example/a.mp4")
        kit.provider.scripts["dear"] = (Accepted(None), Succeeded((asset,), cost=Decimal("12.5")))
        kit.provider.scripts["cheap"] = (Accepted(None), Succeeded((asset,), cost=Decimal("9.5")))
        await kit.order(ann, "dear")
        assert (await kit.finished("job1")).charged == 10 * CREDIT
        assert kit.alerts.said == [("dear:pika", "alert-dear")]
        await kit.order(ann, "cheap")
        assert (await kit.finished("job2")).charged == Credits(9_500_000)
        assert len(kit.alerts.said) == 1


async def test_a_listed_model_is_sold_from_the_shelf_in_every_process(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller) as kit:
        second = other(kit)
        seller.listed += [Listed("new/one", kind=Kind.VIDEO, units=Decimal(7), required=("prompt",))]
        found = (await room(kit).discovery.report()).found
        assert [(f.news, f.upstream_id) for f in found] == [(News.NEW, "new/one")]
        plan = await room(kit).discovery.plan(found[0])
        assert room(kit).discovery.problem(replace(plan, slug="help")) == "slug"
        assert room(kit).discovery.problem(replace(plan, title="PIKA")) == "title"
        entry = await room(kit).discovery.put_on_sale(plan, actor=9)
        assert [o.model.slug for o in await second.offers()] == ["pika", "luma", entry.slug]
        held = second.catalog
        assert held.get(entry.slug) is not None, "whoever holds the catalogue sees it"
        placed = await kit.order(await kit.person(1), slug=entry.slug)
        done = await kit.finished(placed.job.id)
        assert (done.state, done.charged) == (JobState.DONE, 7 * CREDIT)


async def test_an_entry_that_fits_no_more_is_left_out(database: Database) -> None:
    async with engine(database) as kit:

        def spoil(conn: Connection) -> None:
            row = {"provider": "toy", "actor": 9, "created_at": 0.0}
            conn.execute(sa.insert(shelf).values(slug="broken", entry={"slug": "broken"}, **row))
            overrides.changed(conn)

        await database.transaction(spoil)
        assert list(await whys(kit.shop)) == ["pika", "luma"]


async def test_the_operator_sees_how_a_provider_does(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller) as kit:
        ann = await kit.person(1)
        kit.provider.scripts["down"] = (UpstreamDown("503"),)
        for number, prompt in enumerate(("fine", "down", "fine"), start=1):
            await kit.order(ann, prompt)
            await kit.finished(f"job{number}")
        _, (state,) = await room(kit).states()
        assert (state.record.done, state.record.failed) == (2, 1)
        assert state.record.median is not None
        assert (state.asked.balance, state.asked.error) == (Decimal(100), "")
        assert state.asked.ping is not None
        assert (state.circuit, state.off, state.models) == (None, False, 2)


async def test_a_low_balance_alerts(database: Database) -> None:
    seller = Seller()
    async with engine(database, provider=seller) as kit:
        await room(kit, low=50).watch_balances()
        assert kit.alerts.said == []
        seller.left = Decimal("49.5")
        await room(kit, low=50).watch_balances()
        assert kit.alerts.said == [], "asked a moment ago"
        database.shift_clock(1000)
        await room(kit, low=50).watch_balances()
        assert kit.alerts.said == [("low_balance:toy", "alert-low-balance")]
        database.shift_clock(1000)
        await room(kit).watch_balances()
        assert len(kit.alerts.said) == 1, "0 means never"


async def test_a_tap_pings_a_provider_whose_key_was_refused(database: Database) -> None:
    async with engine(database) as kit:
        kit.provider.scripts["401"] = (BadKey("401"),)
        await kit.order(await kit.person(1), "401")
        await kit.finished("job1")
        kit.provider.pings = [BadKey("still")]
        assert not await room(kit).probe("toy")
        assert await room(kit).probe("toy")
        assert await whys(kit.shop) == {"pika": None, "luma": None}


async def test_the_catalogue_without_a_key_says_so(database: Database) -> None:
    base: Catalog = catalog()
    assert await whys(Shop(database, base, [])) == dict.fromkeys(("pika", "luma"), Why.NO_KEY)
