"""Says, edits and deletes in chats. What Telegram refuses goes the way that the table of refusals (api/errors) names.

`send`, `edit` and `post` raise what cannot be mended, for jobs must know. `tell` and `try_edit` take calmly what
another try would not change, for an update has nothing better to do.
"""

from dataclasses import replace
from typing import Any, Final, TypeVar

import structlog
from aiogram.exceptions import AiogramError, TelegramAPIError
from aiogram.methods import (
    DeleteEphemeralMessage,
    DeleteMessage,
    EditEphemeralMessageText,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    TelegramMethod,
)
from aiogram.types import EphemeralMessageParameters, InlineKeyboardMarkup, InputMediaUnion, Message, ReplyParameters

from bot.domain.jobs import Target
from bot.telegram.api.errors import NEXT, Change, End, Refusal, end_of, refusal
from bot.telegram.api.slim_methods import EditBriefly, SendBriefly, SendEphemeral
from bot.telegram.i18n.lengths import CAPTION_MAX, MESSAGE_MAX, shorten, without_markup
from bot.telegram.outbox.ephemeral import EphemeralTarget
from bot.telegram.outbox.outbox import Outbox

log = structlog.get_logger(__name__)

T = TypeVar("T")
LIMITS: Final = {"text": MESSAGE_MAX, "caption": CAPTION_MAX}


async def post(
    outbox: Outbox, method: TelegramMethod[T], seconds: int | None = None, *, notice: bool = False, plain: str = ""
) -> tuple[T, Target]:
    """A new message of any kind: Telegram's answer, and the chat and topic that took it. `plain` are the words for a
    Telegram that refuses their markup; for `seconds` and `notice` see Outbox.call. Raises what cannot be mended."""
    answer, method = await _carry(outbox, method, seconds, notice=notice, plain=plain)
    fields: Any = method
    return answer, Target(fields.chat_id, fields.message_thread_id, 0)


async def send(
    outbox: Outbox,
    at: Target,
    text: str,
    markup: InlineKeyboardMarkup | None = None,
    *,
    reply_to: int = 0,
    notice: bool = False,
    plain: str = "",
) -> Target:
    """A new message in the chat and topic of `at`. Returns where it stands: a group that became a supergroup meanwhile
    has another id, and what is refused in its topic goes to the general one. Raises what cannot be mended."""
    method = SendBriefly(
        chat_id=at.chat_id,
        message_thread_id=at.thread_id,
        text=text,
        reply_markup=markup,
        reply_parameters=reply(reply_to),
    )
    sent, place = await post(outbox, method, notice=notice, plain=plain)
    return Target(sent.chat.id, place.thread_id, sent.message_id)


async def tell(
    outbox: Outbox,
    at: Target,
    text: str,
    markup: InlineKeyboardMarkup | None = None,
    *,
    reply_to: int = 0,
    plain: str = "",
) -> Target:
    """The same for a chat that may be closed to the bot: then the message has no id. Raises the other failures."""
    try:
        return await send(outbox, at, text, markup, reply_to=reply_to, plain=plain)
    except TelegramAPIError as error:
        if end_of(error) is not End.CLOSED:
            raise
        blocked = refusal(error) is Refusal.BLOCKED
        log.info("telegram.blocked" if blocked else "telegram.silenced", chat=at.chat_id, error=error.message[:200])
    return Target(at.chat_id, at.thread_id, 0)


