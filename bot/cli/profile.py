"""`python -m bot profile`: what Telegram shows of the bot before the first message, and its name and photo."""

import argparse
import sys

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import GetMyDescription, GetMyName, GetMyShortDescription, SetMyName, SetMyProfilePhoto
from aiogram.types import BufferedInputFile, InputProfilePhotoStatic

from bot.logs import Redactor
from bot.settings import Settings
from bot.telegram.account.profile import describe
from bot.telegram.api.session import Session
from bot.telegram.i18n.texts import Texts
from bot.wiring.catalog import proxy_of, shop_of
from bot.wiring.use_cases import reader_of

DONE, NOT_DONE, USAGE = 0, 1, 2
JPEG = b"\xff\xd8\xff"


async def profile(settings: Settings, options: argparse.Namespace) -> int:
    """Sets what is asked for, then shows all; returns the process's exit code."""
    photo = b""
    if options.photo is not None:
        try:
            photo = options.photo.read_bytes()
        except OSError as error:
            return _refuse(f"The photo cannot be read: {error.strerror}.", USAGE)
        if not photo.startswith(JPEG):
            return _refuse("The photo must be a JPEG file: Telegram takes no other format for it.", USAGE)
    token = settings.bot_token.get_secret_value()
    proxy = proxy_of(settings.telegram_proxy)
    session = Session(api_url=settings.telegram_api_url, redactor=Redactor([token]), proxy=proxy)
    texts = Texts(more=settings.locales_dir, default=settings.default_language)
    try:
        bot = Bot(token, session=session)
        await _set(bot, options, photo)
        if options.descriptions:
            async with reader_of(settings) as db:
                sold = frozenset(model.kind for model in shop_of(settings, db).models)
            await describe(bot, texts, sold, over=True)
        await _show(bot, texts)
    except TelegramAPIError as error:
        return _refuse(f"Telegram refused it: {error.message}", NOT_DONE)
    finally:
        await session.close()
    return DONE


async def _set(bot: Bot, options: argparse.Namespace, photo: bytes) -> None:
    if options.name is not None:
        await bot(SetMyName(name=options.name, language_code=options.language))
    if photo:
        await bot(SetMyProfilePhoto(photo=InputProfilePhotoStatic(photo=BufferedInputFile(photo, "photo.jpg"))))


async def _show(bot: Bot, texts: Texts) -> None:
    for language in (None, *texts.languages):
        code = language.split("-")[0] if language is not None else None
        shown = {
            "name": (await bot(GetMyName(language_code=code))).name,
            "description": (await bot(GetMyDescription(language_code=code))).description,
            "short": (await bot(GetMyShortDescription(language_code=code))).short_description,
        }
        sys.stdout.write(f"{language or 'default'}\n")
        for what, text in shown.items():
            sys.stdout.write(f"  {what + ':':<13}{' / '.join(filter(None, text.splitlines())) or '(empty)'}\n")


def _refuse(why: str, code: int) -> int:
    sys.stderr.write(why + "\n")
    return code
