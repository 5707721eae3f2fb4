"""Joined routers ask the same handlers in the same order as aiogram's own tree, with what filters found; the straight
dispatcher takes an update through the same middlewares."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiogram import BaseMiddleware, Bot, Dispatcher, Router
from aiogram.dispatcher.event.bases import UNHANDLED, CancelHandler, SkipHandler
from aiogram.filters import Command, CommandObject, CommandStart, Filter
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Chat, ErrorEvent, Message, TelegramObject, Update, User

from bot.telegram.updates.fast_router import Straight, join_routers

BOT = Bot("42:token-of-a-test")
BOT._me = User(id=42, is_bot=True, first_name="B", username="TheBot")


class Step(CallbackData, prefix="s"):
    act: str


class Other(CallbackData, prefix="o", sep="|"):
    act: str


class Steps(CallbackData, prefix="st"):
    act: str


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


def commands() -> list[Router]:
    """Handlers that say their name; the order matters for several."""
    router, later = Router(), Router()

    def said(name: str) -> Callable[[TelegramObject], Awaitable[str]]:
        async def handler(_: TelegramObject) -> str:
            return name

        return handler

    router.message.register(said("go or run"), Command("go", "Run"))
    router.message.register(said("any case"), Command("GO", "walk", ignore_case=True))
    router.message.register(said("exclaimed"), Command("go", "stop", prefix="!"))
    router.message.register(said("for whomever"), Command("walk", ignore_mention=True))
    router.message.register(said("with a number"), Command(re.compile(r"go_(\d+)"), "walk"))
    router.message.register(said("start"), CommandStart())
    router.message.register(said("a word, then a command"), Says("please"), Command("stop"))
    router.message.register(said("not go"), ~Command("go", ignore_mention=True), Says("go"))
    later.message.register(said("roam"), Command("roam", "walk", ignore_case=True))
    router.callback_query.register(said("one step"), Step.filter(), NamesStep("one"))
    router.callback_query.register(said("other"), Other.filter())
    later.callback_query.register(said("any step"), Step.filter())
    later.callback_query.register(said("steps"), Steps.filter())
    return [router, later]


class NamesStep(Filter):
    def __init__(self, act: str) -> None:
        self.act = act

    async def __call__(self, query: CallbackQuery, callback_data: Step) -> bool:
        return callback_data.act == self.act


async def outcome(dispatcher: Dispatcher, text: str) -> Any:
    return await dispatcher.feed_update(BOT, message(text))


@pytest.mark.parametrize("text", ["a lake", "skip the lake", "/go on", "/go far away", "/go lake", "palm", "a", "xyz"])
async def test_joined_routers_decide_as_the_tree_does(text: str) -> None:
    tree_heard: list[str] = []
    joined_heard: list[str] = []
    tree, one = Dispatcher(disable_fsm=True), Dispatcher(disable_fsm=True)
    tree.include_routers(*routers(tree_heard))
    one.include_routers(join_routers("one", *routers(joined_heard)))
    assert await outcome(one, text) == await outcome(tree, text)
    assert joined_heard == tree_heard


@pytest.mark.parametrize("text", ["filter", "handler", "neither"])
async def test_who_answered_by_itself_ends_the_search(text: str) -> None:
    router, one = Router(), Dispatcher(disable_fsm=True)

    async def refuses(message: Message) -> bool:
        if message.text == "filter":
            raise CancelHandler
        return message.text == "handler"

    async def refused(_: Message) -> None:
        raise CancelHandler

    async def later(_: Message) -> str:
        return "later"

    router.message.register(refused, refuses)
    router.message.register(later)
    one.include_routers(join_routers("one", router))
    assert await outcome(one, text) == ("later" if text == "neither" else None)


SAID = (
    "/Roam",
    *(
        "/go",
        "/GO",
        "/Go on",
        "/run",
        "/Run x",
        "/walk",
        "/WALK",
        "!go",
        "!stop now",
        "/stop",
        "/stop please",
        "go",
        "ago",
    ),
    *(
        "/go@thebot",
        "/go@THEBOT x",
        "/go@otherbot",
        "/walk@otherbot",
        "/start",
        "/start deep",
        "/START",
        "/go_12",
        "/go_x",
    ),
    *(" /go", "\n/walk", "/", "//go", "", "   ", "/goo", "/g", "@go", "/go@", "please /stop", "ſtart", "/ﬁ", "/gO\tx"),
)
PRESSED = ("s:one", "s:two", "s", "s:", "s:one:two", "st:x", "o|x", "o:x", "", "S:one", ":one", "s|one")


@pytest.mark.parametrize("dispatching", [Dispatcher, Straight])
async def test_handlers_left_out_by_their_word_would_have_said_no(dispatching: type[Dispatcher]) -> None:
    tree, one = Dispatcher(disable_fsm=True), dispatching(disable_fsm=True)
    tree.include_routers(*commands())
    one.include_routers(join_routers("one", *commands()))
    answers = []
    for update in (*map(message, SAID), *map(captioned, SAID), *map(press, PRESSED)):
        answers.append(await tree.feed_update(BOT, update))
        assert await one.feed_update(BOT, update) == answers[-1], update
    assert len(set(answers)) == 14  # every handler and nobody: the table above reaches all


def captioned(text: str) -> Update:
    update = message(text)
    assert update.message is not None
    said = update.message.model_copy(update={"text": None, "caption": text})
    return update.model_copy(update={"message": said})


def press(data: str) -> Update:
    query = {"id": "1", "from": {"id": 5, "is_bot": False, "first_name": "Ann"}, "chat_instance": "1", "data": data}
    return Update.model_validate({"update_id": 1, "callback_query": query}, context={"bot": BOT})


async def test_a_handler_registered_later_is_found() -> None:
    one = join_routers("one", *commands())
    dispatcher = Straight(disable_fsm=True)
    dispatcher.include_router(one)
    assert await outcome(dispatcher, "/new") is UNHANDLED

    async def new(_: Message) -> str:
        return "new"

    one.message.register(new, Command("new"))
    assert await outcome(dispatcher, "/new") == "new"


@pytest.mark.parametrize("dispatching", [Dispatcher, Straight])
async def test_an_update_passes_the_same_middlewares(dispatching: type[Dispatcher]) -> None:
    heard: list[str] = []

    class Hears(BaseMiddleware):
        def __init__(self, name: str) -> None:
            self.name = name

        async def __call__(self, handler: Any, event: TelegramObject, data: dict[str, Any]) -> Any:
            heard.append(f"{self.name} {type(event).__name__} {data['event_from_user'].id} {data.get('extra')}")
            return await handler(event, {**data, "extra": self.name})

    async def handler(
        message: Message, bot: Bot, extra: str, given: int, set_up: int, event_update: Update, dispatcher: Dispatcher
    ) -> str:
        return f"{extra} {given} {set_up} {event_update.update_id} {bot is BOT} {isinstance(dispatcher, dispatching)}"

    dispatcher = dispatching(disable_fsm=True)
    dispatcher["set_up"] = 2
    dispatcher.update.outer_middleware(Hears("first"))
    dispatcher.update.outer_middleware(Hears("second"))
    router = Router()
    router.message.outer_middleware(Hears("its own"))
    router.message.register(handler, Says("lake"))
    dispatcher.include_router(router)
    assert await dispatcher.feed_update(BOT, message("a lake"), given=1) == "its own 1 2 1 True True"
    assert heard == ["first Update 5 None", "second Update 5 first", "its own Message 5 second"]
    dispatcher.message.outer_middleware(Hears("all messages"))
    heard.clear()
    assert await dispatcher.feed_update(BOT, message("a sea"), given=1) is UNHANDLED
    assert heard[2:] == ["all messages Message 5 second", "its own Message 5 all messages"]


@pytest.mark.parametrize("dispatching", [Dispatcher, Straight])
@pytest.mark.parametrize("mended", [True, False])
async def test_an_error_reaches_whoever_handles_errors(dispatching: type[Dispatcher], mended: bool) -> None:
    async def fails(_: Message) -> None:
        raise LookupError("x")

    async def mend(event: ErrorEvent) -> str:
        return f"mended {event.exception!r}"

    dispatcher = dispatching(disable_fsm=True)
    router = Router()
    router.message.register(fails)
    if mended:
        router.errors.register(mend)
    dispatcher.include_router(router)
    if mended:
        assert await outcome(dispatcher, "x") == "mended LookupError('x')"
    else:
        with pytest.raises(LookupError):
            await outcome(dispatcher, "x")


async def test_rarer_updates_are_handled_too() -> None:
    dispatcher = Straight(disable_fsm=True)

    async def asked(_: Any) -> str:
        return "asked"

    router = Router()
    router.inline_query.register(asked)
    router.edited_message.register(asked)
    dispatcher.include_router(join_routers("one", router))
    ann = {"id": 5, "is_bot": False, "first_name": "Ann"}
    query = {"update_id": 1, "inline_query": {"id": "1", "from": ann, "query": "lake", "offset": ""}}
    assert await dispatcher.feed_update(BOT, Update.model_validate(query, context={"bot": BOT})) == "asked"
    edit = {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "from": ann, "text": "x"}
    update = Update.model_validate({"update_id": 1, "edited_message": edit}, context={"bot": BOT})
    assert await dispatcher.feed_update(BOT, update) == "asked"


async def test_the_first_that_passes_takes_it_and_nobody_else_hears() -> None:
    one = Dispatcher(disable_fsm=True)
    one.include_router(join_routers("one", *routers([])))
    assert await outcome(one, "a lake") == "lake at 2"
    assert await outcome(one, "/go on") == "go on command True"
    assert await outcome(one, "xyz") is UNHANDLED


async def test_its_own_filters_come_first() -> None:
    one = join_routers("one", *routers([]))
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
            join_routers("one", router)