async def send_ephemeral(
    outbox: Outbox, at: EphemeralTarget, text: str, markup: InlineKeyboardMarkup | None = None
) -> Target | None:
    """A message that the receiver alone sees; on a server that does not know such messages every member sees it. None:
    Telegram refuses it here. Without an id: any other message would be refused, too. Raises what may pass."""
    who = EphemeralMessageParameters(receiver_user_id=at.receiver, callback_query_id=at.query_id or None)
    method = SendEphemeral(
        chat_id=at.chat_id,
        message_thread_id=at.thread_id,
        text=text,
        reply_markup=markup,
        ephemeral_message_parameters=who,
    )
    try:
        sent, place = await post(outbox, method)
    except TelegramAPIError as error:
        if end_of(error) is End.LATER:
            raise
        log.info("telegram.no_whisper", chat=at.chat_id, error=error.message[:200])
        return Target(at.chat_id, None, 0) if refusal(error) is Refusal.THREAD_GONE else None
    if not sent.ephemeral_message_id:
        return Target(sent.chat.id, place.thread_id, sent.message_id)
    number = sent.ephemeral_message_id
    return replace(at, chat_id=sent.chat.id, thread_id=place.thread_id, message_id=0, ephemeral_id=number)


async def edit(
    outbox: Outbox,
    at: Target,
    text: str,
    markup: InlineKeyboardMarkup | None = None,
    *,
    plain: str = "",
    media: bool = False,
) -> bool:
    """Rewrites a message of the bot's; one that may be `media` by now gets the words as its caption. False: it is gone
    or takes no such words, and is to be sent anew. Raises that the chat is closed, and what may pass."""
    if isinstance(at, EphemeralTarget) and at.ephemeral_id:
        method: Any = EditEphemeralMessageText(**named(at), text=text, reply_markup=markup)
    else:
        method = EditBriefly(**named(at), text=text, reply_markup=markup)
    return await _edited(outbox, at, method, plain=plain, media=media)


async def keyboard(outbox: Outbox, at: Target, markup: InlineKeyboardMarkup | None) -> bool:
    """Puts other buttons under a message of the bot's, or none. False: it takes none. Raises like edit."""
    return await _edited(outbox, at, EditMessageReplyMarkup(**named(at), reply_markup=markup))


async def edit_media(
    outbox: Outbox, at: Target, media: InputMediaUnion, markup: InlineKeyboardMarkup | None, seconds: int | None = None
) -> Message | bool:
    """Puts a file into a message of the bot's: the message as it is now, True for an inline one. Raises what Telegram
    answers: of a file that is refused the caller may have another form."""
    return await outbox.call(EditMessageMedia(**named(at), media=media, reply_markup=markup), seconds)


async def edit_or_send(
    outbox: Outbox,
    at: Target,
    text: str,
    markup: InlineKeyboardMarkup | None = None,
    *,
    plain: str = "",
    reply_to: int = 0,
) -> Target:
    """Writes into the message there, media or not, or into a new one. Returns where it stands. Raises what cannot be
    mended."""
    if at.placed and await edit(outbox, at, text, markup, plain=plain, media=True):
        return at
    return await send(outbox, at, text, markup, plain=plain, reply_to=reply_to)


async def try_edit(
    outbox: Outbox, at: Target, text: str, markup: InlineKeyboardMarkup | None = None, *, media: bool = False
) -> bool:
    """Like edit, and False where the chat is closed, too. Raises what may pass."""
    try:
        return await edit(outbox, at, text, markup, media=media)
    except TelegramAPIError as error:
        return _refused("telegram.edit_refused", at, error)


async def try_keyboard(outbox: Outbox, at: Target, markup: InlineKeyboardMarkup | None) -> bool:
    """Like keyboard, and False where the chat is closed, too. Raises what may pass."""
    try:
        return await keyboard(outbox, at, markup)
    except TelegramAPIError as error:
        return _refused("telegram.edit_refused", at, error)


async def delete(outbox: Outbox, at: Target) -> None:
    """Deletes a message of the bot's; one that is gone or too old stays as it is. Raises what may pass."""
    hidden = isinstance(at, EphemeralTarget) and at.ephemeral_id
    try:
        await outbox.call(DeleteEphemeralMessage(**named(at)) if hidden else DeleteMessage(**named(at)))
    except TelegramAPIError as error:
        _refused("telegram.delete_refused", at, error)


