"""aiogram's models, built when first used: every one of them can be, and they are the same as if built at import."""

import subprocess
import sys

import pytest

EVERY_MODEL = r"""
import re
import bot.telegram
from aiogram import methods, types
from pydantic import BaseModel
found = [getattr(module, name) for module in (types, methods) for name in module.__all__]
models = [m for m in found if isinstance(m, type) and issubclass(m, BaseModel)]
assert len(models) > 500, len(models)
unbuilt = sum(not m.__pydantic_complete__ for m in models)
assert unbuilt > 400, unbuilt
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


def run(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(120)
def test_every_model_builds_and_has_the_fields_it_has_without_us() -> None:
    eager = EVERY_MODEL.replace("import bot.telegram", "import aiogram").replace(
        "assert unbuilt > 400", "assert not unbuilt"
    )
    assert run(EVERY_MODEL) == run(eager)


def test_nothing_changes_for_an_aiogram_imported_before() -> None:
    run("import aiogram.types, bot.telegram; assert aiogram.types.Message.__pydantic_complete__")


def test_the_bot_starts_with_most_models_unbuilt() -> None:
    run("import bot.app; from aiogram import types; assert not types.Gifts.__pydantic_complete__")


BOTS = r"""
import {first}
from aiogram import Bot, methods, types
bot = Bot("42:token-of-a-test")
ann = {{"id": 1, "is_bot": False, "first_name": "A"}}
bold = {{"type": "bold", "offset": 0, "length": 1}}
said = {{"message_id": 1, "date": 0, "chat": {{"id": 1, "type": "private"}}, "from": ann, "entities": [bold]}}
raw = {{"update_id": 1, "message": said}}
for context in (None, {{}}, {{"bot": bot}}):
    update = types.Update.model_validate(raw, context=context)
    found = (update, update.message, update.message.chat, update.message.from_user, update.message.entities[0])
    copies = [update.model_copy(), update.message.model_copy(update={{"text": "x"}}), types.Chat.model_construct(id=1)]
    print([(type(x).__name__, x.bot is bot, x.bot is None, x.__pydantic_private__.keys()) for x in (*found, *copies)])
button, call = types.InlineKeyboardButton(text="x"), methods.SendMessage(chat_id=1, text="x")
for made in (types.Chat(id=1, type="private"), button, call):
    print(made.bot, made.as_(bot).bot is bot, made.model_dump(exclude_unset=True))
answer = update.message.answer("x")
print(answer.bot is bot, answer.chat_id, update == types.Update.model_validate(raw))
"""


def test_every_object_knows_its_bot_as_it_does_without_us() -> None:
    ours, theirs = (run(BOTS.format(first=first)) for first in ("bot.telegram", "aiogram"))
    assert ours == theirs
    assert "True" in ours
