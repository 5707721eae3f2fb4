"""What nothing else took: unknown commands, what is not text, edits, forwarded commands and dead buttons.

A stranger's admin command ends here too and gets the very same answer as a command that does not exist.
"""

from typing import Final

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, Message

from bot.domain.chats import is_private
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Speech
from bot.telegram.ui import messages
from bot.telegram.ui.messages import place_of


def build_guard_router() -> Router:
    """Comes first: a forwarded command is the words of another user, not a command of the one who forwards it."""
    router = Router(name="guard")
    router.message.register(forwarded_command, is_forwarded_command)
    return router


def build_router() -> Router:
    """Comes last."""
    router = Router(name="unknown")
    router.message.register(unknown_command, is_unknown_command)
    router.message.register(not_text, is_content)
    router.edited_message.register(edited, is_edited_text)
    router.callback_query.register(dead_button)
    return router


async def is_forwarded_command(message: Message) -> bool:
    return message.forward_origin is not None and (message.text or message.caption or "").startswith("/")


async def forwarded_command(message: Message, ctx: Context, t: Speech) -> None:
    if is_private(message.chat.id):
        await messages.send(ctx, place_of(message), t("order-forwarded-command"))


async def is_unknown_command(message: Message, bot: Bot) -> bool:
    """In groups only what is addressed to this bot by name: other commands may be another bot's."""
    text = message.text or message.caption or ""
    if not text.startswith("/"):
        return False
    if is_private(message.chat.id):
        return True
    _, at, name = text.split(maxsplit=1)[0].partition("@")
    return bool(at) and name.lower() == ((await bot.me()).username or "").lower()


async def unknown_command(message: Message, ctx: Context, t: Speech) -> None:
    await messages.reply_privately(ctx, message, t("unknown-command"))


ALBUM_SECONDS: Final = 3600.0
"""For so long the rest of an album is not answered again."""
CONTENT: Final = (
    *("photo", "video", "animation", "audio", "voice", "video_note", "document", "sticker"),
    *("location", "contact", "poll", "dice", "story", "venue", "game"),
    *("paid_media", "checklist", "rich_message", "invoice"),
)


async def is_content(message: Message) -> bool:
    """Something a person sent on purpose, as opposed to service messages such as a pinned message."""
    return is_private(message.chat.id) and any(getattr(message, name, None) is not None for name in CONTENT)


async def not_text(message: Message, ctx: Context, t: Speech) -> None:
    """Says that only words and pictures are used; once per album, which arrives as up to ten messages."""
    if message.media_group_id is not None:
        key = f"album:{message.chat.id}:{message.media_group_id}"
        if not await ctx.engine.cooldowns.acquire(key, every=ALBUM_SECONDS):
            return
    await messages.send(ctx, place_of(message), t("order-text-only"))


async def is_edited_text(message: Message) -> bool:
    return is_private(message.chat.id) and bool(message.text)


async def edited(message: Message, ctx: Context, t: Speech) -> None:
    await messages.send(ctx, place_of(message), t("order-edited"), reply=True)


async def dead_button(query: CallbackQuery, t: Speech) -> None:
    await messages.answer_callback(query, t.plain("order-toast-stale"))
