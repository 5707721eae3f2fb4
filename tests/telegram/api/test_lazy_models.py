"""aiogram's models, built when first used: every one of them can be, and they are the same as if built at import."""

import subprocess
import sys
from functools import cache

import pytest

pytestmark = [pytest.mark.timeout(120), pytest.mark.xdist_group("lazy models")]
"""Processes that take seconds, told of once."""

BOTS = r"""
from aiogram import Bot, methods, types
bot = Bot("42:token-of-a-test")
ann = {"id": 1, "is_bot": False, "first_name": "A"}
bold = {"type": "bold", "offset": 0, "length": 1}
said = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "from": ann, "entities": [bold]}
raw = {"update_id": 1, "message": said}
for context in (None, {}, {"bot": bot}):
    update = types.Update.model_validate(raw, context=context)
    found = (update, update.message, update.message.chat, update.message.from_user, update.message.entities[0])
    copies = [update.model_copy(), update.message.model_copy(update={"text": "x"}), types.Chat.model_construct(id=1)]
    print([(type(x).__name__, x.bot is bot, x.bot is None, x.__pydantic_private__.keys()) for x in (*found, *copies)])
button, call = types.InlineKeyboardButton(text="x"), methods.SendMessage(chat_id=1, text="x")
for made in (types.Chat(id=1, type="private"), button, call):
    print(made.bot, made.as_(bot).bot is bot, made.model_dump(exclude_unset=True))
answer = update.message.answer("x")
print(answer.bot is bot, answer.chat_id, update == types.Update.model_validate(raw))
"""

EVERY_MODEL = r"""
import re
from aiogram import methods, types
from pydantic import BaseModel
found = [getattr(module, name) for module in (types, methods) for name in module.__all__]
models = [m for m in found if isinstance(m, type) and issubclass(m, BaseModel)]
assert len(models) > 500, len(models)
print(sum(not m.__pydantic_complete__ for m in models))
update = types.Update.model_validate({"update_id": 1, "callback_query": {"id": "1", "chat_instance": "1", "data": "d",
    "from": {"id": 1, "is_bot": False, "first_name": "A"}, "message": {"message_id": 1, "date": 0,
    "chat": {"id": 1, "type": "private"}}}})
assert isinstance(update.callback_query.message, types.InaccessibleMessage)
for model in models:
    if "__returning__" in vars(model) and model is not methods.TelegramMethod:
        methods.Response[model.__returning__].model_validate({"ok": False})
for model in models:
    model.model_rebuild()
    assert model.__pydantic_complete__, model
for model in models:
    print(model.__name__, re.sub(r" at 0x\w+", "", repr(model.model_fields)))
"""


@cache
def told(first: str) -> tuple[str, int, str]:
    """What a process tells of objects and their bot, of how many models are unbuilt, and of every model."""
    command = [sys.executable, "-W", "error", "-c", f"{first}\n{BOTS}\nprint('--')\n{EVERY_MODEL}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    objects, rest = done.stdout.split("--\n")
    unbuilt, models = rest.split("\n", 1)
    return objects, int(unbuilt), models


OURS = "import bot.app"
THEIRS = "import aiogram.types, bot.telegram"
"""Nothing changes for an aiogram that was imported before."""


def test_every_model_builds_and_has_the_fields_it_has_without_us() -> None:
    assert told(OURS)[2] == told(THEIRS)[2]
    assert "Message " in told(OURS)[2]


def test_the_bot_starts_with_most_models_unbuilt() -> None:
    assert told(OURS)[1] > 400
    assert told(THEIRS)[1] == 0


def test_every_object_knows_its_bot_as_it_does_without_us() -> None:
    assert told(OURS)[0] == told(THEIRS)[0]
    assert "True" in told(OURS)[0]