def named(at: Target) -> dict[str, Any]:
    """How a method names the message to change."""
    if isinstance(at, EphemeralTarget) and at.ephemeral_id:
        return {
            "chat_id": at.chat_id,
            "receiver_user_id": at.receiver,
            "ephemeral_message_id": at.ephemeral_id,
        }
    if at.inline_id:
        return {"inline_message_id": at.inline_id}
    return {"chat_id": at.chat_id, "message_id": at.message_id}


def reply(message_id: int) -> ReplyParameters | None:
    """What makes a message the answer to another; that may be gone, by the bot's defaults. None for 0."""
    return ReplyParameters(message_id=message_id) if message_id else None


async def _edited(outbox: Outbox, at: Target, method: TelegramMethod[Any], **ways: Any) -> bool:
    try:
        await _carry(outbox, method, **ways)
    except TelegramAPIError as error:
        if end_of(error) not in (End.GONE, End.WRONG):
            raise
        log.info("telegram.edit_refused", chat=at.chat_id, error=error.message[:200])
        return False
    return True


def _refused(event: str, at: Target, error: TelegramAPIError) -> bool:
    """Notes a refusal that another try would not change; raises any other."""
    if end_of(error) is End.LATER:
        raise error
    log.info(event, chat=at.chat_id, error=error.message[:200])
    return False


async def _carry(
    outbox: Outbox,
    method: TelegramMethod[T],
    seconds: int | None = None,
    *,
    notice: bool = False,
    plain: str = "",
    media: bool = False,
) -> tuple[T, TelegramMethod[T]]:
    """Calls, with one change after the other that the table names: no change can be made twice. The answer, and the
    call that brought it. Raises what Telegram answers where nothing is left to change."""
    while True:
        try:
            return await outbox.call(method, seconds, notice=notice), method
        except AiogramError as error:
            kind = refusal(error)
            change = NEXT[kind].change if kind is not None else None
            changed = _changed(method, change, plain=plain, media=media)
            if changed is None:
                raise
            if change in (Change.PLAIN_TEXT, Change.CUT):
                log.warning("chat.html_refused", chat=getattr(method, "chat_id", 0), error=str(error)[:200])
            method = changed


def _changed(method: Any, change: Change | None, *, plain: str, media: bool) -> Any:
    """The call as the change makes it; None where there is nothing to change."""
    fields: dict[str, Any] = {}
    match change:
        case Change.GENERAL_TOPIC if getattr(method, "message_thread_id", None) is not None:
            # The message that it answers stands in the topic that is gone.
            fields = {"message_thread_id": None, "reply_parameters": None}
        case Change.PLAIN_TEXT if plain and _marked_up(method):
            fields = {"text": plain, "parse_mode": None}
        case Change.CUT if _marked_up(method):
            name = "text" if hasattr(method, "text") else "caption"
            # Cut as plain words: half a tag would be refused again.
            words = plain or without_markup(getattr(method, name) or "")
            fields = {name: shorten(words, LIMITS[name]), "parse_mode": None}
        case Change.CAPTION if media and isinstance(method, EditBriefly):
            return EditMessageCaption(
                chat_id=method.chat_id,
                message_id=method.message_id,
                inline_message_id=method.inline_message_id,
                caption=method.text,
                reply_markup=method.reply_markup,
            )
        case Change.WITHOUT_PRESS if (who := _pressed(method)) is not None:
            # The press is too old to be answered: its member still sees the message.
            fields = {"ephemeral_message_parameters": who.model_copy(update={"callback_query_id": None})}
    return method.model_copy(update=fields) if fields else None


def _marked_up(method: Any) -> bool:
    return getattr(method, "parse_mode", None) is not None


def _pressed(method: Any) -> EphemeralMessageParameters | None:
    who: EphemeralMessageParameters | None = getattr(method, "ephemeral_message_parameters", None)
    return who if who is not None and who.callback_query_id else None
