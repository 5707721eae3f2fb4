"""Joined routers ask the same handlers in the same order as aiogram's own tree, with what filters found."""

from typing import Any

import pytest
from aiogram import BaseMiddleware, Bot, Dispatcher, Router
from aiogram.dispatcher.event.bases import UNHANDLED, SkipHandler
from aiogram.filters import Command, CommandObject, Filter
from aiogram.types import Chat, Message, Update, User

from bot.telegram.routes import joined

BOT = Bot("42:token-of-a-test")


class Says(Filter):
    """Passes messages with that word and tells the handler its place."""

    def __init__(self, word: str) -> None:
        self.word = word

    async def __call__(self, message: Message) -> bool | dict[str, Any]:
        place = (message.text or "").find(self.word)
        return {"place": place} if place >= 0 else False


def message(text: str) -> Update:
    ann = User(id=5, is_bot=False, first_name="Ann")
    said = Message(message_id=1, date=0, chat=Chat(id=5, type="private"), from_user=ann, text=text)  # type: ignore[arg-type]
    return Update.model_validate({"update_id": 1, "message": said}, context={"bot": BOT})


def routers(heard: list[str]) -> list[Router]:
    first, second, inner = Router(name="first"), Router(name="second"), Router(name="inner")

    async def skips(_: Message) -> None:
        heard.append("skips")
        raise SkipHandler

    async def lake(_: Message, place: int) -> str:
        return f"lake at {place}"

    async def command(_: Message, command: CommandObject, handler: Any, event_router: Router) -> str:
        return f"{command.command} {command.args} {handler.callback.__name__} {isinstance(event_router, Router)}"

    async def anything(_: Message) -> str:
        return "anything"

    first.message.register(skips, Says("skip"))
    first.message.register(lake, Says("lake"))
    inner.message.register(command, Command("go"))
    second.include_router(inner)
    second.message.register(anything, Says("a"), lambda m: len(m.text) > 3)
    return [first, second]


async def outcome(dispatcher: Dispatcher, text: str) -> Any:
    return await dispatcher.feed_update(BOT, message(text))


@pytest.mark.parametrize("text", ["a lake", "skip the lake", "/go on", "/go far away", "/go lake", "palm", "a", "xyz"])
async def test_joined_routers_decide_as_the_tree_does(text: str) -> None:
    tree_heard: list[str] = []
    joined_heard: list[str] = []
    tree, one = Dispatcher(disable_fsm=True), Dispatcher(disable_fsm=True)
    tree.include_routers(*routers(tree_heard))
    one.include_routers(joined("one", *routers(joined_heard)))
    assert await outcome(one, text) == await outcome(tree, text)
    assert joined_heard == tree_heard


async def test_the_first_that_passes_takes_it_and_nobody_else_hears() -> None:
    one = Dispatcher(disable_fsm=True)
    one.include_router(joined("one", *routers([])))
    assert await outcome(one, "a lake") == "lake at 2"
    assert await outcome(one, "/go on") == "go on command True"
    assert await outcome(one, "xyz") is UNHANDLED


async def test_its_own_filters_come_first() -> None:
    one = joined("one", *routers([]))
    one.message.filter(Says("please"))
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_router(one)
    assert await outcome(dispatcher, "a lake") is UNHANDLED
    assert await outcome(dispatcher, "a lake please") == "lake at 2"


def test_a_router_with_filters_or_middlewares_is_refused() -> None:
    class Passing(BaseMiddleware):
        async def __call__(self, handler: Any, event: Any, data: dict[str, Any]) -> Any:
            return await handler(event, data)

    filtered, wrapped, around = Router(), Router(), Router()
    filtered.message.filter(Says("please"))
    wrapped.message.middleware(Passing())
    around.callback_query.outer_middleware(Passing())
    for router in (filtered, wrapped, around):
        with pytest.raises(ValueError, match="of its own"):
            joined("one", router)
