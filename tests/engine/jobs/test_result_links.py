"""Which address of a result people are shown, and what of a result is gone for good."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import cast

import pytest

from bot.domain.jobs import Asset
from bot.engine.jobs.result_links import ResultLinks, plain_address
from bot.engine.results.originals import Originals, ResultLost, ResultUnavailable
from bot.providers.base import BadResult, Forbidden, Provider, ProviderError
from bot.providers.kit.download import Body
from bot.storage.database import Database
from tests.engine.kit import FakeFetcher, ToyProvider
from tests.telegram.kit import job

OPEN, OURS, BYTES = Asset("https://cdn.example/a.png"), Asset("https://own.example/b", own="/b"), Asset("blob:j.0")


class Guarding(ToyProvider):
    def headers_for(self, url: str) -> Mapping[str, str]:
        return {"Authorization": "Bearer key"} if url.startswith("https://own.example") else {}


def nobody(url: str, _headers: Mapping[str, str]) -> AbstractAsyncContextManager[Body]:
    raise AssertionError(f"nothing is fetched for an address: {url}")


def links(*, public: bool, **providers: Provider) -> ResultLinks:
    no_database = cast("Database", None)
    return ResultLinks(no_database, providers, (lambda key, seconds: f"link:{key}") if public else None, nobody)


def test_an_address_is_shown_only_where_people_can_open_it() -> None:
    of = job(1, provider="toy")
    for public, ours, stored in ((True, f"link:result.{of.id}.1", "link:j.0"), (False, "", "")):
        made = links(public=public, toy=Guarding())
        shown = [made.address(of, asset, index) for index, asset in enumerate((OPEN, OURS, BYTES))]
        assert shown == [OPEN.url, ours, stored]
    gone = links(public=True)
    assert [gone.address(of, OPEN, 0), gone.address(of, OURS, 1)] == [OPEN.url, ""]
    assert plain_address(of, BYTES, 0) == ""


@pytest.mark.parametrize(
    ("asset", "provider", "answer", "raised"),
    [
        (OPEN, Guarding(), Forbidden("403"), ResultLost),
        (OURS, Guarding(), BadResult("404"), ResultLost),
        (OURS, Guarding(), Forbidden("401"), ResultUnavailable),
        (OURS, None, BadResult("401"), ResultUnavailable),
        (OPEN, None, BadResult("404"), ResultLost),
    ],
)
async def test_a_result_is_not_lost_while_only_the_operators_key_is(
    asset: Asset, provider: Guarding | None, answer: ProviderError, raised: type[ResultUnavailable]
) -> None:
    of = replace(job(1, provider="toy"), assets=(asset,))
    known: dict[str, Provider] = {"toy": provider} if provider is not None else {}
    originals = Originals(cast("Database", None), FakeFetcher([answer]), known)
    with pytest.raises(ResultUnavailable) as told:
        async with originals.file(of, 0):
            pass
    assert type(told.value) is raised
