"""What a call's fields become in its body: plain values for JSON, files apart. Walks the objects themselves, without
the None of every unused field that a dump of them is full of."""

import datetime
import secrets
from enum import Enum
from typing import Any, Final

from aiogram import Bot
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from pydantic import BaseModel

Files = dict[str, InputFile]
AS_IT_IS: Final = frozenset({str, int, bool, float, type(None)})


def fields_of(method: TelegramMethod[Any], bot: Bot, files: Files) -> dict[str, Any]:
    """The method's fields that say something, ready for JSON; its files go into `files` under the names they got."""
    fields = {}
    for name, value in _items(method):
        if value is None:
            continue
        if (ready := plain(value, bot, files)) is not None and ready != "":
            fields[name] = ready
    return fields


def plain(value: Any, bot: Bot, files: Files) -> Any:
    """A value as JSON has it, the bot's defaults filled in. None stands for nothing and is left out where it occurs."""
    if type(value) in AS_IT_IS:
        return value
    ready = value
    match value:
        case Default():
            ready = plain(bot.default[value.name], bot, files)
        case InputFile():
            key = secrets.token_urlsafe(10)
            files[key] = value
            ready = f"attach://{key}"
        case BaseModel():
            ready = _kept(_items(value), bot, files)
        case dict():
            ready = _kept(value.items(), bot, files)
        case list() | tuple():
            ready = [kept for item in value if (kept := plain(item, bot, files)) is not None]
        case Enum():
            ready = plain(value.value, bot, files)
        case datetime.datetime():
            ready = int(value.timestamp())
        case datetime.timedelta():  # from now, as in aiogram
            ready = int(datetime.datetime.now(datetime.UTC).timestamp() + value.total_seconds())
    return ready


def _items(model: BaseModel) -> Any:
    extra = model.__pydantic_extra__
    return (vars(model) | extra).items() if extra else vars(model).items()


def _kept(items: Any, bot: Bot, files: Files) -> dict[str, Any]:
    return {
        name: ready for name, value in items if value is not None and (ready := plain(value, bot, files)) is not None
    }
