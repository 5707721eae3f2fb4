"""Bodies hold what aiogram would have sent, whatever objects a call is made of."""

import datetime
from typing import Any

import orjson
import pytest
from aiogram import Bot
from aiogram.client.default import Default, DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.enums import ChatAction
from aiogram.methods import (
    AnswerInlineQuery,
    BanChatMember,
    EditMessageMedia,
    SendChatAction,
    SendMediaGroup,
    SendMessage,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputMediaVideo,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    WebAppInfo,
)

from bot.telegram.api.serialise import Files, fields_of

BOT = Bot(
    "42:token-of-a-test",
    default=DefaultBotProperties(
        parse_mode="HTML", link_preview=LinkPreviewOptions(is_disabled=True), protect_content=False
    ),
)
KEYS = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Да", callback_data="x"), InlineKeyboardButton(text="b", url="https://e.example")],
        [InlineKeyboardButton(text="c", web_app=WebAppInfo(url="https://e.example/app"))],
    ]
)
CONTENT = InputTextMessageContent(message_text="x")
CALLS: list[TelegramMethod[Any]] = [
    SendMessage(chat_id=5, text="Озеро"),
    SendMessage(chat_id="@name", text="x", parse_mode=None, disable_notification=False, reply_markup=KEYS),
    SendMessage(
        chat_id=5, text="x", link_preview_options=LinkPreviewOptions(is_disabled=False, url="https://e.example")
    ),
    SendMessage(chat_id=5, text="x", reply_parameters=ReplyParameters(message_id=7, allow_sending_without_reply=True)),
    SendMessage(
        chat_id=5, text="x", entities=[MessageEntity(type="bold", offset=0, length=1)], unknown_field=[1, None]
    ),
    SendChatAction(chat_id=5, action=ChatAction.TYPING),
    SetMyCommands(commands=[BotCommand(command="a", description="b")], scope=BotCommandScopeChat(chat_id=5)),
    AnswerInlineQuery(
        inline_query_id="1",
        results=[InlineQueryResultArticle(id="1", title="x", input_message_content=CONTENT)],
        cache_time=0,
        is_personal=True,
    ),
    BanChatMember(chat_id=5, user_id=6, until_date=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)),
    EditMessageMedia(
        chat_id=5, message_id=6, media=InputMediaVideo(media="file", caption="c", width=1), reply_markup=KEYS
    ),
]


def theirs(method: TelegramMethod[Any]) -> dict[str, Any]:
    """The fields of aiogram's own form, read as Telegram reads them."""
    form = AiohttpSession().build_form_data(BOT, method)
    return {o["name"]: read(value) for o, _, value in form._fields}


def read(value: Any) -> Any:
    try:
        return orjson.loads(value)
    except ValueError:
        return value


@pytest.mark.parametrize("method", CALLS, ids=lambda method: type(method).__name__)
def test_fields_are_those_of_aiogram(method: TelegramMethod[Any]) -> None:
    files: Files = {}
    fields = fields_of(method, BOT, files)
    assert orjson.loads(orjson.dumps(fields)) == fields
    known = {name: read(value) if isinstance(value, str) else value for name, value in fields.items()}
    assert known == {**theirs(method), **{name: value for name, value in known.items() if value is False}}
    assert files == {}


def test_files_are_set_apart_under_names_that_the_fields_mention() -> None:
    first, second = BufferedInputFile(b"1", "a.jpg"), BufferedInputFile(b"2", "b.jpg")
    media: list[Any] = [InputMediaPhoto(media=first, caption="one"), InputMediaVideo(media="kept", thumbnail=second)]
    files: Files = {}
    fields = fields_of(SendMediaGroup(chat_id=5, media=media), BOT, files)
    sent = fields["media"]
    assert [sent[0]["media"], sent[1]["thumbnail"]] == [f"attach://{name}" for name in files]
    assert list(files.values()) == [first, second]
    assert (sent[1]["media"], sent[0]["parse_mode"]) == ("kept", "HTML")


def test_a_wait_is_a_moment_from_now() -> None:
    before = datetime.datetime.now(datetime.UTC).timestamp()
    ban = BanChatMember(chat_id=5, user_id=6, until_date=datetime.timedelta(hours=1))
    assert 3599 <= fields_of(ban, BOT, {})["until_date"] - before <= 3601


def test_what_says_nothing_is_left_out() -> None:
    call = SendMessage(chat_id=5, text="x", parse_mode=Default("no_such_default"), message_effect_id="")
    assert fields_of(call, BOT, {}).keys() == {
        "chat_id",
        "text",
        "link_preview_options",
        "protect_content",
    }
