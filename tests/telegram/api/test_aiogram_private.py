"""What we use of aiogram that it does not promise: each private name still means what we take it for.

A failure here after an update of aiogram says which module of ours to look at.
`pyproject.toml` admits one minor version only.
"""

import pytest
from aiogram import Router, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.enums import ChatType
from pydantic import BaseModel


async def test_a_session_makes_its_connector_of_connector_init() -> None:
    """bot/telegram/api/session.py sets the time for which addresses are remembered, the proxy and TLS there."""
    session = AiohttpSession()
    session._connector_init["limit"] = 7
    made = await session.create_session()
    assert made.connector is not None
    assert made.connector.limit == 7
    await session.close()


async def test_a_session_begins_anew_while_should_reset_connector_is_set() -> None:
    """bot/telegram/api/session.py unsets it, for aiogram would close every connection at the first file."""
    session = AiohttpSession()
    session._should_reset_connector = False
    first = await session.create_session()
    assert await session.create_session() is first
    session._should_reset_connector = True
    assert await session.create_session() is not first
    assert first.closed
    await session.close()


async def test_a_session_keeps_its_aiohttp_session_under_that_name() -> None:
    """bot/telegram/api/session.py closes it."""
    session = AiohttpSession()
    made = await session.create_session()
    assert session._session is made
    await session.close()
    assert made.closed


@pytest.mark.parametrize("name", ["message", "callback_query", "inline_query"])
async def test_a_router_keeps_the_filters_of_all_its_handlers_in_handler_filters(name: str) -> None:
    """bot/telegram/updates/fast_router.py asks there whether a router may be passed by."""
    observer = Router().observers[name]
    assert not observer._handler.filters
    refused = types.Chat(id=1, type=ChatType.PRIVATE)
    observer.filter(lambda _: False)
    assert len(observer._handler.filters or ()) == 1
    passed, _ = await observer._handler.check(refused)
    assert not passed


def test_models_are_rebuilt_by_a_class_method_that_takes_their_names() -> None:
    """bot/telegram/api/lazy_models.py puts it off until a model is first used."""

    class Late(BaseModel):
        one: "NotYet"  # type: ignore[name-defined]  # noqa: F821

    assert not Late.__pydantic_complete__
    Late.model_rebuild(_types_namespace={"NotYet": int})
    assert Late(one=1).one == 1
    assert "model_rebuild" in BaseModel.__dict__
