"""Requests for credits: one a day and user, unless no operator could be told."""

import pytest

from bot.engine.credits.requests import EVERY, AskedBefore, CreditRequests
from bot.storage.database import Database
from tests.engine.credits.people import met


async def test_a_user_asks_once_a_day(database: Database) -> None:
    ann, olga = await met(database, 2, "Ann"), await met(database, 1, "Olga")
    requests = CreditRequests(database)
    request = await requests.begin(ann, {1, 4711})
    assert (request.available, request.admins) == (0, (olga,))
    with pytest.raises(AskedBefore):
        await requests.begin(ann, {1})
    await requests.begin(olga, {1})
    database.shift_clock(EVERY + 1)
    assert (await requests.begin(ann, {1})).id != request.id


async def test_a_request_that_reached_no_operator_may_be_made_again(database: Database) -> None:
    ann = await met(database, 2, "Ann")
    requests = CreditRequests(database)
    await requests.begin(ann, {1})
    await requests.withdraw(ann)
    assert (await requests.begin(ann, {1})).admins == ()
